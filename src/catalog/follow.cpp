#include "catalog/follow.h"

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "pg/call.h"

#include "catalog/entities.h"
#include "catalog/follow_triggers.h"
#include "catalog/native_triggers.h"
#include "catalog/registry.h"
#include "catalog/relations.h"
#include "catalog/sql.h"
#include "catalog/writes.h"
#include "pg/encoding.h"

extern "C" {
#include "access/htup_details.h"
#include "access/xact.h"
#include "catalog/pg_class.h"
#include "catalog/pg_namespace.h"
#include "utils/syscache.h"
}

namespace fundb::catalog {

namespace {

using Changes = std::vector<std::string>;

void Note(Changes *changes, std::string line) {
  if (changes != nullptr) changes->push_back(std::move(line));
}

// What the registry holds at all, so that a database without rules pays next to nothing.  Asked
// anew when the registry changed.
struct Contents {
  bool schemas = false;
  bool entities = false;
};

const Contents &ContentsOfRegistry() {
  static Contents contents;
  static const pg::RelationGeneration *watched = nullptr;
  static uint64_t read_at = 0;
  const pg::RelationGeneration *generation = GetRegistry().rules_generation;
  if (generation == watched && generation->generation == read_at) return contents;
  uint64_t before = generation->generation;
  std::vector<Values> rows = ReadLatest(
      "SELECT EXISTS (SELECT FROM public.schemas), EXISTS (SELECT FROM public.entities)");
  contents.schemas = rows[0][0] == "t";
  contents.entities = rows[0][1] == "t";
  watched = generation;
  read_at = before;
  return contents;
}

// The entity that is this relation bears the relation's name; an entity that waits for a relation
// of this name is this relation from now on.
void FollowRelation(Oid relation, Changes *changes) {
  std::optional<RelationFacts> table = FindRelation(relation);
  if (!table.has_value() || !IsEntityKind(table->kind)) return;
  std::optional<Entity> entity = FindEntityOf(relation);
  if (!entity.has_value()) return;
  std::string id = std::to_string(entity->id);
  if (entity->schema != table->schema || entity->name != table->name) {
    std::string schema_id = std::to_string(RegisterSchema(table->schema));
    WriteRegistry({&Registry::entities},
                  "UPDATE public.entities SET schema_id = CAST($2 AS integer), name = $3"
                  " WHERE id = CAST($1 AS integer)",
                  {id, schema_id, table->name});
    Note(changes, "renamed entity " + Quoted(entity->schema + "." + entity->name) + " to " +
                      Quoted(table->FullName()));
    return;
  }
  bool is_mapped = !ReadLatest("SELECT 1 FROM fundb.relations WHERE relation = CAST($1 AS oid)",
                               {TextOf(relation)})
                        .empty();
  if (is_mapped) return;
  MapEntity(id, relation);
  AnnounceChange(GetRegistry().entities);
  Note(changes, "found the table of entity " + Quoted(table->FullName()));
}

// The row of public.schemas that was this namespace before it was renamed.  The kept object id
// counts only while no namespace of the row's name exists: pg_upgrade gives new ids to namespaces.
std::optional<Values> RenamedSchema(Oid schema) {
  std::vector<Values> rows = ReadLatest(
      "SELECT s.id, s.name FROM public.schemas AS s"
      " JOIN fundb.namespaces AS n ON n.schema_id = s.id"
      " WHERE n.namespace = CAST($1 AS oid) AND NOT EXISTS ("
      "SELECT FROM pg_catalog.pg_namespace AS x WHERE CAST(x.nspname AS text) = s.name)",
      {TextOf(schema)});
  if (rows.empty()) return std::nullopt;
  return rows[0];
}

// The namespace of this name is the schema from now on, unless that would let the schema's owner
// rename what is not hers (see MapUnmapped).
void MapByName(const Value &schema_id, Oid schema) {
  bool may_map = !ReadLatest(
                      "SELECT 1 FROM pg_catalog.pg_namespace AS x WHERE x.oid = CAST($1 AS oid)"
                      " AND " FUNDB_MAY_NAME_SCHEMAS("x.nspowner"),
                      {TextOf(schema)})
                      .empty();
  if (may_map) MapSchema(*schema_id, schema);
}

// Tables of the schema that are registered under a namespace of its former name which is not the
// schema's own: they go on alone.
void FollowTablesOf(Oid schema, const std::string &name, Changes *changes) {
  for (const Values &row :
       ReadLatest("SELECT c.oid FROM fundb.relations AS r"
                  " JOIN public.entities AS e ON e.id = r.entity_id"
                  " JOIN public.schemas AS s ON s.id = e.schema_id"
                  " JOIN pg_catalog.pg_class AS c ON c.oid = r.relation"
                  " WHERE c.relnamespace = CAST($1 AS oid) AND s.name <> $2 ORDER BY c.oid",
                  {TextOf(schema), name})) {
    FollowRelation(OidOf(row[0]), changes);
  }
}

void FollowSchema(Oid schema, Changes *changes) {
  const char *found = pg::Call([&] { return get_namespace_name(schema); });
  if (found == nullptr) return;
  std::string name = pg::FromServer(found);
  std::vector<Values> named = ReadLatest("SELECT id FROM public.schemas WHERE name = $1", {name});
  if (std::optional<Values> renamed = RenamedSchema(schema)) {
    const Values &row = *renamed;
    if (named.empty()) {
      WriteRegistry({&Registry::schemas},
                    "UPDATE public.schemas SET name = $2 WHERE id = CAST($1 AS integer)",
                    {row[0], name});
    } else {
      // The new name is a namespace of rules already: the tables join it.
      WriteRegistry({&Registry::entities},
                    "UPDATE public.entities SET schema_id = CAST($2 AS integer)"
                    " WHERE schema_id = CAST($1 AS integer)",
                    {row[0], named[0][0]});
      MapSchema(*row[0], InvalidOid);
      MapByName(named[0][0], schema);
    }
    Note(changes, "renamed schema " + Quoted(*row[1]) + " to " + Quoted(name));
    return;
  }
  FollowTablesOf(schema, name, changes);
  if (named.empty()) return;
  bool is_mapped = !ReadLatest(
                        "SELECT 1 FROM fundb.namespaces WHERE namespace = CAST($1 AS oid)"
                        " AND schema_id = CAST($2 AS integer)",
                        {TextOf(schema), named[0][0]})
                        .empty();
  if (!is_mapped) MapByName(named[0][0], schema);
}

// A dropped schema is forgotten unless rules, modules, user views or entities still refer to it.
void ForgetSchema(const Value &id) {
  WriteRegistry(
      kDeletesSchema,
      "DELETE FROM public.schemas AS s WHERE s.id = CAST($1 AS integer)" FUNDB_SCHEMA_UNUSED, {id});
  WriteRegistry({&Registry::namespaces},
                "DELETE FROM fundb.namespaces WHERE schema_id = CAST($1 AS integer)", {id});
}

// Among what a statement changed or dropped.
#define FUNDB_OF_RELATIONS_OR_SCHEMAS                       \
  " d.classid IN (CAST('pg_catalog.pg_class' AS regclass)," \
  " CAST('pg_catalog.pg_namespace' AS regclass))"

// True for relations whose native triggers may have to change: nobody else's cost more than a look.
bool MayNeedTriggers(const RelationFacts &table) {
  if (table.kind != RELKIND_RELATION && table.kind != RELKIND_PARTITIONED_TABLE &&
      table.kind != RELKIND_FOREIGN_TABLE) {
    return false;
  }
  return HasNativeTriggers(table.oid) || FindEntityOf(table.oid).has_value() ||
         !InheritanceAncestors(table.oid).empty();
}

bool WasWrittenHere(Oid relation) {
  return pg::Call([&] {
    HeapTuple tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relation));
    if (!HeapTupleIsValid(tuple)) return false;
    bool is_here = TransactionIdIsCurrentTransactionId(HeapTupleHeaderGetXmin(tuple->t_data));
    ReleaseSysCache(tuple);
    return is_here;
  });
}

