// Runs one JavaScript function and gives back its value, or throws Error.  V8 only.  Every path out
// of here leaves no termination pending, no TryCatch alive and no microtask queued.
//
// The run loop: call the function; drain microtasks; while there are requests, do the oldest with
// no JavaScript on the stack, settle its promise, drain again.  Runs nest through Request::Execute
// only; each has its own requests.  Then, in this order, decide: stashed uncatchable error (even
// if the call succeeded), termination, exception, unhandled rejection, value.
#pragma once

#include <v8.h>

#include "base/error.h"
#include "js/engine.h"
#include "js/realm.h"

namespace fundb::js {

// The words for what only the caller can name.  Must outlive the run.
class RunWording {
 public:
  virtual ~RunWording() = default;

  // The returned promise can never settle.
  virtual Report NeverResolved() const;

  // The deadline passed.
  virtual Report TimedOut(int timeout_ms) const;
};

// What a caller knows of its own objects.  Must outlive the run.
class KnownObjects {
 public:
  // True for an object that surely has no property `then`.  Runs no script; for any value.
  virtual bool HasNoThen(v8::Local<v8::Value> value) const = 0;

 protected:
  ~KnownObjects() = default;
};

struct RunOptions {
  int timeout_ms = 0;                   // 0 = no deadline
  const RunWording *wording = nullptr;  // null = plain words
  // The function is an async one compiled without the word (Realm::StandsForAsync): what it throws
  // and returns is taken as if it were.
  bool stands_for_async = false;
  const KnownObjects *known_objects = nullptr;  // null = none
};

// Calls `function` with `this` undefined; a promise is awaited.  The value lives in the caller's
// HandleScope.  Throws Error.  The caller needs a HandleScope but no Context::Scope.
v8::Local<v8::Value> Run(Realm &realm, v8::Local<v8::Function> function, int argc,
                         v8::Local<v8::Value> *argv, const RunOptions &options);

// Runs C++ code that may enter JavaScript by the way (getters, toJSON, proxies of values that a
// script handed out), under the same protection as Run.  `body` may throw Pending and Error; its
// requests are done before this returns.
namespace internal {
class Body {
 public:
  virtual v8::Local<v8::Value> Do() = 0;

 protected:
  ~Body() = default;
};
v8::Local<v8::Value> RunBody(Realm &realm, Body &body, const RunOptions &options);
// The same for a body that does no more than call functions, which enter the context themselves.
v8::Local<v8::Value> RunCall(Realm &realm, Body &body, const RunOptions &options);
}  // namespace internal

template <typename F>
void Guard(Realm &realm, const RunOptions &options, F &&f) {
  struct Adapter final : internal::Body {
    explicit Adapter(F &g) : function(g) {}
    v8::Local<v8::Value> Do() override {
      function();
      return v8::Local<v8::Value>();
    }
    F &function;
  } adapter(f);
  internal::RunBody(realm, adapter, options);
}

// Does the jobs that the innermost run has left, as its own.  To be called before another run's
// code counts as the one that runs.  Throws Error when a job ended the run.
void DoWaitingJobs(Engine &engine);

// Around reading a script's values while a request is carried out: that may run scripts (getters,
// toJSON) and built-ins that take long, which the watchdog must see as it does in a run.
class WatchedScope {
 public:
  explicit WatchedScope(Engine &engine);
  ~WatchedScope();
  WatchedScope(const WatchedScope &) = delete;
  WatchedScope &operator=(const WatchedScope &) = delete;

 private:
  Watchdog &watchdog_;
  uint64_t outer_;
};

// Around what the host does in between with a value of a script (a domain's check, which may run
// SQL and with it other scripts).  No JavaScript may be on the stack.  To the watchdog it is a
// request of its own: the host is canceled when a deadline passes, and neither its time nor its
// memory is taken for a script's that does not react.  In a run, what the host is then canceled
// with becomes the run's time-out.
class HostScope {
 public:
  explicit HostScope(Engine &engine);
  ~HostScope();
  HostScope(const HostScope &) = delete;
  HostScope &operator=(const HostScope &) = delete;

 private:
  Watchdog &watchdog_;
  uint64_t outer_stay_;
  uint64_t outer_request_;
};

}  // namespace fundb::js
