#include "pg/insert_sets.h"

#include "pg/call.h"
#include "pg/left_out.h"
#include "pg/plan_state.h"

extern "C" {
#include "access/tupconvert.h"
#include "executor/execExpr.h"
#include "executor/executor.h"
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

// What some row, or action, of the INSERT assigns.
Bitmapset *fundb_assigned_by_some(const TriggerPlace *place, const LeftOut *left_out) {
  Bitmapset *by_all = left_out->count == 0 ? nullptr : bms_copy(left_out->sets[0]);
  for (int i = 1; i < left_out->count; ++i) by_all = bms_int_members(by_all, left_out->sets[i]);
  return fundb_assigned(place, by_all);
}

// Whether a condition (a list of expressions, ANDed) leaves its last result where it can be read:
// its steps end with the one that puts the result there.
bool fundb_keeps_result(ExprState *condition) {
  if (condition == nullptr) return true;
  if (condition->steps_len < 2) return false;
  ExprEvalStep *last = &condition->steps[condition->steps_len - 2];
  return ExecEvalStepOp(condition, last) == EEOP_QUAL && last->resvalue == &condition->resvalue &&
         last->resnull == &condition->resnull;
}

bool fundb_all_keep_results(const List *actions) {
  ListCell *cell;
  foreach (cell, actions) {
    if (!fundb_keeps_result(static_cast<MergeActionState *>(lfirst(cell))->mas_whenqual)) {
      return false;
    }
  }
  return true;
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
      return is_insert ? number : kNoSet;
    }
    if (is_insert) ++number;
  }
  return kNoSet;
}

// How many of the plan's node may write rows of different sets into one relation.
struct Writers {
  int inserts = 0;
  int moves = 0;  // rows from partition to partition
};

void Count(const Plan *plan, Writers *writers) noexcept {
  if (plan == nullptr || !IsA(plan, ModifyTable)) return;
  const auto *modify = reinterpret_cast<const ModifyTable *>(plan);
  bool has_partitions = modify->rootRelation > 0;
  if (modify->operation == CMD_INSERT || modify->operation == CMD_MERGE) ++writers->inserts;
  bool may_move = modify->operation == CMD_UPDATE || modify->operation == CMD_MERGE;
  if (has_partitions && may_move) ++writers->moves;
}

}  // namespace

InsertSets FindInsertSets(const TriggerPlace &place) {
  InsertSets found = {};
  if (!IsInserted(place.relation, place.state)) return found;
  ResultRelInfo *target = TargetOf(place.relation);
  LeftOut left_out = FindLeftOut(place.state, target);
  if (left_out.source.values != nullptr && left_out.count > 1) {
    found.values = FindState(place.state, left_out.source);
  }
  const ModifyTable *plan = FindInsertPlan(place.state, target);
  if (plan != nullptr && plan->operation == CMD_MERGE) found.merge = FindState(place.state, plan);
  found.merge_actions = left_out.merge_actions;
  found.by_row = left_out.count > 1 && (found.values.values != nullptr || left_out.of_actions);
  Call([&] {
    if (left_out.of_actions && !fundb_all_keep_results(left_out.merge_actions)) {
      found.by_row = false;
    }
    // One set more: for a row whose number is not known, or for all.
    int known = found.by_row ? left_out.count : 0;
    found.count = known + 1;
    found.sets = static_cast<Bitmapset **>(palloc(sizeof(Bitmapset *) * found.count));
    for (int i = 0; i < known; ++i) found.sets[i] = fundb_assigned(&place, left_out.sets[i]);
    found.sets[known] = fundb_assigned_by_some(&place, &left_out);
  });
  return found;
}

int SetAtWork(const InsertSets &sets) noexcept {
  if (sets.count == 0) return kNoSet;
  // The conditions for matched rows look at the row that was found: it moves to this partition.
  if (sets.merge != nullptr && sets.merge->ps.ps_ExprContext->ecxt_scantuple != nullptr) {
    return kNoSet;
  }
  if (!sets.by_row) return 0;
  int known = sets.count - 1;
  if (sets.values.values != nullptr) {
    int row = RowAtWork(sets.values);
    return row >= 0 && row < known ? row : known;
  }
  int action = ActionAtWork(sets.merge_actions);
  return action < known ? action : kNoSet;
}

bool MayDiffer(const TriggerPlace &place, const InsertSets &sets) noexcept {
  if (sets.by_row) return true;
  const PlannedStmt *statement = place.state->es_plannedstmt;
  if (statement == nullptr) return false;
  Writers writers;
  Count(statement->planTree, &writers);
  ListCell *cell;
  foreach (cell, statement->subplans) Count(static_cast<Plan *>(lfirst(cell)), &writers);
  return writers.inserts > 1 || (writers.inserts == 1 && writers.moves > 0);
}

}  // namespace fundb::pg
