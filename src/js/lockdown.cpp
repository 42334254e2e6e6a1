#include "js/lockdown.h"

#include <memory>
#include <string>

#include "base/error.h"
#include "js/callback.h"
#include "js/engine.h"
#include "js/errors.h"
#include "js/handles.h"
#include "js/interrupts.h"

namespace fundb::js {

namespace {

// Of a longer message, in UTF-16 units, the beginning is shown, as of an error's: it is copied some
// times on its way, to the client and to the server's log.
constexpr int kMostLoggedUnits = 1'000'000;

// log(level, text) for console.
void Log(const v8::FunctionCallbackInfo<v8::Value> &info) {
  Callback(info, [&] {
    if (info.Length() < 2 || !info[0]->IsInt32() || !info[1]->IsString()) return;
    v8::Isolate *isolate = info.GetIsolate();
    int level = info[0].As<v8::Int32>()->Value();
    std::string text = ToShortText(isolate, info[1].As<v8::String>(), kMostLoggedUnits);
    Engine &engine = Engine::From(isolate);
    // Whoever reads slowly what the host writes does not make the script one that cannot be
    // interrupted.
    Watchdog::PauseScope pause(engine.watchdog());
    engine.host().Log(static_cast<LogLevel>(level), text);
  });
}

v8::Local<v8::Function> Compiled(v8::Local<v8::Context> context, const char *name,
                                 const char *text) {
  v8::Isolate *isolate = context->GetIsolate();
  v8::ScriptOrigin origin(isolate, NewName(isolate, name));
  v8::Local<v8::Script> script =
      Check(v8::Script::Compile(context, NewString(isolate, text), &origin));
  return Check(script->Run(context)).As<v8::Function>();
}

void CallMember(v8::Local<v8::Context> context, v8::Local<v8::Object> object, const char *name) {
  v8::Local<v8::Value> member = Check(object->Get(context, NewName(context->GetIsolate(), name)));
  Check(member.As<v8::Function>()->Call(context, object, 0, nullptr));
}

// V8 runs the text of an extension while it sets a context up.  That is the one time when
// built-in properties can be defined anew without V8 concluding that somebody tampers with them:
// later, making Array.prototype.constructor read-only would switch off fast paths of arrays for
// the whole isolate, though its value is the same.
constexpr const char *kExtensionName = "fundb:early";

void RegisterExtensionOnce() {
  static bool is_registered = false;
  if (is_registered) return;
  v8::RegisterExtension(std::make_unique<v8::Extension>(kExtensionName, kEarlyScript));
  // Not before: a context that names an extension which is not there ends the session.
  is_registered = true;
}

}  // namespace

v8::Local<v8::Context> NewContext(v8::Isolate *isolate) {
  RegisterExtensionOnce();
  v8::EscapableHandleScope handles(isolate);
  const char *names[] = {kExtensionName};
  v8::ExtensionConfiguration extensions(1, names);
  v8::Local<v8::Context> context = v8::Context::New(isolate, &extensions);
  if (context.IsEmpty()) {
    throw Error(sqlstate::kOutOfMemory, "could not make a JavaScript context");
  }
  return handles.Escape(context);
}

void Lockdown(Engine &engine, v8::Local<v8::Context> context,
              const std::function<void(v8::Local<v8::Object> global)> &install) {
  v8::Isolate *isolate = context->GetIsolate();
  v8::HandleScope handles(isolate);
  v8::Context::Scope entered(context);
  v8::TryCatch caught(isolate);
  v8::Local<v8::Value> nothing = v8::Undefined(isolate);
  try {
    context->AllowCodeGenerationFromStrings(false);
    context->SetErrorMessageForCodeGenerationFromStrings(
        NewString(isolate, "code from strings (eval, new Function) is not allowed"));
    v8::Local<v8::Object> locks = Check(Compiled(context, "fundb:intrinsics", kIntrinsicsScript)
                                            ->Call(context, nothing, 0, nullptr))
                                      .As<v8::Object>();
    CallMember(context, locks, "lockIntrinsics");
    v8::Local<v8::Value> log = NewFunction(context, Log, v8::Local<v8::Value>(), "log", 2);
    Check(Compiled(context, "fundb:console", kConsoleScript)->Call(context, nothing, 1, &log));
    install(context->Global());
    CallMember(context, locks, "lockGlobals");
  } catch (const Pending &) {
    if (engine.has_early_stash()) {
      isolate->CancelTerminateExecution();
      throw Error(std::move(*engine.TakeEarlyStash()));
    }
    throw Error(ReportOf(context, caught.Exception(), caught.Message()));
  }
}

}  // namespace fundb::js
