#include "catalog/relations.h"

#include <algorithm>
#include <cstdlib>

#include "pg/call.h"

#include "catalog/sql.h"
#include "pg/encoding.h"

extern "C" {
#include "access/stratnum.h"
#include "catalog/partition.h"
#include "catalog/pg_class.h"
#include "catalog/pg_inherits.h"
#include "utils/fmgroids.h"
}

namespace fundb::catalog {

std::optional<RelationFacts> FindRelation(Oid relation) {
  struct Found {
    bool exists;
    Oid schema;
    const char *schema_name;
    const char *name;
    char kind;
    char persistence;
    bool is_partition;
    bool is_foreign_temporary;
  };
  Found found = pg::Call([&] {
    Found result = {};
    HeapTuple tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relation));
    if (!HeapTupleIsValid(tuple)) return result;
    auto *form = reinterpret_cast<Form_pg_class>(GETSTRUCT(tuple));
    result.exists = true;
    result.schema = form->relnamespace;
    result.name = pstrdup(NameStr(form->relname));
    result.kind = form->relkind;
    result.persistence = form->relpersistence;
    result.is_partition = form->relispartition;
    ReleaseSysCache(tuple);
    result.schema_name = get_namespace_name(result.schema);
    if (result.schema_name == nullptr) result.exists = false;
    result.is_foreign_temporary = isOtherTempNamespace(result.schema);
    return result;
  });
  if (!found.exists) return std::nullopt;
  RelationFacts facts;
  facts.oid = relation;
  facts.schema_oid = found.schema;
  facts.schema = pg::FromServer(found.schema_name);
  facts.name = pg::FromServer(found.name);
  facts.kind = found.kind;
  facts.is_partition = found.is_partition;
  facts.is_temporary = found.persistence == RELPERSISTENCE_TEMP;
  facts.is_foreign_temporary = found.is_foreign_temporary;
  return facts;
}

Oid RelationByName(const std::string &schema, const std::string &name) {
  // Longer names would be found by their first bytes only if they were cut; they are not.
  if (schema.size() >= NAMEDATALEN || name.size() >= NAMEDATALEN) return InvalidOid;
  return pg::Call([&] {
    Oid schema_oid = get_namespace_oid(pg::ToServer(schema), true);
    return OidIsValid(schema_oid) ? get_relname_relid(pg::ToServer(name), schema_oid) : InvalidOid;
  });
}

std::vector<std::string> ColumnNames(Oid relation) {
  std::vector<std::string> names;
  int count = pg::Call([&] {
    HeapTuple tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relation));
    if (!HeapTupleIsValid(tuple)) return 0;
    int number = reinterpret_cast<Form_pg_class>(GETSTRUCT(tuple))->relnatts;
    ReleaseSysCache(tuple);
    return number;
  });
  for (int number = 1; number <= count; ++number) {
    const char *name = pg::Call([&]() -> const char * {
      HeapTuple tuple = SearchSysCacheAttNum(relation, static_cast<int16>(number));
      if (!HeapTupleIsValid(tuple)) return nullptr;
      char *copy = pstrdup(NameStr(reinterpret_cast<Form_pg_attribute>(GETSTRUCT(tuple))->attname));
      ReleaseSysCache(tuple);
      return copy;
    });
    if (name != nullptr) names.push_back(pg::FromServer(name));
  }
  return names;
}

namespace {

std::vector<Oid> VectorOf(const List *oids) {
  std::vector<Oid> result;
  for (int i = 0; i < list_length(oids); ++i) result.push_back(list_nth_oid(oids, i));
  return result;
}

std::vector<Oid> Parents(Oid relation) {
  List *parents = pg::Call([&] {
    List *list = NIL;
    Relation catalog = table_open(InheritsRelationId, AccessShareLock);
    ScanKeyData key;
    ScanKeyInit(&key, Anum_pg_inherits_inhrelid, BTEqualStrategyNumber, F_OIDEQ,
                ObjectIdGetDatum(relation));
    SysScanDesc scan =
        systable_beginscan(catalog, InheritsRelidSeqnoIndexId, true, nullptr, 1, &key);
    HeapTuple tuple;
    while (HeapTupleIsValid(tuple = systable_getnext(scan))) {
      list = lappend_oid(list, reinterpret_cast<Form_pg_inherits>(GETSTRUCT(tuple))->inhparent);
    }
    systable_endscan(scan);
    table_close(catalog, AccessShareLock);
    return list;
  });
  return VectorOf(parents);
}

}  // namespace

