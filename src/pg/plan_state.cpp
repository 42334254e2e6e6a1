#include "pg/plan_state.h"

#include <cstring>

#include "pg/context_blocks.h"

namespace fundb::pg {

namespace {

// What lies in the memory need not be a node at all, so its tag is compared as a number.
template <typename State>
const State *FindNode(const EState *state, const Plan *plan, NodeTag tag) noexcept {
  return FindOnly<State>(state->es_query_cxt, [&](const State *node) {
    auto *head = reinterpret_cast<const PlanState *>(node);
    uint32 found;
    std::memcpy(&found, head, sizeof found);
    return found == static_cast<uint32>(tag) && head->state == state && head->plan == plan;
  });
}

}  // namespace

const ValuesScanState *FindState(const EState *state, const ValuesScan *plan) noexcept {
  return FindNode<ValuesScanState>(state, &plan->scan.plan, T_ValuesScanState);
}

const PlanState *FindKeeperState(const EState *state, const Plan *plan) noexcept {
  const void *found = nullptr;
  if (IsA(plan, Material)) found = FindNode<MaterialState>(state, plan, T_MaterialState);
  if (IsA(plan, Memoize)) found = FindNode<MemoizeState>(state, plan, T_MemoizeState);
  return static_cast<const PlanState *>(found);
}

const ModifyTableState *FindState(const EState *state, const ModifyTable *plan) noexcept {
  return FindNode<ModifyTableState>(state, &plan->plan, T_ModifyTableState);
}

}  // namespace fundb::pg
