#include "pg/statement_list.h"

#include <cstring>

#include "pg/call.h"
#include "pg/context_blocks.h"
#include "pg/rule_rewrite.h"

extern "C" {
#include "executor/execdesc.h"
#include "nodes/execnodes.h"
#include "tcop/pquery.h"
#include "utils/memutils.h"
#include "utils/plancache.h"
#include "utils/portal.h"
}

namespace fundb::pg {

namespace {

// A statement of a function in SQL (executor/functions.c of PostgreSQL 15, which exports no
// header).
struct FunctionStatement {
  const FunctionStatement *next;
  uint32 status;
  bool sets_result, is_lazy;
  const PlannedStmt *plan;
  const QueryDesc *running;
};
constexpr uint32 kRunning = 1;
constexpr uint32 kDone = 2;

// The context of a function in SQL has this name.
constexpr char kFunctionContext[] = "SQL function";

// What lies in memory need not be a node at all, so tags are compared as numbers.
bool HasTag(const void *node, NodeTag tag) noexcept {
  uint32 found;
  std::memcpy(&found, node, sizeof found);
  return found == static_cast<uint32>(tag);
}

bool IsPlan(MemoryContext context, const void *node) noexcept {
  return HasBytes(context, node, sizeof(PlannedStmt)) && HasTag(node, T_PlannedStmt);
}

// Whether it is a list of plans with this one among them.
bool IsListWith(MemoryContext context, const List *list, const PlannedStmt *plan) noexcept {
  if (!HasBytes(context, list, sizeof(List)) || !HasTag(list, T_List)) return false;
  if (list->length < 1 || list->length > list->max_length) return false;
  if (!HasBytes(context, list->elements, sizeof(ListCell) * static_cast<size_t>(list->length))) {
    return false;
  }
  bool is_found = false;
  for (int i = 0; i < list->length; ++i) {
    const void *element = list->elements[i].ptr_value;
    if (!IsPlan(context, element)) return false;
    if (element == plan) is_found = true;
  }
  return is_found;
}

// Of a plan that the plan cache made: the list lies beside the plan.
const List *FindCachedList(const PlannedStmt *plan) noexcept {
  MemoryContext context = GetMemoryChunkContext(const_cast<PlannedStmt *>(plan));
  auto *cached = FindOnly<CachedPlan>(context, [&](const CachedPlan *found) {
    return found->magic == CACHEDPLAN_MAGIC && found->context == context && found->refcount > 0 &&
           IsListWith(context, found->stmt_list, plan);
  });
  return cached == nullptr ? nullptr : cached->stmt_list;
}

// Those of one statement of the function are chained.
List *FindFunctionList(MemoryContext context, const EState *state) {
  const PlannedStmt *plan = state->es_plannedstmt;
  const FunctionStatement *first = FindOnly<FunctionStatement>(context, [&](auto *statement) {
    return statement->status == kRunning && statement->plan == plan &&
           HasBytes(context, statement->running, sizeof(QueryDesc)) &&
           statement->running->estate == state && statement->running->plannedstmt == plan;
  });
  if (first == nullptr) return NIL;
  int count = 0;
  for (const FunctionStatement *at = first; at != nullptr; ++count) {
    if (count == kMostStatements) return NIL;
    first = at;
    at = FindOnly<FunctionStatement>(context, [&](auto *statement) {
      return statement->status == kDone && statement->next == first &&
             statement->running == nullptr && IsPlan(context, statement->plan);
    });
  }
  const FunctionStatement *end = first;
  for (; end != nullptr; end = end->next) {
    if (!HasBytes(context, end, sizeof *end) || !IsPlan(context, end->plan)) return NIL;
  }
  return Call([&] {
    List *plans = NIL;
    for (const FunctionStatement *at = first; at != nullptr; at = at->next) {
      plans = lappend(plans, const_cast<PlannedStmt *>(at->plan));
    }
    return plans;
  });
}

}  // namespace

List *FindStatementList(const EState *state) {
  const PlannedStmt *plan = state->es_plannedstmt;
  if (plan == nullptr) return NIL;
  const List *found = nullptr;
  if (ActivePortal != nullptr && list_member_ptr(ActivePortal->stmts, plan)) {
    found = ActivePortal->stmts;
  } else {
    MemoryContext around = MemoryContextGetParent(state->es_query_cxt);
    if (around != nullptr && std::strcmp(around->name, kFunctionContext) == 0) {
      return FindFunctionList(around, state);
    }
    found = FindCachedList(plan);
  }
  return found == nullptr ? NIL : Call([&] { return list_copy(found); });
}

}  // namespace fundb::pg