std::vector<Oid> PartitionAncestors(Oid relation) {
  // Not get_partition_ancestors(), which leaves out a parent from which the partition is being
  // detached CONCURRENTLY: the clones of the parent's triggers stay until that is done.
  std::vector<Oid> ancestors;
  Oid partition = relation;
  while (pg::Call([&] { return get_rel_relispartition(partition); })) {
    std::vector<Oid> parents = Parents(partition);
    if (parents.empty()) break;
    partition = parents[0];
    ancestors.push_back(partition);
  }
  return ancestors;
}

std::vector<Oid> InheritanceAncestors(Oid relation) {
  std::vector<Oid> ancestors;
  if (pg::Call([&] { return get_rel_relispartition(relation); })) return ancestors;
  std::vector<Oid> level = {relation};
  while (!level.empty()) {
    std::vector<Oid> next;
    for (Oid child : level) {
      for (Oid parent : Parents(child)) {
        if (std::find(ancestors.begin(), ancestors.end(), parent) != ancestors.end()) continue;
        ancestors.push_back(parent);
        next.push_back(parent);
      }
    }
    level = std::move(next);
  }
  return ancestors;
}

const char *KindName(char kind) {
  switch (kind) {
    case RELKIND_RELATION:
      return "table";
    case RELKIND_PARTITIONED_TABLE:
      return "partitioned table";
    case RELKIND_VIEW:
      return "view";
    case RELKIND_MATVIEW:
      return "materialized view";
    case RELKIND_FOREIGN_TABLE:
      return "foreign table";
    case RELKIND_SEQUENCE:
      return "sequence";
    case RELKIND_INDEX:
    case RELKIND_PARTITIONED_INDEX:
      return "index";
    case RELKIND_COMPOSITE_TYPE:
      return "composite type";
    default:
      return "relation";
  }
}

bool IsEntityKind(char kind) {
  return kind == RELKIND_RELATION || kind == RELKIND_PARTITIONED_TABLE || kind == RELKIND_VIEW ||
         kind == RELKIND_MATVIEW || kind == RELKIND_FOREIGN_TABLE;
}

const char *const kEntitiesOfRelations =
    "SELECT r.relation, r.entity_id FROM fundb.relations AS r"
    " WHERE r.relation = ANY (CAST($1 AS oid[]))"
    " UNION ALL "
    "SELECT c.oid, e.id FROM pg_catalog.pg_class AS c"
    " JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace"
    " JOIN public.schemas AS s ON s.name = CAST(n.nspname AS text)"
    " JOIN public.entities AS e ON e.schema_id = s.id AND e.name = CAST(c.relname AS text)"
    " WHERE c.oid = ANY (CAST($1 AS oid[])) AND c.relpersistence <> 't'"
    " AND NOT EXISTS (SELECT FROM fundb.relations AS r WHERE r.relation = c.oid)"
    " AND NOT EXISTS (SELECT FROM fundb.relations AS r"
    " JOIN pg_catalog.pg_class AS x ON x.oid = r.relation WHERE r.entity_id = e.id)";

namespace {

Entity EntityOfRow(const Values &row) {
  Entity entity;
  entity.id = std::atoi(row[0]->c_str());
  entity.schema = *row[1];
  entity.name = *row[2];
  entity.relation = OidOf(row[3]);
  return entity;
}

}  // namespace

std::optional<Entity> FindEntity(const std::string &id) {
  std::vector<Values> rows = ReadLatest(
      "SELECT e.id, s.name, e.name, c.oid FROM public.entities AS e"
      " JOIN public.schemas AS s ON s.id = e.schema_id"
      " LEFT JOIN fundb.relations AS r ON r.entity_id = e.id"
      " LEFT JOIN pg_catalog.pg_class AS c ON c.oid = r.relation"
      " WHERE e.id = CAST($1 AS integer)",
      {id});
  if (rows.empty()) return std::nullopt;
  Entity entity = EntityOfRow(rows[0]);
  if (!OidIsValid(entity.relation)) entity.relation = RelationByName(entity.schema, entity.name);
  return entity;
}

std::optional<Entity> FindEntityOf(Oid relation) {
  std::vector<Values> rows = ReadLatest(
      std::string("SELECT e.id, s.name, e.name, m.relation FROM (") + kEntitiesOfRelations +
          ") AS m(relation, entity_id)"
          " JOIN public.entities AS e ON e.id = m.entity_id"
          " JOIN public.schemas AS s ON s.id = e.schema_id",
      {ArrayText({relation})});
  if (rows.empty()) return std::nullopt;
  return EntityOfRow(rows[0]);
}

}  // namespace fundb::catalog
