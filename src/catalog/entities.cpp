#include "catalog/entities.h"

#include <cstdlib>

#include "base/text.h"
#include "pg/call.h"

#include "catalog/registry.h"
#include "catalog/sql.h"
#include "catalog/writes.h"

extern "C" {
#include "catalog/catalog.h"
#include "catalog/dependency.h"
#include "catalog/pg_class.h"
#include "commands/extension.h"
}

namespace fundb::catalog {

namespace {

// Whoever may write any of the tables that refer to schemas may register one.
bool MayRegister(const Registry &registry) {
  Oid tables[] = {registry.schemas, registry.entities, registry.triggers, registry.modules,
                  registry.user_views};
  for (Oid table : tables) {
    bool may =
        pg::Call([&] { return pg_class_aclcheck(table, GetUserId(), ACL_INSERT) == ACLCHECK_OK; });
    if (may) return true;
  }
  return false;
}

[[noreturn]] void RefuseToRegister(const char *what, const std::string &name) {
  throw Error(sqlstate::kInsufficientPrivilege,
              std::string("permission denied to register ") + what + " " + Quoted(name))
      .Hint("It takes the INSERT privilege on public.triggers or another table of the registry.");
}

std::optional<int> FindSchemaId(const std::string &name) {
  std::vector<Values> rows = ReadLatest("SELECT id FROM public.schemas WHERE name = $1", {name});
  if (rows.empty()) return std::nullopt;
  return std::atoi(rows[0][0]->c_str());
}

bool IsSystemRelation(const RelationFacts &table) {
  return pg::Call([&] {
    return IsCatalogRelationOid(table.oid) || IsCatalogNamespace(table.schema_oid) ||
           IsToastNamespace(table.schema_oid) ||
           table.schema_oid == get_namespace_oid("information_schema", true);
  });
}

// An entity goes to another table only when its own is gone: its rules are for that one, whose name
// changed while nobody looked.
void RequireNoOtherTable(const std::string &entity_id, Oid relation, const RelationFacts &table) {
  std::vector<Values> others = ReadLatest(
      "SELECT CAST(CAST(c.oid AS regclass) AS text) FROM fundb.relations AS r"
      " JOIN pg_catalog.pg_class AS c ON c.oid = r.relation"
      " WHERE r.entity_id = CAST($1 AS integer) AND c.oid <> CAST($2 AS oid)",
      {entity_id, TextOf(relation)});
  if (others.empty()) return;
  throw Error("55000", "entity " + Quoted(table.FullName()) + " belongs to another table")
      .Detail("It is table " + *others[0][0] + ", which was called so before.")
      .Hint("Run fundb.sync().");
}

}  // namespace

int RegisterSchema(const std::string &name) {
  if (std::optional<int> id = FindSchemaId(name)) return *id;
  std::vector<Values> rows = WriteRegistry(
      {&Registry::schemas},
      "INSERT INTO public.schemas (name) VALUES ($1) ON CONFLICT (name) DO NOTHING RETURNING id",
      {name});
  if (!rows.empty()) return std::atoi(rows[0][0]->c_str());
  // Another session was faster and has committed by now.
  std::optional<int> id = FindSchemaId(name);
  if (!id.has_value()) {
    throw Error("40001", "could not register schema " + Quoted(name) +
                             " because of a concurrent change of public.schemas");
  }
  return *id;
}

int SchemaId(const std::string &name) {
  const Registry registry = GetRegistry();
  bool may_register = MayRegister(registry);
  OwnerScope scope;
  if (std::optional<int> id = FindSchemaId(name)) return *id;
  if (!may_register) RefuseToRegister("schema", name);
  return RegisterSchema(name);
}

int EntityId(Oid relation) {
  const Registry registry = GetRegistry();
  bool may_register = MayRegister(registry);
  OwnerScope scope;
  if (std::optional<Entity> entity = FindEntityOf(relation)) return entity->id;

  std::optional<RelationFacts> table = FindRelation(relation);
  if (!table.has_value()) {
    throw Error(sqlstate::kUndefinedTable,
                "relation with OID " + TextOf(relation) + " does not exist");
  }
  if (!may_register) RefuseToRegister("entity", table->FullName());
  if (!IsEntityKind(table->kind)) {
    throw Error("42809", Quoted(table->FullName()) + " is not a table or view");
  }
  if (IsSystemRelation(*table)) {
    throw Error(sqlstate::kInvalidParameter,
                "system table " + Quoted(table->FullName()) + " cannot be an entity");
  }
  if (table->is_temporary) ForgetLostTemporaries();
  std::string schema_id = std::to_string(RegisterSchema(table->schema));
  std::vector<Values> rows =
      WriteRegistry({&Registry::entities},
                    "INSERT INTO public.entities (schema_id, name) VALUES (CAST($1 AS integer), $2)"
                    " ON CONFLICT (schema_id, name) DO NOTHING RETURNING id",
                    {schema_id, table->name});
  if (!rows.empty()) return std::atoi(rows[0][0]->c_str());
  // Registered meanwhile, or registered for a table of that name that is not there any more.
  rows = ReadLatest(
      "SELECT id FROM public.entities WHERE schema_id = CAST($1 AS integer) AND name = $2",
      {schema_id, table->name});
  if (rows.empty()) {
    throw Error("40001", "could not register entity " + Quoted(table->FullName()) +
                             " because of a concurrent change of public.entities");
  }
  RequireNoOtherTable(*rows[0][0], relation, *table);
  MapEntity(*rows[0][0], relation);
  return std::atoi(rows[0][0]->c_str());
}

void MapEntity(const std::string &entity_id, Oid relation) {
  if (!OidIsValid(relation)) {
    WriteRegistry({&Registry::relations},
                  "DELETE FROM fundb.relations WHERE entity_id = CAST($1 AS integer)", {entity_id});
    return;
  }
  std::string oid = TextOf(relation);
  WriteRegistry({&Registry::relations},
                "DELETE FROM fundb.relations WHERE relation = CAST($2 AS oid)"
                " AND entity_id <> CAST($1 AS integer)",
                {entity_id, oid});
  WriteRegistry({&Registry::relations},
                "INSERT INTO fundb.relations AS r (entity_id, relation)"
                " VALUES (CAST($1 AS integer), CAST($2 AS oid))"
                " ON CONFLICT (entity_id) DO UPDATE SET relation = EXCLUDED.relation"
                " WHERE r.relation <> EXCLUDED.relation",
                {entity_id, oid});
}

void MapSchema(const std::string &schema_id, Oid schema) {
  if (!OidIsValid(schema)) {
    WriteRegistry({&Registry::namespaces},
                  "DELETE FROM fundb.namespaces WHERE schema_id = CAST($1 AS integer)",
                  {schema_id});
    return;
  }
  std::string oid = TextOf(schema);
  WriteRegistry({&Registry::namespaces},
                "DELETE FROM fundb.namespaces WHERE namespace = CAST($2 AS oid)"
                " AND schema_id <> CAST($1 AS integer)",
                {schema_id, oid});
  WriteRegistry({&Registry::namespaces},
                "INSERT INTO fundb.namespaces AS n (schema_id, namespace)"
                " VALUES (CAST($1 AS integer), CAST($2 AS oid))"
                " ON CONFLICT (schema_id) DO UPDATE SET namespace = EXCLUDED.namespace"
                " WHERE n.namespace <> EXCLUDED.namespace",
                {schema_id, oid});
}

bool MapUnmapped() {
  bool found = false;
  for (const Values &row : ReadLatest(
           "SELECT e.id, s.name, e.name FROM public.entities AS e"
           " JOIN public.schemas AS s ON s.id = e.schema_id"
           " WHERE NOT EXISTS (SELECT FROM fundb.relations AS r WHERE r.entity_id = e.id)")) {
    std::optional<RelationFacts> table = FindRelation(RelationByName(*row[1], *row[2]));
    if (!table.has_value() || table->is_temporary) continue;
    // Nobody else's: a name never takes a relation away from an entity.
    std::optional<Entity> entity = FindEntityOf(table->oid);
    if (!entity.has_value() || std::to_string(entity->id) != *row[0]) continue;
    MapEntity(*row[0], table->oid);
    found = true;
  }
  // pg_upgrade gives new ids to namespaces.  All old ids go first: they may be others' new ones.
  std::vector<Values> renumbered = ReadLatest(
      "SELECT s.id, x.oid FROM public.schemas AS s"
      " JOIN fundb.namespaces AS n ON n.schema_id = s.id"
      " JOIN pg_catalog.pg_namespace AS x ON CAST(x.nspname AS text) = s.name"
      " WHERE n.namespace <> x.oid");
  for (const Values &row : renumbered) MapSchema(*row[0], InvalidOid);
  for (const Values &row : renumbered) MapSchema(*row[0], OidOf(row[1]));
  // A dump's schemas are those of its rows, also where it loads them with triggers disabled.
  for (const Values &row :
       ReadLatest("SELECT s.id, x.oid FROM public.schemas AS s"
                  " JOIN pg_catalog.pg_namespace AS x ON CAST(x.nspname AS text) = s.name"
                  " WHERE NOT EXISTS (SELECT FROM fundb.namespaces AS n"
                  " WHERE n.schema_id = s.id OR n.namespace = x.oid)"
                  " AND (CAST($1 AS boolean) OR " FUNDB_MAY_NAME_SCHEMAS("x.nspowner") ")",
                  {IsRestoringAsSuperuser() ? "t" : "f"})) {
    MapSchema(*row[0], OidOf(row[1]));
    found = true;
  }
  return found || !renumbered.empty();
}

#define FUNDB_FORGET_TEMPORARY_SCHEMAS \
  "DELETE FROM public.schemas AS s WHERE s.name LIKE 'pg\\_temp\\_%'" FUNDB_SCHEMA_UNUSED

int ForgetLostTemporaries() {
  std::vector<Values> lost =
      WriteRegistry(kDeletesEntity,
                    "DELETE FROM public.entities AS e USING public.schemas AS s"
                    " WHERE s.id = e.schema_id AND s.name LIKE 'pg\\_temp\\_%'"
                    " AND NOT EXISTS (SELECT FROM fundb.relations AS r"
                    " JOIN pg_catalog.pg_class AS c ON c.oid = r.relation WHERE r.entity_id = e.id)"
                    " RETURNING e.id");
  // Not this session's own: whoever is registering a table may count on the row already.
  if (!lost.empty()) {
    WriteRegistry(
        kDeletesSchema, FUNDB_FORGET_TEMPORARY_SCHEMAS
        " AND s.name <> coalesce((SELECT CAST(n.nspname AS text) FROM pg_catalog.pg_namespace"
        " AS n WHERE n.oid = pg_catalog.pg_my_temp_schema()), '')");
  }
  return static_cast<int>(lost.size());
}

void ForgetTemporarySchemas() { WriteRegistry(kDeletesSchema, FUNDB_FORGET_TEMPORARY_SCHEMAS); }

void RequireRulesPossible(const RelationFacts &table, const std::string &what) {
  std::string name = Quoted(table.FullName());
  if (table.kind != RELKIND_RELATION && table.kind != RELKIND_PARTITIONED_TABLE) {
    throw Error(sqlstate::kInvalidParameter,
                what + " cannot watch " + KindName(table.kind) + " " + name)
        .Detail("Rules run for tables and partitioned tables.");
  }
  if (IsSystemRelation(table)) {
    throw Error(sqlstate::kInvalidParameter, what + " cannot watch system table " + name);
  }
  bool is_ours = pg::Call([&] {
    Oid extension = get_extension_oid("fundb", true);
    return OidIsValid(extension) &&
           getExtensionOfObject(RelationRelationId, table.oid) == extension;
  });
  if (is_ours) {
    throw Error(sqlstate::kInvalidParameter, what + " cannot watch registry table " + name)
        .Detail("Rules on the tables of fundb itself are not possible.");
  }
  if (table.is_foreign_temporary) {
    throw Error(sqlstate::kInvalidParameter,
                what + " cannot watch temporary table " + name + " of another session");
  }
}

}  // namespace fundb::catalog
