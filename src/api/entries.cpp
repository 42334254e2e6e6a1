// insertEntries, updateEntries, deleteEntries: the requests behind all names for writing rows.
// V8 and PostgreSQL.

#include "api/errors.h"
#include "api/natives.h"
#include "api/request.h"
#include "api/write.h"
#include "js/engine.h"
#include "js/kept.h"
#include "js/run.h"
#include "pg/subtransaction.h"

namespace fundb::api {

namespace {

using v8::Local;

// A call that writes rows to one entity.
class WriteRequest : public ApiRequest {
 protected:
  WriteRequest(const NativeInfo &info, bool single)
      : ApiRequest(info.GetIsolate()), ref_(EntityArgument(info, 0)), single_(single) {}

  bool single() const { return single_; }

  // Runs `body` for each row; an error of a plural call tells the row.
  template <typename F>
  void ForEach(Local<v8::Context> context, uint32_t count, F &&body) {
    for (uint32_t i = 0; i < count; ++i) {
      v8::HandleScope handles(context->GetIsolate());
      js::Engine::From(context->GetIsolate()).CheckInterrupts();
      try {
        body(i);
      } catch (Error &error) {
        if (!single_) error.report().operation = static_cast<int>(i);
        throw;
      }
      // Each result has a memory context of its own; thousands of them would add up.
      if (SPI_tuptable != nullptr) pg::Call([] { SPI_freetuptable(SPI_tuptable); });
    }
  }

  // What was written meanwhile may have changed the table itself.
  std::shared_ptr<Table> FindTable() {
    std::shared_ptr<Table> table = api().tables().Find(ref_);
    CheckNotFrozen(*table);
    return table;
  }

  Local<v8::Value> At(Local<v8::Context> context, const js::Kept<v8::Array> &array,
                      uint32_t i) const {
    js::WatchedScope watched(js::Engine::From(context->GetIsolate()));
    return js::Check(array.Get(context->GetIsolate())->Get(context, i));
  }

 private:
  EntityRef ref_;
  bool single_;
};

// One for each row of a request.  An array can name one object many times: what it costs here is
// counted before it is taken.  Throws Error.
template <typename T>
std::vector<T> ForRows(v8::Isolate *isolate, uint32_t count) {
  js::Engine::From(isolate).CountTransfer(count * sizeof(T));
  return std::vector<T>(count);
}

class InsertRequest final : public WriteRequest {
 public:
  explicit InsertRequest(const NativeInfo &info)
      : WriteRequest(info, info[3]->IsTrue()),
        rows_(info.GetIsolate()->GetCurrentContext(), ArrayArgument(info, 2)) {}

 protected:
  Local<v8::Value> Do(Local<v8::Context> context) override {
    v8::Isolate *isolate = context->GetIsolate();
    std::shared_ptr<Table> table = FindTable();
    bool ignore_unknown = api().settings().ignore_unknown_fields;
    uint32_t count = rows_.Get(isolate)->Length();
    // All rows are converted before the first is written, as a bad value in the last one should
    // not fire rules for the others.
    auto rows = ForRows<RowFields>(isolate, count);
    ForEach(context, count, [&](uint32_t i) {
      rows[i] =
          ReadRowFields(context, *table, At(context, rows_, i).As<v8::Object>(), ignore_unknown);
    });
    if (single()) return InsertRow(context, *table, rows[0]);
    Local<v8::Array> keys = v8::Array::New(isolate, static_cast<int>(count));
    if (CanInsertTogether(*table, rows) && InsertTogether(context, *table, rows, keys)) {
      return keys;
    }
    ForEach(context, count, [&](uint32_t i) {
      js::Check(keys->Set(context, i, InsertRow(context, *table, rows[i])));
    });
    return keys;
  }

