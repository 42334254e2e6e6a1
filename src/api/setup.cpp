#include "api/setup.h"

#include <string_view>

#include "api/natives.h"
#include "api/realm_data.h"
#include "api/tables.h"
#include "api/views.h"
#include "js/handles.h"
#include "js/realm.h"

namespace fundb::api {

// Made from prelude_*.js by the build.
extern const std::string_view kPreludeArgumentsSource;
extern const std::string_view kPreludeCallsSource;
extern const std::string_view kPreludeCopiesSource;
extern const std::string_view kPreludeErrorsSource;
extern const std::string_view kPreludeFormatSource;
extern const std::string_view kPreludeGlobalsSource;
extern const std::string_view kPreludeResultsSource;

namespace {

using v8::Local;

struct NativeEntry {
  const char *name;
  Native *function;
};

constexpr NativeEntry kNatives[] = {
    {"insertEntries", InsertEntries},
    {"updateEntries", UpdateEntries},
    {"deleteEntries", DeleteEntries},
    {"getRelatedEntries", GetRelatedEntries},
    {"recursiveDeleteEntry", RecursiveDeleteEntry},
    {"getUserView", GetUserView},
    {"getUserViewInfo", GetUserViewInfo},
    {"getDomainValues", GetDomainValues},
    {"runCommand", RunCommand},
    {"getEntityInfo", GetEntityInfo},
    {"findRole", FindRole},
    {"callAs", CallAs},
    {"deferConstraints", DeferConstraints},
    {"applyConstraints", ApplyConstraints},
    {"copyDate", CopyDate},
    {"isPlain", IsPlain},
    {"writeEvent", WriteEvent},
    {"writeEventSync", WriteEventSync},
};

Local<v8::Object> NativesObject(Local<v8::Context> context) {
  v8::Isolate *isolate = context->GetIsolate();
  Local<v8::Object> natives = v8::Object::New(isolate);
  for (const NativeEntry &entry : kNatives) {
    Local<v8::Function> function =
        js::NewFunction(context, entry.function, Local<v8::Value>(), entry.name, 0);
    js::Check(natives->CreateDataProperty(context, js::NewName(isolate, entry.name), function));
  }
  return natives;
}

// Evaluates a file of the prelude, which is one function expression, and calls it.
void RunPart(Local<v8::Context> context, const char *name, std::string_view text,
             Local<v8::Value> parts) {
  v8::Isolate *isolate = context->GetIsolate();
  v8::ScriptOrigin origin(isolate, js::NewString(isolate, name));
  v8::ScriptCompiler::Source source(js::NewString(isolate, text), origin);
  Local<v8::Script> script = js::Check(v8::ScriptCompiler::Compile(context, &source));
  Local<v8::Value> function = js::Check(script->Run(context));
  js::Check(function.As<v8::Function>()->Call(context, v8::Undefined(isolate), 1, &parts));
}

// Each file adds to the parts, and uses those of the files before it.
Local<v8::Object> RunPrelude(Local<v8::Context> context) {
  v8::Isolate *isolate = context->GetIsolate();
  Local<v8::Object> parts = v8::Object::New(isolate);
  js::Check(
      parts->CreateDataProperty(context, js::NewName(isolate, "natives"), NativesObject(context)));
  RunPart(context, "fundb:prelude_errors", kPreludeErrorsSource, parts);
  RunPart(context, "fundb:prelude_copies", kPreludeCopiesSource, parts);
  RunPart(context, "fundb:prelude_arguments", kPreludeArgumentsSource, parts);
  RunPart(context, "fundb:prelude_results", kPreludeResultsSource, parts);
  RunPart(context, "fundb:prelude_format", kPreludeFormatSource, parts);
  RunPart(context, "fundb:prelude_calls", kPreludeCallsSource, parts);
  RunPart(context, "fundb:prelude_globals", kPreludeGlobalsSource, parts);
  return parts;
}

Local<v8::Object> Member(Local<v8::Context> context, Local<v8::Object> object, const char *name) {
  return js::Check(object->Get(context, js::NewName(context->GetIsolate(), name))).As<v8::Object>();
}

}  // namespace

RealmData &RealmData::Of(Local<v8::Context> context) {
  return js::Realm::From(context).attachments().Of<RealmData>();
}

void Setup::Install(js::Engine &engine, Local<v8::Context> context, Local<v8::Object> global) {
  v8::Isolate *isolate = context->GetIsolate();
  engine.attachments().Of<ApiLink>().api = &api_;
  Local<v8::Object> made = RunPrelude(context);
  RealmData &data = RealmData::Of(context);
  data.make_error.Reset(isolate, Member(context, made, "makeError").As<v8::Function>());
  data.start_view.Reset(isolate, Member(context, made, "startView").As<v8::Function>());
  data.make_info.Reset(isolate, Member(context, made, "makeInfo").As<v8::Function>());
  data.add_rows.Reset(isolate, Member(context, made, "addRows").As<v8::Function>());
  Local<v8::Object> globals = Member(context, made, "globals");
  Local<v8::Array> names = js::Check(globals->GetOwnPropertyNames(context));
  for (uint32_t i = 0; i < names->Length(); ++i) {
    Local<v8::Value> name = js::Check(names->Get(context, i));
    Local<v8::Value> value = js::Check(globals->Get(context, name));
    // Not enumerable, like JavaScript's own globals.
    js::Check(global->DefineOwnProperty(context, name.As<v8::Name>(), value, v8::DontEnum));
  }
}

Api::Api(Environment &environment)
    : environment_(environment),
      tables_(std::make_unique<Tables>()),
      views_(std::make_unique<Views>()) {}

Api::~Api() = default;

Api &Api::From(v8::Isolate *isolate) {
  return *js::Engine::From(isolate).attachments().Of<ApiLink>().api;
}

}  // namespace fundb::api
