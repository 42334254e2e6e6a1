// Rows of the registry that come before those they refer to.  C++ regime.
//
// A parallel restore loads tables in any order: pg_dump leaves the references between tables of an
// extension out of its archives.  Such a row is taken without the check of its foreign key, which
// PostgreSQL's replica role leaves out.  The role lasts until the end of the statement, or of the
// transaction when the statement fails.
#pragma once

#include "catalog/sql.h"

namespace fundb::catalog {

// To be called before a row is inserted.  `table` is one of the registry's, `id` what the new row
// refers to.  Does nothing unless a superuser loads a dump and the row is not there.
void AllowLateReference(const char *table, const Value &id);

// To be called when the statement ends.
void EndLateReferences();

}  // namespace fundb::catalog
