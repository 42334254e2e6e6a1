#include "pg/values_row.h"

#include "pg/context_blocks.h"
#include "pg/plan_state.h"

extern "C" {
#include "executor/tuptable.h"
#include "nodes/execnodes.h"
#include "utils/memutils.h"
#include "utils/tuplestore.h"
}

namespace fundb::pg {

namespace {

constexpr int kUnknownRow = -1;
constexpr int kRowFromBelow = -2;

// How PostgreSQL 15 keeps rows (utils/sort/tuplestore.c, which exports no structure).
struct ReadPointer {
  int flags;
  bool at_end;
  int next;  // the row that is read next
  int file;
  off_t offset;
};

struct Store {
  int status;  // kInMemory or in files
  int flags;
  bool backward, across_transactions, truncated;
  int64 available, allowed, rows;
  void *file;
  MemoryContext context;
  void *owner;
  void *functions[3];
  void **row_array;
  int deleted, count, size;
  bool may_grow;
  ReadPointer *pointers;
  int active, pointer_count, pointer_size;
};
constexpr int kInMemory = 0;

// How it keeps rows by the values that they depend on (executor/nodeMemoize.c, likewise).
struct CachedRow {
  MinimalTuple row;
  CachedRow *next;
};

struct CacheEntry {
  void *key;
  CachedRow *first;
};
constexpr int kFromCache = 2;
constexpr int kFilling = 3;
constexpr int kBypassed = 4;

// The kept row that the node hands on, null when it is another.
MinimalTuple KeptRow(const PlanState *keeper) noexcept {
  const TupleTableSlot *slot = keeper->ps_ResultTupleSlot;
  if (slot == nullptr || TTS_EMPTY(slot) || !TTS_IS_MINIMALTUPLE(slot)) return nullptr;
  if (TTS_SHOULDFREE(slot)) return nullptr;
  return reinterpret_cast<const MinimalTupleTableSlot *>(slot)->mintuple;
}

// All that is read is checked: the structure by what PostgreSQL tells of it, the place by the row
// that must stand there.
int RowOfStore(const Tuplestorestate *tuplestore, MinimalTuple row) noexcept {
  auto *opaque = const_cast<Tuplestorestate *>(tuplestore);
  if (row == nullptr || !tuplestore_in_memory(opaque)) return kUnknownRow;
  MemoryContext context = GetMemoryChunkContext(opaque);
  if (!HasBytes(context, opaque, sizeof(Store))) return kUnknownRow;
  auto *store = reinterpret_cast<const Store *>(tuplestore);
  int64 rows = tuplestore_tuple_count(opaque);
  if (store->context != context || store->status != kInMemory || store->truncated ||
      store->rows != rows || store->count != rows || store->deleted != 0 || store->active != 0) {
    return kUnknownRow;
  }
  if (!HasBytes(context, store->pointers, sizeof(ReadPointer))) return kUnknownRow;
  int at = store->pointers->next - 1;
  if (at < 0 || at >= rows) return kUnknownRow;
  if (!HasBytes(context, store->row_array, sizeof(void *) * static_cast<size_t>(rows))) {
    return kUnknownRow;
  }
  return store->row_array[at] == row ? at : kUnknownRow;
}

// The number of the row among those that the node keeps of one scan of what is below it.
int KeptRowOf(const MaterialState *keeper) noexcept {
  const Tuplestorestate *store = keeper->tuplestorestate;
  // At the end of what is kept the row was just read from below.
  if (store == nullptr || tuplestore_ateof(const_cast<Tuplestorestate *>(store))) {
    return kRowFromBelow;
  }
  return RowOfStore(store, KeptRow(&keeper->ss.ps));
}

int KeptRowOf(const MemoizeState *keeper) noexcept {
  if (keeper->mstatus == kFilling || keeper->mstatus == kBypassed) return kRowFromBelow;
  MinimalTuple row = KeptRow(&keeper->ss.ps);
  if (keeper->mstatus != kFromCache || row == nullptr) return kUnknownRow;
  MemoryContext context = keeper->tableContext;
  if (!HasBytes(context, keeper->entry, sizeof(CacheEntry))) return kUnknownRow;
  auto *cached = reinterpret_cast<const CacheEntry *>(keeper->entry)->first;
  for (int at = 0; HasBytes(context, cached, sizeof(CachedRow)); ++at, cached = cached->next) {
    if (cached->row == row) return at;
  }
  return kUnknownRow;
}

bool AddKeeper(const Plan *plan, ValuesSource *source) noexcept {
  if (!IsA(plan, Material) && !IsA(plan, Memoize)) return false;
  if (source->keeper_count == kMostKeepers) return false;
  source->keepers[source->keeper_count++] = plan;
  return true;
}

// Whether rows can be counted through the join: it hands on each row of its inner side for each of
// its outer side.
bool IsPlainJoin(const NestLoop *join) noexcept {
  return join->join.jointype == JOIN_INNER && join->join.joinqual == NIL &&
         join->join.plan.qual == NIL;
}

}  // namespace

const Var *FindValues(const Plan *plan, const Node *target, ValuesSource *source) noexcept {
  source->keeper_count = 0;
  while (IsA(target, Var)) {
    const auto *var = reinterpret_cast<const Var *>(target);
    bool is_kept = source->keeper_count > 0;
    if (IsA(plan, ValuesScan)) {
      // Rows that are left out would not be counted.
      if (is_kept && plan->qual != NIL) return nullptr;
      source->values = reinterpret_cast<const ValuesScan *>(plan);
      return static_cast<Index>(var->varno) == source->values->scan.scanrelid ? var : nullptr;
    }
    if (var->varno != INNER_VAR && var->varno != OUTER_VAR) return nullptr;
    bool is_inner = var->varno == INNER_VAR;
    if (IsA(plan, NestLoop)) {
      const auto *join = reinterpret_cast<const NestLoop *>(plan);
      if (is_kept && !(is_inner && IsPlainJoin(join))) return nullptr;
    } else if (!AddKeeper(plan, source)) {
      return nullptr;
    }
    plan = is_inner ? innerPlan(plan) : outerPlan(plan);
    auto *entry = static_cast<TargetEntry *>(list_nth(plan->targetlist, var->varattno - 1));
    target = reinterpret_cast<Node *>(entry->expr);
  }
  return nullptr;
}

ValuesState FindState(const EState *state, const ValuesSource &source) noexcept {
  ValuesState found;
  found.values = FindState(state, source.values);
  if (found.values == nullptr) return found;
  for (int i = 0; i < source.keeper_count; ++i) {
    found.keepers[i] = FindKeeperState(state, source.keepers[i]);
    if (found.keepers[i] == nullptr) return ValuesState();
  }
  found.keeper_count = source.keeper_count;
  return found;
}

int RowAtWork(const ValuesState &state) noexcept {
  for (int i = 0; i < state.keeper_count; ++i) {
    const PlanState *keeper = state.keepers[i];
    int row = IsA(keeper, MaterialState)
                  ? KeptRowOf(reinterpret_cast<const MaterialState *>(keeper))
                  : KeptRowOf(reinterpret_cast<const MemoizeState *>(keeper));
    if (row == kUnknownRow) return kUnknownRow;
    // Each scan of the list hands on all its rows.
    if (row != kRowFromBelow) return row % state.values->array_len;
  }
  return state.values->curr_idx;
}

}  // namespace fundb::pg
