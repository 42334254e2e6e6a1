#include "pg/interrupts.h"

#include <sched.h>

#include <csignal>

#include "pg/call.h"

extern "C" {
#include "miscadmin.h"
#include "tcop/tcopprot.h"
#include "utils/guc.h"
#include "utils/timeout.h"
}

namespace fundb::pg {

bool InterruptPending() noexcept {
  // Holding off interrupts is PostgreSQL's business; ServiceInterrupts asks again.
  return ::InterruptPending != 0;
}

bool StopPending() noexcept {
  return ::QueryCancelPending != 0 || ::ProcDiePending != 0 || ::ClientConnectionLost != 0;
}

void CancelStatement() noexcept {
  // PostgreSQL's own handler, which also wakes a backend that sleeps.  Only the main thread takes
  // signals.
  kill(MyProcPid, SIGINT);
}

void ForgetCancel() noexcept {
  // The signal is pending since kill() returned: the kernel delivers it before a system call ends.
  sched_yield();
  if (get_timeout_indicator(STATEMENT_TIMEOUT, false)) return;
  if (get_timeout_indicator(LOCK_TIMEOUT, false)) return;
  QueryCancelPending = 0;
}

void ServiceInterrupts() {
  Call([] { CHECK_FOR_INTERRUPTS(); });
}

uintptr_t StackLimit() noexcept {
  // PostgreSQL does not tell its stack base; set_stack_base() returns the old one when it sets a
  // new one.  Neither can fail, so neither is guarded: V8 ends the process when it gets no limit.
  pg_stack_base_t base = set_stack_base();
  restore_stack_base(base);
  // While libraries are preloaded there is none yet.
  if (base == nullptr) base = reinterpret_cast<pg_stack_base_t>(__builtin_frame_address(0));
  auto bottom = reinterpret_cast<uintptr_t>(base);
  // V8 needs a little behind its limit for its own C++; PostgreSQL keeps 512 kB of slop below its
  // own.
  uintptr_t depth = static_cast<uintptr_t>(max_stack_depth) * 1024;
  return bottom - depth;
}

}  // namespace fundb::pg
