#include "js/interrupts.h"

#include <pthread.h>
#include <signal.h>

#include <chrono>
#include <system_error>

#include "base/error.h"
#include "js/engine.h"
#include "js/handles.h"
#include "js/limits.h"
#include "js/process_memory.h"
#include "js/run_frame.h"

namespace fundb::js {

namespace {

// Short against the 100 ms in which a cancel should take effect, long against the cost of a poll.
constexpr std::chrono::milliseconds kPeriod(10);
// After this many polls without JavaScript the thread sleeps until it is woken: an idle session
// costs nothing, and a busy one does not pay for waking it at every row.
constexpr int kIdlePolls = 50;
// How long a script may fail to react before it counts as stuck in a built-in function that cannot
// be interrupted.  The slowest honest ones (sorting, JSON, a large regular expression) either
// react or end sooner.
constexpr int64_t kGraceNs = 2'000'000'000;

}  // namespace

int64_t Watchdog::Now() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

Watchdog::~Watchdog() {
  if (!thread_.joinable()) return;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    stop_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void Watchdog::WakeUp() {
  std::lock_guard<std::mutex> lock(mutex_);
  asleep_.store(false);
  if (thread_.joinable()) {
    wake_.notify_one();
    return;
  }
  // The signal mask is inherited: signals must go on reaching the main thread only.
  sigset_t all;
  sigset_t previous;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &previous);
  try {
    thread_ = std::thread([this] { Loop(); });
  } catch (const std::system_error &error) {
    pthread_sigmask(SIG_SETMASK, &previous, nullptr);
    asleep_.store(true);
    running_.store(0);
    throw Error("53000",
                std::string("could not start the watchdog thread of JavaScript: ") + error.what());
  }
  pthread_sigmask(SIG_SETMASK, &previous, nullptr);
}

void Watchdog::Loop() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (!stop_) {
    if (idle_polls_ >= kIdlePolls) {
      asleep_.store(true, std::memory_order_seq_cst);
      auto woken = [this] { return stop_ || !asleep_.load(); };
      // JavaScript may have started just before, without seeing that: one period is ages for what
      // the main thread stored then to be seen here.
      if (!wake_.wait_for(lock, kPeriod, woken) && !used_.load(std::memory_order_seq_cst) &&
          running_.load(std::memory_order_seq_cst) == 0) {
        wake_.wait(lock, woken);
      }
      asleep_.store(false);
      idle_polls_ = 0;
      continue;
    }
    wake_.wait_for(lock, kPeriod);
    Poll(Now());
  }
}

void Watchdog::Poll(int64_t now) {
  bool used = used_.exchange(false, std::memory_order_relaxed);
  uint64_t stay = running_.load(std::memory_order_acquire);
  if (stay == 0) {
    bool has_deadline = deadline_ns_.load(std::memory_order_relaxed) != 0;
    idle_polls_ = used || has_deadline ? 0 : idle_polls_ + 1;
    if (has_deadline) LookAtRequest(now);
    return;
  }
  idle_polls_ = 0;
  LookAtMemory(stay);
  int64_t deadline = deadline_ns_.load(std::memory_order_relaxed);
  bool is_late = deadline != 0 && now >= deadline;
  bool grew_too_much = grew_too_much_.load(std::memory_order_relaxed) == stay;
  bool wanted = is_late || grew_too_much || engine_.limits().IcuHasMoved() ||
                engine_.host().InterruptPending();
  if (wanted && !requested_.exchange(true)) engine_.isolate()->RequestInterrupt(OnInterrupt, this);
  // Time counts from when the script is to stop: there are other interrupts, and those can wait.
  bool must_stop = is_late || engine_.host().StopPending() ||
                   ended_stay_.load(std::memory_order_relaxed) == stay;
  if (!must_stop) {
    stop_stay_ = 0;
  } else if (stop_stay_ != stay) {
    stop_stay_ = stay;
    stop_since_ = now;
  } else if (now - stop_since_ > kGraceNs && running_.load(std::memory_order_acquire) == stay) {
    engine_.host().Unresponsive();
  }
}

