// The row that a trigger of the registry was called for, by column names.  C++ regime.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "catalog/sql.h"

#include "pg/postgres.h"

namespace fundb::catalog {

// One side (old or new).  Good as long as the trigger's call lasts.
class TriggerRow {
 public:
  TriggerRow(HeapTuple tuple, TupleDesc descriptor) : tuple_(tuple), descriptor_(descriptor) {}

  Value Text(const char *column) const;
  bool IsTrue(const char *column) const { return Text(column) == "t"; }
  // The elements of a text[]; NULL gives none.
  std::vector<std::optional<std::string>> Array(const char *column) const;

 private:
  HeapTuple tuple_;
  TupleDesc descriptor_;
};

// What happens to the row: `before` is there unless it is inserted, `after` unless it is deleted.
struct Change {
  explicit Change(const TriggerData &event);

  // True when an update changes the column; an insert and a delete change all.
  bool Changes(const char *column) const {
    return !updates || before->Text(column) != after->Text(column);
  }

  bool inserts;
  bool updates;
  bool deletes;
  std::optional<TriggerRow> before;
  std::optional<TriggerRow> after;
};

}  // namespace fundb::catalog
