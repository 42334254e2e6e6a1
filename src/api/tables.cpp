#include "api/tables.h"

#include "api/errors.h"
#include "base/text.h"
#include "catalog/entity_settings.h"
#include "catalog/schema_adapter.h"
#include "pg/encoding.h"
#include "pg/relation.h"

extern "C" {
#include "catalog/pg_am.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_index.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_operator.h"
#include "catalog/pg_trigger.h"
#include "rewrite/prs2lock.h"
#include "rewrite/rewriteDefine.h"
#include "utils/builtins.h"
#include "utils/relcache.h"
}

namespace fundb::api {

namespace {

// Statements kept per table.  A table is written with few different sets of columns; when somebody
// makes sets at random, starting over is better than growing.
constexpr size_t kMostStatements = 64;
// And by bytes, of one table and of all: those of a table of a thousand columns take a megabyte
// each.
constexpr size_t kMostBytesOfTable = 8 * 1024 * 1024;
constexpr size_t kMostBytes = 32 * 1024 * 1024;

// Tables kept; the same thought.
constexpr size_t kMostTables = 1000;

std::vector<Column> ReadColumns(Relation relation) {
  std::vector<Column> columns;
  TupleDesc shape = RelationGetDescr(relation);
  for (int i = 0; i < shape->natts; ++i) {
    Form_pg_attribute attribute = TupleDescAttr(shape, i);
    if (attribute->attisdropped) continue;
    columns.push_back({pg::FromServer(NameStr(attribute->attname)), attribute->attnum,
                       attribute->atttypid, attribute->atttypmod, attribute->attcollation});
  }
  return columns;
}

struct Operator {
  const char *schema;
  const char *name;
  const char *operand;  // null: none to cast to
};

// The equality operator of an index column, by the operator family that the index is made with: the
// very comparison that makes the key unique.
Equality EqualityOf(Relation index, int i) {
  Operator found = pg::Call([&] {
    Oid type = index->rd_opcintype[i];
    Oid id = get_opfamily_member(index->rd_opfamily[i], type, type, BTEqualStrategyNumber);
    HeapTuple tuple = SearchSysCache1(OPEROID, ObjectIdGetDatum(id));
    if (!HeapTupleIsValid(tuple)) elog(ERROR, "cache lookup failed for operator %u", id);
    auto *form = reinterpret_cast<Form_pg_operator>(GETSTRUCT(tuple));
    Operator result = {get_namespace_name(form->oprnamespace), pstrdup(NameStr(form->oprname)),
                       nullptr};
    // Only superusers make operators in pg_catalog.
    if (form->oprnamespace != PG_CATALOG_NAMESPACE && !IsPolymorphicType(type)) {
      result.operand = format_type_extended(type, -1, FORMAT_TYPE_FORCE_QUALIFY);
    }
    ReleaseSysCache(tuple);
    return result;
  });
  std::string operand = found.operand == nullptr ? "" : pg::FromServer(found.operand);
  return {"OPERATOR(" + QuoteIdentifier(pg::FromServer(found.schema)) + "." + found.name + ")",
          operand, operand};
}

// The collation of an index column where the table's column has another one.
std::string CollationOf(Relation index, int i, Oid of_column) {
  Oid id = index->rd_indcollation[i];
  if (!OidIsValid(id) || id == of_column) return "";
  auto [schema, name] = pg::Call([&] {
    HeapTuple tuple = SearchSysCache1(COLLOID, ObjectIdGetDatum(id));
    if (!HeapTupleIsValid(tuple)) elog(ERROR, "cache lookup failed for collation %u", id);
    auto *form = reinterpret_cast<Form_pg_collation>(GETSTRUCT(tuple));
    std::pair<const char *, const char *> result = {get_namespace_name(form->collnamespace),
                                                    pstrdup(NameStr(form->collname))};
    ReleaseSysCache(tuple);
    return result;
  });
  return QuoteIdentifier(pg::FromServer(schema)) + "." + QuoteIdentifier(pg::FromServer(name));
}

std::string FlawOf(Relation index) {
  if (!index->rd_index->indisunique) return "is not unique";
  if (!index->rd_index->indisvalid) return "is not valid";
  if (pg::Call([&] { return RelationGetIndexPredicate(index) != NIL; })) {
    return "does not cover all entries";
  }
  if (pg::Call([&] { return RelationGetIndexExpressions(index) != NIL; })) {
    return "has expressions";
  }
  return "";
}

std::unique_ptr<UniqueKey> ReadKey(const Table &table, Oid index_id,
                                   catalog::Dependencies *dependencies) {
  pg::OpenRelation index(index_id, AccessShareLock);
  auto key = std::make_unique<UniqueKey>();
  key->name = pg::FromServer(RelationGetRelationName(index.get()));
  key->flaw = FlawOf(index.get());
  if (!key->flaw.empty()) return key;
  for (int i = 0; i < index->rd_index->indnkeyatts; ++i) {
    int16 number = index->rd_index->indkey.values[i];
    for (size_t c = 0; c < table.columns.size(); ++c) {
      if (table.columns[c].number == number) key->columns.push_back(static_cast<int>(c));
    }
    key->equalities.push_back(EqualityOf(index.get(), i));
    if (!key->equalities.back().right.empty()) dependencies->AddMembers();
    Oid of_column = table.columns[static_cast<size_t>(key->columns.back())].collation;
    key->equalities.back().collation = CollationOf(index.get(), i, of_column);
  }
  return key;
}

void ReadKeys(Relation relation, Table *table, catalog::Dependencies *dependencies) {
  List *indexes = pg::Call([&] { return RelationGetIndexList(relation); });
  Oid primary = relation->rd_pkindex;
  for (int i = 0; i < list_length(indexes); ++i) {
    Oid id = list_nth_oid(indexes, i);
    // Its name is how scripts call the key; PostgreSQL does not tell the table of a new one.
    dependencies->Add(id);
    table->keys.push_back(ReadKey(*table, id, dependencies));
    if (id == primary && table->keys.back()->flaw.empty()) {
      table->primary_key = table->keys.back().get();
    }
  }
}

// Rules that put something else in the place of an INSERT must say what it returns.
bool ReturnsInserted(Relation relation) {
  const RuleLock *rules = relation->rd_rules;
  bool is_instead = false;
  for (int i = 0; rules != nullptr && i < rules->numLocks; ++i) {
    const RewriteRule &rule = *rules->rules[i];
    bool fires = rule.enabled != RULE_DISABLED && rule.enabled != RULE_FIRES_ON_REPLICA;
    if (rule.event != CMD_INSERT || !fires) continue;
    is_instead = is_instead || rule.isInstead;
    for (int j = 0; j < list_length(rule.actions); ++j) {
      if (static_cast<const Query *>(list_nth(rule.actions, j))->returningList != NIL) return true;
    }
  }
  return !is_instead;
}

void ReadTriggers(Relation relation, Table *table) {
  table->returns_inserted = ReturnsInserted(relation);
  if (relation->rd_rules != nullptr || table->kind == RELKIND_VIEW) {
    table->fires_on_insert = table->fires_on_update = table->fires_on_delete = true;
    return;
  }
  // Those of partitions and of tables that inherit count as well.
  table->fires_on_update = table->fires_on_delete = relation->rd_rel->relhassubclass;
  const TriggerDesc *triggers = relation->trigdesc;
  for (int i = 0; triggers != nullptr && i < triggers->numtriggers; ++i) {
    const Trigger &trigger = triggers->triggers[i];
    if (trigger.tgisinternal || !TRIGGER_FOR_ROW(trigger.tgtype)) continue;
    if (TRIGGER_FOR_INSERT(trigger.tgtype)) table->fires_on_insert = true;
    if (TRIGGER_FOR_UPDATE(trigger.tgtype)) table->fires_on_update = true;
    if (TRIGGER_FOR_DELETE(trigger.tgtype)) table->fires_on_delete = true;
  }
}

std::shared_ptr<Table> Read(Oid id, const std::shared_ptr<size_t> &bytes_of_all,
                            catalog::Dependencies *dependencies) {
  pg::OpenRelation relation(id, AccessShareLock);
  static uint64_t last_serial = 0;
  auto table = std::make_shared<Table>(bytes_of_all);
  table->serial = ++last_serial;
  table->oid = id;
  table->kind = relation->rd_rel->relkind;
  table->ref.name = pg::FromServer(RelationGetRelationName(relation.get()));
  table->ref.schema = pg::FromServer(
      pg::Call([&] { return get_namespace_name(RelationGetNamespace(relation.get())); }));
  table->columns = ReadColumns(relation.get());
  if (table->kind == RELKIND_RELATION || table->kind == RELKIND_PARTITIONED_TABLE) {
    ReadKeys(relation.get(), table.get(), dependencies);
  }
  ReadTriggers(relation.get(), table.get());
  return table;
}

}  // namespace

int Table::FindColumn(const std::string &name) const {
  for (size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].name == name) return static_cast<int>(i);
  }
  return -1;
}

