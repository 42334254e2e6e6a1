#include "js/run.h"

#include <optional>
#include <utility>

#include "js/errors.h"
#include "js/interrupts.h"
#include "js/run_frame.h"

namespace fundb::js {

Report RunWording::NeverResolved() const {
  Report report;
  report.sqlstate = sqlstate::kTriggerProtocol;
  report.message = "the returned promise never resolved";
  return report;
}

Report RunWording::TimedOut(int timeout_ms) const {
  Report report;
  report.sqlstate = sqlstate::kQueryCanceled;
  report.message =
      "canceling JavaScript that ran longer than " + std::to_string(timeout_ms) + " ms";
  return report;
}

namespace {

// The work of one run, in the order of the head comment of run.h.
class Runner {
 public:
  Runner(Realm &realm, v8::Local<v8::Context> context, const RunOptions &options)
      : engine_(realm.engine()),
        isolate_(realm.isolate()),
        context_(context),
        options_(options),
        frame_(Beginning(engine_), options) {}

  // The value, or empty with error() set.
  v8::Local<v8::Value> Do(internal::Body &body) {
    if (!engine_.HasStackForRun()) {
      error_.emplace(OutOfStack());
      return v8::Local<v8::Value>();
    }
    if (engine_.has_early_stash()) {
      frame_.Stash(std::move(*engine_.TakeEarlyStash()));
      return Fail();
    }
    outer_stay_ = engine_.watchdog().Enter();
    v8::Local<v8::Value> value;
    {
      v8::TryCatch caught(isolate_);
      try {
        value = body.Do();
      } catch (const Pending &) {
      } catch (const Error &error) {
        error_.emplace(error);
      }
      // For every row: mostly the call was all.
      if (!IsOver() && !value.IsEmpty() && IsSettled(value) && !frame_.HasRequest() &&
          !frame_.HasUnhandled() && !engine_.microtasks().IsCheckpointDue()) {
        engine_.watchdog().Leave(outer_stay_);
        return value;
      }
      value = Drain(caught, value);
    }
    return Finish(value);
  }

  bool has_error() const { return error_.has_value(); }
  Error &error() { return *error_; }

 private:
  // Reading values for a request or an answer may run scripts, which may have queued jobs.  If that
  // reading also runs SQL, or the request does, a nested run begins: those jobs are for the run
  // around it, with its requests and its owner's rights, so they are done before.
  static Engine &Beginning(Engine &engine) {
    DoWaitingJobs(engine);
    return engine;
  }

  bool IsOver() const { return terminated_ || frame_.has_stash() || engine_.IsTerminating(); }

  // What comes behind the call, as long as its TryCatch lives.
  __attribute__((noinline)) v8::Local<v8::Value> Drain(v8::TryCatch &caught,
                                                       v8::Local<v8::Value> value) {
    if (options_.stands_for_async && !value.IsEmpty() && !IsSettled(value)) value = AsAsync(value);
    if (value.IsEmpty() && caught.HasCaught()) {
      terminated_ = caught.HasTerminated();
      if (!terminated_) {
        exception_ = caught.Exception();
        // A rejection has none.
        if (!options_.stands_for_async) message_ = caught.Message();
        caught.Reset();
      }
    }
    while (!IsOver()) {
      isolate_->PerformMicrotaskCheckpoint();
      terminated_ = terminated_ || (engine_.WasTerminated() && caught.HasTerminated());
      if (IsOver()) break;
      if (!frame_.HasRequest() && (!exception_.IsEmpty() || !frame_.EnqueueLast())) break;
      frame_.ExecuteOldest();
    }
    return value;
  }

  __attribute__((noinline)) v8::Local<v8::Value> Finish(v8::Local<v8::Value> value) {
    if (value.IsEmpty() && exception_.IsEmpty()) LookAtDeadline();
    if (IsOver()) return Fail();
    if (!exception_.IsEmpty()) return Fail(exception_, message_);
    if (error_.has_value()) return Fail();
    if (!value.IsEmpty() && value->IsPromise()) {
      v8::Local<v8::Promise> promise = value.As<v8::Promise>();
      switch (promise->State()) {
        case v8::Promise::kFulfilled:
          value = promise->Result();
          break;
        case v8::Promise::kRejected:
          return Fail(promise->Result(), v8::Local<v8::Message>());
        case v8::Promise::kPending:
          if (frame_.FirstUnhandled().IsEmpty()) {
            error_.emplace(frame_.wording().NeverResolved());
            return Fail();
          }
      }
    }
    v8::Local<v8::Promise> unhandled = frame_.FirstUnhandled();
    if (!unhandled.IsEmpty()) return Fail(unhandled->Result(), v8::Local<v8::Message>());
    engine_.watchdog().Leave(outer_stay_);
    return value;
  }

  // A Guard's, whose body may have let the host work (see HostScope): the host was canceled for the
  // deadline, or swallowed that.
  void LookAtDeadline() {
    bool is_canceled = !error_.has_value() || error_->report().sqlstate == sqlstate::kQueryCanceled;
    if (is_canceled && !IsOver() && frame_.IsPastDeadline()) frame_.StashTimeout();
  }

  // Nothing to wait for.  For every row: tells what handlers mostly return without asking V8.
  bool IsSettled(v8::Local<v8::Value> value) const {
    if (value == v8::True(isolate_) || value == v8::False(isolate_) || value->IsUndefined()) {
      return true;
    }
    const KnownObjects *known = options_.known_objects;
    return known != nullptr && known->HasNoThen(value);
  }

