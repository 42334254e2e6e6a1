// The statements that PostgreSQL made of one, of which the one being executed is one: rewrite rules
// make several.  C++ regime.
#pragma once

#include "pg/postgres.h"

struct EState;

namespace fundb::pg {

// PlannedStmt * in the order in which they run; NIL when the list is not found.  Lives as long as
// the current memory.
List *FindStatementList(const struct EState *state);

}  // namespace fundb::pg
