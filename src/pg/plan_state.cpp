#include "pg/plan_state.h"

#include <cstring>

extern "C" {
#include "nodes/execnodes.h"
}

namespace fundb::pg {

namespace {

// How PostgreSQL 15 keeps the memory of a context (utils/mmgr/aset.c, which exports no header): the
// context begins with a list of blocks, each of which begins with this.
struct Block {
  MemoryContext context;
  Block *previous;
  Block *next;
  char *free;  // the end of what is in use
  char *end;
};

struct Context {
  MemoryContextData header;
  Block *blocks;
};

}  // namespace

const ValuesScanState *FindValuesScan(const EState *state, const ValuesScan *plan) noexcept {
  MemoryContext context = state->es_query_cxt;
  if (!IsA(context, AllocSetContext)) return nullptr;
  const Block *block = reinterpret_cast<Context *>(context)->blocks;
  for (; block != nullptr; block = block->next) {
    // Not as it should be: another build of PostgreSQL.
    if (block->context != context || block->free > block->end) return nullptr;
    auto *at = reinterpret_cast<const char *>(block + 1);
    for (; at + sizeof(ValuesScanState) <= block->free; at += MAXIMUM_ALIGNOF) {
      // A node's tag, its plan and its execution follow one another.  What lies there need not be
      // a node at all, so it is compared as bytes.
      PlanState head;
      std::memcpy(&head, at, offsetof(PlanState, state) + sizeof(head.state));
      if (head.type == T_ValuesScanState && head.state == state &&
          head.plan == reinterpret_cast<const Plan *>(plan)) {
        return reinterpret_cast<const ValuesScanState *>(at);
      }
    }
  }
  return nullptr;
}

}  // namespace fundb::pg
