#include "convert/image.h"

#include <cstring>

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

}  // namespace

bool ImageDiffers(Datum a, Datum b, bool by_value, int16 length) {
  if (by_value) return a != b;
  const char *x = DatumGetPointer(a);
  const char *y = DatumGetPointer(b);
  if (x == y) return false;
  if (length > 0) return std::memcmp(x, y, static_cast<size_t>(length)) != 0;
  if (length == -1) {
    // The same stored bytes, inline or as a pointer to one toasted value.
    size_t size = VARSIZE_ANY(x);
    if (size == VARSIZE_ANY(y) && std::memcmp(x, y, size) == 0) return false;
    if (!VARATT_IS_EXTENDED(x) && !VARATT_IS_EXTENDED(y)) return true;
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

bool AnyColumnDiffers(HeapTuple a, HeapTuple b, TupleDesc descriptor) {
  if (IsSameTuple(a, b)) return false;
  for (int i = 0; i < descriptor->natts; ++i) {
    if (ColumnDiffers(a, b, descriptor, i)) return true;
  }
  return false;
}

}  // namespace fundb::convert