  // What an async function makes of what it returns: a promise of it, unless nobody can tell.
  // Empty when the script was stopped.
  v8::Local<v8::Value> AsAsync(v8::Local<v8::Value> value) {
    if (!value->IsObject()) return value;
    v8::Local<v8::Promise::Resolver> resolver;
    if (!v8::Promise::Resolver::New(context_).ToLocal(&resolver) ||
        !resolver->Resolve(context_, value).FromMaybe(false)) {
      return v8::Local<v8::Value>();
    }
    return resolver->GetPromise();
  }

  __attribute__((noinline)) v8::Local<v8::Value> Fail(v8::Local<v8::Value> exception,
                                                      v8::Local<v8::Message> message) {
    // Reading the error may run getters; they can still be interrupted, but start nothing.
    frame_.Close();
    v8::Context::Scope entered(context_);
    error_.emplace(ReportOf(context_, exception, message));
    return Fail();
  }

  // Leaves with error_, or with the stash when there is one.
  __attribute__((noinline)) v8::Local<v8::Value> Fail() {
    bool aborted = IsOver();
    frame_.Close();
    DropMicrotasks();
    engine_.watchdog().Leave(outer_stay_);
    if (frame_.has_stash()) {
      error_.emplace(frame_.TakeStash());
    } else if (aborted) {
      Report report;
      report.sqlstate = sqlstate::kQueryCanceled;
      report.message = "JavaScript was terminated";
      error_.emplace(std::move(report));
    }
    // V8 takes it back behind each job, but not behind one that was terminated.
    if (aborted) context_->SetContinuationPreservedEmbedderData(v8::Undefined(isolate_));
    // What was cut short may have left module state that never becomes whole (a cached promise
    // whose request was dropped): start over with fresh modules.
    if (aborted) engine_.ForgetEverything();
    return v8::Local<v8::Value>();
  }

  // V8 has no way to empty the queue; under termination each job ends before its first statement,
  // and the queue with it.  Without this the next run would begin with the jobs of this one.
  void DropMicrotasks() {
    v8::TryCatch caught(isolate_);
    isolate_->TerminateExecution();
    isolate_->PerformMicrotaskCheckpoint();
    isolate_->CancelTerminateExecution();
  }

  Engine &engine_;
  v8::Isolate *isolate_;
  v8::Local<v8::Context> context_;
  const RunOptions &options_;
  RunFrame frame_;
  uint64_t outer_stay_ = 0;  // of the watchdog
  bool terminated_ = false;
  v8::Local<v8::Value> exception_;
  v8::Local<v8::Message> message_;

  std::optional<Error> error_;
};

v8::Local<v8::Value> RunEntered(Realm &realm, internal::Body &body, const RunOptions &options) {
  Runner runner(realm, realm.context(), options);
  v8::Local<v8::Value> value = runner.Do(body);
  if (runner.has_error()) throw std::move(runner.error());
  return value;
}

class Call final : public internal::Body {
 public:
  Call(v8::Local<v8::Context> context, v8::Local<v8::Function> function, int argc,
       v8::Local<v8::Value> *argv)
      : context_(context), function_(function), argc_(argc), argv_(argv) {}

  v8::Local<v8::Value> Do() override {
    v8::Local<v8::Value> receiver = v8::Undefined(context_->GetIsolate());
    // No C++ exception for the plain case that the function threw.
    return function_->Call(context_, receiver, argc_, argv_).FromMaybe(v8::Local<v8::Value>());
  }

 private:
  v8::Local<v8::Context> context_;
  v8::Local<v8::Function> function_;
  int argc_;
  v8::Local<v8::Value> *argv_;
};

}  // namespace

v8::Local<v8::Value> internal::RunCall(Realm &realm, Body &body, const RunOptions &options) {
  // For every row.
  if (!realm.engine().IsEntered(realm)) return RunBody(realm, body, options);
  return RunEntered(realm, body, options);
}

v8::Local<v8::Value> internal::RunBody(Realm &realm, Body &body, const RunOptions &options) {
  v8::Context::Scope entered(realm.context());
  return RunEntered(realm, body, options);
}

namespace {

__attribute__((noinline)) void DoJobsOf(Engine &engine, const RunFrame &run) {
  Watchdog &watchdog = engine.watchdog();
  uint64_t outer_stay = watchdog.Enter();
  {
    v8::TryCatch caught(engine.isolate());
    if (!engine.IsTerminating()) engine.isolate()->PerformMicrotaskCheckpoint();
  }
  watchdog.Leave(outer_stay);
  if (!run.has_stash() && !engine.IsTerminating()) return;
  Report report;
  report.sqlstate = sqlstate::kQueryCanceled;
  report.message = "JavaScript was terminated";
  throw Error(std::move(report));
}

}  // namespace

void DoWaitingJobs(Engine &engine) {
  const RunFrame *run = engine.innermost();
  if (run != nullptr && engine.microtasks().MayHaveJobs()) DoJobsOf(engine, *run);
}

v8::Local<v8::Value> Run(Realm &realm, v8::Local<v8::Function> function, int argc,
                         v8::Local<v8::Value> *argv, const RunOptions &options) {
  Call call(realm.context(), function, argc, argv);
  return internal::RunCall(realm, call, options);
}

}  // namespace fundb::js
