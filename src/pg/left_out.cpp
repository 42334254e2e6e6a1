#include "pg/left_out.h"

#include <cstring>

#include "pg/call.h"
#include "pg/insert_origins.h"
#include "pg/statement_list.h"
#include "pg/statement_text.h"

extern "C" {
#include "access/sysattr.h"
#include "executor/executor.h"
#include "nodes/execnodes.h"
#include "nodes/nodeFuncs.h"
#include "parser/parsetree.h"
}

namespace fundb::pg {

namespace {

// The context of a function in SQL (executor/functions.c), which has the function's name.
constexpr char kFunctionContext[] = "SQL function";

// Up to here (in bytes) a statement's text is read faster than its plan.
constexpr int kShortText = 4096;

// One INSERT or MERGE of a plan, and what it puts into the columns.
struct Planned {
  const ModifyTable *plan;
  Oid table;
  const Bitmapset *columns;  // that PostgreSQL counts, offset
  int count;                 // one, or the INSERT actions of a MERGE
  List **targets;            // for each its list of TargetEntry
  ValuesSource source;       // what the targets stand for
};

const ModifyTable *AsInsertInto(const Plan *plan, Index target) {
  if (plan == nullptr || !IsA(plan, ModifyTable)) return nullptr;
  const auto *modify = reinterpret_cast<const ModifyTable *>(plan);
  if (modify->operation != CMD_INSERT && modify->operation != CMD_MERGE) return nullptr;
  bool is_target = modify->rootRelation == target ||
                   list_member_int(modify->resultRelations, static_cast<int>(target));
  return is_target ? modify : nullptr;
}

bool IsInsertAction(const MergeAction *action) {
  return !action->matched && action->commandType == CMD_INSERT;
}

// The one list of VALUES that the targets stand for.
ValuesSource fundb_only_values(const Plan *below) {
  ValuesSource only;
  ListCell *cell;
  foreach (cell, below->targetlist) {
    auto *target = static_cast<TargetEntry *>(lfirst(cell));
    ValuesSource source;
    if (FindValues(below, reinterpret_cast<Node *>(target->expr), &source) == nullptr) {
      continue;
    }
    if (only.values != nullptr && source.values != only.values) return ValuesSource();
    only = source;
  }
  return only;
}

bool fundb_find_planned(EState *state, ResultRelInfo *target, const ModifyTable *plan,
                        Planned *planned) {
  planned->plan = plan;
  const RangeTblEntry *entry = exec_rt_fetch(target->ri_RangeTableIndex, state);
  planned->table = entry->relid;
  planned->columns = entry->insertedCols;
  planned->source = ValuesSource();
  if (planned->plan->operation == CMD_INSERT) {
    const Plan *below = outerPlan(&planned->plan->plan);
    planned->count = 1;
    planned->targets = static_cast<List **>(palloc(sizeof(List *)));
    planned->targets[0] = below->targetlist;
    planned->source = fundb_only_values(below);
    return true;
  }
  auto *actions = static_cast<List *>(linitial(planned->plan->mergeActionLists));
  planned->targets = static_cast<List **>(palloc(sizeof(List *) * list_length(actions)));
  planned->count = 0;
  ListCell *cell;
  foreach (cell, actions) {
    auto *action = static_cast<MergeAction *>(lfirst(cell));
    if (IsInsertAction(action)) planned->targets[planned->count++] = action->targetList;
  }
  return planned->count > 0;
}

int RowsOf(const Planned &planned) {
  return planned.source.values == nullptr ? planned.count
                                          : list_length(planned.source.values->values_lists);
}

// What the plan puts into a column in a row (or by an action).
const Node *fundb_value_of(const Planned *planned, int row, int column) {
  List *targets = planned->targets[planned->source.values == nullptr ? row : 0];
  // In order, mostly.
  TargetEntry *entry = nullptr;
  if (column <= list_length(targets)) {
    entry = static_cast<TargetEntry *>(list_nth(targets, column - 1));
  }
  if (entry == nullptr || entry->resno != column) {
    entry = get_tle_by_resno(targets, static_cast<AttrNumber>(column));
  }
  if (entry == nullptr) return nullptr;
  auto *node = reinterpret_cast<Node *>(entry->expr);
  if (planned->source.values == nullptr) return node;
  ValuesSource of;
  const Var *var = FindValues(outerPlan(&planned->plan->plan), node, &of);
  if (var == nullptr || of.values != planned->source.values) return node;
  auto *values = static_cast<List *>(list_nth(of.values->values_lists, row));
  return static_cast<Node *>(list_nth(values, var->varattno - 1));
}

// Whether it may stand for DEFAULT: all that PostgreSQL puts there in its place has no location in
// the text.  Nor have written values that were computed when the statement was planned.
bool fundb_may_be_default(const Planned *planned, int row, int column) {
  const Node *value = fundb_value_of(planned, row, column);
  return value != nullptr && exprLocation(value) < 0;
}

// Columns by their own numbers.
int NextColumn(const Bitmapset *columns, int column) {
  int offset = -FirstLowInvalidHeapAttributeNumber;
  int next = bms_next_member(columns, column <= 0 ? offset : column + offset);
  return next < 0 ? -1 : next - offset;
}

bool fundb_any_may_be_default(const Planned *planned) {
  int rows = RowsOf(*planned);
  for (int column = 0; (column = NextColumn(planned->columns, column)) > 0;) {
    for (int row = 0; row < rows; ++row) {
      if (fundb_may_be_default(planned, row, column)) return true;
    }
  }
  return false;
}

// Of several INSERTs into one table those remain that have a value where the plan's comes from.
List *fundb_origins_at_plan(const Planned *planned, List *origins) {
  if (list_length(origins) < 2) return origins;
  for (int column = 0; (column = NextColumn(planned->columns, column)) > 0;) {
    const Node *value = fundb_value_of(planned, 0, column);
    int location = value == nullptr ? -1 : exprLocation(value);
    if (location < 0) continue;
    List *remaining = NIL;
    ListCell *cell;
    foreach (cell, origins) {
      auto *origin = static_cast<InsertOrigin *>(lfirst(cell));
      if (origin->first <= location && location <= origin->last) {
        remaining = lappend(remaining, origin);
      }
    }
    return remaining;
  }
  return origins;
}

// The columns that no origin assigns in a row and that the plan may leave out there.
Bitmapset *fundb_left_out(const Planned *planned, const List *origins, int first_row, int end_row,
                          int origin_row) {
  Bitmapset *left_out = nullptr;
  for (int column = 0; (column = NextColumn(planned->columns, column)) > 0;) {
    bool is_left_out = true;
    ListCell *cell;
    foreach (cell, origins) {
      auto *origin = static_cast<InsertOrigin *>(lfirst(cell));
      if (bms_is_member(column, origin->assigned[origin_row])) is_left_out = false;
    }
    for (int row = first_row; is_left_out && row < end_row; ++row) {
      is_left_out = fundb_may_be_default(planned, row, column);
    }
    if (!is_left_out) continue;
    left_out = bms_add_member(left_out, column - FirstLowInvalidHeapAttributeNumber);
  }
  return left_out;
}

// Where the origins agree on the number of rows with each other, and with the plan or on one.
void fundb_fill(const Planned *planned, const List *origins, LeftOut *left_out) {
  int rows = RowsOf(*planned);
  int written = static_cast<InsertOrigin *>(linitial(origins))->rows;
  ListCell *cell;
  foreach (cell, origins) {
    if (static_cast<InsertOrigin *>(lfirst(cell))->rows != written) return;
  }
  left_out->of_actions = planned->plan->operation == CMD_MERGE;
  if (written != rows && (written != 1 || left_out->of_actions)) return;
  left_out->count = written;
  left_out->sets = static_cast<Bitmapset **>(palloc(sizeof(Bitmapset *) * written));
  bool all_alike = true;
  for (int row = 0; row < written; ++row) {
    int end = written == rows ? row + 1 : rows;
    left_out->sets[row] = fundb_left_out(planned, origins, row, end, row);
    if (!bms_equal(left_out->sets[row], left_out->sets[0])) all_alike = false;
  }
  if (all_alike) left_out->count = 1;
}

// The relations of the statement, also those that only its views and rules name.  All are locked.
List *fundb_relations_of(const EState *state) {
  List *relations = NIL;
  ListCell *cell;
  foreach (cell, state->es_range_table) {
    const auto *entry = static_cast<RangeTblEntry *>(lfirst(cell));
    if (entry->rtekind == RTE_RELATION) {
      relations = list_append_unique_oid(relations, entry->relid);
    }
  }
  return relations;
}

bool HasSource(const EState *state) {
  return state->es_sourceText != nullptr && state->es_sourceText[0] != '\0';
}

// The origins of a plan that was not made from a text, or is what became of a text by rules.
void fundb_add_stored_origins(const EState *state, InsertSearch *search) {
  fundb_add_rule_origins(search);
  MemoryContext around = MemoryContextGetParent(state->es_query_cxt);
  if (!HasSource(state) && around != nullptr && around->ident != nullptr &&
      std::strcmp(around->name, kFunctionContext) == 0) {
    fundb_add_function_origins(search, around->ident);
  }
}

// Which of several origins it is, by the place of the statement among those that rules made.
List *ByPlace(const EState *state, InsertSearch search, List *origins) {
  List *plans = FindStatementList(state);
  if (plans == NIL) return origins;
  return Call([&] {
    int place = 0;
    while (list_nth(plans, place) != state->es_plannedstmt) ++place;
    search.origins = NIL;
    return fundb_add_rule_origin_at(&search, plans, place) ? search.origins : origins;
  });
}

}  // namespace

const ModifyTable *FindInsertPlan(const EState *state, const ResultRelInfo *target) noexcept {
  const PlannedStmt *statement = state->es_plannedstmt;
  if (statement == nullptr || target->ri_RangeTableIndex == 0) return nullptr;
  // The statement itself or a WITH of it.
  const ModifyTable *found = AsInsertInto(statement->planTree, target->ri_RangeTableIndex);
  ListCell *cell;
  foreach (cell, statement->subplans) {
    if (found != nullptr) break;
    found = AsInsertInto(static_cast<Plan *>(lfirst(cell)), target->ri_RangeTableIndex);
  }
  return found;
}

LeftOut FindLeftOut(EState *state, ResultRelInfo *target) {
  const ModifyTable *plan = FindInsertPlan(state, target);
  if (plan == nullptr) return LeftOut();
  int length = 0;
  const char *text = StatementText(state, &length);
  bool is_merge = plan->operation == CMD_MERGE;
  // The usual INSERT ends here.  A long text is looked at last.
  bool is_short = length < kShortText;
  auto says_no_default = [&] { return text != nullptr && !HasWord(text, length, "default"); };
  if (!is_merge && is_short && says_no_default()) return LeftOut();
  Planned planned;
  if (!Call([&] { return fundb_find_planned(state, target, plan, &planned); })) return LeftOut();
  bool has_choice = is_merge && planned.count > 1;
  if (!has_choice && !Call([&] { return fundb_any_may_be_default(&planned); })) return LeftOut();
  bool looked = !is_merge && is_short;
  if (!has_choice && !looked && says_no_default()) return LeftOut();

  // What rules made of a statement is its plan's top.  A WITH in it may be from the rule, or have
  // stood in one of the statements of the source text.
  bool is_top = &planned.plan->plan == state->es_plannedstmt->planTree;
  bool is_somewhere = text == nullptr && HasSource(state) && !is_top;
  bool is_rewritten = text == nullptr && is_top;

  InsertSearch search = {
      planned.table, planned.columns, state->es_range_table, NIL, is_merge, NIL, is_somewhere,
      false};
  List *statements = text != nullptr || is_somewhere ? ParsedStatement(state) : NIL;
  List *found = NIL;
  LeftOut left_out;
  Call([&] {
    search.relations = fundb_relations_of(state);
    if (text != nullptr) {
      fundb_add_text_origins(&search, statements, state->es_plannedstmt->stmt_location);
    } else {
      fundb_add_text_origins(&search, statements, 0);
      fundb_add_stored_origins(state, &search);
    }
    found = search.confused || is_rewritten ? search.origins
                                            : fundb_origins_at_plan(&planned, search.origins);
  });
  if (search.confused) return LeftOut();
  if (is_rewritten && list_length(found) > 1) found = ByPlace(state, search, found);
  if (found != NIL) Call([&] { fundb_fill(&planned, found, &left_out); });
  if (left_out.count == 0) return LeftOut();
  if (left_out.of_actions) {
    int first = linitial_int(planned.plan->resultRelations);
    const ResultRelInfo *relation = state->es_result_relations[first - 1];
    if (relation == nullptr) return LeftOut();
    left_out.merge_actions = relation->ri_notMatchedMergeAction;
  }
  left_out.source = planned.source;
  return left_out;
}

}  // namespace fundb::pg
