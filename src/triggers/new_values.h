// The values that an answer gives to the columns of a row, and the row with them.  Errors name the
// column: 428C9 generated column, those of conversion.  V8 and PostgreSQL.
#pragma once

#include <v8.h>

#include <cstdint>

#include "convert/row.h"
#include "triggers/changes.h"

#include "pg/postgres.h"

namespace fundb::triggers {

class NewValues {
 public:
  // `state`: the row as the handler got it.  `assigned`: the columns that an INSERT assigns, null
  // for other operations; those that get a value are added, those left out removed.  For at most
  // `capacity` columns.
  NewValues(v8::Local<v8::Context> context, Relation relation, convert::RowState &state,
            uint64_t *assigned, int capacity)
      : context_(context),
        relation_(relation),
        state_(state),
        assigned_(assigned),
        changes_(capacity) {}

  // Columns must come in ascending order.  `undefined` leaves a column out.  Converting an object
  // may run scripts: then only in js::Guard.  `is_read`: nobody assigned it, it was just read, so
  // that it counts as assigned only if it was changed in place.  Throws Pending.
  void Take(int index, v8::Local<v8::Value> value, bool is_read);
  // A key that was there and is not any more: the column is not assigned.
  void LeaveOut(int index);

  // In CurrentMemoryContext; null when no column has another value.
  HeapTuple Build();

 private:
  bool IsStored(int index, v8::Local<v8::Value> value, bool of_old);
  void Change(int index, Datum value, bool is_null);
  Datum DefaultOf(int index, bool *is_null);

  v8::Local<v8::Context> context_;
  Relation relation_;
  convert::RowState &state_;
  uint64_t *assigned_;
  Changes changes_;
};

}  // namespace fundb::triggers
