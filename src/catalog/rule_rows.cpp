#include "catalog/rule_rows.h"

#include "pg/call.h"
#include "pg/encoding.h"
#include "pg/memory.h"

#include "catalog/registry.h"
#include "catalog/relations.h"
#include "catalog/table_rows.h"
#include "catalog/unchecked.h"

extern "C" {
#include "utils/builtins.h"
#include "utils/syscache.h"
}

namespace fundb::catalog {

namespace {

bool Exists(Oid relation) {
  return pg::Call([&] { return SearchSysCacheExists1(RELOID, ObjectIdGetDatum(relation)); });
}

// Some relation that exists goes by this entity: its name then finds no other.
bool IsTaken(const Registry &registry, int entity) {
  TableRows kept(registry.relations, IntegerKey("entity_id", entity));
  for (int i = 0; i < kept.size(); ++i) {
    if (Exists(kept.ObjectId(i, "relation"))) return true;
  }
  return false;
}

}  // namespace

std::vector<int> EntityIdsOf(Oid relation) {
  const Registry registry = GetRegistry();
  std::vector<int> ids;
  TableRows kept(registry.relations, OidKey("relation", relation));
  for (int i = 0; i < kept.size(); ++i) ids.push_back(kept.Integer(i, "entity_id"));
  if (!ids.empty()) return ids;

  std::optional<RelationFacts> facts = FindRelation(relation);
  if (!facts.has_value() || facts->is_temporary) return ids;
  Datum key = pg::Call([&] { return CStringGetTextDatum(pg::ToServer(facts->schema)); });
  TableRows schemas(registry.schemas, TextKey("name", key));
  pg::CallQuietly([&] { pfree(DatumGetPointer(key)); });
  for (int i = 0; i < schemas.size(); ++i) {
    if (IsUnchecked(schemas, i)) continue;
    TableRows entities(registry.entities, IntegerKey("schema_id", schemas.Integer(i, "id")));
    for (int j = 0; j < entities.size(); ++j) {
      if (entities.Text(j, "name") != facts->name || IsUnchecked(entities, j)) continue;
      int id = entities.Integer(j, "id");
      if (!IsTaken(registry, id)) ids.push_back(id);
    }
  }
  return ids;
}

}  // namespace fundb::catalog
