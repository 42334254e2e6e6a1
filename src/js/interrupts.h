// The watchdog: a thread that looks, while JavaScript runs, whether the host wants to interrupt it,
// its time is over or it takes too much memory, and then asks V8 to call back on the main thread.
// V8 itself knows nothing of the host's flags.  The thread blocks all signals, touches atomics
// only, and is made when JavaScript first runs: there is none before a fork.
#pragma once

#include <v8.h>

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>

namespace fundb::js {

class Engine;

class Watchdog {
 public:
  explicit Watchdog(Engine &engine) : engine_(engine) {}
  ~Watchdog();
  Watchdog(const Watchdog &) = delete;
  Watchdog &operator=(const Watchdog &) = delete;

  // JavaScript gets on the stack, leaves it.  Called for every row: a few nanoseconds, no system
  // call unless the watchdog fell asleep.  Enter throws Error when the thread cannot be made; it
  // returns the stay that goes on when this one is left, 0 for none.
  uint64_t Enter() {
    // No barrier here: the watchdog waits between saying that it sleeps and a last look at these
    // (see Loop), so it is its wait that makes one of the two see the other.
    uint64_t outer = running_.load(std::memory_order_relaxed);
    used_.store(true, std::memory_order_relaxed);
    running_.store(++stay_, std::memory_order_release);
    if (asleep_.load(std::memory_order_acquire)) WakeUp();
    return outer;
  }
  bool IsInStay() const { return running_.load(std::memory_order_relaxed) != 0; }
  void Leave(uint64_t outer) { running_.store(outer, std::memory_order_release); }

  // JavaScript makes way for the host, goes on.  What Pause returns is for Resume, which begins a
  // new stay if there was one: what the host took of memory is not the script's.
  uint64_t Pause() {
    uint64_t stay = running_.load(std::memory_order_relaxed);
    Leave(0);
    return stay;
  }
  // Wakes the thread at most, which is there since the stay before: that cannot fail.
  void Resume(uint64_t stay) noexcept {
    if (stay != 0) Enter();
  }

  // For as long as it lives the host is at work, below a script that waits.
  class PauseScope {
   public:
    explicit PauseScope(Watchdog &watchdog) : watchdog_(watchdog), stay_(watchdog.Pause()) {}
    ~PauseScope() { watchdog_.Resume(stay_); }
    PauseScope(const PauseScope &) = delete;
    PauseScope &operator=(const PauseScope &) = delete;

   private:
    Watchdog &watchdog_;
    uint64_t stay_;
  };

  // The host carries out a request, has done so.  Returns, takes what was under way before.
  uint64_t BeginRequest() {
    uint64_t outer = request_.load(std::memory_order_relaxed);
    request_.store(++requests_, std::memory_order_release);
    return outer;
  }
  // No cancel for the request that ends is under way afterwards: it would hit what comes next.
  void EndRequest(uint64_t outer) {
    uint64_t own = request_.load(std::memory_order_relaxed);
    request_.store(outer, std::memory_order_seq_cst);
    if (claimed_.load(std::memory_order_seq_cst) == own) ForgetCancel(own);
  }

  // An interrupt is to be served, here or by V8.
  bool IsRequested() const { return requested_.load(std::memory_order_relaxed); }
  // Serves what is pending, from C++ with or without JavaScript on the stack.  Throws Error, or
  // Pending when JavaScript is to end.
  void ServeNow();

  // Absolute time on Now()'s clock, 0 = none.
  struct Deadline {
    int64_t ns = 0;  // 0 = none
    // It is that of a run which began behind this request: for those before it, it is nothing.
    uint64_t request = 0;
  };
  Deadline deadline() const {
    return {deadline_ns_.load(std::memory_order_relaxed),
            deadline_request_.load(std::memory_order_relaxed)};
  }
  // An earlier one for a run that begins now.
  void SetDeadline(int64_t ns) {
    deadline_request_.store(requests_, std::memory_order_release);
    deadline_ns_.store(ns, std::memory_order_release);
  }
  // The one before, when that run is over.  The other way round: the thread never sees the deadline
  // of the run within with what belongs to the one around it.
  void RestoreDeadline(const Deadline &deadline) {
    deadline_ns_.store(deadline.ns, std::memory_order_release);
    deadline_request_.store(deadline.request, std::memory_order_release);
  }
  static int64_t Now();

 private:
  void WakeUp();
  void Loop();
  void Poll(int64_t now);
  void LookAtMemory(uint64_t stay);
  void LookAtRequest(int64_t now);
  void ForgetCancel(uint64_t request);
  static void OnInterrupt(v8::Isolate *isolate, void *data);

  Engine &engine_;
  // The number of the current stay in JavaScript, 0 while there is none.
  std::atomic<uint64_t> running_{0};
  uint64_t stay_ = 0;
  std::atomic<bool> used_{false};
  // The number of the innermost request, 0 while there is none.
  std::atomic<uint64_t> request_{0};
  uint64_t requests_ = 0;
  // The request that the thread is about to cancel or has canceled, and the one that it has.
  std::atomic<uint64_t> claimed_{0};
  std::atomic<uint64_t> canceled_{0};
  std::atomic<int64_t> deadline_ns_{0};
  std::atomic<uint64_t> deadline_request_{0};
  std::atomic<bool> asleep_{true};
  // An interrupt was requested from V8 and was not yet served.
  std::atomic<bool> requested_{false};
  // The stay that was told to end by a cancel.
  std::atomic<uint64_t> ended_stay_{0};
  // The stay in which too much memory was taken.
  std::atomic<uint64_t> grew_too_much_{0};

  // Of the thread.
  uint64_t stop_stay_ = 0;  // that should have stopped, since when
  int64_t stop_since_ = 0;
  uint64_t measured_stay_ = 0;
  int64_t bytes_before_ = 0;  // when the stay was first seen
  int idle_polls_ = 0;

  std::mutex mutex_;
  std::condition_variable wake_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace fundb::js
