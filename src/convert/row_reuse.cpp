#include "convert/row_reuse.h"

#include "convert/row_args.h"
#include "convert/row_block.h"
#include "js/hidden_class.h"
#include "js/realm.h"

namespace fundb::convert {

ReusedRow::ReusedRow(js::Realm &realm, const std::shared_ptr<RowShape> &shape,
                     RowOperation operation)
    : realm_(realm), shape_(shape), operation_(operation) {
  v8::Local<v8::Value> handle;
  size_t bytes = StateBytes(*shape) + 2 * DeformedBytes(*shape);
  auto *memory = static_cast<char *>(RowBlock::Allocate(realm.engine(), shape, bytes, &handle));
  state_ = &NewState(memory, *shape, operation, false, nullptr, false);
  state_->context = realm.context();
  state_->deformed = memory + StateBytes(*shape);
  handle_.Reset(realm.isolate(), handle);
}

Row ReusedRow::Begin(bool before, HeapTuple old_row, HeapTuple new_row, const uint64_t *assigned,
                     bool knows_assigned) {
  state_->Restart(assigned, knows_assigned);
  state_->before = before;
  if (old_row != nullptr) state_->old_row = *old_row;
  if (new_row != nullptr) state_->new_row = *new_row;
  return {state_, js::Borrow(handle_)};
}

v8::Local<v8::Object> ReusedRow::Event() {
  if (event_.IsEmpty()) {
    event_original_ = &EventOriginalOf(realm_.context());
    event_.Reset(realm_.isolate(), NewEvent(realm_.context(), {state_, js::Borrow(handle_)}));
  }
  return js::Borrow(event_);
}

v8::Local<v8::Object> ReusedRow::Args() {
  v8::Local<v8::Context> context = realm_.context();
  Row row{state_, js::Borrow(handle_)};
  if (args_grow_) return NewArgs(context, row);
  ArgsOriginal *original = args::FindOriginal(context, realm_, *state_);
  // The form with interceptors is not worth it.
  if (original == nullptr) return NewArgs(context, row);
  args_are_used_ = true;
  if (args_.IsEmpty() || original != original_) {
    args_.Reset(realm_.isolate(), NewArgs(context, row));
    original_ = original;
  }
  state_->original = original;
  return js::Borrow(args_);
}

void ReusedRow::End() {
  if (args_are_used_) {
    args_are_used_ = false;
    v8::Local<v8::Object> args = js::Borrow(args_);
    if (js::HaveSameHiddenClass(args, js::Borrow(original_->object))) {
      args::DropValues(args, *state_);
    } else {
      // Properties were added to it.
      args_.Reset();
      args_grow_ = true;
    }
  }
  if (!event_.IsEmpty() && !ResetEvent(js::Borrow(event_), js::Borrow(*event_original_), *state_)) {
    event_.Reset();
  }
  state_->Restart(nullptr, false);
}

}  // namespace fundb::convert
