// Which columns an INSERT (COPY, MERGE …) assigns in the row of a trigger call.  C++ regime.
#pragma once

#include "pg/insert_notes.h"
#include "pg/insert_sets.h"
#include "pg/postgres.h"

namespace fundb::pg {

struct InsertedColumns {
  bool by_row;         // false: the same for every row of the call's lookup information
  InsertSets sets;     // for BEFORE triggers: as the row is being written
  InsertNotes *notes;  // for AFTER triggers: as the rows were written; may be null
};

// Lives as long as the memory of the call's lookup information.  To be asked before anything else
// has run, since it goes by the memory that the call is made in.
const InsertedColumns *FindInsertedColumns(FunctionCallInfo call);

// The columns of the call's row, offset by FirstLowInvalidHeapAttributeNumber.  False when the
// statement has no list of columns for the row, or it is not known.
bool FindColumnsOfRow(const InsertedColumns &inserted, FunctionCallInfo call,
                      const Bitmapset **columns) noexcept;

}  // namespace fundb::pg
