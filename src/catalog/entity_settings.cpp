#include "catalog/entity_settings.h"

#include <unordered_map>
#include <utility>

#include "catalog/registry.h"
#include "pg/encoding.h"
#include "pg/spi.h"

extern "C" {
#include "catalog/pg_type.h"
}

namespace fundb::catalog {

namespace {

struct Cache {
  uint64_t generation = 0;
  Oid entities = InvalidOid;
  std::unordered_map<Oid, EntitySettings> settings;
  pg::Plan plan;
};

// Leaked on purpose: no static object with a destructor.
Cache &TheCache() {
  static Cache *cache = new Cache();
  return *cache;
}

Datum TextDatum(const std::string &text) {
  return pg::Call([&] { return PointerGetDatum(cstring_to_text(pg::ToServer(text))); });
}

EntitySettings Read(Cache &cache, Oid owner, const std::string &schema, const std::string &name) {
  OwnerScope scope(owner);
  pg::SpiSession spi;
  if (!cache.plan.IsPrepared()) {
    cache.plan.Prepare(
        "SELECT e.main_field, e.is_frozen FROM public.entities e "
        "JOIN public.schemas s ON s.id = e.schema_id WHERE s.name = $1 AND e.name = $2",
        {TEXTOID, TEXTOID});
  }
  pg::Parameters parameters;
  parameters.Add(TextDatum(schema));
  parameters.Add(TextDatum(name));
  EntitySettings settings;
  if (pg::ExecuteNow(cache.plan, parameters) > 0) {
    settings.main_field = pg::TextAt(0, 1).value_or("");
    settings.is_frozen = pg::TextAt(0, 2).value_or("f") == "t";
  }
  return settings;
}

}  // namespace

const EntitySettings &FindEntitySettings(Oid relation, const std::string &schema,
                                         const std::string &name) {
  static const EntitySettings *const kDefaults = new EntitySettings();
  const Registry *registry = FindRegistry();
  if (registry == nullptr) return *kDefaults;
  Cache &cache = TheCache();
  uint64_t generation = registry->rules_generation->generation;
  if (cache.generation != generation || cache.entities != registry->entities) {
    cache.settings.clear();
    cache.generation = generation;
    cache.entities = registry->entities;
  }
  auto found = cache.settings.find(relation);
  if (found != cache.settings.end()) return found->second;
  EntitySettings settings = Read(cache, registry->owner, schema, name);
  return cache.settings[relation] = std::move(settings);
}

}  // namespace fundb::catalog
