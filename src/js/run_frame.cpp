#include "js/run_frame.h"

#include <new>
#include <utility>

#include "js/callback.h"
#include "js/errors.h"
#include "js/interrupts.h"
#include "js/realm.h"

namespace fundb::js {

namespace {

const RunWording kPlainWording;

Report Internal(const char *message) {
  Report report;
  report.message = message;
  return report;
}

}  // namespace

Report OutOfStack() {
  Report report = Internal("stack depth limit exceeded");
  report.sqlstate = sqlstate::kTooComplex;
  report.hint = "Nest fewer calls and triggers, or raise \"max_stack_depth\".";
  return report;
}

WatchedScope::WatchedScope(Engine &engine)
    : watchdog_(engine.watchdog()), outer_(watchdog_.Enter()) {}

WatchedScope::~WatchedScope() { watchdog_.Leave(outer_); }

HostScope::HostScope(Engine &engine)
    : watchdog_(engine.watchdog()),
      outer_stay_(watchdog_.Pause()),
      outer_request_(watchdog_.BeginRequest()) {}

HostScope::~HostScope() {
  watchdog_.EndRequest(outer_request_);
  watchdog_.Resume(outer_stay_);
}

void RunFrame::SetDeadline() {
  Watchdog &watchdog = engine_.watchdog();
  outer_deadline_ = watchdog.deadline();
  deadline_ns_ = Watchdog::Now() + int64_t{options_.timeout_ms} * 1'000'000;
  // An earlier deadline of an outer run stays in force.
  if (outer_deadline_.ns == 0 || deadline_ns_ < outer_deadline_.ns) {
    watchdog.SetDeadline(deadline_ns_);
  }
}

void RunFrame::RestoreDeadline() { engine_.watchdog().RestoreDeadline(outer_deadline_); }

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

void RunFrame::SetLast(std::unique_ptr<Request> request, Realm &realm) {
  last_ = std::move(request);
  last_realm_ = &realm;
}

bool RunFrame::EnqueueLast() {
  if (last_ == nullptr) return false;
  v8::Local<v8::Context> context = last_realm_->context();
  v8::Local<v8::Promise::Resolver> resolver;
  if (!v8::Promise::Resolver::New(context).ToLocal(&resolver)) return false;
  queued_.push_back(
      {std::move(last_), Kept<v8::Promise::Resolver>(context, resolver), last_realm_});
  return true;
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
  watchdog.Leave(0);
  uint64_t outer_request = watchdog.BeginRequest();
  try {
    TransferScope transfer(engine_);
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
  // In this order: who was canceled for the deadline finds it passed.
  watchdog.EndRequest(outer_request);
  if (IsPastDeadline()) StashTimeout();
  if (has_stash()) return;
  caught.Reset();
  watchdog.Enter();
  bool is_settled = true;
  if (rejection_ != nullptr) {
    is_settled = RejectLater(context, resolver);
  } else if (!failure.IsEmpty()) {
    is_settled = resolver->Reject(context, failure).FromMaybe(false);
  } else if (!value.IsEmpty()) {
    is_settled = resolver->Resolve(context, value).FromMaybe(false);
  }
  // Mostly a termination, which the loop sees; else V8 had no stack for it.
  if (!is_settled && !engine_.IsTerminating()) Stash(OutOfStack());
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
bool RunFrame::RejectLater(v8::Local<v8::Context> context,
                           v8::Local<v8::Promise::Resolver> resolver) {
  v8::Local<v8::Promise::Resolver> start;
  v8::Local<v8::Function> job;
  v8::Local<v8::Promise> rejected;
  if (!v8::Promise::Resolver::New(context).ToLocal(&start) ||
      !v8::Function::New(context, ThrowRejection, v8::Local<v8::Value>(), 0,
                         v8::ConstructorBehavior::kThrow)
           .ToLocal(&job) ||
      !start->GetPromise()->Then(context, job).ToLocal(&rejected)) {
    return false;
  }
  // In this order: the promise must be followed before the job runs.
  return resolver->Resolve(context, rejected).FromMaybe(false) &&
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

}  // namespace fundb::js
