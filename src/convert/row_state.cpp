// The PostgreSQL half of a row: copying, reading and comparing columns.  Never touches JavaScript.

#include <cstring>

#include "convert/image.h"
#include "convert/row.h"
#include "pg/encoding.h"
#include "pg/memory.h"
#include "pg/subtransaction.h"

namespace fundb::convert {

namespace {

// From this many single reads on, taking the whole row apart is cheaper.
constexpr int kReadsBeforeDeform = 4;

char *CopyTuple(char *memory, HeapTuple from, HeapTupleData *to) {
  to->t_len = from->t_len;
  to->t_self = from->t_self;
  to->t_tableOid = from->t_tableOid;
  to->t_data = reinterpret_cast<HeapTupleHeader>(memory);
  std::memcpy(memory, from->t_data, from->t_len);
  return memory + MAXALIGN(from->t_len);
}

}  // namespace

size_t DeformedBytes(const RowShape &shape) {
  return MAXALIGN(static_cast<size_t>(shape.size()) * (sizeof(Datum) + sizeof(bool)));
}

size_t StateBytes(const RowShape &shape) {
  auto words = static_cast<size_t>((shape.size() + 63) / 64);
  return MAXALIGN(sizeof(RowState)) + 6 * words * sizeof(uint64_t);
}

RowState &NewState(char *memory, RowShape &shape, RowOperation operation, bool before,
                   const uint64_t *assigned, bool knows_assigned) {
  // Plain memory: zeroes are what a new state and its sets consist of.
  std::memset(memory, 0, StateBytes(shape));
  RowState &state = *reinterpret_cast<RowState *>(memory);
  memory += MAXALIGN(sizeof(RowState));
  state.shape = &shape;
  state.operation = operation;
  state.before = before;
  state.knows_assigned = knows_assigned;
  state.words = (shape.size() + 63) / 64;
  state.views[0] = {&state, false, false};
  state.views[1] = {&state, true, false};
  size_t bits = sizeof(uint64_t) * static_cast<size_t>(state.words);
  uint64_t **const sets[] = {&state.assigned, &state.known,   &state.present,
                             &state.held,     &state.touched, &state.handed};
  for (uint64_t **set : sets) {
    *set = reinterpret_cast<uint64_t *>(memory);
    memory += bits;
  }
  if (assigned != nullptr) std::memcpy(state.assigned, assigned, bits);
  return state;
}

void RowState::Restart(const uint64_t *assigned_columns, bool knows_assigned_columns) {
  knows_assigned = knows_assigned_columns;
  has_extra = false;
  knows_changed = false;
  hides_values = false;
  original = nullptr;
  old_row.t_data = new_row.t_data = nullptr;
  old_values = new_values = nullptr;
  old_nulls = new_nulls = nullptr;
  single_reads = 0;
  slot_count = 0;
  views[0].keeps_values = views[1].keeps_values = false;
  for (int word = 0; word < words; ++word) {
    assigned[word] = assigned_columns != nullptr ? assigned_columns[word] : 0;
    known[word] = present[word] = held[word] = touched[word] = handed[word] = 0;
  }
}

Row NewRow(js::Engine &engine, const std::shared_ptr<RowShape> &shape, RowOperation operation,
           bool before, HeapTuple old_row, HeapTuple new_row, const uint64_t *assigned,
           bool knows_assigned) {
  size_t bytes = StateBytes(*shape);
  if (old_row != nullptr) bytes += MAXALIGN(old_row->t_len);
  if (new_row != nullptr) bytes += MAXALIGN(new_row->t_len);
  Row row;
  auto *memory = static_cast<char *>(RowBlock::Allocate(engine, shape, bytes, &row.handle));
  RowState &state = NewState(memory, *shape, operation, before, assigned, knows_assigned);
  row.state = &state;
  state.block = shape->current_block;
  memory += StateBytes(*shape);
  if (old_row != nullptr) memory = CopyTuple(memory, old_row, &state.old_row);
  if (new_row != nullptr) CopyTuple(memory, new_row, &state.new_row);
  return row;
}

Datum RowState::Stored(bool of_old, int index, bool *is_null) {
  HeapTupleData &row = of_old ? old_row : new_row;
  if (row.t_data == nullptr) {
    *is_null = true;
    return 0;
  }
  if (new_values == nullptr && old_values == nullptr && ++single_reads >= kReadsBeforeDeform) {
    DeformAll();
  }
  Datum *values = of_old ? old_values : new_values;
  if (values != nullptr) {
    *is_null = (of_old ? old_nulls : new_nulls)[index];
    return values[index];
  }
  // Only a column added by ALTER TABLE with a default may allocate; nothing raises.
  return heap_getattr(&row, index + 1, shape->descriptor(), is_null);
}

void RowState::DeformAll() {
  auto count = static_cast<size_t>(shape->size());
  for (int which = 0; which < 2; ++which) {
    HeapTupleData &row = which == 0 ? old_row : new_row;
    Datum *&values = which == 0 ? old_values : new_values;
    bool *&nulls = which == 0 ? old_nulls : new_nulls;
    if (row.t_data == nullptr || values != nullptr) continue;
    size_t bytes = DeformedBytes(*shape);
    char *memory = deformed != nullptr ? deformed + static_cast<size_t>(which) * bytes
                                       : static_cast<char *>(block->AllocateMore(bytes));
    values = reinterpret_cast<Datum *>(memory);
    nulls = reinterpret_cast<bool *>(memory + count * sizeof(Datum));
    heap_deform_tuple(&row, shape->descriptor(), values, nulls);
  }
}

bool RowState::Differs(int index) {
  const Column &column = shape->column(index);
  if (column.dropped) return false;
  bool old_null;
  bool new_null;
  Datum old_value = Stored(true, index, &old_null);
  Datum new_value = Stored(false, index, &new_null);
  if (old_null || new_null) return old_null != new_null;
  return ImageDiffers(old_value, new_value, column.by_value, column.length);
}

bool RowState::WasPresent(int index) {
  const Column &column = shape->column(index);
  if (column.dropped) return false;
  if (operation == RowOperation::kInsert) {
    if (column.generated) return false;
    if (Bit(assigned, index)) return true;
    // Any key is the row's own business until the statement, or a rule, names it.
    if (column.is_key && knows_assigned) return false;
    bool is_null = true;
    (void)Stored(false, index, &is_null);
    return !is_null;
  }
  // A BEFORE rule sees generated columns before they are computed.
  return operation == RowOperation::kUpdate && !(column.generated && before) && Differs(index);
}

bool RowState::IsPresent(int index) {
  if (Bit(known, index)) return Bit(present, index);
  bool result = WasPresent(index);
  Set(known, index);
  if (result) {
    Set(present, index);
  } else {
    Clear(present, index);
  }
  return result;
}

bool RowState::FindPresent(uint64_t *columns) {
  if (operation == RowOperation::kUpdate) {
    *columns = knows_changed
                   ? changed
                   : ChangedColumns(&old_row, &new_row, shape->descriptor(), shape->layout(),
                                    before ? GeneratedColumns::kSkip : GeneratedColumns::kCount);
    return true;
  }
  if (operation != RowOperation::kInsert) return false;
  uint64_t has_value = ~uint64_t{0};
  if (HeapTupleHasNulls(&new_row)) {
    // One bit for each column, as in our sets, in bytes.
    has_value = 0;
    int bytes = BITMAPLEN(HeapTupleHeaderGetNatts(new_row.t_data));
    for (int i = 0; i < bytes && i < 8; ++i) {
      has_value |= static_cast<uint64_t>(new_row.t_data->t_bits[i]) << (8 * i);
    }
  }
  // A row without its last columns has their defaults, if they have any.
  if (HeapTupleHeaderGetNatts(new_row.t_data) < shape->size()) return false;
  if (knows_assigned) has_value &= ~shape->key_columns();
  *columns = (has_value | assigned[0]) & shape->insertable();
  return true;
}

namespace {

std::string ReadKey(const RowShape &shape, HeapTuple row) {
  std::string text;
  for (int index : shape.key()) {
    bool is_null;
    Datum value = heap_getattr(row, index + 1, shape.descriptor(), &is_null);
    if (!text.empty()) text += ", ";
    if (is_null) {
      text += "null";
      continue;
    }
    Oid type = shape.column(index).type_oid;
    char *output = pg::Call([&] {
      Oid function;
      bool is_varlena;
      getTypeOutputInfo(type, &function, &is_varlena);
      return OidOutputFunctionCall(function, value);
    });
    text += pg::FromServerForced(output);
    pg::CallQuietly([&] { pfree(output); });
  }
  return text;
}

}  // namespace

std::string KeyText(const RowShape &shape, HeapTuple row) {
  try {
    // What a type's output function had open when it failed is closed.
    return pg::InSubtransaction([&] { return ReadKey(shape, row); });
  } catch (const Error &error) {
    if (IsUncatchable(error.report()) || MustLeaveUnchanged(error.report())) throw;
    return "?";
  }
}

}  // namespace fundb::convert
