#include "pg/insert_origins.h"

#include <cstring>

extern "C" {
#include "access/relation.h"
#include "catalog/pg_language.h"
#include "catalog/pg_proc.h"
#include "nodes/nodeFuncs.h"
#include "parser/parsetree.h"
#include "rewrite/prs2lock.h"
#include "rewrite/rewriteDefine.h"
#include "rewrite/rewriteHandler.h"
#include "utils/catcache.h"
}

namespace fundb::pg {

namespace {

// The columns of a written target, each with the table's column that it stands for, 0 for none.
struct ColumnMap {
  Relation relation;  // open; null when it does not lead to the table
  AttrNumber *columns;
};

// The table, or a view that PostgreSQL updates through.  All of these are locked by the plan.
ColumnMap fundb_open_columns(Oid written, Oid table) {
  ColumnMap map;
  map.relation = relation_open(written, NoLock);
  int count = RelationGetNumberOfAttributes(map.relation);
  map.columns = static_cast<AttrNumber *>(palloc(sizeof(AttrNumber) * (count + 1)));
  for (int i = 0; i <= count; ++i) map.columns[i] = static_cast<AttrNumber>(i);
  for (Oid at = written; at != table;) {
    Relation view = relation_open(at, NoLock);
    Query *query = view->rd_rel->relkind == RELKIND_VIEW ? get_view_query(view) : nullptr;
    RangeTblEntry *below = nullptr;
    if (query != nullptr && list_length(query->jointree->fromlist) == 1) {
      auto *from = static_cast<Node *>(linitial(query->jointree->fromlist));
      if (IsA(from, RangeTblRef)) {
        below = rt_fetch(reinterpret_cast<RangeTblRef *>(from)->rtindex, query->rtable);
      }
    }
    if (below == nullptr || below->rtekind != RTE_RELATION) {
      relation_close(view, NoLock);
      relation_close(map.relation, NoLock);
      return ColumnMap{nullptr, nullptr};
    }
    for (int i = 1; i <= count; ++i) {
      TargetEntry *entry =
          map.columns[i] > 0 ? get_tle_by_resno(query->targetList, map.columns[i]) : nullptr;
      bool is_column = entry != nullptr && IsA(entry->expr, Var);
      map.columns[i] = is_column ? reinterpret_cast<Var *>(entry->expr)->varattno : 0;
    }
    at = below->relid;
    relation_close(view, NoLock);
  }
  return map;
}

InsertOrigin *fundb_new_origin(int rows) {
  auto *origin = static_cast<InsertOrigin *>(palloc(sizeof(InsertOrigin)));
  origin->rows = rows;
  origin->assigned = static_cast<Bitmapset **>(palloc0(sizeof(Bitmapset *) * rows));
  origin->first = origin->last = -1;
  return origin;
}

void fundb_assign(InsertOrigin *origin, int row, const ColumnMap *map, int column) {
  if (column < 1 || column > RelationGetNumberOfAttributes(map->relation)) return;
  if (map->columns[column] < 1) return;
  origin->assigned[row] = bms_add_member(origin->assigned[row], map->columns[column]);
}

// The numbers of the columns that a statement's list names; without a list all there are.
List *fundb_named_columns(const ColumnMap *map, List *names) {
  List *columns = NIL;
  if (names == NIL) {
    TupleDesc descriptor = RelationGetDescr(map->relation);
    for (int i = 0; i < descriptor->natts; ++i) {
      if (!TupleDescAttr(descriptor, i)->attisdropped) columns = lappend_int(columns, i + 1);
    }
    return columns;
  }
  ListCell *cell;
  foreach (cell, names) {
    const char *name = static_cast<ResTarget *>(lfirst(cell))->name;
    columns = lappend_int(columns, get_attnum(RelationGetRelid(map->relation), name));
  }
  return columns;
}

// One row of written values.
void fundb_assign_row(InsertOrigin *origin, int row, const ColumnMap *map, const List *columns,
                      const List *values, int start) {
  ListCell *value;
  ListCell *column;
  forboth(value, values, column, columns) {
    auto *node = static_cast<Node *>(lfirst(value));
    if (IsA(node, SetToDefault)) continue;
    fundb_assign(origin, row, map, lfirst_int(column));
    int location = exprLocation(node);
    if (location < 0) continue;
    location += start;
    if (origin->first < 0 || location < origin->first) origin->first = location;
    if (location > origin->last) origin->last = location;
  }
}

struct TextWalk {
  InsertSearch *search;
  int start;
};

// The relation that a text names, without the errors of a usual lookup.  It is one of the
// statement's: only if these have the name twice the search path counts, which may be another by
// now.
Oid fundb_written_relation(const InsertSearch *search, const RangeVar *name) {
  if (name->schemaname != nullptr) {
    Oid schema = LookupNamespaceNoError(name->schemaname);
    return OidIsValid(schema) ? get_relname_relid(name->relname, schema) : InvalidOid;
  }
  Oid found = InvalidOid;
  ListCell *cell;
  foreach (cell, search->relations) {
    const char *relation = get_rel_name(lfirst_oid(cell));
    if (relation == nullptr || std::strcmp(relation, name->relname) != 0) continue;
    if (OidIsValid(found)) return RelnameGetRelid(name->relname);
    found = lfirst_oid(cell);
  }
  return found;
}

bool fundb_open_written(const TextWalk *walk, const RangeVar *name, ColumnMap *map) {
  InsertSearch *search = walk->search;
  Oid written = fundb_written_relation(search, name);
  if (!list_member_oid(search->relations, written)) {
    if (!search->has_others) search->confused = true;
    return false;
  }
  *map = fundb_open_columns(written, search->table);
  return map->relation != nullptr;
}

void fundb_add_insert(const TextWalk *walk, const InsertStmt *insert) {
  ColumnMap map;
  if (walk->search->merge || !fundb_open_written(walk, insert->relation, &map)) return;
  auto *select = reinterpret_cast<SelectStmt *>(insert->selectStmt);
  List *columns = fundb_named_columns(&map, insert->cols);
  // DEFAULT can stand in nothing but a plain list of values.
  bool has_rows = select != nullptr && select->valuesLists != NIL;
  InsertOrigin *origin = fundb_new_origin(has_rows ? list_length(select->valuesLists) : 1);
  if (has_rows) {
    for (int row = 0; row < origin->rows; ++row) {
      auto *values = static_cast<List *>(list_nth(select->valuesLists, row));
      fundb_assign_row(origin, row, &map, columns, values, walk->start);
    }
  } else if (select != nullptr) {
    ListCell *column;
    foreach (column, columns) fundb_assign(origin, 0, &map, lfirst_int(column));
  }
  walk->search->origins = lappend(walk->search->origins, origin);
  relation_close(map.relation, NoLock);
}

void fundb_add_merge(const TextWalk *walk, const MergeStmt *merge) {
  ColumnMap map;
  if (!walk->search->merge || !fundb_open_written(walk, merge->relation, &map)) return;
  InsertOrigin *origin = fundb_new_origin(list_length(merge->mergeWhenClauses));
  origin->rows = 0;
  ListCell *cell;
  foreach (cell, merge->mergeWhenClauses) {
    auto *clause = static_cast<MergeWhenClause *>(lfirst(cell));
    if (clause->matched || clause->commandType != CMD_INSERT) continue;
    List *columns = fundb_named_columns(&map, clause->targetList);
    fundb_assign_row(origin, origin->rows++, &map, columns, clause->values, walk->start);
  }
  walk->search->origins = lappend(walk->search->origins, origin);
  relation_close(map.relation, NoLock);
}

void fundb_add_statement(const TextWalk *walk, Node *node);

// Statements that write stand at the top, or in a WITH there.
void fundb_add_with(const TextWalk *walk, const WithClause *with) {
  ListCell *cell;
  if (with == nullptr) return;
  foreach (cell, with->ctes) {
    fundb_add_statement(walk, static_cast<CommonTableExpr *>(lfirst(cell))->ctequery);
  }
}

void fundb_add_statement(const TextWalk *walk, Node *node) {
  if (node == nullptr) return;
  switch (nodeTag(node)) {
    case T_RawStmt:
      return fundb_add_statement(walk, reinterpret_cast<RawStmt *>(node)->stmt);
    case T_PrepareStmt:
      return fundb_add_statement(walk, reinterpret_cast<PrepareStmt *>(node)->query);
    case T_ExplainStmt:
      return fundb_add_statement(walk, reinterpret_cast<ExplainStmt *>(node)->query);
    case T_CopyStmt:
      return fundb_add_statement(walk, reinterpret_cast<CopyStmt *>(node)->query);
    case T_CreateTableAsStmt:
      return fundb_add_statement(walk, reinterpret_cast<CreateTableAsStmt *>(node)->query);
    case T_InsertStmt: {
      auto *insert = reinterpret_cast<InsertStmt *>(node);
      fundb_add_insert(walk, insert);
      fundb_add_with(walk, insert->withClause);
      return fundb_add_statement(walk, insert->selectStmt);
    }
    case T_MergeStmt:
      fundb_add_merge(walk, reinterpret_cast<MergeStmt *>(node));
      return fundb_add_with(walk, reinterpret_cast<MergeStmt *>(node)->withClause);
    case T_UpdateStmt:
      return fundb_add_with(walk, reinterpret_cast<UpdateStmt *>(node)->withClause);
    case T_DeleteStmt:
      return fundb_add_with(walk, reinterpret_cast<DeleteStmt *>(node)->withClause);
    case T_SelectStmt:
      return fundb_add_with(walk, reinterpret_cast<SelectStmt *>(node)->withClause);
    default:
      return;
  }
}

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

void fundb_add_query(InsertSearch *search, const Query *query) {
  ListCell *cell;
  foreach (cell, query->cteList) {
    auto *inner = static_cast<CommonTableExpr *>(lfirst(cell))->ctequery;
    if (IsA(inner, Query)) fundb_add_query(search, reinterpret_cast<Query *>(inner));
  }
  if (query->commandType != (search->merge ? CMD_MERGE : CMD_INSERT)) return;
  Oid written = rt_fetch(query->resultRelation, query->rtable)->relid;
  if (!list_member_oid(search->relations, written)) return;
  ColumnMap map = fundb_open_columns(written, search->table);
  if (map.relation == nullptr) return;
  InsertOrigin *origin;
  if (search->merge) {
    origin = fundb_new_origin(list_length(query->mergeActionList));
    origin->rows = 0;
    foreach (cell, query->mergeActionList) {
      auto *action = static_cast<MergeAction *>(lfirst(cell));
      if (action->matched || action->commandType != CMD_INSERT) continue;
      fundb_assign_targets(origin, origin->rows++, &map, query, action->targetList, NIL);
    }
  } else {
    List *rows = fundb_stored_rows(query);
    origin = fundb_new_origin(rows == NIL ? 1 : list_length(rows));
    for (int row = 0; row < origin->rows; ++row) {
      List *values = rows == NIL ? NIL : static_cast<List *>(list_nth(rows, row));
      fundb_assign_targets(origin, row, &map, query, query->targetList, values);
    }
  }
  search->origins = lappend(search->origins, origin);
  relation_close(map.relation, NoLock);
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

}  // namespace

void fundb_add_text_origins(InsertSearch *search, List *statements, int start) {
  TextWalk walk{search, start};
  ListCell *cell;
  foreach (cell, statements) fundb_add_statement(&walk, static_cast<Node *>(lfirst(cell)));
}

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