std::string Equality::Of(const std::string &left_value, const std::string &right_value) const {
  auto cast = [](const std::string &value, const std::string &type) {
    return type.empty() ? value : "CAST(" + value + " AS " + type + ")";
  };
  return cast(left_value, left) + " " + name + " " + cast(right_value, right) +
         (collation.empty() ? "" : " COLLATE " + collation);
}

// What users name is set apart by a character that no name has.
std::string StatementName(const char *what, const UniqueKey *key, const std::vector<int> &columns) {
  std::string name = what;
  if (key != nullptr) (name += '\0') += key->name;
  name += '\0';
  for (int column : columns) (name += ' ') += std::to_string(column);
  return name;
}

std::string Table::QualifiedName() const {
  return QuoteIdentifier(ref.schema) + "." + QuoteIdentifier(ref.name);
}

std::shared_ptr<const pg::Plan> Table::Keep(const std::string &name, const std::string &sql,
                                            const std::vector<Oid> &types) {
  auto plan = std::make_shared<pg::Plan>();
  plan->Prepare(sql, types);
  if (statements_.size() >= kMostStatements || bytes_ > kMostBytesOfTable) Forget();
  statements_.emplace(name, plan);
  Count();
  return plan;
}

// Plans grow with their first use.  Asked when one is added, which costs more anyway.
void Table::Count() {
  size_t bytes = 0;
  for (const auto &entry : statements_) bytes += entry.second->Bytes();
  *bytes_of_all_ += bytes - bytes_;
  bytes_ = bytes;
}