// A detached partition is not named by the command.  It is among the tables whose row of pg_class
// this transaction wrote; it and what is below it may have rules of their own.  No other table is
// adjusted: that would lock the registration of all until the end of the transaction.
void AdjustDetached() {
  for (const Values &row :
       ReadLatest("SELECT DISTINCT r.relation FROM fundb.relations AS r"
                  " JOIN public.triggers AS t ON t.trigger_entity_id = r.entity_id ORDER BY 1")) {
    Oid relation = OidOf(row[0]);
    bool is_changed = WasWrittenHere(relation);
    for (Oid ancestor : PartitionAncestors(relation)) {
      is_changed = is_changed || WasWrittenHere(ancestor);
    }
    if (is_changed) AdjustNativeTriggers(relation, Upkeep::kFollow, nullptr);
  }
}

}  // namespace

void BeforeDdl() {
  static const pg::RelationGeneration *watched = nullptr;
  static uint64_t mapped_at = 0;
  const Registry *registry = FindRegistry();
  if (registry == nullptr) return;
  const pg::RelationGeneration *generation = registry->rules_generation;
  if (generation == watched && generation->generation == mapped_at) return;
  uint64_t before = generation->generation;
  OwnerScope scope;
  if (MapUnmapped()) {
    // What was found goes with the statement if that is rolled back: look again then.
    AnnounceChange(GetRegistry().entities);
    return;
  }
  watched = generation;
  mapped_at = before;
}

