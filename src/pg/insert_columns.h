// Which columns an INSERT (COPY, MERGE …) assigns.  PostgreSQL counts a column that is written as
// DEFAULT; here it does not count.  C++ regime.
#pragma once

#include "pg/postgres.h"

struct ValuesScanState;

namespace fundb::pg {

// Lives as long as the memory of the call's lookup information.  Sets hold columns of the call's
// relation, offset by FirstLowInvalidHeapAttributeNumber.
struct InsertedColumns {
  bool by_row;                           // false: the only set is that of every row
  int count;                             // 0: the statement has no list of columns for the row
  Bitmapset **sets;                      // for rows of VALUES, or for INSERT actions of a MERGE
  const struct ValuesScanState *values;  // at the current row
  const List *merge_actions;             // MergeActionState *: those for rows not matched
};

// An AFTER trigger is not told which part of the statement wrote the row.  It gets what some row of
// VALUES, or action of a MERGE, assigns, and of several INSERTs into the table what all do.  To be
// asked before anything else has run, since it goes by the memory that the call is made in.
const InsertedColumns *FindInsertedColumns(FunctionCallInfo call);

// The columns of the row that is being inserted, null when there are none.
const Bitmapset *ColumnsOfRow(const InsertedColumns &columns) noexcept;

}  // namespace fundb::pg
