// What the tests of js/ share: a host that records, modules from a map, natives that queue
// requests, and short ways to run a piece of JavaScript.
#pragma once

#include <doctest/doctest.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "js/callback.h"
#include "js/engine.h"
#include "js/errors.h"
#include "js/handles.h"
#include "js/realm.h"
#include "js/run.h"

namespace fundb::js::test {

// The stack that JavaScript may use, measured from where the engine is made.
constexpr uintptr_t kStackBytes = 900 * 1024;

class TestHost final : public Host {
 public:
  bool InterruptPending() noexcept override { return pending; }
  bool StopPending() noexcept override {
    ++looks;
    return pending && is_stop;
  }
  void ServiceInterrupts() override {
    if (!pending) return;
    ++served;
    pending = false;
    if (!cancel_message.empty()) throw Error(sqlstate::kQueryCanceled, cancel_message);
  }
  void Log(LogLevel level, std::string_view text) override {
    log.emplace_back(level, std::string(text));
  }
  uintptr_t StackLimit() noexcept override {
    char here;
    return reinterpret_cast<uintptr_t>(&here) - kStackBytes;
  }
  void CancelRequest() noexcept override { ++canceled_requests; }
  void ForgetCancel() noexcept override { ++forgotten_cancels; }
  void Unresponsive() noexcept override { unresponsive = true; }
  void TakesTooMuchMemory() noexcept override { takes_too_much_memory = true; }
  void OutOfStack(char *) noexcept override {
    if (exit_on_out_of_stack != 0) _exit(exit_on_out_of_stack);
  }
  void Fatal(const char *message) noexcept override {
    if (exit_on_fatal != 0) _exit(exit_on_fatal);
    std::fprintf(stderr, "fatal: %s\n", message);
    std::abort();
  }
  void NoStackForPattern() noexcept override {
    if (exit_on_fatal != 0) _exit(exit_on_fatal + 1);
    Fatal("no stack");
  }

  std::atomic<bool> pending{false};
  std::atomic<int> looks{0};  // of the watchdog at a script
  std::atomic<int> canceled_requests{0};
  int forgotten_cancels = 0;
  std::atomic<bool> unresponsive{false};
  std::atomic<bool> takes_too_much_memory{false};
  std::atomic<bool> is_stop{true};  // what is pending
  int served = 0;
  int exit_on_fatal = 0;         // the status to end with; 0: abort
  int exit_on_out_of_stack = 0;  // the same; 0: die of the signal
  std::string cancel_message;
  std::vector<std::pair<LogLevel, std::string>> log;
};

class MapSource final : public ModuleSource {
 public:
  std::optional<ModuleText> Find(const std::string &name) override {
    asked.push_back(name);
    auto found = texts.find(name);
    if (found == texts.end()) return std::nullopt;
    return ModuleText{name, found->second, 0};
  }
  std::map<std::string, std::string> texts;
  std::vector<std::string> asked;
};

// Work for a request, given as a C++ function.
using Work = std::function<v8::Local<v8::Value>(v8::Local<v8::Context>)>;

class WorkRequest final : public Request {
 public:
  explicit WorkRequest(Work work) : work_(std::move(work)) {}
  v8::Local<v8::Value> Execute(v8::Local<v8::Context> context) override { return work_(context); }

 private:
  Work work_;
};

class World;

// Globals: later(x) -> promise of x; fail(sqlstate, message) -> rejected promise; nested(name) ->
// promise of what World::Nested returns; now(name) -> calls World::Now at once; ambient() and
// within(value, f).
class World final : public RealmSetup {
 public:
  explicit World(int heap_limit_mb = 64) : limit_(heap_limit_mb) { Reset(); }

  void Reset() {
    engine_.reset();
    engine_ = std::make_unique<Engine>(Engine::Options{host, source, *this, factory, limit_});
  }
  Engine &engine() { return *engine_; }
  v8::Isolate *isolate() { return engine_->isolate(); }
  // In a child: runs `function` in JavaScript's place.  Ends the process with 1 if that comes back.
  [[noreturn]] void RunAndExit(v8::FunctionCallback function) {
    v8::HandleScope handles(isolate());
    v8::Local<v8::Context> context = realm().context();
    v8::Context::Scope entered(context);
    v8::Local<v8::Function> f = v8::Function::New(context, function).ToLocalChecked();
    (void)Run(realm(), f, 0, nullptr, {});
    _exit(1);
  }

  Realm &realm(uint32_t role = 10, const std::string &owner = "owner") {
    return engine_->RealmOf(role, engine_->OwnerOf(owner));
  }

  void Install(Engine &engine, v8::Local<v8::Context> context,
               v8::Local<v8::Object> global) override;

  // Loads the text as a handler and calls it with the argument strings given.  The result as text
  // (JSON for objects).
  std::string Call(const std::string &source, const RunOptions &options = {}, uint32_t role = 10) {
    v8::HandleScope handles(isolate());
    Realm &r = realm(role);
    v8::Local<v8::Function> handler =
        r.LoadHandler("triggers/o/s/t/x.mjs", source, options.timeout_ms);
    RunOptions adjusted = options;
    adjusted.stands_for_async = r.StandsForAsync("triggers/o/s/t/x.mjs");
    return Show(r, Run(r, handler, 0, nullptr, adjusted));
  }
  // The body of an async handler.
  std::string Body(const std::string &body, const RunOptions &options = {}) {
    return Call("export default async function handle() {\n" + body + "\n}", options);
  }
  // The report that a call ends with.
  Report FailureOf(const std::string &source, const RunOptions &options = {}) {
    try {
      std::string value = Call(source, options);
      FAIL("no error, but the value " << value);
    } catch (const Error &error) {
      return error.report();
    }
    return Report();
  }
  Report FailureOfBody(const std::string &body, const RunOptions &options = {}) {
    return FailureOf("export default async function handle() {\n" + body + "\n}", options);
  }
  std::string Show(Realm &r, v8::Local<v8::Value> value) {
    v8::Context::Scope entered(r.context());
    v8::Local<v8::String> text;
    if (value->IsObject() && !value->IsFunction() &&
        v8::JSON::Stringify(r.context(), value).ToLocal(&text)) {
      return ToText(isolate(), text);
    }
    return Text(r.context(), value);
  }

  TestHost host;
  MapSource source;
  ErrorFactory factory;
  std::function<v8::Local<v8::Value>(v8::Local<v8::Context>, std::string)> nested;
  std::function<void(std::string)> now;

 private:
  int limit_;
  std::unique_ptr<Engine> engine_;
};

}  // namespace fundb::js::test
