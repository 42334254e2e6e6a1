#include "pg/executor.h"

#include <cstring>

#include "pg/call.h"

extern "C" {
#include "executor/execExpr.h"
#include "executor/executor.h"
#include "nodes/execnodes.h"
#include "replication/logicalworker.h"
#include "storage/proc.h"
}

namespace fundb::pg {

namespace {

// CreateExecutorState makes a memory context of this name and allocates the state first in it, so
// the state lies in the context's first block, which is at least so long.  The state names its
// context.  The name counts: contexts are used again, and one that was an executor's before still
// has the bytes of the old state.
constexpr char kContextName[] = "ExecutorState";
constexpr size_t kSearchedBytes = 1024;

// The state that the memory context was made for, if it is an executor's.
EState *StateIn(MemoryContext context) {
  if (context == nullptr || !IsA(context, AllocSetContext)) return nullptr;
  if (std::strcmp(context->name, kContextName) != 0) return nullptr;
  auto *word = reinterpret_cast<char *>(context);
  for (size_t offset = 0; offset < kSearchedBytes; offset += MAXIMUM_ALIGNOF) {
    // What lies there need not be a node at all: its tag is compared as plain bytes.
    uint32 tag;
    std::memcpy(&tag, word + offset, sizeof tag);
    if (tag != static_cast<uint32>(T_EState)) continue;
    auto *state = reinterpret_cast<EState *>(word + offset);
    if (state->es_query_cxt == context) return state;
  }
  return nullptr;
}

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

bool IsPlace(MemoryContext context, const Trigger *trigger, TriggerPlace *place) {
  place->state = StateIn(context);
  place->relation = place->state == nullptr ? nullptr : ResultRelation(place->state, trigger);
  return place->relation != nullptr;
}

// Whether the expression makes the call.
bool IsCallOf(const ExprState *expression, FunctionCallInfo call) {
  if (expression == nullptr) return false;
  for (int i = 0; i < expression->steps_len; ++i) {
    // What another kind of step has in this place is no address of a call's arguments.
    if (expression->steps[i].d.func.fcinfo_data == call) return true;
  }
  return false;
}

// Partitions are opened one by one: the last is the one whose first row is being written.
ConditionPlace FindCondition(EState *state, const List *relations, FunctionCallInfo call) {
  for (int i = list_length(relations) - 1; i >= 0; --i) {
    auto *relation = static_cast<ResultRelInfo *>(list_nth(relations, i));
    const TriggerDesc *triggers = relation->ri_TrigDesc;
    if (triggers == nullptr || relation->ri_TrigWhenExprs == nullptr) continue;
    for (int number = 0; number < triggers->numtriggers; ++number) {
      if (!IsCallOf(relation->ri_TrigWhenExprs[number], call)) continue;
      return ConditionPlace{{state, relation}, &triggers->triggers[number]};
    }
  }
  return ConditionPlace();
}

}  // namespace

EState *ExecutorOf(FunctionCallInfo call) noexcept {
  return call->flinfo == nullptr ? nullptr : StateIn(call->flinfo->fn_mcxt);
}

Execution ExecutionOf(FunctionCallInfo call) noexcept {
  EState *state = ExecutorOf(call);
  if (state == nullptr) return Execution();
  return Execution{state, state->es_output_cid, MyProc->lxid};
}

TriggerPlace PlaceOf(FunctionCallInfo call) noexcept {
  const Trigger *trigger = reinterpret_cast<TriggerData *>(call->context)->tg_trigger;
  TriggerPlace place;
  if (call->flinfo != nullptr && IsPlace(call->flinfo->fn_mcxt, trigger, &place)) return place;
  // COPY looks the function up outside of the executor's memory.  BEFORE triggers are run in the
  // memory of one row, below the executor's; AFTER triggers in memory beside the executor's.
  MemoryContext around = MemoryContextGetParent(CurrentMemoryContext);
  if (around == nullptr) return TriggerPlace();
  if (IsPlace(around, trigger, &place)) return place;
  for (MemoryContext beside = around->firstchild; beside != nullptr; beside = beside->nextchild) {
    if (IsPlace(beside, trigger, &place)) return place;
  }
  return TriggerPlace();
}

ConditionPlace PlaceOfCondition(FunctionCallInfo call) noexcept {
  EState *state = ExecutorOf(call);
  if (state == nullptr) return ConditionPlace();
  ConditionPlace found = FindCondition(state, state->es_opened_result_relations, call);
  if (found.trigger != nullptr) return found;
  return FindCondition(state, state->es_tuple_routing_result_relations, call);
}

bool IsAppliedUpdate(FunctionCallInfo call) noexcept {
  if (!IsLogicalWorker()) return false;
  // What other triggers of the worker write has a plan.
  const EState *state = PlaceOf(call).state;
  if (state == nullptr || state->es_plannedstmt != nullptr) return false;
  if (state->es_range_table == NIL) return false;
  const auto *target = static_cast<RangeTblEntry *>(linitial(state->es_range_table));
  return target->updatedCols != nullptr;
}

bool IsForeignKeyAction(FunctionCallInfo call) {
  if (!InNoForceRLSOperation()) return false;
  const EState *state = ExecutorOf(call);
  if (state == nullptr || state->es_sourceText == nullptr) return true;
  const char *text = state->es_sourceText;
  bool is_write =
      std::strncmp(text, "UPDATE ", 7) == 0 || std::strncmp(text, "DELETE FROM ", 12) == 0;
  return is_write && std::strstr(text, " OPERATOR(") != nullptr;
}

}  // namespace fundb::pg
