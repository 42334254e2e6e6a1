#include "api/references.h"

#include "api/errors.h"
#include "base/text.h"
#include "pg/acl.h"

extern "C" {
#include "catalog/pg_class.h"
#include "catalog/pg_constraint.h"
#include "catalog/pg_inherits.h"
#include "utils/acl.h"
#include "utils/lsyscache.h"
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
    "'OPERATOR(' || pg_catalog.quote_ident(n.nspname) || '.' || o.oprname || ')', "
    // Where others than superusers may have made an operator that fits better.
    "CASE WHEN q.is_cast THEN pg_catalog.format_type(o.oprleft, NULL) END, "
    "CASE WHEN q.is_cast THEN pg_catalog.format_type(o.oprright, NULL) END, "
    // The referred column's, as PostgreSQL compares them.
    "CASE WHEN f.attcollation <> t.attcollation THEN (SELECT pg_catalog.quote_ident(s.nspname) "
    "|| '.' || pg_catalog.quote_ident(l.collname) FROM pg_catalog.pg_collation l "
    "JOIN pg_catalog.pg_namespace s ON s.oid = l.collnamespace WHERE l.oid = t.attcollation) END "
    "FROM pg_catalog.pg_constraint c "
    "CROSS JOIN LATERAL ROWS FROM (pg_catalog.unnest(c.conkey), pg_catalog.unnest(c.confkey), "
    "pg_catalog.unnest(c.conpfeqop)) WITH ORDINALITY k (referring, referred, op, position) "
    "JOIN pg_catalog.pg_attribute f ON f.attrelid = c.conrelid AND f.attnum = k.referring "
    "JOIN pg_catalog.pg_attribute t ON t.attrelid = c.confrelid AND t.attnum = k.referred "
    "JOIN pg_catalog.pg_operator o ON o.oid = k.op "
    "JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace "
    "CROSS JOIN LATERAL (SELECT o.oprnamespace <> 'pg_catalog'::pg_catalog.regnamespace "
    "AND NOT EXISTS (SELECT FROM pg_catalog.pg_type p WHERE p.oid IN (o.oprleft, o.oprright) "
    "AND p.typtype = 'p')) q (is_cast) "
    "WHERE c.confrelid = $1 AND c.contype = 'f' AND c.conparentid = 0 "
    "ORDER BY c.conrelid::pg_catalog.regclass::text, c.conname, c.oid, k.position";

std::string TextOr(uint64_t row, int column) { return pg::TextAt(row, column).value_or(""); }

Oid OidOr0(uint64_t row, int column) {
  std::string text = TextOr(row, column);
  return text.empty() ? InvalidOid : static_cast<Oid>(std::stoul(text));
}

Oid fundb_owner_of(Oid relation) {
  HeapTuple tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relation));
  if (!HeapTupleIsValid(tuple)) elog(ERROR, "cache lookup failed for relation %u", relation);
  Oid owner = reinterpret_cast<Form_pg_class>(GETSTRUCT(tuple))->relowner;
  ReleaseSysCache(tuple);
  return owner;
}

// Whether reading a table and its partitions runs no code but that of superusers, of the owner of
// the table that was asked about, and of whom the role belongs to: expressions of indexes, casts
// and policies run as whoever reads.  PostgreSQL's own checks of foreign keys run as the tables'
// owners; who named one table here need not trust everybody who may refer to it.
bool MayFollow(Oid referring, Oid target) {
  return pg::Call([&] {
    Oid owner_of_target = fundb_owner_of(target);
    List *tables = get_rel_relkind(referring) == RELKIND_PARTITIONED_TABLE
                       ? find_all_inheritors(referring, AccessShareLock, nullptr)
                       : list_make1_oid(referring);
    ListCell *cell;
    foreach (cell, tables) {
      Oid owner = fundb_owner_of(lfirst_oid(cell));
      if (superuser_arg(owner) || owner == owner_of_target) continue;
      if (!is_member_of_role_nosuper(GetUserId(), owner)) return false;
    }
    return true;
  });
}

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
  std::vector<Oid> relations;
  std::string last;
  for (uint64_t i = 0; i < count; ++i) {
    std::string id = TextOr(i, 1);
    if (id != last) {
      Referrer referrer;
      referrer.constraint = TextOr(i, 2);
      referrer.action = ActionOf(TextOr(i, 4));
      referrers.push_back(std::move(referrer));
      relations.push_back(OidOr0(i, 3));
      last = id;
    }
    referrers.back().fields.push_back(TextOr(i, 5));
    referrers.back().target_fields.push_back(TextOr(i, 6));
    referrers.back().equalities.push_back(
        {TextOr(i, 7), TextOr(i, 8), TextOr(i, 9), TextOr(i, 10)});
  }
  for (size_t i = 0; i < referrers.size(); ++i) {
    if (!MayFollow(relations[i], table.oid)) {
      throw AccessDenied("rows that refer to entity " + Quoted(table.ref.Text()) +
                         " by constraint " + Quoted(referrers[i].constraint) +
                         " cannot be followed")
          .Detail(
              "The referring table, or a partition of it, has another owner, whose code would run"
              " when it is read.")
          .Hint("Let one role own both tables, or be a member of the role that owns the other.");
    }
    referrers[i].table = tables.Get(relations[i]);
  }
  return referrers;
}

std::string RefersCondition(const Table &target, const UniqueKey &key, const Referrer &referrer,
                            std::vector<Oid> *types) {
  std::string condition = "EXISTS (SELECT 1 FROM " + OwnRows(target) + " AS referred_row WHERE " +
                          KeyCondition(target, key, types);
  for (size_t i = 0; i < referrer.fields.size(); ++i) {
    condition += " AND " + referrer.equalities[i].Of(
                               "referred_row." + QuoteIdentifier(referrer.target_fields[i]),
                               "referring_row." + QuoteIdentifier(referrer.fields[i]));
  }
  return condition + ")";
}

std::vector<RowKey> FindReferringRows(Table &target, RowKey &key, const Referrer &referrer) {
  const Table &source = *referrer.table;
  const UniqueKey *primary = source.primary_key;
  // Kept with the target; what becomes of the source gives it another number.
  std::string name = StatementName("referring", key.key) + std::to_string(source.serial) + '\0' +
                     referrer.constraint;
  auto plan = target.Statement(name, [&](std::vector<Oid> *types) {
    std::string sql = "SELECT " + (primary == nullptr ? "NULL" : KeyColumns(source, *primary)) +
                      " FROM " + OwnRows(source) + " AS referring_row WHERE " +
                      RefersCondition(target, *key.key, referrer, types);
    for (size_t i = 0; primary != nullptr && i < primary->columns.size(); ++i) {
      sql += (i == 0 ? " ORDER BY " : ", ") + std::to_string(i + 1);
    }
    return sql;
  });
  uint64_t count = pg::Execute(*plan, key.values, false, kMostReferringRows + 1);
  if (count > kMostReferringRows) {
    throw RequestError("54000", "more than " + std::to_string(kMostReferringRows) +
                                    " entries are related to entity " + Quoted(target.ref.Text()));
  }
  std::vector<RowKey> keys(count);
  for (uint64_t row = 0; row < count; ++row) {
    if (primary != nullptr) keys[row] = {primary, KeyOfResult(source, *primary, row)};
    keys[row].is_only = source.kind == RELKIND_RELATION;
  }
  // A result takes 8 kB, and there is one for each row and each that may refer to it.
  pg::Call([] { SPI_freetuptable(SPI_tuptable); });
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