// What the host does for a script counts as the script's time.
void Watchdog::LookAtRequest(int64_t now) {
  uint64_t request = request_.load(std::memory_order_acquire);
  if (request == 0 || request == canceled_.load(std::memory_order_relaxed)) return;
  if (request <= deadline_request_.load(std::memory_order_acquire)) return;
  int64_t deadline = deadline_ns_.load(std::memory_order_acquire);
  if (deadline == 0 || now < deadline) return;
  // One of the two sees what the other stored: either the main thread finds the claim when the
  // request ends and waits for what becomes of it, or it has ended the request before this look.
  claimed_.store(request, std::memory_order_seq_cst);
  if (request_.load(std::memory_order_seq_cst) != request) {
    claimed_.store(0, std::memory_order_release);
    return;
  }
  engine_.host().CancelRequest();
  canceled_.store(request, std::memory_order_release);
}

// Main thread, the request has ended.
void Watchdog::ForgetCancel(uint64_t request) {
  // For microseconds, if at all.
  while (claimed_.load(std::memory_order_acquire) == request &&
         canceled_.load(std::memory_order_acquire) != request) {
    std::this_thread::yield();
  }
  if (canceled_.load(std::memory_order_acquire) == request) engine_.host().ForgetCancel();
}

// Whoever stays long may come to take much.  Between two looks a process can take some tens of
// megabytes.
void Watchdog::LookAtMemory(uint64_t stay) {
  int64_t bytes = PrivateBytes();
  if (bytes < 0) return;
  if (measured_stay_ != stay) {
    measured_stay_ = stay;
    bytes_before_ = bytes;
    return;
  }
  int64_t growth = bytes - bytes_before_;
  // What the host took after the script had left is no business of ours.
  if (running_.load(std::memory_order_acquire) != stay) return;
  if (growth > engine_.limits().AllowedGrowth()) {
    grew_too_much_.store(stay, std::memory_order_relaxed);
  }
  if (growth > engine_.limits().UnbearableGrowth()) engine_.host().TakesTooMuchMemory();
}

void Watchdog::ServeNow() {
  if (running_.load(std::memory_order_relaxed) == 0) {
    engine_.host().ServiceInterrupts();
    return;
  }
  OnInterrupt(engine_.isolate(), this);
  RunFrame *frame = engine_.innermost();
  if (frame != nullptr && frame->has_stash()) throw Pending();
}

// Main thread, JavaScript on the stack.
void Watchdog::OnInterrupt(v8::Isolate *, void *data) {
  Watchdog &watchdog = *static_cast<Watchdog *>(data);
  watchdog.requested_.store(false);
  // V8 may look up so late that the script which was meant is over.  What is still to be done then
  // is asked for again, and what that script took must not end the next one.
  if (watchdog.running_.load(std::memory_order_relaxed) == 0) return;
  Engine &engine = watchdog.engine_;
  try {
    for (RunFrame *frame = engine.innermost(); frame != nullptr; frame = frame->outer()) {
      if (!frame->IsPastDeadline()) continue;
      frame->StashTimeout();
      engine.Terminate();
      return;
    }
    try {
      engine.host().ServiceInterrupts();
    } catch (...) {
      // V8 may serve an interrupt in the middle of what it does not give up before it is done.
      watchdog.ended_stay_.store(watchdog.stay_, std::memory_order_relaxed);
      throw;
    }
    if (engine.limits().IcuHasMoved()) engine.limits().ReportIcu();
    if (watchdog.grew_too_much_.load(std::memory_order_relaxed) == watchdog.stay_) {
      engine.limits().GrewTooMuch();
    }
  } catch (const Error &error) {
    engine.StashAndTerminate(error.report());
  } catch (...) {
    Report report;
    report.message = "unexpected exception while interrupts were served";
    engine.StashAndTerminate(std::move(report));
  }
}

}  // namespace fundb::js
