// Bound tree to Sql tree.  Decides nothing about meaning: only how PostgreSQL says it.
#pragma once

#include "funql/bound.h"
#include "funql/sql.h"

namespace fundb::funql {

sql::Node Compile(const bound::Statement &statement);

}  // namespace fundb::funql
