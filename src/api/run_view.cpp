#include "api/run_view.h"

#include <memory>
#include <unordered_map>

#include "api/realm_data.h"
#include "api/row_receiver.h"
#include "api/view_object.h"
#include "js/handles.h"
#include "js/realm.h"
#include "pg/encoding.h"

extern "C" {
#include "utils/guc.h"
}

namespace fundb::api {

namespace {

using v8::Local;

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

void CallPrelude(Local<v8::Context> context, const v8::Global<v8::Function> &function,
                 std::initializer_list<Local<v8::Value>> arguments) {
  js::Check(js::Borrow(function)->Call(context, v8::Undefined(context->GetIsolate()),
                                       static_cast<int>(arguments.size()),
                                       const_cast<Local<v8::Value> *>(arguments.begin())));
}

}  // namespace

PragmaScope::PragmaScope(const std::vector<funql::Pragma> &pragmas) {
  if (pragmas.empty()) return;
  nest_level_ = pg::Call([] { return NewGUCNestLevel(); });
  for (const funql::Pragma &pragma : pragmas) {
    // A name that PostgreSQL does not have is not honoured, as in the original.
    pg::Call([&] {
      if (GetConfigOption(pg::ToServer(pragma.name), true, false) == nullptr) return;
      (void)set_config_option(pg::ToServer(pragma.name), pg::ToServer(pragma.value), PGC_USERSET,
                              PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
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
  Local<v8::Object> result = NewViewObject(context, handles.info.Get(isolate));
  try {
    PragmaScope pragmas(view.query.pragmas);
    std::shared_ptr<const pg::Plan> plan = view.plan.Settle();
    bool is_first = true;
    RunQuery(context, *plan, parameters, view.plan.types(), [&](Local<v8::Array> cells) {
      CallPrelude(context, is_first ? data.start_view : data.add_rows, {result, cells, layout});
      is_first = false;
    });
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
