// PostgreSQL's pending interrupts (cancel, terminate, time-outs).  Main thread unless said
// otherwise.
#pragma once

#include <cstdint>

namespace fundb::pg {

// May be called from any thread: reads flags only.
bool InterruptPending() noexcept;

// The same for what ends a statement or the session.  Others (statistics to report, a barrier) may
// wait for any time.
bool StopPending() noexcept;

// From any thread: cancels what the main thread executes, as a request by the user would.
void CancelStatement() noexcept;

// After CancelStatement has returned in the other thread: takes the cancel back if nothing has
// served it yet.  One of the user's that came in the same moment goes with it, those of
// PostgreSQL's own time-outs stay.
void ForgetCancel() noexcept;

// CHECK_FOR_INTERRUPTS under a guard: throws PostgreSQL's own error.
void ServiceInterrupts();

// The lowest address that C or JavaScript may use of the stack, from max_stack_depth.
uintptr_t StackLimit() noexcept;

}  // namespace fundb::pg
