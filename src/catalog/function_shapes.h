// What functions bring in FROM: one column or several, and their names.  C++ regime.
#pragma once

#include "funql/schema.h"
#include "pg/postgres.h"

namespace fundb::catalog {

// Of a row of pg_proc.
funql::FunctionShape ShapeOf(HeapTuple function);

}  // namespace fundb::catalog