void FollowDdl(std::string_view tag) {
  if (FindRegistry() == nullptr) return;
  if (tag == "CREATE TRIGGER") {
    FollowCreateTrigger();
    return;
  }
  OwnerScope scope;
  if (!ContentsOfRegistry().schemas) return;

  std::vector<Oid> relations;
  bool touches_partitioned = false;
  for (const Values &row :
       RunSql("SELECT DISTINCT d.classid, d.objid, d.command_tag"
              " FROM pg_catalog.pg_event_trigger_ddl_commands() AS d"
              " WHERE" FUNDB_OF_RELATIONS_OR_SCHEMAS
              // ALTER EXTENSION ... SET SCHEMA moves the tables that belong to it.
              " UNION SELECT m.classid, m.objid, d.command_tag"
              " FROM pg_catalog.pg_event_trigger_ddl_commands() AS d"
              " JOIN pg_catalog.pg_depend AS m ON m.refclassid = d.classid"
              " AND m.refobjid = d.objid AND m.deptype = 'e'"
              " WHERE d.classid = CAST('pg_catalog.pg_extension' AS regclass)"
              " AND m.classid = CAST('pg_catalog.pg_class' AS regclass)")) {
    Oid object = OidOf(row[1]);
    if (OidOf(row[0]) == NamespaceRelationId) {
      FollowSchema(object, nullptr);
      continue;
    }
    if (!ContentsOfRegistry().entities) continue;
    FollowRelation(object, nullptr);
    std::optional<RelationFacts> table = FindRelation(object);
    if (!table.has_value() || IsRestoring()) continue;
    if (MayNeedTriggers(*table)) relations.push_back(object);
    if (table->kind == RELKIND_PARTITIONED_TABLE && *row[2] == "ALTER TABLE") {
      touches_partitioned = true;
    }
  }
  if (touches_partitioned) AdjustDetached();
  for (Oid relation : relations) {
    AdjustNativeTriggers(relation, Upkeep::kFollow, nullptr);
    RememberTriggerStates(relation);
  }
}

void FollowDrop() {
  if (FindRegistry() == nullptr) return;
  OwnerScope scope;
  if (!ContentsOfRegistry().schemas) return;
  // Looked up before anything is deleted: most of what is dropped is not ours.
  std::vector<Values> dropped = RunSql(
      "SELECT r.entity_id, n.schema_id"
      " FROM pg_catalog.pg_event_trigger_dropped_objects() AS d"
      " LEFT JOIN fundb.relations AS r ON r.relation = d.objid"
      " AND d.classid = CAST('pg_catalog.pg_class' AS regclass)"
      " LEFT JOIN fundb.namespaces AS n ON n.namespace = d.objid"
      " AND d.classid = CAST('pg_catalog.pg_namespace' AS regclass)"
      " WHERE d.objsubid = 0 AND (r.entity_id IS NOT NULL OR n.schema_id IS NOT NULL)");
  bool forgot_entities = false;
  for (const Values &row : dropped) {
    if (!row[0].has_value()) continue;
    WriteRegistry(kDeletesEntity, "DELETE FROM public.entities WHERE id = CAST($1 AS integer)",
                  {row[0]});
    forgot_entities = true;
  }
  if (forgot_entities) ForgetTemporarySchemas();
  for (const Values &row : dropped) {
    if (row[1].has_value()) ForgetSchema(row[1]);
  }
}

std::vector<std::string> Synchronize() {
  Changes changes;
  OwnerScope scope;
  if (int count = ForgetLostTemporaries(); count > 0) {
    Note(&changes, "forgot temporary tables that are gone: " + std::to_string(count));
  }
  for (const Values &row :
       ReadLatest("SELECT x.oid FROM pg_catalog.pg_namespace AS x ORDER BY x.nspname")) {
    FollowSchema(OidOf(row[0]), &changes);
  }
  MapUnmapped();
  // What was dropped while nobody looked is no relation of ours any more.
  for (const Values &row : WriteRegistry(
           {&Registry::relations},
           "DELETE FROM fundb.relations AS r USING public.entities AS e, public.schemas AS s"
           " WHERE e.id = r.entity_id AND s.id = e.schema_id AND NOT EXISTS ("
           "SELECT FROM pg_catalog.pg_class AS c WHERE c.oid = r.relation)"
           " RETURNING s.name, e.name")) {
    Note(&changes, "lost the table of entity " + Quoted(*row[0] + "." + *row[1]));
  }
  for (const Values &row :
       ReadLatest("SELECT c.oid FROM fundb.relations AS r"
                  " JOIN pg_catalog.pg_class AS c ON c.oid = r.relation"
                  " UNION SELECT c.oid FROM public.entities AS e"
                  " JOIN public.schemas AS s ON s.id = e.schema_id"
                  " JOIN pg_catalog.pg_namespace AS n ON CAST(n.nspname AS text) = s.name"
                  " JOIN pg_catalog.pg_class AS c ON c.relnamespace = n.oid"
                  " AND CAST(c.relname AS text) = e.name"
                  " WHERE c.relpersistence <> 't' ORDER BY 1")) {
    FollowRelation(OidOf(row[0]), &changes);
  }
  AdjustAllNativeTriggers(&changes);
  AnnounceChange(GetRegistry().entities);
  return changes;
}

}  // namespace fundb::catalog
