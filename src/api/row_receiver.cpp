#include "api/row_receiver.h"

#include <optional>

#include "base/small_vector.h"
#include "convert/type.h"
#include "js/handles.h"
#include "js/large_value.h"
#include "js/run.h"
#include "pg/enter.h"

extern "C" {
#include "access/detoast.h"
#include "executor/tuptable.h"
#include "tcop/dest.h"
}

namespace fundb::api {

namespace {

using v8::Local;

// Rows that are handed on at a time: enough to make the call cheap, few enough that a long result
// is never held twice.
constexpr int kRowsPerBatch = 200;
constexpr size_t kBytesPerBatch = 1024 * 1024;
constexpr size_t kLargeRow = 128 * 1024;

// Collects cells and hands them on.  Between it and the caller stands the executor, which knows no
// C++ exceptions: an Error goes up through it as PostgreSQL's own, so nothing more is run in a
// transaction that must be rolled back; JavaScript's exception is V8's, and ends the query.
class Collector {
 public:
  Collector(Local<v8::Context> context, const TakeCells &take) : context_(context), take_(take) {}

  void Start(TupleDesc shape) {
    for (int i = 0; i < shape->natts; ++i) {
      Form_pg_attribute column = TupleDescAttr(shape, i);
      types_.push_back(&convert::TypeFor(column->atttypid, column->atttypmod));
      is_varlena_.push_back(column->attlen == -1 ? 1 : 0);
    }
  }

  // False ends the query.
  bool Add(TupleTableSlot *slot) {
    try {
      pg::Call([&] { slot_getallattrs(slot); });
      if (!handles_.has_value()) handles_.emplace(context_->GetIsolate());
      size_t bytes = BytesOf(*slot);
      {
        // Many values that are not large make a large row.
        js::LargeValueScope large(context_->GetIsolate(), bytes);
        Local<v8::Value> null = v8::Null(context_->GetIsolate());
        for (size_t i = 0; i < types_.size(); ++i) {
          cells_.push_back(slot->tts_isnull[i] ? null
                                               : types_[i]->ToJs(context_, slot->tts_values[i]));
          if (bytes >= kLargeRow) js::Engine::From(context_->GetIsolate()).CheckInterrupts();
        }
        large.Finish();
      }
      bytes_ += bytes;
      if (++rows_ == kRowsPerBatch || bytes_ >= kBytesPerBatch) HandOn();
    } catch (const js::Pending &) {
      is_pending_ = true;
    }
    return !is_pending_;
  }

  // After the query: the rest.  Throws Pending when that ended the query.
  void Finish() {
    if (is_pending_) throw js::Pending{};
    if (rows_ > 0 || !has_handed_on_) HandOn();
  }

 private:
  // Of the values of a row that vary in length, as they are once they are read.
  size_t BytesOf(const TupleTableSlot &slot) const {
    size_t bytes = 0;
    for (size_t i = 0; i < is_varlena_.size(); ++i) {
      if (is_varlena_[i] == 0 || slot.tts_isnull[i]) continue;
      auto *value = reinterpret_cast<struct varlena *>(DatumGetPointer(slot.tts_values[i]));
      bytes += VARATT_IS_EXTENDED(value) && !VARATT_IS_SHORT(value)
                   ? toast_raw_datum_size(PointerGetDatum(value))
                   : VARSIZE_ANY(value);
    }
    return bytes;
  }

  void HandOn() {
    if (!handles_.has_value()) handles_.emplace(context_->GetIsolate());
    {
      js::WatchedScope watched(js::Engine::From(context_->GetIsolate()));
      take_(v8::Array::New(context_->GetIsolate(), cells_.data(), cells_.size()));
    }
    has_handed_on_ = true;
    cells_.clear();
    handles_.reset();
    rows_ = 0;
    bytes_ = 0;
  }

  Local<v8::Context> context_;
  const TakeCells &take_;
  SmallVector<const convert::Type *, 16> types_;
  SmallVector<char, 16> is_varlena_;
  SmallVector<Local<v8::Value>, 16> cells_;
  // Of the rows collected.  Scopes that are opened by what the executor runs meanwhile are closed
  // before it asks for the next row.
  std::optional<v8::HandleScope> handles_;
  int rows_ = 0;
  size_t bytes_ = 0;
  bool has_handed_on_ = false;
  bool is_pending_ = false;
};

struct Receiver {
  DestReceiver base;
  Collector *collector;
};

Collector &CollectorOf(DestReceiver *receiver) {
  return *reinterpret_cast<Receiver *>(receiver)->collector;
}

bool fundb_receive_row(TupleTableSlot *slot, DestReceiver *receiver) {
  ErrorData *failure = nullptr;
  bool goes_on = pg::Enter(&failure, [&] { return CollectorOf(receiver).Add(slot); });
  if (failure != nullptr) pg::Raise(failure);
  return goes_on;
}
void fundb_receiver_startup(DestReceiver *receiver, int, TupleDesc shape) {
  ErrorData *failure = nullptr;
  pg::Enter(&failure, [&] { CollectorOf(receiver).Start(shape); });
  if (failure != nullptr) pg::Raise(failure);
}
void fundb_receiver_shutdown(DestReceiver *) {}

}  // namespace

void RunQuery(Local<v8::Context> context, CompiledPlan &plan, const pg::Parameters &parameters,
              const TakeCells &take) {
  Collector collector(context, take);
  Receiver receiver = {{fundb_receive_row, fundb_receiver_startup, fundb_receiver_shutdown,
                        fundb_receiver_shutdown, DestNone},
                       &collector};
  plan.ExecuteInto(parameters, &receiver.base);
  collector.Finish();
}

}  // namespace fundb::api
