// A row as JavaScript sees it: `args`, `event`, `event.old` and `event.new`.  Nothing is converted
// before it is read; what was assigned is known from the setters, so a column that no rule changed
// keeps its stored bytes. C++ regime; the accessors are js::Callbacks.
#pragma once

#include <v8.h>

#include <memory>
#include <string>

#include "convert/row_block.h"
#include "convert/row_shape.h"
#include "js/engine.h"

#include "pg/postgres.h"

namespace fundb::convert {

enum class RowOperation : uint8_t { kInsert, kUpdate, kDelete };

struct RowState;
struct ArgsOriginal;

// For the usual form of `args` in an UPDATE all columns have to be compared, so wider tables are
// left to the form that compares those that are asked for (row_args.h).
constexpr int kMostComparedColumns = 20;

// What event.old and event.new point to.
struct RowView {
  RowState *row;
  bool of_old;
  // Objects were handed out, and the view keeps them.
  bool keeps_values;
};

// One rule call's copy of the row.  Plain memory in a RowBlock: no destructor.
struct RowState {
  RowShape *shape;
  RowBlock *block;
  RowOperation operation;
  bool before;
  // INSERT: `assigned` is what the statement says, so a key that is not in it has its default.
  bool knows_assigned;
  // A property that is no column was set on `args`.
  bool has_extra;
  // UPDATE: `changed` says which columns differ.
  bool knows_changed;
  // The accessors of `args` give undefined: somebody only looks at what there is.
  bool hides_values;
  uint64_t changed;
  // What `args` was copied from, null for its intercepted form (row_args.h).
  ArgsOriginal *original;
  // t_data is null where there is none.
  HeapTupleData old_row;
  HeapTupleData new_row;
  // Deformed rows, made when several columns were read; null before.
  Datum *old_values;
  bool *old_nulls;
  Datum *new_values;
  bool *new_nulls;
  uint16 single_reads;
  // Which columns the internal fields of `args` hold values of, in order.
  static constexpr int kSlots = 6;
  int16 slot_columns[kSlots];
  int16 slot_count;
  RowView views[2];  // 0 new, 1 old
  // Bit sets over column indexes, `words` long each.
  int words;
  // Memory for the deformed rows; null: from the block.
  char *deformed;
  uint64_t *assigned;  // INSERT: columns that the statement (or an earlier rule) assigned
  uint64_t *known;     // presence of a key in `args` was decided …
  uint64_t *present;   // … and this is the decision
  uint64_t *held;      // `args` holds the current value
  uint64_t *touched;   // assigned, or an object was handed out that may have been changed in place
  uint64_t *handed;    // of those: just handed out

  static bool Bit(const uint64_t *set, int index) { return (set[index / 64] >> (index % 64)) & 1; }
  static void Set(uint64_t *set, int index) { set[index / 64] |= uint64_t{1} << (index % 64); }
  static void Clear(uint64_t *set, int index) { set[index / 64] &= ~(uint64_t{1} << (index % 64)); }

  // The stored value of a column; *is_null when null or when there is no such row.
  Datum Stored(bool of_old, int index, bool *is_null);
  // Whether old and new value of a column differ, by the binary image.
  bool Differs(int index);
  // Whether `args` had the column's key when the rule was called.
  bool WasPresent(int index);
  // Whether `args` has it now.
  bool IsPresent(int index);
  // The columns that `args` has keys for when the rule is called, as a set of one word.  False when
  // they cannot be told without reading each; not for tables of more than 64 columns.
  bool FindPresent(uint64_t *columns);
  // Back to a new state without rows, but of the same operation and timing.
  void Restart(const uint64_t *assigned_columns, bool knows_assigned_columns);
  // Reads every column of both rows at once.
  void DeformAll();
};

// A state and the handle that keeps its memory alive.
struct Row {
  RowState *state = nullptr;
  v8::Local<v8::Value> handle;
};

// Copies the row.  `assigned`: the columns that an INSERT assigns, as a set like those of RowState;
// null for other operations.  `knows_assigned`: false where nobody can tell which those are.
Row NewRow(js::Engine &engine, const std::shared_ptr<RowShape> &shape, RowOperation operation,
           bool before, HeapTuple old_row, HeapTuple new_row, const uint64_t *assigned,
           bool knows_assigned);

// The parts of NewRow: how much memory a state and its sets need, and a new state in it, without
// rows.
size_t StateBytes(const RowShape &shape);
// The same for one row taken apart.
size_t DeformedBytes(const RowShape &shape);
RowState &NewState(char *memory, RowShape &shape, RowOperation operation, bool before,
                   const uint64_t *assigned, bool knows_assigned);

// Objects of a row in a context, which need not be entered.
v8::Local<v8::Object> NewArgs(v8::Local<v8::Context> context, const Row &row);
v8::Local<v8::Object> NewEvent(v8::Local<v8::Context> context, const Row &row);
v8::Local<v8::Object> NewView(v8::Local<v8::Context> context, const Row &row, bool of_old);

// V8 gives a template's constructor a prototype object of its own, which scripts could reach and
// leave things on for others.  This gives it Object.prototype of the realm; to be called before the
// realm's first instance.
void UsePlainPrototype(v8::Local<v8::Context> context, v8::Local<v8::FunctionTemplate> constructor);

// True for an `args` with a form like those of the row, and sure to have no property `then`.
bool IsArgsWithoutThen(const RowState &state, v8::Local<v8::Object> object);

// What became of `args` in a handler that returned it.  Found out, the state also notes which
// columns were removed and added, and whether there is a key that is no column.
struct ArgsOutcome {
  // Columns whose value is an ordinary property of the object, as a set of one word; the others'
  // are given by ArgsValue.
  uint64_t by_name = 0;
  // Reading those may run a script's accessor.
  bool may_run_scripts = false;
};
// By the object's form alone; false for one that is not known.
bool KnowArgs(v8::Local<v8::Object> args, RowState &state, ArgsOutcome *outcome);
// By all its names, of which there may be millions: in a run.  Throws Pending and Error.
ArgsOutcome TakeStockOfArgs(v8::Local<v8::Context> context, v8::Local<v8::Object> args,
                            RowState &state);

// The current value of a column in `args` (must be NewArgs' object of this state): assigned, or
// converted.
v8::Local<v8::Value> ArgsValue(v8::Local<v8::Context> context, v8::Local<v8::Object> args,
                               RowState &state, int index);

// The stored value of one column, converted; null for NULL.
v8::Local<v8::Value> StoredToJs(v8::Local<v8::Context> context, RowState &state, bool of_old,
                                int index);

// The key of a row as the event shows it: a value, an object of the key's columns, or null.
v8::Local<v8::Value> KeyToJs(v8::Local<v8::Context> context, RowState &state, bool of_old);

// The key of a row as the server writes it, for messages; "?" when it cannot be written.  Errors:
// only what no message may stand in the way of, a cancel for one.
std::string KeyText(const RowShape &shape, HeapTuple row);

}  // namespace fundb::convert
