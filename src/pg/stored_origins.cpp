// The INSERTs that PostgreSQL stores as trees: the actions of rewrite rules, the bodies of
// functions.
#include "pg/insert_origins.h"

#include "pg/column_map.h"
#include "pg/rule_rewrite.h"

extern "C" {
#include "access/relation.h"
#include "access/sysattr.h"
#include "catalog/pg_language.h"
#include "catalog/pg_proc.h"
#include "nodes/nodeFuncs.h"
#include "parser/parsetree.h"
#include "rewrite/prs2lock.h"
#include "rewrite/rewriteDefine.h"
#include "utils/catcache.h"
}

namespace fundb::pg {

namespace {

// The rows of a stored INSERT: a list of VALUES that its targets refer to, or the targets alone.
List *fundb_stored_rows(const Query *query) {
  ListCell *cell;
  foreach (cell, query->targetList) {
    auto *var = reinterpret_cast<Var *>(static_cast<TargetEntry *>(lfirst(cell))->expr);
    if (!IsA(var, Var) || var->varlevelsup != 0) continue;
    RangeTblEntry *source = rt_fetch(var->varno, query->rtable);
    if (source->rtekind == RTE_VALUES) return source->values_lists;
  }
  return NIL;
}

void fundb_assign_targets(InsertOrigin *origin, int row, const ColumnMap *map, const Query *query,
                          const List *targets, const List *values) {
  ListCell *cell;
  foreach (cell, targets) {
    auto *target = static_cast<TargetEntry *>(lfirst(cell));
    auto *node = reinterpret_cast<Node *>(target->expr);
    if (target->resjunk) continue;
    if (values != NIL && IsA(node, Var)) {
      auto *var = reinterpret_cast<Var *>(node);
      bool of_values =
          var->varlevelsup == 0 && rt_fetch(var->varno, query->rtable)->rtekind == RTE_VALUES;
      if (of_values) node = static_cast<Node *>(list_nth(values, var->varattno - 1));
    }
    if (!IsA(node, SetToDefault)) fundb_assign(origin, row, map, target->resno);
  }
}

// Whether it names the columns that the plan has: these are the same before and after rewriting.
bool fundb_names_columns(const Query *query, const ColumnMap *map, const Bitmapset *columns) {
  const RangeTblEntry *entry = rt_fetch(query->resultRelation, query->rtable);
  Bitmapset *named = nullptr;
  for (int member = -1; (member = bms_next_member(entry->insertedCols, member)) >= 0;) {
    int column = member + FirstLowInvalidHeapAttributeNumber;
    if (column < 1 || column > RelationGetNumberOfAttributes(map->relation)) continue;
    if (map->columns[column] < 1) continue;
    named = bms_add_member(named, map->columns[column] - FirstLowInvalidHeapAttributeNumber);
  }
  return bms_equal(named, columns);
}

InsertOrigin *fundb_stored_merge(const Query *query, const ColumnMap *map) {
  InsertOrigin *origin = fundb_new_origin(list_length(query->mergeActionList));
  origin->rows = 0;
  ListCell *cell;
  foreach (cell, query->mergeActionList) {
    auto *action = static_cast<MergeAction *>(lfirst(cell));
    if (action->matched || action->commandType != CMD_INSERT) continue;
    fundb_assign_targets(origin, origin->rows++, map, query, action->targetList, NIL);
  }
  return origin;
}

InsertOrigin *fundb_stored_insert(const Query *query, const ColumnMap *map) {
  List *rows = fundb_stored_rows(query);
  InsertOrigin *origin = fundb_new_origin(rows == NIL ? 1 : list_length(rows));
  for (int row = 0; row < origin->rows; ++row) {
    List *values = rows == NIL ? NIL : static_cast<List *>(list_nth(rows, row));
    fundb_assign_targets(origin, row, map, query, query->targetList, values);
  }
  return origin;
}

// Without those in its WITH.
void fundb_add_top(InsertSearch *search, const Query *query) {
  if (query->commandType != (search->merge ? CMD_MERGE : CMD_INSERT)) return;
  Oid written = rt_fetch(query->resultRelation, query->rtable)->relid;
  if (!list_member_oid(search->relations, written)) return;
  ColumnMap map = fundb_open_columns(written, search->table);
  if (map.relation == nullptr) return;
  if (fundb_names_columns(query, &map, search->columns)) {
    InsertOrigin *origin =
        search->merge ? fundb_stored_merge(query, &map) : fundb_stored_insert(query, &map);
    search->origins = lappend(search->origins, origin);
  }
  relation_close(map.relation, NoLock);
}

void fundb_add_query(InsertSearch *search, const Query *query) {
  ListCell *cell;
  foreach (cell, query->cteList) {
    auto *inner = static_cast<CommonTableExpr *>(lfirst(cell))->ctequery;
    if (IsA(inner, Query)) fundb_add_query(search, reinterpret_cast<Query *>(inner));
  }
  fundb_add_top(search, query);
}

// A stored body is a list of lists of trees, or one tree.
void fundb_add_body(InsertSearch *search, Node *node) {
  ListCell *cell;
  if (node == nullptr) return;
  if (IsA(node, Query)) return fundb_add_query(search, reinterpret_cast<Query *>(node));
  if (!IsA(node, List)) return;
  foreach (cell, reinterpret_cast<List *>(node)) {
    fundb_add_body(search, static_cast<Node *>(lfirst(cell)));
  }
}

// Whether the statement, or a rule of it, writes to the relation in this way.  What rules replaced
// is in the range table still, for the check of its rights.
bool fundb_is_written(const InsertSearch *search, Oid relation, CmdType event) {
  AclMode right = event == CMD_INSERT   ? ACL_INSERT
                  : event == CMD_UPDATE ? ACL_UPDATE
                  : event == CMD_DELETE ? ACL_DELETE
                                        : ACL_NO_RIGHTS;
  ListCell *cell;
  foreach (cell, search->entries) {
    auto *entry = static_cast<RangeTblEntry *>(lfirst(cell));
    if (entry->relid == relation && (entry->requiredPerms & right) != 0) return true;
  }
  return false;
}

// Whether the plans may have been made of the statements.
bool fundb_are_alike(const List *statements, const List *plans) {
  if (list_length(statements) != list_length(plans)) return false;
  ListCell *statement;
  ListCell *plan;
  forboth(statement, statements, plan, plans) {
    if (static_cast<RewrittenStatement *>(lfirst(statement))->command !=
        static_cast<PlannedStmt *>(lfirst(plan))->commandType) {
      return false;
    }
  }
  return true;
}

// The action of a rule that stands at the plan's place, if the rules were set off by this command
// on this relation.  False when that is not known.
bool fundb_add_action_at(InsertSearch *search, const List *plans, int place, CmdType command,
                         Oid relation) {
  List *statements = fundb_rewrite(command, relation);
  if (statements == NIL) return false;
  if (!fundb_are_alike(statements, plans)) return true;
  auto *statement = static_cast<RewrittenStatement *>(list_nth(statements, place));
  if (statement->relation != search->table) return true;
  if (statement->action == nullptr) return false;
  fundb_add_top(search, statement->action);
  return true;
}

}  // namespace

void fundb_add_rule_origins(InsertSearch *search) {
  ListCell *cell;
  foreach (cell, search->relations) {
    Relation relation = relation_open(lfirst_oid(cell), NoLock);
    const RuleLock *rules = relation->rd_rules;
    for (int i = 0; rules != nullptr && i < rules->numLocks; ++i) {
      const RewriteRule *rule = rules->rules[i];
      if (rule->enabled == RULE_DISABLED) continue;
      if (!fundb_is_written(search, lfirst_oid(cell), rule->event)) continue;
      ListCell *action;
      foreach (action, rule->actions) {
        fundb_add_query(search, static_cast<Query *>(lfirst(action)));
      }
    }
    relation_close(relation, NoLock);
  }
}

bool fundb_add_rule_origin_at(InsertSearch *search, const List *plans, int place) {
  constexpr CmdType kCommands[] = {CMD_INSERT, CMD_UPDATE, CMD_DELETE};
  ListCell *cell;
  foreach (cell, search->relations) {
    for (CmdType command : kCommands) {
      if (!fundb_is_written(search, lfirst_oid(cell), command)) continue;
      if (!fundb_add_action_at(search, plans, place, command, lfirst_oid(cell))) return false;
    }
  }
  return search->origins != NIL;
}

void fundb_add_function_origins(InsertSearch *search, const char *name) {
  CatCList *functions = SearchSysCacheList1(PROCNAMEARGSNSP, CStringGetDatum(name));
  for (int i = 0; i < functions->n_members; ++i) {
    HeapTuple tuple = &functions->members[i]->tuple;
    if (reinterpret_cast<Form_pg_proc>(GETSTRUCT(tuple))->prolang != SQLlanguageId) continue;
    bool is_null;
    Datum body = SysCacheGetAttr(PROCNAMEARGSNSP, tuple, Anum_pg_proc_prosqlbody, &is_null);
    if (is_null) continue;
    fundb_add_body(search, static_cast<Node *>(stringToNode(TextDatumGetCString(body))));
  }
  ReleaseSysCacheList(functions);
}

}  // namespace fundb::pg
