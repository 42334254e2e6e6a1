#include "pg/executor.h"

#include "pg/call.h"

extern "C" {
#include "executor/executor.h"
#include "nodes/execnodes.h"
#include "storage/proc.h"
}

namespace fundb::pg {

namespace {

// CreateExecutorState makes a memory context and allocates the state first in it, so the state lies
// in the context's first block, which is at least this long.  The state names its context, which
// proves the find.
constexpr size_t kSearchedBytes = 1024;

// The result relation whose trigger is being called.
ResultRelInfo *FindResultRelation(List *relations, const Trigger *trigger) {
  ListCell *cell;
  foreach (cell, relations) {
    auto *relation = static_cast<ResultRelInfo *>(lfirst(cell));
    const TriggerDesc *triggers = relation->ri_TrigDesc;
    if (triggers != nullptr && trigger >= triggers->triggers &&
        trigger < triggers->triggers + triggers->numtriggers) {
      return relation;
    }
  }
  return nullptr;
}

ResultRelInfo *ResultRelation(EState *state, const Trigger *trigger) {
  ResultRelInfo *found = FindResultRelation(state->es_opened_result_relations, trigger);
  if (found == nullptr) {
    found = FindResultRelation(state->es_tuple_routing_result_relations, trigger);
  }
  if (found == nullptr) found = FindResultRelation(state->es_trig_target_relations, trigger);
  return found;
}

}  // namespace

EState *ExecutorOf(FunctionCallInfo call) noexcept {
  if (call->flinfo == nullptr) return nullptr;
  MemoryContext context = call->flinfo->fn_mcxt;
  if (context == nullptr || !IsA(context, AllocSetContext)) return nullptr;
  auto *word = reinterpret_cast<char *>(context);
  for (size_t offset = 0; offset < kSearchedBytes; offset += MAXIMUM_ALIGNOF) {
    auto *state = reinterpret_cast<EState *>(word + offset);
    if (IsA(state, EState) && state->es_query_cxt == context) return state;
  }
  return nullptr;
}

Execution ExecutionOf(FunctionCallInfo call) noexcept {
  EState *state = ExecutorOf(call);
  if (state == nullptr) return Execution();
  return Execution{state, state->es_output_cid, MyProc->lxid};
}

const Bitmapset *InsertedColumns(FunctionCallInfo call) {
  EState *state = ExecutorOf(call);
  if (state == nullptr) return nullptr;
  auto *data = reinterpret_cast<TriggerData *>(call->context);
  return Call([&]() -> const Bitmapset * {
    ResultRelInfo *relation = ResultRelation(state, data->tg_trigger);
    if (relation == nullptr) return nullptr;
    return ExecGetInsertedCols(relation, state);
  });
}

}  // namespace fundb::pg
