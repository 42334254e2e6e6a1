// Bound tree to Sql tree.  Decides nothing about meaning: only how PostgreSQL says it.
#pragma once

#include "funql/bound.h"
#include "funql/sql.h"
#include "funql/steps.h"

namespace fundb::funql {

sql::Node Compile(const bound::Statement &statement, Steps *steps);

}  // namespace fundb::funql
