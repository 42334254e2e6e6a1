#include "triggers/changes.h"

#include <cstring>

extern "C" {
#include "access/detoast.h"
#include "access/tupmacs.h"
}

namespace fundb::triggers {

namespace {

using Item = Changes::Item;

// What PostgreSQL does: for all that the quick way does not do, and to hold it to.
HeapTuple fundb_form_with_changes(HeapTuple from, TupleDesc descriptor, const Item *item,
                                  const Item *end) {
  auto count = static_cast<size_t>(descriptor->natts);
  auto *values = static_cast<Datum *>(palloc(count * sizeof(Datum)));
  auto *nulls = static_cast<bool *>(palloc(count * sizeof(bool)));
  heap_deform_tuple(from, descriptor, values, nulls);
  for (; item != end; ++item) {
    values[item->index] = item->value;
    nulls[item->index] = item->is_null;
  }
  HeapTuple made = heap_form_tuple(descriptor, values, nulls);
  pfree(values);
  pfree(nulls);
  return made;
}

// With a header of one byte instead of four, as heap_form_tuple stores short values.
bool IsToBeShort(const pg::ColumnLayout &column, const char *value) {
  return column.can_have_short_header && VARATT_CAN_MAKE_SHORT(value);
}

// Fills a tuple's data from its beginning.
class Writer {
 public:
  explicit Writer(char *data) : data_(data), at_(data) {}

  size_t size() const { return static_cast<size_t>(at_ - data_); }
  uint16 flags() const { return flags_; }

  // The first bytes of another tuple's data; the other methods come after.
  void CopyFirst(const char *from, size_t bytes, uint16 flags) {
    std::memcpy(at_, from, bytes);
    at_ += bytes;
    flags_ |= flags;
  }
  // Not by value, unless where it is stored.
  void Copy(const pg::ColumnLayout &column, const char *value) {
    if (!column.IsVarlena()) {
      Align(column);
      Put(value, static_cast<size_t>(column.length));
      return;
    }
    flags_ |= HEAP_HASVARWIDTH;
    if (VARATT_IS_1B(value)) {
      if (VARATT_IS_1B_E(value)) flags_ |= HEAP_HASEXTERNAL;
      Put(value, VARSIZE_ANY(value));
    } else if (IsToBeShort(column, value)) {
      size_t size = VARATT_CONVERTED_SHORT_SIZE(value);
      SET_VARSIZE_SHORT(at_, size);
      std::memcpy(at_ + VARHDRSZ_SHORT, VARDATA(value), size - VARHDRSZ_SHORT);
      at_ += size;
    } else {
      Align(column);
      Put(value, VARSIZE_4B(value));
    }
  }
  void Store(const pg::ColumnLayout &column, Datum value) {
    if (!column.by_value) return Copy(column, DatumGetPointer(value));
    Align(column);
    store_att_byval(at_, value, column.length);
    at_ += column.length;
  }

 private:
  void Align(const pg::ColumnLayout &column) {
    // PostgreSQL knows a header of one byte by its not being zero.
    std::memset(at_, 0, MAXIMUM_ALIGNOF);
    at_ = data_ + column.Align(size());
  }
  void Put(const char *value, size_t bytes) {
    std::memcpy(at_, value, bytes);
    at_ += bytes;
  }

