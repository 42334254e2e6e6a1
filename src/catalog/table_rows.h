// Rows of the registry's tables found through an index, without SQL: a new session reads its first
// rules before it has planned anything, and planning the joins would be most of its start.  C++
// regime.  Needs no rights of the caller and is subject to no row security.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pg/postgres.h"

namespace fundb::catalog {

// A column's value to look for.
struct RowKey {
  const char *column;  // should be the first key column of an index
  Oid family;          // of the index's operators
  Oid equality;        // the function of their equality
  Datum value;
};
RowKey IntegerKey(const char *column, int value);
RowKey OidKey(const char *column, Oid value);
// `value` is a text.
RowKey TextKey(const char *column, Datum value);

// The rows of a table that have a key, with everything that was committed by now and our own
// finished commands.  Lives in memory of its own.
class TableRows {
 public:
  // Throws Error.
  TableRows(Oid table, const RowKey &key);
  // Ends behind the row with which there are more than so many bytes.
  TableRows(Oid table, const RowKey &key, size_t most_bytes);
  ~TableRows();
  TableRows(const TableRows &) = delete;
  TableRows &operator=(const TableRows &) = delete;

  Oid table() const { return table_; }
  int size() const { return count_; }
  bool IsCutShort() const { return is_cut_short_; }
  HeapTuple Tuple(int row) const { return rows_[row]; }
  bool IsNull(int row, const char *column) const;
  int Integer(int row, const char *column) const;
  Oid ObjectId(int row, const char *column) const;
  bool Boolean(int row, const char *column) const;
  std::string Text(int row, const char *column) const;
  std::vector<std::optional<std::string>> Texts(int row, const char *column) const;

 private:
  Datum Get(int row, const char *column, bool *is_null) const;

  Oid table_;
  MemoryContext memory_ = nullptr;
  TupleDesc descriptor_ = nullptr;
  HeapTuple *rows_ = nullptr;
  int count_ = 0;
  bool is_cut_short_ = false;
};

}  // namespace fundb::catalog