 private:
  // False when a row was refused: one by one they will tell which.
  bool InsertTogether(Local<v8::Context> context, Table &table, std::vector<RowFields> &rows,
                      Local<v8::Array> keys) {
    try {
      pg::InSubtransaction([&] { InsertRowsTogether(context, table, rows, keys); });
      return true;
    } catch (const Error &error) {
      if (IsUncatchable(error.report()) || MustLeaveUnchanged(error.report())) throw;
      return false;
    }
  }

  js::Kept<v8::Array> rows_;
};

class UpdateRequest final : public WriteRequest {
 public:
  explicit UpdateRequest(const NativeInfo &info)
      : WriteRequest(info, info[4]->IsTrue()),
        keys_(info.GetIsolate()->GetCurrentContext(), ArrayArgument(info, 2)),
        rows_(info.GetIsolate()->GetCurrentContext(), ArrayArgument(info, 3)) {}

 protected:
  Local<v8::Value> Do(Local<v8::Context> context) override {
    v8::Isolate *isolate = context->GetIsolate();
    std::shared_ptr<Table> table = FindTable();
    bool ignore_unknown = api().settings().ignore_unknown_fields;
    uint32_t count = rows_.Get(isolate)->Length();
    auto keys = ForRows<RowKey>(isolate, count);
    auto rows = ForRows<RowFields>(isolate, count);
    ForEach(context, count, [&](uint32_t i) {
      keys[i] = ReadRowKey(context, *table, At(context, keys_, i), ignore_unknown);
      rows[i] =
          ReadRowFields(context, *table, At(context, rows_, i).As<v8::Object>(), ignore_unknown);
    });
    Local<v8::Array> ids = v8::Array::New(isolate, static_cast<int>(count));
    ForEach(context, count, [&](uint32_t i) {
      RowKey key = ResolveToWrite(*table, std::move(keys[i]));
      // Nothing to write is no error, as for a rule that answers {}.
      if (!rows[i].columns.empty()) UpdateRow(*table, key, rows[i]);
      Local<v8::Value> id = v8::Null(isolate);
      if (key.key == table->primary_key) id = KeyToJs(context, *table, *key.key, key.values);
      js::Check(ids->Set(context, i, id));
    });
    if (single()) return js::Check(ids->Get(context, 0));
    return ids;
  }

 private:
  js::Kept<v8::Array> keys_;
  js::Kept<v8::Array> rows_;
};

class DeleteRequest final : public WriteRequest {
 public:
  explicit DeleteRequest(const NativeInfo &info)
      : WriteRequest(info, info[3]->IsTrue()),
        keys_(info.GetIsolate()->GetCurrentContext(), ArrayArgument(info, 2)) {}

 protected:
  Local<v8::Value> Do(Local<v8::Context> context) override {
    v8::Isolate *isolate = context->GetIsolate();
    std::shared_ptr<Table> table = FindTable();
    uint32_t count = keys_.Get(isolate)->Length();
    auto keys = ForRows<RowKey>(isolate, count);
    bool ignore_unknown = api().settings().ignore_unknown_fields;
    ForEach(context, count, [&](uint32_t i) {
      keys[i] = ReadRowKey(context, *table, At(context, keys_, i), ignore_unknown);
    });
    ForEach(context, count, [&](uint32_t i) {
      RowKey key = ResolveToWrite(*table, std::move(keys[i]));
      DeleteRow(*table, key);
    });
    return v8::Undefined(isolate);
  }

 private:
  js::Kept<v8::Array> keys_;
};

}  // namespace

void InsertEntries(const NativeInfo &info) {
  js::Callback(info, [&] { Enqueue(info, std::make_unique<InsertRequest>(info)); });
}

void UpdateEntries(const NativeInfo &info) {
  js::Callback(info, [&] { Enqueue(info, std::make_unique<UpdateRequest>(info)); });
}

void DeleteEntries(const NativeInfo &info) {
  js::Callback(info, [&] { Enqueue(info, std::make_unique<DeleteRequest>(info)); });
}

}  // namespace fundb::api