  char *data_;
  char *at_;
  uint16 flags_ = 0;
};

// Whether there is no value that has yet to be flattened.
bool AreFlat(const pg::TupleLayout &layout, const Item *item, const Item *end) {
  for (; item != end; ++item) {
    if (item->is_null || !layout[static_cast<size_t>(item->index)].IsVarlena()) continue;
    if (VARATT_IS_EXTERNAL(DatumGetPointer(item->value))) return false;
  }
  return true;
}

// Whether some column is null with the changes.
bool WillHaveNulls(HeapTuple from, int columns, const Item *item, const Item *end) {
  const bits8 *bits = from->t_data->t_bits;
  int nulls = 0;
  if (HeapTupleHasNulls(from)) {
    // A bit for each value; those behind the last column are not set.
    nulls = columns;
    for (int i = 0; i < BITMAPLEN(columns); ++i) nulls -= __builtin_popcount(bits[i]);
  }
  bool had_nulls = nulls != 0;
  for (; item != end; ++item) {
    if (item->is_null) return true;
    if (had_nulls && att_isnull(item->index, bits)) --nulls;
  }
  return nulls != 0;
}

void WriteNulls(HeapTuple from, int columns, const Item *item, const Item *end, bits8 *bits) {
  auto bytes = static_cast<size_t>(BITMAPLEN(columns));
  if (HeapTupleHasNulls(from)) {
    std::memcpy(bits, from->t_data->t_bits, bytes);
  } else {
    std::memset(bits, 0xff, bytes);
    if (columns % 8 != 0) bits[bytes - 1] = static_cast<bits8>((1 << columns % 8) - 1);
  }
  for (; item != end; ++item) {
    auto bit = static_cast<bits8>(1 << item->index % 8);
    if (item->is_null) {
      bits[item->index / 8] &= static_cast<bits8>(~bit);
    } else {
      bits[item->index / 8] |= bit;
    }
  }
}

void WriteData(HeapTuple from, const pg::TupleLayout &layout, const Item *item, const Item *end,
               Writer *writer) {
  const char *data = reinterpret_cast<const char *>(from->t_data) + from->t_data->t_hoff;
  pg::TupleWalker walker(from, layout);
  auto count = static_cast<int>(layout.size());
  // All up to the first value that changes stays at its place.
  uint16 flags = 0;
  int index = 0;
  for (;; ++index) {
    size_t before = walker.end();
    const pg::ColumnLayout &column = layout[static_cast<size_t>(index)];
    const char *value = walker.Next();
    bool is_varlena = value != nullptr && column.IsVarlena();
    if (index == item->index || (is_varlena && IsToBeShort(column, value))) {
      writer->CopyFirst(data, before, flags);
      if (index != item->index) {
        writer->Copy(column, value);
        ++index;
      }
      break;
    }
    if (is_varlena) flags |= HEAP_HASVARWIDTH;
    if (is_varlena && VARATT_IS_EXTERNAL(value)) flags |= HEAP_HASEXTERNAL;
  }
  bool was_read = index == item->index;
  for (; index < count; ++index) {
    const pg::ColumnLayout &column = layout[static_cast<size_t>(index)];
    const char *value = was_read ? nullptr : walker.Next();
    was_read = false;
    if (item != end && index == item->index) {
      if (!item->is_null) writer->Store(column, item->value);
      ++item;
    } else if (value != nullptr) {
      writer->Copy(column, value);
    }
  }
}

// In the builds that tests use, PostgreSQL's own way must give the same: flags, nulls and values.
// What else is in the header is for composite values, or written when the tuple is stored.
void CheckChanges(HeapTuple made, HeapTuple from, TupleDesc descriptor, const Item *item,
                  const Item *end) {
#if defined(FUNDB_FAULTS) || defined(__SANITIZE_ADDRESS__)
  HeapTuple other = fundb_form_with_changes(from, descriptor, item, end);
  constexpr uint16 kFlags = HEAP_HASNULL | HEAP_HASVARWIDTH | HEAP_HASEXTERNAL;
  constexpr size_t kSkipped = offsetof(HeapTupleHeaderData, t_hoff);
  bool is_same =
      made->t_len == other->t_len &&
      HeapTupleHeaderGetNatts(made->t_data) == HeapTupleHeaderGetNatts(other->t_data) &&
      ((made->t_data->t_infomask ^ other->t_data->t_infomask) & kFlags) == 0 &&
      std::memcmp(reinterpret_cast<char *>(made->t_data) + kSkipped,
                  reinterpret_cast<char *>(other->t_data) + kSkipped, made->t_len - kSkipped) == 0;
  if (!is_same) elog(ERROR, "a changed tuple is not what heap_form_tuple makes of it");
  heap_freetuple(other);
#endif
  (void)made, (void)from, (void)descriptor, (void)item, (void)end;
}

}  // namespace

HeapTuple fundb_with_changes(HeapTuple from, TupleDesc descriptor, const pg::TupleLayout &layout,
                             const Item *item, const Item *end) {
  HeapTuple made;
  if (!pg::CanWalk(from, layout) || !AreFlat(layout, item, end)) {
    made = fundb_form_with_changes(from, descriptor, item, end);
  } else {
    bool has_nulls = WillHaveNulls(from, descriptor->natts, item, end);
    size_t header = SizeofHeapTupleHeader;
    if (has_nulls) header += static_cast<size_t>(BITMAPLEN(descriptor->natts));
    header = MAXALIGN(header);
    // Each column may have to be moved to a place that suits it.
    size_t most = HEAPTUPLESIZE + header + from->t_len - from->t_data->t_hoff +
                  (static_cast<size_t>(descriptor->natts) + 1) * MAXIMUM_ALIGNOF;
    for (const Item *each = item; each != end; ++each) {
      const pg::ColumnLayout &column = layout[static_cast<size_t>(each->index)];
      if (each->is_null) continue;
      most += column.by_value ? sizeof(Datum) : column.SizeOf(DatumGetPointer(each->value));
    }
    made = static_cast<HeapTuple>(palloc(most));
    auto *to = reinterpret_cast<HeapTupleHeader>(reinterpret_cast<char *>(made) + HEAPTUPLESIZE);
    std::memset(to, 0, header);
    Writer writer(reinterpret_cast<char *>(to) + header);
    WriteData(from, layout, item, end, &writer);
    made->t_data = to;
    made->t_len = static_cast<uint32>(header + writer.size());
    if (has_nulls) WriteNulls(from, descriptor->natts, item, end, to->t_bits);
    to->t_infomask = static_cast<uint16>(writer.flags() | (has_nulls ? HEAP_HASNULL : 0));
    to->t_hoff = static_cast<uint8>(header);
    HeapTupleHeaderSetNatts(to, descriptor->natts);
    HeapTupleHeaderSetDatumLength(to, made->t_len);
    HeapTupleHeaderSetTypeId(to, descriptor->tdtypeid);
    HeapTupleHeaderSetTypMod(to, descriptor->tdtypmod);
  }
  CheckChanges(made, from, descriptor, item, end);
  made->t_data->t_ctid = from->t_data->t_ctid;
  made->t_self = from->t_self;
  made->t_tableOid = from->t_tableOid;
  return made;
}

}  // namespace fundb::triggers
