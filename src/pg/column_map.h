// Which columns of a table stand behind those of a view that PostgreSQL updates through.  C regime:
// may ereport, owns nothing.
#pragma once

#include "pg/postgres.h"

extern "C" {
#include "utils/rel.h"
}

namespace fundb::pg {

// The columns of a written target, each with the table's column that it stands for, 0 for none.
struct ColumnMap {
  Relation relation;  // open; null when it does not lead to the table
  AttrNumber *columns;
};

// Of the table itself or a view.  All relations on the way must be locked.  The caller closes it.
ColumnMap fundb_open_columns(Oid written, Oid table);

// The relation that PostgreSQL updates through a view, InvalidOid when there is none.
Oid fundb_relation_below(Relation view);

}  // namespace fundb::pg
