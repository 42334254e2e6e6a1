// What the parts of the dispatcher hand on of one call for one row.
#pragma once

#include <memory>

#include "convert/row.h"
#include "js/run.h"
#include "triggers/dispatcher.h"

#include "pg/postgres.h"

namespace fundb::triggers {

// One call for one row.
struct Dispatcher::RowCall {
  // The one the version was made with: asking again could give its replacement.
  js::Engine *engine;
  FunctionCallInfo call;
  Relation relation;
  convert::RowOperation operation;
  bool before;
  bool is_move;
  HeapTuple old_row;
  HeapTuple new_row;
  // INSERT: the columns assigned by now, null for other operations.
  uint64_t *assigned = nullptr;
  // False where the statement has no list of columns: a move, logical replication.
  bool knows_assigned = false;
  // A rule answered with an object: an update that changes nothing any more is not to be written.
  bool replaced = false;
  // UPDATE: the columns that differ between the rows, once somebody had to know.
  uint64_t changed = 0;
  bool knows_changed = false;
  // A column that differed before a rule changed the row, -1 when none is known.
  int changed_before = -1;

  void TellChanged(convert::RowState *state) const {
    state->knows_changed = knows_changed;
    state->changed = changed;
  }

  // A rule gave the row other values.
  void Replace(HeapTuple made) {
    new_row = made;
    replaced = true;
    if (knows_changed && changed != 0) changed_before = __builtin_ctzll(changed);
    knows_changed = false;
  }

  DirectRow ForDirect(bool has_next) const {
    return {old_row, new_row, assigned, knows_assigned, knows_changed, changed, has_next};
  }

  convert::Row Copy(const TableVersion &version) const {
    return convert::NewRow(*engine, version.shape, operation, before, old_row, new_row, assigned,
                           knows_assigned);
  }
};

// What a handler is given of a row.  What it cannot see is not made.
struct Dispatcher::Given {
  v8::Local<v8::Value> arguments[2];
  v8::Local<v8::Object> args;
  convert::Row row;
};

}  // namespace fundb::triggers
