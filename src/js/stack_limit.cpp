#include "js/stack_limit.h"

#include <v8-internal.h>

#include <algorithm>

namespace fundb::js {

namespace {

// Enough to compile any regular expression that is not nested some hundred deep.  Where the stack
// is small, JavaScript needs most of it.
constexpr uintptr_t kReserve = 64 * 1024;
constexpr uintptr_t kLeastParts = 8;

// V8 has limits of its own for JavaScript and for C++, and no function that sets them apart.  The
// first two are the limits, the others what is compared with: the same, or a mark that makes the
// next look find an interrupt, which another thread may leave at any time.
struct Limits {
  uintptr_t javascript;
  uintptr_t native;
  uintptr_t javascript_now;
  uintptr_t native_now;
};

Limits &LimitsOf(v8::Isolate *isolate) noexcept {
  // V8's headers say where they begin: behind a pointer to the isolate.
  constexpr int kOffset = v8::internal::Internals::kIsolateStackGuardOffset + sizeof(void *);
  return *reinterpret_cast<Limits *>(reinterpret_cast<char *>(isolate) + kOffset);
}

}  // namespace

uintptr_t SetStackLimit(v8::Isolate *isolate, uintptr_t limit) noexcept {
  isolate->SetStackLimit(limit);
  Limits &limits = LimitsOf(isolate);
  // Elsewhere after all: then there is no reserve.
  if (limits.javascript != limit || limits.native != limit) return limit;
  auto here = reinterpret_cast<uintptr_t>(__builtin_frame_address(0));
  if (here <= limit) return limit;
  uintptr_t raised = limit + std::min(kReserve, (here - limit) / kLeastParts);
  limits.javascript = raised;
  __atomic_compare_exchange_n(&limits.javascript_now, &limit, raised, false, __ATOMIC_SEQ_CST,
                              __ATOMIC_SEQ_CST);
  return raised;
}

}  // namespace fundb::js
