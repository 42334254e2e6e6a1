#include "pg/insert_origins.h"

#include <cstring>

extern "C" {
#include "access/relation.h"
#include "nodes/nodeFuncs.h"
}

namespace fundb::pg {

namespace {

// The numbers of the columns that a statement's list names; without a list all there are.  NIL when
// the relation has no such columns.
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
    AttrNumber number = get_attnum(RelationGetRelid(map->relation), name);
    if (!AttributeNumberIsValid(number)) return NIL;
    columns = lappend_int(columns, number);
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

// The relations that a text may mean by a name: those of the statement that have it.  The search
// path, which would tell, may be another by now.
List *fundb_written_relations(const TextWalk *walk, const RangeVar *name) {
  InsertSearch *search = walk->search;
  List *found = NIL;
  if (name->schemaname != nullptr) {
    Oid schema = LookupNamespaceNoError(name->schemaname);
    Oid written = OidIsValid(schema) ? get_relname_relid(name->relname, schema) : InvalidOid;
    if (list_member_oid(search->relations, written)) found = list_make1_oid(written);
  } else {
    ListCell *cell;
    foreach (cell, search->relations) {
      const char *relation = get_rel_name(lfirst_oid(cell));
      if (relation == nullptr || std::strcmp(relation, name->relname) != 0) continue;
      found = lappend_oid(found, lfirst_oid(cell));
    }
  }
  if (found == NIL && !search->has_others) search->confused = true;
  return found;
}

void fundb_add_insert_into(const TextWalk *walk, const InsertStmt *insert, const ColumnMap *map) {
  auto *select = reinterpret_cast<SelectStmt *>(insert->selectStmt);
  List *columns = fundb_named_columns(map, insert->cols);
  if (columns == NIL && insert->cols != NIL) return;
  // DEFAULT can stand in nothing but a plain list of values.
  bool has_rows = select != nullptr && select->valuesLists != NIL;
  InsertOrigin *origin = fundb_new_origin(has_rows ? list_length(select->valuesLists) : 1);
  if (has_rows) {
    for (int row = 0; row < origin->rows; ++row) {
      auto *values = static_cast<List *>(list_nth(select->valuesLists, row));
      fundb_assign_row(origin, row, map, columns, values, walk->start);
    }
  } else if (select != nullptr) {
    ListCell *column;
    foreach (column, columns) fundb_assign(origin, 0, map, lfirst_int(column));
  }
  walk->search->origins = lappend(walk->search->origins, origin);
}

void fundb_add_merge_into(const TextWalk *walk, const MergeStmt *merge, const ColumnMap *map) {
  InsertOrigin *origin = fundb_new_origin(list_length(merge->mergeWhenClauses));
  origin->rows = 0;
  ListCell *cell;
  foreach (cell, merge->mergeWhenClauses) {
    auto *clause = static_cast<MergeWhenClause *>(lfirst(cell));
    if (clause->matched || clause->commandType != CMD_INSERT) continue;
    List *columns = fundb_named_columns(map, clause->targetList);
    if (columns == NIL && clause->targetList != NIL) return;
    fundb_assign_row(origin, origin->rows++, map, columns, clause->values, walk->start);
  }
  walk->search->origins = lappend(walk->search->origins, origin);
}

// An INSERT or MERGE: one origin for each relation that its name may mean.
void fundb_add_written(const TextWalk *walk, Node *statement, const RangeVar *name) {
  if (IsA(statement, MergeStmt) != walk->search->merge) return;
  ListCell *cell;
  foreach (cell, fundb_written_relations(walk, name)) {
    ColumnMap map = fundb_open_columns(lfirst_oid(cell), walk->search->table);
    if (map.relation == nullptr) continue;
    if (walk->search->merge) {
      fundb_add_merge_into(walk, reinterpret_cast<MergeStmt *>(statement), &map);
    } else {
      fundb_add_insert_into(walk, reinterpret_cast<InsertStmt *>(statement), &map);
    }
    relation_close(map.relation, NoLock);
  }
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
      fundb_add_written(walk, node, insert->relation);
      fundb_add_with(walk, insert->withClause);
      return fundb_add_statement(walk, insert->selectStmt);
    }
    case T_MergeStmt:
      fundb_add_written(walk, node, reinterpret_cast<MergeStmt *>(node)->relation);
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

}  // namespace

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

void fundb_add_text_origins(InsertSearch *search, List *statements, int start) {
  TextWalk walk{search, start};
  ListCell *cell;
  foreach (cell, statements) fundb_add_statement(&walk, static_cast<Node *>(lfirst(cell)));
}

}  // namespace fundb::pg
