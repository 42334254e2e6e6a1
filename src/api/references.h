// Who refers to a row: foreign keys from the other side.  Needs an open SpiSession.  PostgreSQL
// only; C++ regime.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "api/keys.h"
#include "api/tables.h"

namespace fundb::api {

enum class DeleteAction { kNoAction, kCascade, kSetNull, kSetDefault };

// A foreign key of another table (or the same) to the one asked about.
struct Referrer {
  std::shared_ptr<Table> table;
  std::string constraint;
  DeleteAction action = DeleteAction::kNoAction;
  // Columns of the referring table, the columns they refer to, and what compares the two, the
  // referred one on the left.
  std::vector<std::string> fields;
  std::vector<std::string> target_fields;
  std::vector<Equality> equalities;
};

// What a row refers to, and by which foreign key.
struct Reference {
  const Referrer &by;
  const Table &target;
  const RowKey &target_key;
};

// In the order of the tables' and constraints' names.  Errors: 42501 for one of somebody
// else's table.
std::vector<Referrer> FindReferrers(Tables &tables, const Table &table);

// SQL that is true while a row, called `referring_row` in the statement, refers to the row of the
// target that the key names; appends the types of the key's parameters to `types`.
std::string RefersCondition(const Table &target, const UniqueKey &key, const Referrer &referrer,
                            std::vector<Oid> *types);

// A tree of more rows is somebody's mistake, and nobody could look at it.
constexpr long kMostReferringRows = 100000;

// The primary keys of the rows that refer to this one; for a table without a primary key a key
// without values per row.  Errors: 54000 when there are more than kMostReferringRows.
std::vector<RowKey> FindReferringRows(Table &target, RowKey &key, const Referrer &referrer);

const char *DeleteActionName(DeleteAction action);

}  // namespace fundb::api
