// One active run: its requests, its unhandled rejections, its stash, its deadline.  Frames form a
// chain from the innermost run outwards; they live on the C++ stack.
#pragma once

#include <v8.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "base/report.h"
#include "js/engine.h"
#include "js/interrupts.h"
#include "js/kept.h"
#include "js/run.h"

namespace fundb::js {

// What ends a run that is too near the end of the stack.
Report OutOfStack();

class RunFrame {
 public:
  RunFrame(Engine &engine, const RunOptions &options)
      : engine_(engine),
        outer_(engine.innermost()),
        number_(engine.NextRun()),
        options_(options),
        transfer_(engine) {
    engine_.set_innermost(this);
    if (options.timeout_ms > 0) SetDeadline();
  }
  ~RunFrame() {
    if (deadline_ns_ != 0) RestoreDeadline();
    engine_.set_innermost(outer_);
  }
  RunFrame(const RunFrame &) = delete;
  RunFrame &operator=(const RunFrame &) = delete;

  RunFrame *outer() const { return outer_; }
  // No other run of the engine has it.
  uint64_t number() const { return number_; }
  const RunWording &wording() const;

  // Requests, oldest first.
  v8::Local<v8::Promise> Enqueue(std::unique_ptr<Request> request);
  bool HasRequest() const { return next_ < queued_.size(); }
  // See Engine::SetLastRequest.
  void SetLast(std::unique_ptr<Request> request, Realm &realm);
  void DropLast() { last_.reset(); }
  // Queues it when there is one.
  bool EnqueueLast();
  // Does the oldest request and settles its promise.  Throws nothing; what must end the run is in
  // the stash afterwards.
  void ExecuteOldest();
  // The error of the request that was just done, for the job that makes an object of it.
  Report TakeRejection();
  void RefuseRequests() { accepts_requests_ = false; }
  bool accepts_requests() const { return accepts_requests_; }
  bool accepts_imports() const { return accepts_imports_; }
  // After the run's outcome is known only getters of an error may still run: they get nothing.
  void Close() { accepts_requests_ = accepts_imports_ = false; }

  // The uncatchable error that ends this run.  The first one wins.
  void Stash(Report report);
  bool has_stash() const { return stash_ != nullptr; }
  Report TakeStash();

  // Promise bookkeeping, from V8's reject callback.
  void AddUnhandled(v8::Local<v8::Promise> promise);
  bool RemoveUnhandled(v8::Local<v8::Promise> promise);
  // The first promise that was rejected and that nobody looked at; empty when there is none.
  v8::Local<v8::Promise> FirstUnhandled() const;
  bool HasUnhandled() const { return !unhandled_.empty(); }

  bool IsPastDeadline() const;
  void StashTimeout();

 private:
  struct Queued {
    std::unique_ptr<Request> request;
    Kept<v8::Promise::Resolver> resolver;
    Realm *realm;
  };

  void SetDeadline();
  void RestoreDeadline();
  // False when V8 could not.
  bool RejectLater(v8::Local<v8::Context> context, v8::Local<v8::Promise::Resolver> resolver);

  Engine &engine_;
  RunFrame *const outer_;
  const uint64_t number_;
  const RunOptions &options_;
  const TransferScope transfer_;
  int64_t deadline_ns_ = 0;            // of this run, on the watchdog's clock
  Watchdog::Deadline outer_deadline_;  // what the watchdog had before
  bool accepts_requests_ = true;
  bool accepts_imports_ = true;
  std::vector<Queued> queued_;
  size_t next_ = 0;
  std::unique_ptr<Request> last_;
  Realm *last_realm_ = nullptr;
  std::unique_ptr<Report> rejection_;
  std::vector<v8::Global<v8::Promise>> unhandled_;
  std::unique_ptr<Report> stash_;
};

}  // namespace fundb::js
