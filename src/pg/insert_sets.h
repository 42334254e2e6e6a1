// Which columns the INSERT (COPY, MERGE …) into a result relation assigns, row by row.  PostgreSQL
// counts a column that is written as DEFAULT; here it does not count.  C++ regime.
#pragma once

#include "pg/executor.h"
#include "pg/postgres.h"
#include "pg/values_row.h"

struct ModifyTableState;

namespace fundb::pg {

// Sets hold columns of the relation, offset by FirstLowInvalidHeapAttributeNumber.
struct InsertSets {
  bool by_row;                           // false: the only set is that of every row
  int count;                             // 0: the statement has no list of columns for the row
  Bitmapset **sets;                      // for rows of VALUES, or for INSERT actions of a MERGE;
                                         // the last holds what some row or action assigns
  ValuesState values;                    // at the current row
  const struct ModifyTableState *merge;  // at the current row
  const List *merge_actions;             // MergeActionState *: those for rows not matched
};

// Lives as long as the current memory.
InsertSets FindInsertSets(const TriggerPlace &place);

// The number of the set of the row that is being written, kNoSet when none is known.
constexpr int kNoSet = -1;
int SetAtWork(const InsertSets &sets) noexcept;

// Whether rows of one relation may have different sets: rows of VALUES, actions of a MERGE, several
// INSERTs in WITH, rows that an UPDATE moves here beside them.
bool MayDiffer(const TriggerPlace &place, const InsertSets &sets) noexcept;

}  // namespace fundb::pg
