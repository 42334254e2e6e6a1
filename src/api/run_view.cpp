#include "api/run_view.h"

#include <memory>
#include <unordered_map>

#include "api/realm_data.h"
#include "convert/type.h"
#include "js/handles.h"
#include "js/realm.h"

extern "C" {
#include "utils/guc.h"
#include "utils/portal.h"
}

namespace fundb::api {

namespace {

using v8::Local;

// Rows that are converted at a time: enough to make the call of the prelude cheap, few enough that
// a long result is never held twice.
constexpr long kRowsPerBatch = 200;

// What a realm keeps of a view: the texts and objects that every result of it needs.
struct ViewHandles {
  v8::Global<v8::String> info;
  v8::Global<v8::Value> layout;
};

struct RealmViews {
  std::unordered_map<uint64_t, ViewHandles> views;
};

constexpr size_t kMostRealmViews = 1000;

const ViewHandles &HandlesOf(Local<v8::Context> context, const CompiledView &view) {
  v8::Isolate *isolate = context->GetIsolate();
  RealmViews &known = js::Realm::From(context).attachments().Of<RealmViews>();
  auto found = known.views.find(view.serial);
  if (found != known.views.end()) return found->second;
  if (known.views.size() >= kMostRealmViews) known.views.clear();
  ViewHandles handles;
  handles.info.Reset(isolate, js::NewString(isolate, view.info));
  handles.layout.Reset(isolate,
                       js::Check(v8::JSON::Parse(context, js::NewString(isolate, view.layout))));
  return known.views.emplace(view.serial, std::move(handles)).first->second;
}

// A cursor over the result.
class Cursor {
 public:
  Cursor(const CompiledView &view, pg::Parameters &parameters) : plan_(view.plan.Settle()) {
    portal_ = pg::Call([&] {
      return SPI_cursor_open(nullptr, plan_->get(), parameters.values.data(),
                             parameters.nulls.data(), false);
    });
  }
  ~Cursor() {
    pg::CallQuietly([this] { SPI_cursor_close(portal_); });
  }
  Cursor(const Cursor &) = delete;
  Cursor &operator=(const Cursor &) = delete;

  // Number of rows, in SPI_tuptable.
  uint64_t Fetch(long count) {
    return pg::Call([&] {
      SPI_cursor_fetch(portal_, true, count);
      return SPI_processed;
    });
  }
  TupleDesc shape() const { return portal_->tupDesc; }

 private:
  std::shared_ptr<const pg::Plan> plan_;
  Portal portal_;
};

std::vector<const convert::Type *> TypesOf(TupleDesc shape) {
  std::vector<const convert::Type *> types;
  for (int i = 0; i < shape->natts; ++i) {
    Form_pg_attribute column = TupleDescAttr(shape, i);
    types.push_back(&convert::TypeFor(column->atttypid, column->atttypmod));
  }
  return types;
}

// All cells of the rows in SPI_tuptable, row by row.
Local<v8::Array> ReadCells(Local<v8::Context> context,
                           const std::vector<const convert::Type *> &types, uint64_t rows) {
  v8::Isolate *isolate = context->GetIsolate();
  size_t width = types.size();
  std::vector<Local<v8::Value>> cells;
  cells.reserve(width * rows);
  std::vector<Datum> values(width);
  auto nulls = std::make_unique<bool[]>(width);
  Local<v8::Value> null = v8::Null(isolate);
  for (uint64_t row = 0; row < rows; ++row) {
    pg::Call([&] {
      heap_deform_tuple(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, values.data(), nulls.get());
    });
    for (size_t i = 0; i < width; ++i) {
      cells.push_back(nulls[i] ? null : types[i]->ToJs(context, values[i]));
    }
  }
  return v8::Array::New(isolate, cells.data(), cells.size());
}

void CallPrelude(Local<v8::Context> context, const v8::Global<v8::Function> &function,
                 std::initializer_list<Local<v8::Value>> arguments) {
  v8::Isolate *isolate = context->GetIsolate();
  js::Check(function.Get(isolate)->Call(context, v8::Undefined(isolate),
                                        static_cast<int>(arguments.size()),
                                        const_cast<Local<v8::Value> *>(arguments.begin())));
}

void ReadRows(Local<v8::Context> context, const CompiledView &view, pg::Parameters &parameters,
              Local<v8::Value> layout, Local<v8::Object> result) {
  v8::Isolate *isolate = context->GetIsolate();
  RealmData &data = RealmData::Of(context);
  PragmaScope pragmas(view.query.pragmas);
  Cursor cursor(view, parameters);
  std::vector<const convert::Type *> types = TypesOf(cursor.shape());
  while (true) {
    v8::HandleScope handles(isolate);
    uint64_t count = cursor.Fetch(kRowsPerBatch);
    if (count > 0) {
      CallPrelude(context, data.add_rows, {result, ReadCells(context, types, count), layout});
    }
    pg::Call([] { SPI_freetuptable(SPI_tuptable); });
    if (count < static_cast<uint64_t>(kRowsPerBatch)) return;
  }
}

}  // namespace

PragmaScope::PragmaScope(const std::vector<funql::Pragma> &pragmas) {
  if (pragmas.empty()) return;
  nest_level_ = pg::Call([] { return NewGUCNestLevel(); });
  for (const funql::Pragma &pragma : pragmas) {
    // A name that PostgreSQL does not have is not honoured, as in the original.
    pg::Call([&] {
      if (GetConfigOption(pragma.name.c_str(), true, false) == nullptr) return;
      (void)set_config_option(pragma.name.c_str(), pragma.value.c_str(), PGC_USERSET, PGC_S_SESSION,
                              GUC_ACTION_SAVE, true, 0, false);
    });
  }
}

PragmaScope::~PragmaScope() {
  if (nest_level_ > 0) {
    pg::CallQuietly([this] { AtEOXact_GUC(true, nest_level_); });
  }
}

Local<v8::Value> RunView(Local<v8::Context> context, const CompiledView &view,
                         pg::Parameters &parameters) {
  v8::Isolate *isolate = context->GetIsolate();
  RealmData &data = RealmData::Of(context);
  const ViewHandles &handles = HandlesOf(context, view);
  Local<v8::Value> layout = handles.layout.Get(isolate);
  Local<v8::Value> arguments[] = {handles.info.Get(isolate), layout};
  Local<v8::Object> result =
      js::Check(data.make_view.Get(isolate)->Call(context, v8::Undefined(isolate), 2, arguments))
          .As<v8::Object>();
  try {
    ReadRows(context, view, parameters, layout, result);
  } catch (Error &error) {
    MapToFunql(error.report(), view.text, view.query.sql, view.query.positions);
    throw;
  }
  return result;
}

Local<v8::Value> ViewInfo(Local<v8::Context> context, const CompiledView &view) {
  v8::Isolate *isolate = context->GetIsolate();
  const ViewHandles &handles = HandlesOf(context, view);
  Local<v8::Value> arguments[] = {handles.info.Get(isolate), handles.layout.Get(isolate)};
  return js::Check(RealmData::Of(context).make_info.Get(isolate)->Call(
      context, v8::Undefined(isolate), 2, arguments));
}

}  // namespace fundb::api
