// Which entities of the registry a relation is, read without SQL.  C++ regime.  The same answer as
// kEntitiesOfRelations gives (relations.h).
#pragma once

#include <vector>

#include "pg/postgres.h"

namespace fundb::catalog {

// The ids of the rows of public.entities that stand for a relation: by the kept object id, else by
// name.
std::vector<int> EntityIdsOf(Oid relation);

}  // namespace fundb::catalog
