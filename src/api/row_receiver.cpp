#include "api/row_receiver.h"

#include <exception>
#include <optional>
#include <vector>

#include "convert/type.h"
#include "js/handles.h"

extern "C" {
#include "executor/tuptable.h"
#include "tcop/dest.h"
}

namespace fundb::api {

namespace {

using v8::Local;

// Rows that are handed on at a time: enough to make the call cheap, few enough that a long result
// is never held twice.
constexpr int kRowsPerBatch = 200;

// Collects cells and hands them on.  An error is kept: between it and the caller stands the
// executor, which knows no C++ exceptions.
class Collector {
 public:
  Collector(Local<v8::Context> context, const TakeCells &take) : context_(context), take_(take) {}

  void Start(TupleDesc shape) noexcept {
    Keep([&] {
      for (int i = 0; i < shape->natts; ++i) {
        Form_pg_attribute column = TupleDescAttr(shape, i);
        types_.push_back(&convert::TypeFor(column->atttypid, column->atttypmod));
      }
    });
  }

  // False ends the query.
  bool Add(TupleTableSlot *slot) noexcept {
    Keep([&] {
      pg::Call([&] { slot_getallattrs(slot); });
      if (!handles_.has_value()) handles_.emplace(context_->GetIsolate());
      Local<v8::Value> null = v8::Null(context_->GetIsolate());
      for (size_t i = 0; i < types_.size(); ++i) {
        cells_.push_back(slot->tts_isnull[i] ? null
                                             : types_[i]->ToJs(context_, slot->tts_values[i]));
      }
      if (++rows_ == kRowsPerBatch) HandOn();
    });
    return error_ == nullptr;
  }

  // After the query: the rest, or the error.
  void Finish() {
    if (error_ == nullptr && (rows_ > 0 || !has_handed_on_)) Keep([&] { HandOn(); });
    handles_.reset();
    if (error_ != nullptr) std::rethrow_exception(error_);
  }

 private:
  template <typename F>
  void Keep(F &&work) noexcept {
    if (error_ != nullptr) return;
    try {
      work();
    } catch (...) {
      error_ = std::current_exception();
    }
  }

  void HandOn() {
    if (!handles_.has_value()) handles_.emplace(context_->GetIsolate());
    take_(v8::Array::New(context_->GetIsolate(), cells_.data(), cells_.size()));
    has_handed_on_ = true;
    cells_.clear();
    handles_.reset();
    rows_ = 0;
  }

  Local<v8::Context> context_;
  const TakeCells &take_;
  std::vector<const convert::Type *> types_;
  std::vector<Local<v8::Value>> cells_;
  // Of the rows collected.  Scopes that are opened by what the executor runs meanwhile are closed
  // before it asks for the next row.
  std::optional<v8::HandleScope> handles_;
  int rows_ = 0;
  bool has_handed_on_ = false;
  std::exception_ptr error_;
};

struct Receiver {
  DestReceiver base;
  Collector *collector;
};

Collector &CollectorOf(DestReceiver *receiver) {
  return *reinterpret_cast<Receiver *>(receiver)->collector;
}

bool fundb_receive_row(TupleTableSlot *slot, DestReceiver *receiver) {
  return CollectorOf(receiver).Add(slot);
}
void fundb_receiver_startup(DestReceiver *receiver, int, TupleDesc shape) {
  CollectorOf(receiver).Start(shape);
}
void fundb_receiver_shutdown(DestReceiver *) {}

}  // namespace

void RunQuery(Local<v8::Context> context, const pg::Plan &plan, pg::Parameters &parameters,
              const std::vector<Oid> &types, const TakeCells &take) {
  Collector collector(context, take);
  Receiver receiver = {{fundb_receive_row, fundb_receiver_startup, fundb_receiver_shutdown,
                        fundb_receiver_shutdown, DestNone},
                       &collector};
  pg::ExecuteInto(plan, parameters, types, &receiver.base);
  collector.Finish();
}

}  // namespace fundb::api
