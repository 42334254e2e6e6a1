// Rows of the registry that an unfinished statement has written and not checked yet.  C++ regime.
//
// Their checks come when all rows of the statement are there, but functions that the statement
// calls may write to watched tables before that: a rule that its writer may not save must not run
// meanwhile.  What is noted here is left out when rules are loaded, until it is checked.
#pragma once

#include "catalog/table_rows.h"
#include "pg/postgres.h"

namespace fundb::catalog {

// From the BEFORE trigger of a row that is inserted or updated.
void NoteUnchecked(const TriggerData &event);

// From its AFTER trigger, when all checks have passed.
void NoteChecked(const TriggerData &event);

// True for a row that this transaction wrote and that counts only when it is checked.
bool IsUnchecked(const TableRows &rows, int row);

}  // namespace fundb::catalog
