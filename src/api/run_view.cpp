#include "api/run_view.h"

#include <memory>
#include <unordered_map>

#include "api/query_source.h"
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

constexpr size_t kMostRealmViews = 1000;
// Of JSON; the objects take several times that of JavaScript's heap.
constexpr size_t kMostRealmBytes = 4 * 1024 * 1024;
// Texts of more characters are not kept.
constexpr int kLongestKnownText = 16 * 1024;

// A string of a script and the view that it is the text of, for as long as that is kept elsewhere.
struct KnownText {
  v8::Global<v8::String> text;
  Oid role = InvalidOid;
  std::weak_ptr<const CompiledView> compiled;
  std::weak_ptr<const ViewHandles> handles;
};

// By hash, one text each: a script has few.
constexpr size_t kKnownTexts = 64;

struct RealmViews {
  // By the view's serial.
  std::unordered_map<uint64_t, std::shared_ptr<const ViewHandles>> views;
  size_t bytes = 0;
  KnownText texts[kKnownTexts];
};

RealmViews &RealmViewsOf(Local<v8::Context> context) {
  return js::Realm::From(context).attachments().Of<RealmViews>();
}

std::shared_ptr<const ViewHandles> HandlesOf(Local<v8::Context> context, const CompiledView &view) {
  v8::Isolate *isolate = context->GetIsolate();
  RealmViews &known = RealmViewsOf(context);
  auto found = known.views.find(view.serial);
  if (found != known.views.end()) return found->second;
  if (known.views.size() >= kMostRealmViews || known.bytes >= kMostRealmBytes) {
    known.views.clear();
    known.bytes = 0;
  }
  auto handles = std::make_shared<ViewHandles>();
  handles->info.Reset(isolate, js::NewString(isolate, view.info));
  handles->layout.Reset(isolate,
                        js::Check(v8::JSON::Parse(context, js::NewString(isolate, view.layout))));
  for (const funql::Argument &argument : view.query.arguments) {
    handles->argument_names.emplace_back(isolate, js::NewName(isolate, argument.name));
  }
  known.views.emplace(view.serial, handles);
  known.bytes += view.info.size() + view.layout.size();
  return handles;
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

RealmView FindView(Local<v8::Context> context, Views &views, const std::string &text,
                   const funql::CompileOptions &options) {
  RealmView view;
  view.compiled = views.Get(text, options);
  view.handles = HandlesOf(context, *view.compiled);
  return view;
}

RealmView FindView(Local<v8::Context> context, Views &views, Local<v8::String> text) {
  v8::Isolate *isolate = context->GetIsolate();
  size_t place = static_cast<size_t>(text->GetIdentityHash()) % kKnownTexts;
  Oid role = GetUserId();
  KnownText &known = RealmViewsOf(context).texts[place];
  if (known.role == role) {
    RealmView view = {known.compiled.lock(), known.handles.lock()};
    if (view.compiled != nullptr && view.handles != nullptr && view.compiled->IsCurrent() &&
        js::Borrow(known.text)->StringEquals(text)) {
      return view;
    }
  }
  RealmView view = FindView(context, views, QueryText(isolate, text), funql::CompileOptions());
  if (text->Length() > kLongestKnownText) return view;
  known.text.Reset(isolate, text);
  known.role = role;
  known.compiled = view.compiled;
  known.handles = view.handles;
  return view;
}

Local<v8::Value> RunView(Local<v8::Context> context, const RealmView &found,
                         pg::Parameters &parameters) {
  RealmData &data = RealmData::Of(context);
  const CompiledView &view = *found.compiled;
  Local<v8::Value> layout = js::Borrow(found.handles->layout);
  Local<v8::Object> result = NewViewObject(context, js::Borrow(found.handles->info));
  try {
    PragmaScope pragmas(view.query.pragmas);
    bool is_first = true;
    RunQuery(context, view.plan, parameters, [&](Local<v8::Array> cells) {
      CallPrelude(context, is_first ? data.start_view : data.add_rows, {result, cells, layout});
      is_first = false;
    });
  } catch (Error &error) {
    MapToFunql(error.report(), view.text, view.query.sql, view.query.positions);
    throw;
  }
  return result;
}

Local<v8::Value> ViewInfo(Local<v8::Context> context, const RealmView &view) {
  v8::Isolate *isolate = context->GetIsolate();
  Local<v8::Value> arguments[] = {js::Borrow(view.handles->info), js::Borrow(view.handles->layout)};
  return js::Check(RealmData::Of(context).make_info.Get(isolate)->Call(
      context, v8::Undefined(isolate), 2, arguments));
}

}  // namespace fundb::api
