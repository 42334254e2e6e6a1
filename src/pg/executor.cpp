#include "pg/executor.h"

#include <cstring>

#include "pg/call.h"

extern "C" {
#include "executor/executor.h"
#include "nodes/execnodes.h"
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

// The state and the result relation of a trigger call; both null when they cannot be found.
struct Place {
  EState *state = nullptr;
  ResultRelInfo *relation = nullptr;

  bool Try(MemoryContext context, const Trigger *trigger) {
    state = StateIn(context);
    relation = state == nullptr ? nullptr : ResultRelation(state, trigger);
    return relation != nullptr;
  }
};

Place FindPlace(FunctionCallInfo call, const Trigger *trigger) {
  Place place;
  if (call->flinfo != nullptr && place.Try(call->flinfo->fn_mcxt, trigger)) return place;
  // COPY looks the function up outside of the executor's memory.  BEFORE triggers are run in the
  // memory of one row, below the executor's; AFTER triggers in memory beside the executor's.
  MemoryContext around = MemoryContextGetParent(CurrentMemoryContext);
  if (around == nullptr || place.Try(around, trigger)) return place;
  for (MemoryContext beside = around->firstchild; beside != nullptr; beside = beside->nextchild) {
    if (place.Try(beside, trigger)) return place;
  }
  return Place();
}

bool IsInserted(ResultRelInfo *relation, EState *state) {
  ResultRelInfo *root =
      relation->ri_RangeTableIndex == 0 ? relation->ri_RootResultRelInfo : relation;
  if (root == nullptr || root->ri_RangeTableIndex == 0) return false;
  const RangeTblEntry *entry = exec_rt_fetch(root->ri_RangeTableIndex, state);
  return (entry->requiredPerms & ACL_INSERT) != 0 || entry->insertedCols != nullptr;
}

// An AFTER trigger is not told which part of the statement wrote the row, and for a partition not
// even that it was routed.  What all INSERTs of the statement into the table assign is certain.
const Bitmapset *ColumnsOfAllInserts(EState *state, Oid table) {
  Bitmapset *columns = nullptr;
  bool is_first = true;
  for (List *relations :
       {state->es_opened_result_relations, state->es_tuple_routing_result_relations}) {
    ListCell *cell;
    foreach (cell, relations) {
      auto *relation = static_cast<ResultRelInfo *>(lfirst(cell));
      if (RelationGetRelid(relation->ri_RelationDesc) != table) continue;
      if (!IsInserted(relation, state)) continue;
      Bitmapset *inserted = ExecGetInsertedCols(relation, state);
      columns = is_first ? bms_copy(inserted) : bms_int_members(columns, inserted);
      is_first = false;
    }
  }
  return columns;
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

const Bitmapset *InsertedColumns(FunctionCallInfo call) {
  auto *data = reinterpret_cast<TriggerData *>(call->context);
  return Call([&]() -> const Bitmapset * {
    Place place = FindPlace(call, data->tg_trigger);
    if (place.relation == nullptr) return nullptr;
    if (TRIGGER_FIRED_BEFORE(data->tg_event)) {
      return ExecGetInsertedCols(place.relation, place.state);
    }
    return ColumnsOfAllInserts(place.state, RelationGetRelid(data->tg_relation));
  });
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
