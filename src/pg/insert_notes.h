// What an AFTER trigger cannot find out any more: which columns the statement assigned in its row.
// It is found and noted right after the row was inserted, when PostgreSQL evaluates the condition
// (WHEN) of the native AFTER trigger.  Notes live in the memory of the execution; one per row,
// 12 bytes, and only where the rows of one statement may differ.  C++ regime.
#pragma once

#include "pg/postgres.h"

namespace fundb::pg {

struct InsertNotes;

// False when the call of the condition has nothing to note: a row that is not inserted, a statement
// whose rows are all alike.  For every row, so it is quick.
bool HasToNote(FunctionCallInfo call) noexcept;

// Notes the row that was just inserted.  A call from anywhere but a trigger's condition does
// nothing.
void NoteInsert(FunctionCallInfo call);

// Nothing is to be noted for the rest of the statement, and what was noted does not count.
void StopNoting(FunctionCallInfo call);

// The notes for the AFTER trigger of a call, null when there are none.
InsertNotes *FindInsertNotes(FunctionCallInfo call) noexcept;

// True when rows have sets of their own.
bool IsByRow(const InsertNotes &notes) noexcept;

// The columns that the statement assigned in the row of an AFTER trigger's call, by the relation's
// own numbers, offset.  False when the statement has no list of columns for it, or it is not known.
bool FindNotedColumns(InsertNotes *notes, FunctionCallInfo call,
                      const Bitmapset **columns) noexcept;

}  // namespace fundb::pg
