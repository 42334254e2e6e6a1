// The columns that an answer changes, and the row with them.
#pragma once

#include <memory>

#include "base/error.h"
#include "pg/tuple_walker.h"

#include "pg/postgres.h"

namespace fundb::triggers {

// The columns to write, in ascending order.  Plain memory, and in place when there are few.
class Changes {
 public:
  struct Item {
    int index;
    bool is_null;
    Datum value;
  };

  explicit Changes(int capacity) : capacity_(capacity > kFew ? capacity : kFew) {
    if (capacity > kFew) many_.reset(new Item[static_cast<size_t>(capacity)]);
  }
  // Not in C regime: throws Error.
  void Add(int index, Datum value, bool is_null) {
    // Values come from scripts: what lies behind the items is not theirs to write.
    if (size_ == capacity_) throw Error(sqlstate::kInternal, "too many columns were changed");
    items()[size_++] = {index, is_null, value};
  }
  int size() const { return size_; }
  const Item *begin() { return items(); }
  const Item *end() { return items() + size_; }

 private:
  Item *items() { return many_ != nullptr ? many_.get() : few_; }

  static constexpr int kFew = 8;
  Item few_[kFew];
  std::unique_ptr<Item[]> many_;
  int capacity_;
  int size_ = 0;
};

// The tuple with other values in some columns, its data bit for bit as heap_modify_tuple makes it,
// in the current memory context.  The bytes of the other columns are copied as they are, which is
// several times cheaper than taking the tuple apart and forming it anew.  C regime. `layout` is the
// descriptor's.
HeapTuple fundb_with_changes(HeapTuple from, TupleDesc descriptor, const pg::TupleLayout &layout,
                             const Changes::Item *item, const Changes::Item *end);

}  // namespace fundb::triggers
