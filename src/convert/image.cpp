#include "convert/image.h"

#include <cstring>
#include <memory>

#include "pg/call.h"

extern "C" {
#include "utils/datum.h"
}

namespace fundb::convert {

namespace {

bool IsSameTuple(HeapTuple a, HeapTuple b) {
  if (a->t_len != b->t_len || a->t_data->t_hoff != b->t_data->t_hoff) return false;
  if (HeapTupleHeaderGetNatts(a->t_data) != HeapTupleHeaderGetNatts(b->t_data)) return false;
  if (HeapTupleHasNulls(a) != HeapTupleHasNulls(b)) return false;
  // The bitmap of nulls and the values; padding may differ, then the columns are asked one by one.
  size_t offset = offsetof(HeapTupleHeaderData, t_bits);
  return std::memcmp(reinterpret_cast<char *>(a->t_data) + offset,
                     reinterpret_cast<char *>(b->t_data) + offset, a->t_len - offset) == 0;
}

// In place and not compressed, with either length of header.
bool IsPlain(const char *value) {
  return !VARATT_IS_EXTERNAL(value) && !VARATT_IS_COMPRESSED(value);
}

bool IsDifferent(int index, const Datum *a, const bool *a_nulls, const Datum *b,
                 const bool *b_nulls, TupleDesc descriptor) {
  const FormData_pg_attribute *attribute = TupleDescAttr(descriptor, index);
  if (attribute->attisdropped) return false;
  if (a_nulls[index] || b_nulls[index]) return a_nulls[index] != b_nulls[index];
  return ImageDiffers(a[index], b[index], attribute->attbyval, attribute->attlen);
}

// Two values where they are stored.
bool StoredDiffers(const char *a, const char *b, const pg::ColumnLayout &column) {
  if (column.by_value) return std::memcmp(a, b, static_cast<size_t>(column.length)) != 0;
  return ImageDiffers(PointerGetDatum(a), PointerGetDatum(b), false, column.length);
}

// A row taken apart, in place for tables of a usual width.
class Deformed {
 public:
  Deformed(HeapTuple row, TupleDesc descriptor) {
    auto count = static_cast<size_t>(descriptor->natts);
    if (count > kUsualWidth) {
      many_values_.reset(new Datum[count]);
      many_nulls_.reset(new bool[count]);
    }
    heap_deform_tuple(row, descriptor, values(), nulls());
  }
  Datum *values() { return many_values_ != nullptr ? many_values_.get() : few_values_; }
  bool *nulls() { return many_nulls_ != nullptr ? many_nulls_.get() : few_nulls_; }

 private:
  static constexpr size_t kUsualWidth = 64;
  Datum few_values_[kUsualWidth];
  bool few_nulls_[kUsualWidth];
  std::unique_ptr<Datum[]> many_values_;
  std::unique_ptr<bool[]> many_nulls_;
};

// Calls `found` with the index of each column that differs, until it gives false.
template <typename F>
void ForEachDifference(HeapTuple a, HeapTuple b, TupleDesc descriptor,
                       const pg::TupleLayout &layout, GeneratedColumns generated, F &&found) {
  if (IsSameTuple(a, b)) return;
  bool skips = generated == GeneratedColumns::kSkip;
  int count = descriptor->natts;
  if (pg::CanWalk(a, layout) && pg::CanWalk(b, layout)) {
    pg::TupleWalker x(a, layout);
    pg::TupleWalker y(b, layout);
    for (int i = 0; i < count; ++i) {
      const char *left = x.Next();
      const char *right = y.Next();
      const pg::ColumnLayout &column = layout[static_cast<size_t>(i)];
      if (column.is_dropped || (skips && column.is_generated)) continue;
      bool differs =
          left == nullptr || right == nullptr ? left != right : StoredDiffers(left, right, column);
      if (differs && !found(i)) return;
    }
    return;
  }
  Deformed x(a, descriptor);
  Deformed y(b, descriptor);
  for (int i = 0; i < count; ++i) {
    if (skips && TupleDescAttr(descriptor, i)->attgenerated != '\0') continue;
    if (IsDifferent(i, x.values(), x.nulls(), y.values(), y.nulls(), descriptor) && !found(i)) {
      return;
    }
  }
}

}  // namespace

bool ImageDiffers(Datum a, Datum b, bool by_value, int16 length) {
  if (by_value) return a != b;
  const char *x = DatumGetPointer(a);
  const char *y = DatumGetPointer(b);
  if (x == y) return false;
  if (length > 0) return std::memcmp(x, y, static_cast<size_t>(length)) != 0;
  if (length == -1) {
    if (IsPlain(x) && IsPlain(y)) {
      size_t size = VARSIZE_ANY_EXHDR(x);
      return size != VARSIZE_ANY_EXHDR(y) || std::memcmp(VARDATA_ANY(x), VARDATA_ANY(y), size) != 0;
    }
    // The same compressed bytes, or pointers to one toasted value.
    size_t size = VARSIZE_ANY(x);
    if (size == VARSIZE_ANY(y) && std::memcmp(x, y, size) == 0) return false;
  }
  return pg::Call([&] { return !datum_image_eq(a, b, by_value, length); });
}

bool ColumnDiffers(HeapTuple a, HeapTuple b, TupleDesc descriptor, int index) {
  FormData_pg_attribute *attribute = TupleDescAttr(descriptor, index);
  if (attribute->attisdropped) return false;
  bool a_null;
  bool b_null;
  Datum x = heap_getattr(a, index + 1, descriptor, &a_null);
  Datum y = heap_getattr(b, index + 1, descriptor, &b_null);
  if (a_null || b_null) return a_null != b_null;
  return ImageDiffers(x, y, attribute->attbyval, attribute->attlen);
}

uint64_t ChangedColumns(HeapTuple a, HeapTuple b, TupleDesc descriptor,
                        const pg::TupleLayout &layout, GeneratedColumns generated) {
  uint64_t columns = 0;
  ForEachDifference(a, b, descriptor, layout, generated, [&](int index) {
    if (index < 64) columns |= uint64_t{1} << index;
    return true;
  });
  return columns;
}

bool AnyColumnDiffers(HeapTuple a, HeapTuple b, TupleDesc descriptor, const pg::TupleLayout &layout,
                      GeneratedColumns generated) {
  bool differs = false;
  ForEachDifference(a, b, descriptor, layout, generated, [&](int) {
    differs = true;
    return false;
  });
  return differs;
}

}  // namespace fundb::convert
