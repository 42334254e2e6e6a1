// Down-crossing: C++ calls C that may ereport.  Call(lambda) runs the lambda under its own jump
// buffer and turns PostgreSQL's error into a C++ Error with every field.
//
// The lambda holds C calls and plain variables only: nothing with a destructor, no throw, no V8.
// Afterwards the error is in the exception, the memory context is the caller's and the error stack
// is empty, but the (sub)transaction is not rolled back: Report::needs_rollback says so until a
// Subtransaction is.
#pragma once

#include <csetjmp>
#include <type_traits>

#include "base/error.h"

#include "pg/faults.h"
#include "pg/postgres.h"

namespace fundb::pg {

namespace internal {
// Copies and flushes the error in flight, restores the memory context, throws Error.
[[noreturn]] void ThrowCaughtError(MemoryContext context);
}  // namespace internal

template <typename F>
__attribute__((noinline)) auto Call(F &&function) -> std::invoke_result_t<F> {
  using Result = std::invoke_result_t<F>;
  static_assert(std::is_void_v<Result> || std::is_trivially_destructible_v<Result>,
                "a longjmp would skip the destructor");
  sigjmp_buf *const saved_exception_stack = PG_exception_stack;
  ErrorContextCallback *const saved_context_stack = error_context_stack;
  MemoryContext const saved_context = CurrentMemoryContext;
  sigjmp_buf buffer;
  if (sigsetjmp(buffer, 0) == 0) {
    PG_exception_stack = &buffer;
    // Context lines of outer levels are added when Raise hands the error up to them, once each.
    error_context_stack = nullptr;
    fundb_fault_point();
    if constexpr (std::is_void_v<Result>) {
      function();
      PG_exception_stack = saved_exception_stack;
      error_context_stack = saved_context_stack;
      return;
    } else {
      Result result = function();
      PG_exception_stack = saved_exception_stack;
      error_context_stack = saved_context_stack;
      return result;
    }
  }
  PG_exception_stack = saved_exception_stack;
  error_context_stack = saved_context_stack;
  internal::ThrowCaughtError(saved_context);
}

// The same for destructors and other places that cannot fail: an error is dropped, and false
// returned.
template <typename F>
bool CallQuietly(F &&function) noexcept {
  NoFaults no_faults;
  (void)no_faults;
  try {
    Call(function);
    return true;
  } catch (...) {
    return false;
  }
}

}  // namespace fundb::pg
