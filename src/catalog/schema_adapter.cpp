#include "catalog/schema_adapter.h"

#include "base/error.h"
#include "base/text.h"
#include "catalog/registry.h"
#include "catalog/user_views.h"
#include "pg/call.h"
#include "pg/encoding.h"
#include "pg/interrupts.h"

extern "C" {
#include "catalog/pg_class.h"
#include "catalog/pg_constraint.h"
#include "utils/array.h"
}

namespace fundb::catalog {

namespace {

// Counts changes of names, labels and rights that the relation cache does not tell.  Functions and
// types are not among them: PostgreSQL tells a statement that uses one by itself.
uint64_t names_generation = 1;
// Counts changes of functions, types and operators, as extensions bring and move them.
uint64_t members_generation = 1;

void fundb_names_changed(Datum, int, uint32) noexcept { ++names_generation; }
void fundb_members_changed(Datum, int, uint32) noexcept { ++members_generation; }

void WatchNames() {
  static bool registered = false;
  if (registered) return;
  registered = true;
  pg::Call([] {
    for (int cache : {NAMESPACEOID, AUTHOID, AUTHMEMROLEMEM, ENUMOID}) {
      CacheRegisterSyscacheCallback(cache, fundb_names_changed, static_cast<Datum>(0));
    }
    for (int cache : {NAMESPACEOID, AUTHOID, DATABASEOID, PROCOID, TYPEOID, OPEROID}) {
      CacheRegisterSyscacheCallback(cache, fundb_members_changed, static_cast<Datum>(0));
    }
  });
}

bool IsEntityKind(char kind) {
  return kind == RELKIND_RELATION || kind == RELKIND_PARTITIONED_TABLE || kind == RELKIND_VIEW ||
         kind == RELKIND_MATVIEW || kind == RELKIND_FOREIGN_TABLE;
}

std::string Suggestion(const std::string &what, const std::string &nearest) {
  return nearest.empty() ? "" : "Perhaps you meant " + what + " " + Quoted(nearest) + ".";
}

}  // namespace

Dependencies::Dependencies() {
  WatchNames();
  names_ = names_generation;
}

void Dependencies::Add(Oid relation) {
  const pg::RelationGeneration *watched = pg::WatchRelation(relation);
  relations_.push_back({watched, watched->generation});
}

void Dependencies::AddRegistry() {
  const Registry *registry = FindRegistry();
  if (registry == nullptr) return;
  relations_.push_back({registry->rules_generation, registry->rules_generation->generation});
}

void Dependencies::AddMembers() { members_ = members_generation; }

bool Dependencies::IsCurrent() const {
  if (names_ != names_generation) return false;
  if (members_ != 0 && members_ != members_generation) return false;
  for (const Relation &relation : relations_) {
    if (relation.watched->generation != relation.generation) return false;
  }
  return true;
}

const std::vector<Oid> &TrustedSchemas() {
  // Leaked on purpose: no static object with a destructor.
  static std::vector<Oid> *kept = new std::vector<Oid>();
  static uint64_t generation = 0;
  WatchNames();
  // A new extension brings functions or types with it; whom a schema can be trusted to may change.
  if (kept->empty() || generation != members_generation) {
    generation = members_generation;
    *kept = ReadTrustedSchemas();
  }
  return *kept;
}

Oid FindEntityId(const std::string &schema, const std::string &name) {
  return pg::Call([&] {
    Oid schema_id = get_namespace_oid(pg::ToServer(schema), true);
    if (!OidIsValid(schema_id)) return InvalidOid;
    Oid relation = get_relname_relid(pg::ToServer(name), schema_id);
    if (!OidIsValid(relation) || !IsEntityKind(get_rel_relkind(relation))) return InvalidOid;
    return relation;
  });
}

std::string FindReferringField(const std::string &schema, const std::string &table,
                               const std::string &constraint) {
  Oid relation = FindEntityId(schema, table);
  if (!OidIsValid(relation)) return "";
  const char *name = pg::Call([&]() -> const char * {
    Oid id = get_relation_constraint_oid(relation, pg::ToServer(constraint), true);
    HeapTuple tuple = SearchSysCache1(CONSTROID, ObjectIdGetDatum(id));
    if (!HeapTupleIsValid(tuple)) return nullptr;
    bool is_null;
    Datum columns = SysCacheGetAttr(CONSTROID, tuple, Anum_pg_constraint_conkey, &is_null);
    if (is_null) elog(ERROR, "constraint %u has no columns", id);
    int16 first = *reinterpret_cast<int16 *>(ARR_DATA_PTR(DatumGetArrayTypeP(columns)));
    ReleaseSysCache(tuple);
    return get_attname(relation, first, true);
  });
  return pg::FromServer(name);
}

Oid GetEntity(const std::string &schema, const std::string &name) {
  Oid relation = FindEntityId(schema, name);
  if (OidIsValid(relation)) {
    pg::Call([&] {
      AclResult result = pg_namespace_aclcheck(get_rel_namespace(relation), GetUserId(), ACL_USAGE);
      if (result != ACLCHECK_OK) aclcheck_error(result, OBJECT_SCHEMA, pg::ToServer(schema));
    });
    return relation;
  }
  std::vector<std::string> schemas = ListSchemas();
  bool has_schema = false;
  for (const std::string &candidate : schemas) has_schema = has_schema || candidate == schema;
  Error error(sqlstate::kUndefinedTable,
              "entity " + Quoted(schema + "." + name) + " does not exist");
  error.report().kind = "request";
  if (!has_schema) {
    throw error.Detail("There is no schema " + Quoted(schema) + ".")
        .Hint(Suggestion("schema", NearestName(schema, schemas)));
  }
  std::string nearest = NearestName(name, ListEntities(schema));
  throw error.Hint(Suggestion("entity", nearest.empty() ? "" : schema + "." + nearest));
}

SchemaAdapter::SchemaAdapter() { dependencies_.AddRegistry(); }

SchemaAdapter::~SchemaAdapter() = default;

const funql::Entity *SchemaAdapter::FindEntity(std::optional<std::string_view> schema,
                                               std::string_view name) const {
  Oid id = InvalidOid;
  if (schema) {
    id = FindEntityId(std::string(*schema), std::string(name));
  } else {
    // For a hint: the only one of that name.
    for (const std::string &candidate : ListSchemas()) {
      Oid found = FindEntityId(candidate, std::string(name));
      if (!OidIsValid(found)) continue;
      if (OidIsValid(id)) return nullptr;
      id = found;
    }
  }
  if (!OidIsValid(id)) return nullptr;
  auto known = entities_.find(id);
  if (known != entities_.end()) return known->second.get();
  dependencies_.Add(id);
  std::unique_ptr<funql::Entity> entity = ReadEntity(id);
  // Found by this name, it was given another one while this session waited to read it.
  if (entity->name != name || (schema && entity->schema != *schema)) {
    std::string text = schema ? std::string(*schema) + "." : "";
    throw Error("40001", "entity " + Quoted(text.append(name)) +
                             " was changed while a statement waited for it")
        .Hint("Run the statement again.");
  }
  return entities_.emplace(id, std::move(entity)).first->second.get();
}

std::vector<std::string> SchemaAdapter::SchemaNames() const { return ListSchemas(); }

std::vector<std::string> SchemaAdapter::EntityNames(std::string_view schema) const {
  return ListEntities(schema);
}

void SchemaAdapter::CheckInterrupts() const { pg::ServiceInterrupts(); }

bool SchemaAdapter::UserViewExists(std::string_view schema, std::string_view name) const {
  return FindRegistry() != nullptr && FindUserView(schema, name).has_value();
}

}  // namespace fundb::catalog
