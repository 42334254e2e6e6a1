#include "pg/key_lookup.h"

extern "C" {
#include "access/genam.h"
#include "access/table.h"
#include "access/tableam.h"
#include "catalog/pg_am.h"
#include "catalog/pg_class.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "nodes/nodeFuncs.h"
#include "nodes/plannodes.h"
#include "parser/parsetree.h"
#include "tcop/dest.h"
#include "utils/lsyscache.h"
#include "utils/plancache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/typcache.h"
}

namespace fundb::pg {

namespace {

constexpr int kMostColumns = 100;

// A condition "column of the index = value".
struct Key {
  ScanKeyData scan;
  int parameter;          // from 0; -1: the constant
  const Const *constant;  // in the plan's memory
  bool may_be_toasted;
};

}  // namespace

// What of a plan is needed to run it.  Plain data but for the descriptor, so that it may be filled
// where an error jumps.
struct KeyLookup::Steps {
  ~Steps() {
    if (shape != nullptr) CallQuietly([this] { FreeTupleDesc(shape); });
  }

  // Of which statement, and which of its plans.
  const CachedPlanSource *source = nullptr;
  int generation = 0;
  Oid table = InvalidOid;
  Oid index = InvalidOid;
  ScanDirection direction = ForwardScanDirection;
  int key_count = 0;
  Key keys[INDEX_MAX_KEYS];
  // The table's column behind each of the result, and the last of them.
  int column_count = 0;
  AttrNumber columns[kMostColumns];
  AttrNumber last_column = 0;
  TupleDesc shape = nullptr;

  bool Read(const CachedPlanSource &from, const CachedPlan &plan);
  void Scan(const Parameters &parameters, DestReceiver *receiver) const;

