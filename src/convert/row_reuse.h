// The objects of a row, used again for the next one.  For handlers that keep none of them beyond
// their call (js/escape.h): so no object is made, and the row is not copied.  Should an object be
// kept all the same, its memory stays valid, but it shows another row or none.  C++ regime.
#pragma once

#include <v8.h>

#include <cstdint>
#include <memory>

#include "convert/row.h"
#include "js/engine.h"

#include "pg/postgres.h"

namespace fundb::convert {

struct ArgsOriginal;

// For one rule, realm and operation at a time; no column may be named "then", since who looks for
// such a property of `args` may call it.
class ReusedRow {
 public:
  ReusedRow(js::Realm &realm, const std::shared_ptr<RowShape> &shape, RowOperation operation);
  // The rows may be gone next: whoever looked at an object of theirs now would see nothing.
  ~ReusedRow() { state_->Restart(nullptr, false); }
  ReusedRow(const ReusedRow &) = delete;
  ReusedRow &operator=(const ReusedRow &) = delete;

  RowOperation operation() const { return operation_; }

  // Like NewRow, but points to the rows, which must stay until End.
  Row Begin(bool before, HeapTuple old_row, HeapTuple new_row, const uint64_t *assigned,
            bool knows_assigned);
  // Like NewEvent and NewArgs, for the row that was begun.
  v8::Local<v8::Object> Event();
  v8::Local<v8::Object> Args();
  // The row is over: nothing of it is held any more.  Needs a HandleScope.  Not to be called when
  // the rule failed: then this is to be thrown away.
  void End();

 private:
  js::Realm &realm_;
  std::shared_ptr<RowShape> shape_;
  RowOperation operation_;
  // At the same place for each row: the objects point there.
  RowState *state_;
  // Keeps the state's memory.
  v8::Global<v8::Value> handle_;
  v8::Global<v8::Object> event_;
  // What event_ is a copy of.
  const v8::Global<v8::Object> *event_original_ = nullptr;
  v8::Global<v8::Object> args_;
  // What args_ is a copy of.
  ArgsOriginal *original_ = nullptr;
  bool args_are_used_ = false;
  // A handler that adds properties to `args` gets a new one for each row.
  bool args_grow_ = false;
};

}  // namespace fundb::convert
