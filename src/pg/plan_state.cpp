#include "pg/plan_state.h"

#include <cstring>

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

// How an execution node begins, with the tag as a number: what lies in the memory need not be a
// node at all, and only some numbers are tags.
struct Head {
  uint32 tag;
  const Plan *plan;
  const EState *state;
};
static_assert(sizeof(NodeTag) == sizeof(uint32) &&
                  offsetof(Head, plan) == offsetof(PlanState, plan) &&
                  offsetof(Head, state) == offsetof(PlanState, state),
              "begins as PlanState does");

const void *FindNode(const EState *state, const Plan *plan, uint32 tag, size_t size) noexcept {
  MemoryContext context = state->es_query_cxt;
  if (!IsA(context, AllocSetContext)) return nullptr;
  const Block *block = reinterpret_cast<Context *>(context)->blocks;
  for (; block != nullptr; block = block->next) {
    // Not as it should be: another build of PostgreSQL.
    if (block->context != context || block->free > block->end) return nullptr;
    auto *at = reinterpret_cast<const char *>(block + 1);
    for (; at + size <= block->free; at += MAXIMUM_ALIGNOF) {
      Head head;
      std::memcpy(&head, at, sizeof head);
      if (head.tag == tag && head.state == state && head.plan == plan) return at;
    }
  }
  return nullptr;
}

}  // namespace

const ValuesScanState *FindState(const EState *state, const ValuesScan *plan) noexcept {
  return static_cast<const ValuesScanState *>(
      FindNode(state, &plan->scan.plan, T_ValuesScanState, sizeof(ValuesScanState)));
}

const ModifyTableState *FindState(const EState *state, const ModifyTable *plan) noexcept {
  return static_cast<const ModifyTableState *>(
      FindNode(state, &plan->plan, T_ModifyTableState, sizeof(ModifyTableState)));
}

}  // namespace fundb::pg