 private:
  bool ReadColumns(List *targets, Index relation, List *index_columns);
  bool ReadKey(const OpExpr &condition, Relation opened);
  bool ReadKeys(List *conditions);
};

namespace {

// Other queries are not worth a look at their plan: asked once, it stays the plan that does not
// know the parameters.
bool MayBeLookup(const CachedPlanSource &source) {
  if (list_length(source.query_list) != 1) return false;
  const auto *query = linitial_node(Query, source.query_list);
  if (query->commandType != CMD_SELECT || query->hasAggs || query->hasWindowFuncs ||
      query->hasTargetSRFs || query->hasSubLinks || query->cteList != NIL ||
      query->groupClause != NIL || query->distinctClause != NIL || query->groupingSets != NIL ||
      query->setOperations != nullptr || query->limitCount != nullptr ||
      query->limitOffset != nullptr || query->rowMarks != NIL || query->havingQual != nullptr) {
    return false;
  }
  if (list_length(query->rtable) != 1 || query->jointree->quals == nullptr) return false;
  const auto *relation = linitial_node(RangeTblEntry, query->rtable);
  if (relation->rtekind != RTE_RELATION || relation->relkind != RELKIND_RELATION) return false;
  ListCell *cell;
  foreach (cell, query->targetList) {
    if (!IsA(lfirst_node(TargetEntry, cell)->expr, Var)) return false;
  }
  return true;
}

// The column of the scanned relation that an expression is, 0 if it is anything else.
AttrNumber ColumnOf(const Expr *expression, Index relation, List *index_columns) {
  if (!IsA(expression, Var)) return 0;
  const auto *column = reinterpret_cast<const Var *>(expression);
  if (column->varno == INDEX_VAR) {
    if (column->varattno <= 0 || column->varattno > list_length(index_columns)) return 0;
    const auto *entry = list_nth_node(TargetEntry, index_columns, column->varattno - 1);
    return IsA(entry->expr, Var) ? ColumnOf(entry->expr, relation, NIL) : 0;
  }
  if (column->varno != static_cast<int>(relation) || column->varattno < 0) return 0;
  return column->varattno;
}

bool IsWatched() {
  return ExecutorStart_hook != nullptr || ExecutorRun_hook != nullptr ||
         ExecutorFinish_hook != nullptr || ExecutorEnd_hook != nullptr;
}

}  // namespace

bool KeyLookup::Steps::ReadColumns(List *targets, Index relation, List *index_columns) {
  if (list_length(targets) > kMostColumns) return false;
  ListCell *cell;
  foreach (cell, targets) {
    const auto *target = lfirst_node(TargetEntry, cell);
    AttrNumber column = ColumnOf(target->expr, relation, index_columns);
    if (column == 0 || target->resjunk) return false;
    columns[column_count++] = column;
    last_column = Max(last_column, column);
  }
  return column_count > 0;
}

bool KeyLookup::Steps::ReadKey(const OpExpr &condition, Relation opened) {
  const auto *left = static_cast<const Expr *>(linitial(condition.args));
  const auto *right = static_cast<const Expr *>(lsecond(condition.args));
  // Operators of extensions may keep things that a scan must not share with the next one.
  if (!IsA(left, Var) || condition.opfuncid >= FirstNormalObjectId) return false;
  const auto *column = reinterpret_cast<const Var *>(left);
  int count = IndexRelationGetNumberOfKeyAttributes(opened);
  if (column->varno != INDEX_VAR || column->varattno < 1 || column->varattno > count) return false;
  for (int i = 0; i < key_count; ++i) {
    if (keys[i].scan.sk_attno == column->varattno) return false;
  }
  Key &key = keys[key_count++];
  key.parameter = -1;
  key.constant = nullptr;
  if (IsA(right, Const)) {
    key.constant = reinterpret_cast<const Const *>(right);
  } else if (IsA(right, Param)) {
    const auto *parameter = reinterpret_cast<const Param *>(right);
    if (parameter->paramkind != PARAM_EXTERN) return false;
    key.parameter = parameter->paramid - 1;
  } else {
    return false;
  }
  int strategy;
  Oid left_type;
  Oid right_type;
  get_op_opfamily_properties(condition.opno, opened->rd_opfamily[column->varattno - 1], false,
                             &strategy, &left_type, &right_type);
  key.may_be_toasted = TypeIsToastable(right_type);
  ScanKeyEntryInitialize(&key.scan, 0, column->varattno, static_cast<StrategyNumber>(strategy),
                         right_type, condition.inputcollid, condition.opfuncid, 0);
  return strategy == BTEqualStrategyNumber;
}

// One condition for each column of the key: more rows than one are none that the planner would
// have liked to know of.
bool KeyLookup::Steps::ReadKeys(List *conditions) {
  Relation opened = index_open(index, AccessShareLock);
  bool is_known = opened->rd_rel->relam == BTREE_AM_OID && opened->rd_index->indisunique &&
                  list_length(conditions) == IndexRelationGetNumberOfKeyAttributes(opened);
  ListCell *cell;
  foreach (cell, conditions) {
    const auto *condition = static_cast<const Node *>(lfirst(cell));
    is_known = is_known && IsA(condition, OpExpr) &&
               ReadKey(*reinterpret_cast<const OpExpr *>(condition), opened);
  }
  index_close(opened, NoLock);
  return is_known;
}

bool KeyLookup::Steps::Read(const CachedPlanSource &from, const CachedPlan &plan) {
  const auto *statement = linitial_node(PlannedStmt, plan.stmt_list);
  if (statement->commandType != CMD_SELECT || statement->hasModifyingCTE ||
      statement->rowMarks != NIL || statement->subplans != NIL) {
    return false;
  }
  const auto *scan = reinterpret_cast<const ::Scan *>(statement->planTree);
  const ::Plan &node = scan->plan;
  if (node.qual != NIL || node.initPlan != NIL || node.parallel_aware) return false;
  List *conditions;
  List *index_columns = NIL;
  if (IsA(scan, IndexScan)) {
    const auto *by_index = reinterpret_cast<const IndexScan *>(scan);
    if (by_index->indexorderby != NIL) return false;
    index = by_index->indexid;
    direction = by_index->indexorderdir;
    conditions = by_index->indexqual;
  } else if (IsA(scan, IndexOnlyScan)) {
    const auto *by_index = reinterpret_cast<const IndexOnlyScan *>(scan);
    if (by_index->indexorderby != NIL) return false;
    index = by_index->indexid;
    direction = by_index->indexorderdir;
    conditions = by_index->indexqual;
    index_columns = by_index->indextlist;
  } else {
    return false;
  }
  table = rt_fetch(scan->scanrelid, statement->rtable)->relid;
  if (!ReadColumns(node.targetlist, scan->scanrelid, index_columns)) return false;
  if (column_count != from.resultDesc->natts || !ReadKeys(conditions)) return false;
  source = &from;
  generation = plan.generation;
  MemoryContext previous = MemoryContextSwitchTo(TopMemoryContext);
  shape = CreateTupleDescCopy(from.resultDesc);
  MemoryContextSwitchTo(previous);
  return true;
}

void KeyLookup::Steps::Scan(const Parameters &parameters, DestReceiver *receiver) const {
  ScanKeyData scan_keys[INDEX_MAX_KEYS];
  for (int i = 0; i < key_count; ++i) {
    const Key &key = keys[i];
    auto number = static_cast<size_t>(key.parameter);
    bool is_null = key.parameter < 0 ? key.constant->constisnull : parameters.nulls[number] == 'n';
    Datum value = key.parameter < 0 ? key.constant->constvalue : parameters.values[number];
    scan_keys[i] = key.scan;
    scan_keys[i].sk_func.fn_mcxt = CurrentMemoryContext;
    if (is_null) {
      scan_keys[i].sk_flags |= SK_ISNULL;
    } else {
      scan_keys[i].sk_argument =
          key.may_be_toasted ? PointerGetDatum(PG_DETOAST_DATUM(value)) : value;
    }
  }
  // The plan's locks are held.
  Relation opened_table = table_open(table, NoLock);
  Relation opened_index = index_open(index, AccessShareLock);
  TupleTableSlot *row = table_slot_create(opened_table, nullptr);
  TupleTableSlot *result = MakeSingleTupleTableSlot(shape, &TTSOpsVirtual);
  receiver->rStartup(receiver, CMD_SELECT, shape);
  IndexScanDesc scan =
      index_beginscan(opened_table, opened_index, GetActiveSnapshot(), key_count, 0);
  index_rescan(scan, scan_keys, key_count, nullptr, 0);
  while (index_getnext_slot(scan, direction, row)) {
    CHECK_FOR_INTERRUPTS();
    if (scan->xs_recheck) elog(ERROR, "a look-up by key met a lossy index");
    slot_getsomeattrs(row, last_column);
    ExecClearTuple(result);
    for (int i = 0; i < column_count; ++i) {
      result->tts_values[i] = row->tts_values[columns[i] - 1];
      result->tts_isnull[i] = row->tts_isnull[columns[i] - 1];
    }
    ExecStoreVirtualTuple(result);
    if (!receiver->receiveSlot(result, receiver)) break;
  }
  index_endscan(scan);
  receiver->rShutdown(receiver);
  ExecDropSingleTupleTableSlot(result);
  ExecDropSingleTupleTableSlot(row);
  index_close(opened_index, NoLock);
  table_close(opened_table, NoLock);
}

bool KeyLookup::Run(CachedPlanSource *source, const Parameters &parameters,
                    DestReceiver *receiver) {
  if (is_refused_ || IsWatched()) return false;
  if (steps_ == nullptr && !MayBeLookup(*source)) {
    is_refused_ = true;
    return false;
  }
  CachedPlan *plan = Call([&] {
    // Without parameters to look at, it is the plan for all of them.
    return GetCachedPlan(source, nullptr, CurrentResourceOwner, nullptr);
  });
  if (steps_ == nullptr || steps_->source != source || steps_->generation != plan->generation) {
    steps_.reset();
    auto steps = std::make_shared<Steps>();
    if (!Call([&] { return steps->Read(*source, *plan); })) is_refused_ = true;
    if (!is_refused_) steps_ = std::move(steps);
  }
  // What is run in between may make the statement anew.
  std::shared_ptr<const Steps> steps = steps_;
  return Call([&] {
    bool may_run = steps != nullptr &&
                   // The executor words the error.
                   ExecCheckRTPerms(linitial_node(PlannedStmt, plan->stmt_list)->rtable, false);
    if (may_run) {
      CommandCounterIncrement();
      PushActiveSnapshot(GetTransactionSnapshot());
      steps->Scan(parameters, receiver);
      PopActiveSnapshot();
      CommandCounterIncrement();
    }
    ReleaseCachedPlan(plan, CurrentResourceOwner);
    return may_run;
  });
}

}  // namespace fundb::pg
