#include "pg/inval.h"

#include <memory>
#include <unordered_map>

#include "pg/call.h"

namespace fundb::pg {

namespace {

using Map = std::unordered_map<Oid, std::unique_ptr<RelationGeneration>>;

// Leaked on purpose: no static object with a destructor.
Map &Watched() {
  static Map *map = new Map();
  return *map;
}

void fundb_relation_invalidated(Datum, Oid relation) noexcept {
  Map &watched = Watched();
  if (relation == InvalidOid) {
    ++internal::invalidations;
    for (auto &entry : watched) ++entry.second->generation;
    return;
  }
  auto found = watched.find(relation);
  if (found == watched.end()) return;
  ++internal::invalidations;
  ++found->second->generation;
}

}  // namespace

uint64_t internal::invalidations = 1;

const RelationGeneration *WatchRelation(Oid relation) {
  static bool registered = false;
  if (!registered) {
    Call([] { CacheRegisterRelcacheCallback(fundb_relation_invalidated, static_cast<Datum>(0)); });
    registered = true;
  }
  auto &slot = Watched()[relation];
  if (slot == nullptr) {
    slot = std::make_unique<RelationGeneration>();
    slot->relation = relation;
  }
  return slot.get();
}

}  // namespace fundb::pg
