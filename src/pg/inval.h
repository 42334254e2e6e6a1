// Relation cache invalidations as flags.  The callback of PostgreSQL only sets flags: it reads no
// cache and frees nothing, since it runs at places where neither is allowed.
#pragma once

#include <cstdint>

#include "pg/postgres.h"

namespace fundb::pg {

// A relation that someone caches things about.  Lives in the tracker for the life of the session,
// so a pointer to it stays valid; `generation` counts the invalidations seen.
struct RelationGeneration {
  Oid relation = InvalidOid;
  uint64_t generation = 1;
};

// Grows whenever the generation of any watched relation does: one number to look at, for who
// checks at every row.  Never 0.
namespace internal {
extern uint64_t invalidations;
}
inline uint64_t Invalidations() noexcept { return internal::invalidations; }

// Begins to watch (once per relation).  Registers PostgreSQL's callback at the first call.
const RelationGeneration *WatchRelation(Oid relation);

}  // namespace fundb::pg
