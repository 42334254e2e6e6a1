#include "js/lockdown.h"

#include <string>

#include "base/error.h"
#include "js/callback.h"
#include "js/engine.h"
#include "js/errors.h"
#include "js/handles.h"

namespace fundb::js {

namespace {

// log(level, text) for console.
void Log(const v8::FunctionCallbackInfo<v8::Value> &info) {
  Callback(info, [&] {
    if (info.Length() < 2 || !info[0]->IsInt32() || !info[1]->IsString()) return;
    v8::Isolate *isolate = info.GetIsolate();
    int level = info[0].As<v8::Int32>()->Value();
    std::string text = ToText(isolate, info[1].As<v8::String>());
    Engine::From(isolate).host().Log(static_cast<LogLevel>(level), text);
  });
}

v8::Local<v8::Function> Half(v8::Local<v8::Context> context, v8::Local<v8::Object> halves,
                             const char *name) {
  v8::Local<v8::Value> half = Check(halves->Get(context, NewName(context->GetIsolate(), name)));
  return half.As<v8::Function>();
}

}  // namespace

void Lockdown(Engine &engine, v8::Local<v8::Context> context,
              const std::function<void(v8::Local<v8::Object> global)> &install) {
  v8::Isolate *isolate = context->GetIsolate();
  v8::HandleScope handles(isolate);
  v8::Context::Scope entered(context);
  v8::TryCatch caught(isolate);
  try {
    context->AllowCodeGenerationFromStrings(false);
    context->SetErrorMessageForCodeGenerationFromStrings(
        NewString(isolate, "code from strings (eval, new Function) is not allowed"));
    v8::ScriptOrigin origin(isolate, NewName(isolate, "fundb:lockdown"));
    v8::Local<v8::Script> script =
        Check(v8::Script::Compile(context, NewString(isolate, kLockdownScript), &origin));
    v8::Local<v8::Object> halves = Check(script->Run(context)).As<v8::Object>();
    v8::Local<v8::Value> log = NewFunction(context, Log, v8::Local<v8::Value>(), "log", 2);
    v8::Local<v8::Value> arguments[] = {context->Global(), log};
    v8::Local<v8::Value> nothing = v8::Undefined(isolate);
    Check(Half(context, halves, "prepare")->Call(context, nothing, 2, arguments));
    install(context->Global());
    Check(Half(context, halves, "lock")->Call(context, nothing, 1, arguments));
  } catch (const Pending &) {
    if (engine.has_early_stash()) {
      isolate->CancelTerminateExecution();
      throw Error(std::move(*engine.TakeEarlyStash()));
    }
    throw Error(ReportOf(context, caught.Exception(), caught.Message()));
  }
}

}  // namespace fundb::js
