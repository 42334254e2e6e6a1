// The INSERTs as they were written that may be behind an INSERT of a plan.  A plan has the same
// constant for NULL and for DEFAULT; the statement's text, the actions of rewrite rules and the
// stored bodies of SQL functions tell them apart.  C regime: may ereport, owns nothing.
#pragma once

#include "pg/column_map.h"
#include "pg/postgres.h"

extern "C" {
#include "nodes/execnodes.h"
}

namespace fundb::pg {

// One INSERT, or all INSERT actions of one MERGE.
struct InsertOrigin {
  int rows;              // of VALUES, one for any other INSERT; of a MERGE its INSERT actions
  Bitmapset **assigned;  // for each: the table's columns that are given anything but DEFAULT
  int first, last;       // where in the statement's text its values stand; -1: not known
};

// What is looked for.
struct InsertSearch {
  Oid table;                 // that the plan inserts into
  const Bitmapset *columns;  // that PostgreSQL counts as assigned, offset
  const List *entries;       // RangeTblEntry *: the range table of the plan
  const List *relations;     // all relations of the statement, locked
  bool merge;                // a MERGE does it
  List *origins;             // found: InsertOrigin *
  bool has_others;           // the text may have other statements, too
  bool confused;             // the text names relations that the plan does not know
};

// Adds those in the parse trees of a text; `start` is added to their locations.
void fundb_add_text_origins(InsertSearch *search, List *statements, int start);
// Adds those of the rewrite rules that the statement may have set off.
void fundb_add_rule_origins(InsertSearch *search);
// Instead of these the one that the plan was made of, by its place in the list of plans that
// PostgreSQL made of the statement.  False when that is not known; what was added does not count.
bool fundb_add_rule_origin_at(InsertSearch *search, const List *plans, int place);
// Adds those of the SQL functions of that name whose bodies are stored as trees.
void fundb_add_function_origins(InsertSearch *search, const char *name);

// An origin in which no column is assigned yet, and one of the columns that a map knows assigned.
InsertOrigin *fundb_new_origin(int rows);
void fundb_assign(InsertOrigin *origin, int row, const ColumnMap *map, int column);

}  // namespace fundb::pg
