#include "api/references.h"

#include "base/text.h"
#include "pg/acl.h"

extern "C" {
#include "catalog/pg_constraint.h"
}

namespace fundb::api {

namespace {

DeleteAction ActionOf(const std::string &code) {
  switch (code.empty() ? '\0' : code[0]) {
    case FKCONSTR_ACTION_CASCADE:
      return DeleteAction::kCascade;
    case FKCONSTR_ACTION_SETNULL:
      return DeleteAction::kSetNull;
    case FKCONSTR_ACTION_SETDEFAULT:
      return DeleteAction::kSetDefault;
    default:
      return DeleteAction::kNoAction;
  }
}

// A row per column of every foreign key to $1.  Keys of partitions are their parent's.
constexpr const char *kReferrers =
    "SELECT c.oid::text, c.conname::text, c.conrelid::text, c.confdeltype::text, "
    "f.attname::text, t.attname::text, "
    "'OPERATOR(' || pg_catalog.quote_ident(n.nspname) || '.' || o.oprname || ')' "
    "FROM pg_catalog.pg_constraint c "
    "CROSS JOIN LATERAL ROWS FROM (pg_catalog.unnest(c.conkey), pg_catalog.unnest(c.confkey), "
    "pg_catalog.unnest(c.conpfeqop)) WITH ORDINALITY k (referring, referred, op, position) "
    "JOIN pg_catalog.pg_attribute f ON f.attrelid = c.conrelid AND f.attnum = k.referring "
    "JOIN pg_catalog.pg_attribute t ON t.attrelid = c.confrelid AND t.attnum = k.referred "
    "JOIN pg_catalog.pg_operator o ON o.oid = k.op "
    "JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace "
    "WHERE c.confrelid = $1 AND c.contype = 'f' AND c.conparentid = 0 "
    "ORDER BY c.conrelid::pg_catalog.regclass::text, c.conname, c.oid, k.position";

std::string TextOr(uint64_t row, int column) { return pg::TextAt(row, column).value_or(""); }

}  // namespace

std::vector<Referrer> FindReferrers(Tables &tables, const Table &table) {
  pg::SpiSession spi;
  pg::Plan plan;
  pg::Parameters parameters;
  parameters.Add(ObjectIdGetDatum(table.oid));
  uint64_t count;
  {
    pg::SafeSearchPath path;
    plan.Prepare(kReferrers, {OIDOID});
    count = pg::Execute(plan, parameters, true, 0);
  }
  std::vector<Referrer> referrers;
  std::vector<Oid> owners;
  std::string last;
  for (uint64_t i = 0; i < count; ++i) {
    std::string id = TextOr(i, 1);
    if (id != last) {
      Referrer referrer;
      referrer.constraint = TextOr(i, 2);
      referrer.action = ActionOf(TextOr(i, 4));
      referrers.push_back(std::move(referrer));
      owners.push_back(static_cast<Oid>(std::stoul(TextOr(i, 3))));
      last = id;
    }
    referrers.back().fields.push_back(TextOr(i, 5));
    referrers.back().target_fields.push_back(TextOr(i, 6));
    referrers.back().operators.push_back(TextOr(i, 7));
  }
  for (size_t i = 0; i < referrers.size(); ++i) referrers[i].table = tables.Get(owners[i]);
  return referrers;
}

std::vector<RowKey> FindReferringRows(Table &target, RowKey &key, const Referrer &referrer) {
  const Table &source = *referrer.table;
  const UniqueKey *primary = source.primary_key;
  // Kept with the target; what becomes of the source gives it another number.
  std::string name = StatementName("referring", key.key) + std::to_string(source.serial) + '\0' +
                     referrer.constraint;
  auto plan = target.Statement(name, [&](std::vector<Oid> *types) {
    std::string join;
    for (size_t i = 0; i < referrer.fields.size(); ++i) {
      join += " AND " + QuoteIdentifier(referrer.target_fields[i]) + " " + referrer.operators[i] +
              " referring_row." + QuoteIdentifier(referrer.fields[i]);
    }
    std::string sql = "SELECT " + (primary == nullptr ? "NULL" : KeyColumns(source, *primary)) +
                      " FROM " + source.QualifiedName() + " AS referring_row WHERE EXISTS (" +
                      "SELECT 1 FROM " + target.QualifiedName() + " WHERE " +
                      KeyCondition(target, *key.key, types) + join + ")";
    for (size_t i = 0; primary != nullptr && i < primary->columns.size(); ++i) {
      sql += (i == 0 ? " ORDER BY " : ", ") + std::to_string(i + 1);
    }
    return sql;
  });
  uint64_t count = pg::Execute(*plan, key.values, false, 0);
  std::vector<RowKey> keys(count);
  for (uint64_t row = 0; row < count; ++row) {
    if (primary != nullptr) keys[row] = {primary, KeyOfResult(source, *primary, row)};
  }
  return keys;
}

const char *DeleteActionName(DeleteAction action) {
  switch (action) {
    case DeleteAction::kCascade:
      return "cascade";
    case DeleteAction::kSetNull:
      return "setNull";
    case DeleteAction::kSetDefault:
      return "setDefault";
    default:
      return "noAction";
  }
}

}  // namespace fundb::api
