#include "js/run.h"

#include <new>
#include <optional>
#include <utility>

#include "js/callback.h"
#include "js/errors.h"
#include "js/interrupts.h"
#include "js/run_frame.h"

namespace fundb::js {

namespace {

const RunWording kPlainWording;

Report Internal(const char *message) {
  Report report;
  report.message = message;
  return report;
}

}  // namespace

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

void RunFrame::SetDeadline() {
  Watchdog &watchdog = engine_.watchdog();
  outer_deadline_ns_ = watchdog.deadline();
  deadline_ns_ = Watchdog::Now() + int64_t{options_.timeout_ms} * 1'000'000;
  // An earlier deadline of an outer run stays in force.
  if (outer_deadline_ns_ == 0 || deadline_ns_ < outer_deadline_ns_) {
    watchdog.set_deadline(deadline_ns_);
  }
}

void RunFrame::RestoreDeadline() { engine_.watchdog().set_deadline(outer_deadline_ns_); }

const RunWording &RunFrame::wording() const {
  return options_.wording != nullptr ? *options_.wording : kPlainWording;
}

v8::Local<v8::Promise> RunFrame::Enqueue(std::unique_ptr<Request> request) {
  v8::Isolate *isolate = engine_.isolate();
  v8::Local<v8::Context> context = isolate->GetCurrentContext();
  v8::Local<v8::Promise::Resolver> resolver = Check(v8::Promise::Resolver::New(context));
  queued_.push_back(
      {std::move(request), Kept<v8::Promise::Resolver>(context, resolver), &Realm::From(context)});
  return resolver->GetPromise();
}

void RunFrame::ExecuteOldest() {
  v8::Isolate *isolate = engine_.isolate();
  Queued queued = std::move(queued_[next_++]);
  if (next_ == queued_.size()) {
    queued_.clear();
    next_ = 0;
  }
  v8::HandleScope handles(isolate);
  v8::Local<v8::Context> context = queued.realm->context();
  v8::Context::Scope entered(context);
  v8::TryCatch caught(isolate);
  v8::Local<v8::Promise::Resolver> resolver = queued.resolver.Get(isolate);
  v8::Local<v8::Value> value;
  v8::Local<v8::Value> failure;
  Watchdog &watchdog = engine_.watchdog();
  watchdog.Leave();
  uint64_t outer_request = watchdog.BeginRequest();
  engine_.BeginTransfer();
  try {
    value = queued.request->Execute(context);
  } catch (const Pending &) {
    if (caught.CanContinue()) failure = caught.Exception();
  } catch (const Error &error) {
    if (error.report().sqlstate == sqlstate::kQueryCanceled && IsPastDeadline()) {
      // The watchdog's doing, see Host::CancelRequest.
      StashTimeout();
    } else if (IsUncatchable(error.report())) {
      Stash(error.report());
    } else {
      rejection_ = std::make_unique<Report>(error.report());
    }
  } catch (const std::bad_alloc &) {
    Report report = Internal("out of memory");
    report.sqlstate = sqlstate::kOutOfMemory;
    Stash(std::move(report));
  } catch (const std::exception &exception) {
    Stash(Internal(exception.what()));
  }
  queued.request.reset();
  engine_.BeginTransfer();
  // In this order: who was canceled for the deadline finds it passed.
  watchdog.EndRequest(outer_request);
  if (IsPastDeadline()) StashTimeout();
  if (has_stash()) return;
  caught.Reset();
  watchdog.Enter();
  // None can fail in a way that matters: a termination is seen by the loop.
  if (rejection_ != nullptr) {
    RejectLater(context, resolver);
  } else if (!failure.IsEmpty()) {
    resolver->Reject(context, failure).FromMaybe(false);
  } else if (!value.IsEmpty()) {
    resolver->Resolve(context, value).FromMaybe(false);
  }
}

namespace {

// The job of RejectLater.
void ThrowRejection(const v8::FunctionCallbackInfo<v8::Value> &info) {
  Callback(info, [&] {
    v8::Isolate *isolate = info.GetIsolate();
    Report report = Engine::From(isolate).innermost()->TakeRejection();
    isolate->ThrowException(ErrorObject(isolate->GetCurrentContext(), report));
  });
}

}  // namespace

// The error object is not made here but in a job, on a promise that the caller's promise follows:
// made in a job, it gets the async functions that wait for it into its stack.
void RunFrame::RejectLater(v8::Local<v8::Context> context,
                           v8::Local<v8::Promise::Resolver> resolver) {
  v8::Local<v8::Promise::Resolver> start;
  v8::Local<v8::Function> job;
  v8::Local<v8::Promise> rejected;
  if (!v8::Promise::Resolver::New(context).ToLocal(&start) ||
      !v8::Function::New(context, ThrowRejection, v8::Local<v8::Value>(), 0,
                         v8::ConstructorBehavior::kThrow)
           .ToLocal(&job) ||
      !start->GetPromise()->Then(context, job).ToLocal(&rejected)) {
    return;
  }
  // In this order: the promise must be followed before the job runs.
  resolver->Resolve(context, rejected).FromMaybe(false);
  start->Resolve(context, v8::Undefined(context->GetIsolate())).FromMaybe(false);
}

Report RunFrame::TakeRejection() {
  if (rejection_ == nullptr) return Internal("rejection without an error");
  Report report = std::move(*rejection_);
  rejection_.reset();
  return report;
}

void RunFrame::Stash(Report report) {
  if (stash_ == nullptr) stash_ = std::make_unique<Report>(std::move(report));
}

Report RunFrame::TakeStash() {
  Report report = std::move(*stash_);
  stash_.reset();
  return report;
}

void RunFrame::AddUnhandled(v8::Local<v8::Promise> promise) {
  unhandled_.emplace_back(engine_.isolate(), promise);
}

bool RunFrame::RemoveUnhandled(v8::Local<v8::Promise> promise) {
  for (size_t i = 0; i < unhandled_.size(); ++i) {
    if (unhandled_[i] == promise) {
      unhandled_.erase(unhandled_.begin() + static_cast<std::ptrdiff_t>(i));
      return true;
    }
  }
  return false;
}

v8::Local<v8::Promise> RunFrame::FirstUnhandled() const {
  if (unhandled_.empty()) return v8::Local<v8::Promise>();
  return unhandled_.front().Get(engine_.isolate());
}

bool RunFrame::IsPastDeadline() const {
  return deadline_ns_ != 0 && Watchdog::Now() >= deadline_ns_;
}

void RunFrame::StashTimeout() {
  engine_.StashAndTerminate(wording().TimedOut(options_.timeout_ms));
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
        frame_(engine_, options) {}

  // The value, or empty with error() set.
  v8::Local<v8::Value> Do(internal::Body &body) {
    if (engine_.has_early_stash()) {
      frame_.Stash(std::move(*engine_.TakeEarlyStash()));
      return Fail();
    }
    engine_.watchdog().Enter();
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
        engine_.watchdog().Leave();
        return value;
      }
      value = Drain(caught, value);
    }
    return Finish(value);
  }

  bool has_error() const { return error_.has_value(); }
  Error &error() { return *error_; }

 private:
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
      if (IsOver() || !frame_.HasRequest()) break;
      frame_.ExecuteOldest();
    }
    return value;
  }

  __attribute__((noinline)) v8::Local<v8::Value> Finish(v8::Local<v8::Value> value) {
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
    engine_.watchdog().Leave();
    return value;
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
    engine_.watchdog().Leave();
    if (frame_.has_stash()) {
      error_.emplace(frame_.TakeStash());
    } else if (aborted) {
      Report report;
      report.sqlstate = sqlstate::kQueryCanceled;
      report.message = "JavaScript was terminated";
      error_.emplace(std::move(report));
    }
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
  bool terminated_ = false;
  v8::Local<v8::Value> exception_;
  v8::Local<v8::Message> message_;

  std::optional<Error> error_;
};

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

namespace {

v8::Local<v8::Value> RunIn(Realm &realm, v8::Local<v8::Context> context, internal::Body &body,
                           const RunOptions &options) {
  Runner runner(realm, context, options);
  v8::Local<v8::Value> value = runner.Do(body);
  if (runner.has_error()) throw std::move(runner.error());
  return value;
}

}  // namespace

v8::Local<v8::Value> internal::RunBody(Realm &realm, Body &body, const RunOptions &options) {
  v8::Local<v8::Context> context = realm.context();
  v8::Context::Scope entered(context);
  return RunIn(realm, context, body, options);
}

v8::Local<v8::Value> Run(Realm &realm, v8::Local<v8::Function> function, int argc,
                         v8::Local<v8::Value> *argv, const RunOptions &options) {
  v8::Local<v8::Context> context = realm.context();
  Call call(context, function, argc, argv);
  return RunIn(realm, context, call, options);
}

}  // namespace fundb::js