void Table::Forget() noexcept {
  statements_.clear();
  *bytes_of_all_ -= bytes_;
  bytes_ = 0;
}

Table::~Table() { Forget(); }

std::shared_ptr<Table> Tables::Find(const EntityRef &ref) {
  std::shared_ptr<Table> table = Get(catalog::GetEntity(ref.schema, ref.name));
  // Found by this name, it was given another one while this session waited to read it.
  if (table->ref.name != ref.name || table->ref.schema != ref.schema) {
    throw EntityChanged(ref.Text());
  }
  return table;
}

std::shared_ptr<Table> Tables::Get(Oid relation) {
  if (*bytes_ > kMostBytes) entries_.clear();
  auto found = entries_.find(relation);
  if (found != entries_.end() && found->second.dependencies.IsCurrent()) {
    return found->second.table;
  }
  if (entries_.size() >= kMostTables) entries_.clear();
  Entry entry;
  // Before reading: what changes meanwhile counts as unread.
  entry.dependencies.Add(relation);
  entry.table = Read(relation, bytes_, &entry.dependencies);
  std::shared_ptr<Table> table = entry.table;
  entries_[relation] = std::move(entry);
  return table;
}

void CheckNotFrozen(const Table &table) {
  if (catalog::FindEntitySettings(table.oid, table.ref.schema, table.ref.name).is_frozen) {
    throw RequestError("42809", "entity " + Quoted(table.ref.Text()) + " is frozen")
        .Detail("Entities marked is_frozen in public.entities are not written through FunDB.");
  }
}

bool HasRight(const Table &table, int16 column, AclMode right) {
  bool is_missing = false;
  AclResult result = pg::Call([&] {
    Oid role = GetUserId();
    return column == 0 ? pg_class_aclcheck_ext(table.oid, role, right, &is_missing)
                       : pg_attribute_aclcheck_ext(table.oid, column, role, right, &is_missing);
  });
  if (is_missing) throw EntityChanged(table.ref.Text());
  return result == ACLCHECK_OK;
}

bool MayRead(const Table &table, const std::vector<int> &columns) {
  if (HasRight(table, 0, ACL_SELECT)) return true;
  for (int column : columns) {
    if (!HasRight(table, table.columns[static_cast<size_t>(column)].number, ACL_SELECT)) {
      return false;
    }
  }
  return true;
}

}  // namespace fundb::api
