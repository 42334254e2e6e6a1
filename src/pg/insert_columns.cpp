#include "pg/insert_columns.h"

#include "base/scope_exit.h"
#include "pg/call.h"
#include "pg/executor.h"
#include "pg/left_out.h"
#include "pg/plan_state.h"

extern "C" {
#include "access/tupconvert.h"
#include "executor/executor.h"
#include "nodes/execnodes.h"
}

namespace fundb::pg {

namespace {

// The relation that the statement names, which for a partition is another.
ResultRelInfo *TargetOf(ResultRelInfo *relation) {
  ResultRelInfo *root = relation->ri_RootResultRelInfo;
  return root == nullptr ? relation : root;
}

bool IsInserted(ResultRelInfo *relation, EState *state) {
  const ResultRelInfo *target = TargetOf(relation);
  if (target->ri_RangeTableIndex == 0) return false;
  const RangeTblEntry *entry = exec_rt_fetch(target->ri_RangeTableIndex, state);
  return (entry->requiredPerms & ACL_INSERT) != 0 || entry->insertedCols != nullptr;
}

// What PostgreSQL counts as assigned without what the statement leaves out, in the relation's own
// columns.
Bitmapset *fundb_assigned(const TriggerPlace *place, Bitmapset *left_out) {
  Bitmapset *inserted = ExecGetInsertedCols(place->relation, place->state);
  if (left_out == nullptr) return inserted;
  const TupleConversionMap *map = place->relation->ri_RootToPartitionMap;
  bool is_target = TargetOf(place->relation) == place->relation;
  if (!is_target && map != nullptr) left_out = execute_attr_map_cols(map->attrMap, left_out);
  return bms_difference(inserted, left_out);
}

LeftOut FindLeftOutOf(const TriggerPlace &place) {
  return FindLeftOut(place.state, TargetOf(place.relation));
}

// What some row, or action, of the INSERT assigns.
Bitmapset *fundb_assigned_by_some(const TriggerPlace *place, const LeftOut *left_out) {
  Bitmapset *by_all = left_out->count == 0 ? nullptr : bms_copy(left_out->sets[0]);
  for (int i = 1; i < left_out->count; ++i) by_all = bms_int_members(by_all, left_out->sets[i]);
  return fundb_assigned(place, by_all);
}

// For an AFTER trigger: what all INSERTs of the statement into the table assign, each in some row.
Bitmapset *AssignedByAllInserts(const TriggerPlace &place, bool *is_known) {
  Oid table = RelationGetRelid(place.relation->ri_RelationDesc);
  Bitmapset *columns = nullptr;
  bool is_first = true;
  for (List *relations :
       {place.state->es_opened_result_relations, place.state->es_tuple_routing_result_relations}) {
    ListCell *cell;
    foreach (cell, relations) {
      auto *relation = static_cast<ResultRelInfo *>(lfirst(cell));
      if (RelationGetRelid(relation->ri_RelationDesc) != table) continue;
      if (!IsInserted(relation, place.state)) continue;
      TriggerPlace insert = {place.state, relation};
      LeftOut left_out = FindLeftOutOf(insert);
      columns = Call([&] {
        Bitmapset *assigned = fundb_assigned_by_some(&insert, &left_out);
        return is_first ? bms_copy(assigned) : bms_int_members(columns, assigned);
      });
      is_first = false;
    }
  }
  *is_known = !is_first;
  return columns;
}

// For a BEFORE trigger: the sets of each row, if they can be told apart when the row is written.
void FillByRow(const TriggerPlace &place, const LeftOut &left_out, InsertedColumns *columns) {
  columns->values = left_out.values == nullptr || left_out.count < 2
                        ? nullptr
                        : FindValuesScan(place.state, left_out.values);
  columns->merge_actions = left_out.merge_actions;
  columns->by_row = left_out.count > 1 && (columns->values != nullptr || left_out.of_actions);
  Call([&] {
    columns->count = columns->by_row ? left_out.count : 1;
    columns->sets = static_cast<Bitmapset **>(palloc(sizeof(Bitmapset *) * columns->count));
    if (!columns->by_row) columns->sets[0] = fundb_assigned_by_some(&place, &left_out);
    for (int i = 0; columns->by_row && i < columns->count; ++i) {
      columns->sets[i] = fundb_assigned(&place, left_out.sets[i]);
    }
  });
}

// Which INSERT action of a MERGE is at work.  The executor tries their conditions in order, so it
// is the first whose condition was true at last; one without a condition is always.
int ActionAtWork(const List *actions) noexcept {
  int number = 0;
  ListCell *cell;
  foreach (cell, actions) {
    auto *state = static_cast<MergeActionState *>(lfirst(cell));
    bool is_insert = state->mas_action->commandType == CMD_INSERT;
    const ExprState *condition = state->mas_whenqual;
    if (condition == nullptr || (!condition->resnull && DatumGetBool(condition->resvalue))) {
      return is_insert ? number : -1;
    }
    if (is_insert) ++number;
  }
  return -1;
}

}  // namespace

const InsertedColumns *FindInsertedColumns(FunctionCallInfo call) {
  TriggerPlace place = PlaceOf(call);
  bool before = TRIGGER_FIRED_BEFORE(reinterpret_cast<TriggerData *>(call->context)->tg_event);
  MemoryContext memory = call->flinfo->fn_mcxt;
  auto *columns = static_cast<InsertedColumns *>(
      Call([&] { return MemoryContextAllocZero(memory, sizeof(InsertedColumns)); }));
  if (place.relation == nullptr) return columns;
  MemoryContext caller = MemoryContextSwitchTo(memory);
  ScopeExit back([&] { MemoryContextSwitchTo(caller); });
  if (before) {
    if (!IsInserted(place.relation, place.state)) return columns;
    FillByRow(place, FindLeftOutOf(place), columns);
  } else {
    bool is_known;
    Bitmapset *assigned = AssignedByAllInserts(place, &is_known);
    if (!is_known) return columns;
    columns->sets = static_cast<Bitmapset **>(Call([&] { return palloc(sizeof(Bitmapset *)); }));
    columns->sets[0] = assigned;
    columns->count = 1;
  }
  return columns;
}

const Bitmapset *ColumnsOfRow(const InsertedColumns &columns) noexcept {
  if (columns.count == 0) return nullptr;
  if (!columns.by_row) return columns.sets[0];
  int row =
      columns.values != nullptr ? columns.values->curr_idx : ActionAtWork(columns.merge_actions);
  return row >= 0 && row < columns.count ? columns.sets[row] : nullptr;
}

}  // namespace fundb::pg
