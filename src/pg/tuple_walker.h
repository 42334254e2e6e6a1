// Goes through the columns of a tuple, one after another, without taking it apart into arrays of
// values.  Reads of each column's definition just what that needs: PostgreSQL's own descriptions of
// ten columns fill twenty lines of the processor's cache.  Calls nothing of PostgreSQL, so it suits
// any regime.
#pragma once

#include <cstddef>
#include <vector>

#include "pg/postgres.h"

extern "C" {
#include "access/tupmacs.h"
}

namespace fundb::pg {

// How a column is stored, see pg_attribute.
struct ColumnLayout {
  int16 length;     // attlen
  uint8 alignment;  // in bytes
  bool by_value;    // attbyval
  bool is_dropped;
  bool is_generated;
  bool can_have_short_header;

  bool IsVarlena() const { return length == -1; }
  size_t Align(size_t offset) const {
    return (offset + alignment - 1) & ~(static_cast<size_t>(alignment) - 1);
  }
  // Of a value where it is stored, or of one that is not by value.
  size_t SizeOf(const char *value) const {
    return length > 0 ? static_cast<size_t>(length) : VARSIZE_ANY(value);
  }
};

// Of all columns; empty for a table with one that cannot be walked over (a type with C strings for
// values).
using TupleLayout = std::vector<ColumnLayout>;

inline TupleLayout LayoutOf(TupleDesc descriptor) {
  TupleLayout layout;
  for (int i = 0; i < descriptor->natts; ++i) {
    const FormData_pg_attribute &attribute = *TupleDescAttr(descriptor, i);
    if (attribute.attlen == -2) return {};
    layout.push_back({attribute.attlen,
                      static_cast<uint8>(att_align_nominal(1, attribute.attalign)),
                      attribute.attbyval, attribute.attisdropped, attribute.attgenerated != '\0',
                      attribute.attlen == -1 && attribute.attstorage != TYPSTORAGE_PLAIN});
  }
  return layout;
}

// Whether a walk finds every column in the tuple: none was added to the table later.
inline bool CanWalk(HeapTuple tuple, const TupleLayout &layout) {
  return !layout.empty() && HeapTupleHeaderGetNatts(tuple->t_data) == layout.size();
}

class TupleWalker {
 public:
  TupleWalker(HeapTuple tuple, const TupleLayout &layout)
      : next_(layout.data()),
        bits_(HeapTupleHasNulls(tuple) ? tuple->t_data->t_bits : nullptr),
        data_(reinterpret_cast<const char *>(tuple->t_data) + tuple->t_data->t_hoff) {}

  // The next column's value where it is stored, null for NULL.
  const char *Next() {
    const ColumnLayout &column = *next_++;
    int index = index_++;
    if (bits_ != nullptr && att_isnull(index, bits_)) return nullptr;
    // A header of one byte may stand anywhere; it is not zero, as the bytes before a header of
    // four are.
    if (!column.IsVarlena() || data_[end_] == 0) end_ = column.Align(end_);
    const char *value = data_ + end_;
    end_ += column.SizeOf(value);
    return value;
  }
  // How many bytes of the tuple's data the columns so far take.
  size_t end() const { return end_; }

 private:
  const ColumnLayout *next_;
  const bits8 *bits_;
  const char *data_;
  size_t end_ = 0;
  int index_ = 0;
};

}  // namespace fundb::pg
