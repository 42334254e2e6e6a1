#include "js/stack_overflow.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

#include "js/caught_signal.h"
#include "js/engine.h"
#include "js/fatal.h"

namespace fundb::js {

namespace {

// Where the handler runs, and the host's clean-up when it ends the session.  Of no cost until then:
// the kernel gives memory to pages that are touched.
constexpr size_t kOwnStack = 1 << 20;
// How much longer the stack gets.  Some 300,000 groups of a pattern fit in, which then end with the
// error that V8 has for them.
constexpr uintptr_t kGrowth = 32 << 20;
// Beyond that: for what must not be left in the middle, malloc above all.  The next overflow is
// mostly in code of V8 again.  Steps are small, since a pattern could be made for a few large ones.
constexpr uintptr_t kLastGrowth = 8 << 20;
constexpr uintptr_t kStep = 1 << 20;
constexpr uintptr_t kLastStep = 64 << 10;
// What stays free below, as the kernel has it: no frame of V8 is that large.
constexpr uintptr_t kGap = 1 << 20;
// The kernel puts so much on the stack to call a handler, at most: registers of 8 kB exist.
constexpr uintptr_t kSignalFrame = 16 << 10;

CaughtSignal bad_accesses;
CodeRange code_of_v8;
char *own_stack = nullptr;
uintptr_t stack_top;
uintptr_t page_bytes;
uintptr_t grown = 0;

uintptr_t PageOf(uintptr_t address) { return address & ~(page_bytes - 1); }

// False when anything is there.
bool Map(uintptr_t start, uintptr_t bytes) noexcept {
  auto *wanted = reinterpret_cast<void *>(start);
  void *got = mmap(wanted, bytes, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
  if (got == wanted) return true;
  // Kernels before 4.17 take the address for a wish.
  if (got != MAP_FAILED) munmap(got, bytes);
  return false;
}

bool IsMapped(uintptr_t page) noexcept {
  unsigned char state;
  return mincore(reinterpret_cast<void *>(page), page_bytes, &state) == 0;
}

// Makes the stack reach below `address`, by memory of our own: the limit on the stack's size, which
// the kernel asks for its own growing of it, can often not be raised.
bool Grow(uintptr_t address, uintptr_t bytes) noexcept {
  uintptr_t end = PageOf(address) + page_bytes;
  uintptr_t start = end - bytes;
  if (!Map(start - kGap, bytes + kGap)) return false;
  munmap(reinterpret_cast<void *>(start - kGap), kGap);
  grown += bytes;
  // A frame may have left out pages.
  for (; Map(end, page_bytes); end += page_bytes) grown += page_bytes;
  return true;
}

bool IsOnMainStack(uintptr_t stack_pointer) noexcept {
  rlimit limit;
  if (stack_pointer >= stack_top || getrlimit(RLIMIT_STACK, &limit) != 0) return false;
  return limit.rlim_cur == RLIM_INFINITY ||
         stack_top - stack_pointer <= limit.rlim_cur + grown + kGap;
}

// The address that the stack does not reach, 0 when it is not the stack that is missing.
uintptr_t MissingStack(const siginfo_t &info, const void *context) noexcept {
  uintptr_t top = StackPointer(context);
  if (!IsOnMainStack(top)) return 0;
  if (info.si_code == SEGV_MAPERR) {
    auto address = reinterpret_cast<uintptr_t>(info.si_addr);
    return address >= top - kGap && address < top + kGap ? address : 0;
  }
  if (info.si_code != SI_KERNEL) return 0;
  // Another signal came for which there was no room.
  for (uintptr_t page = PageOf(top); page > top - kSignalFrame; page -= page_bytes) {
    if (!IsMapped(page)) return page;
  }
  return 0;
}

void OnBadAccess(int signal, siginfo_t *info, void *context) noexcept {
  int error = errno;
  Engine *engine = EngineInUse();
  uintptr_t missing = engine == nullptr ? 0 : MissingStack(*info, context);
  if (missing != 0) {
    bool is_in_v8 = code_of_v8.Holds(ProgramCounter(context));
    // The kernel has lost the signal that found no room.  It may have been one that was to end the
    // session.
    bool is_last = is_in_v8 && info->si_code == SI_KERNEL;
    bool has_grown = false;
    if (grown < kGrowth && !is_last) {
      has_grown = Grow(missing, kStep);
    } else if (grown < kGrowth + kLastGrowth && !is_in_v8) {
      has_grown = Grow(missing, kLastStep);
    }
    errno = error;
    if (has_grown) return;
    if (is_in_v8) engine->host().OutOfStack(own_stack);
  }
  bad_accesses.Pass(signal, info, context);
  errno = error;
}

// The stack to handle it on.  It has a page below that nobody may touch.
bool MakeOwnStack() noexcept {
  if (own_stack != nullptr) return true;
  page_bytes = static_cast<uintptr_t>(sysconf(_SC_PAGESIZE));
  void *memory =
      mmap(nullptr, page_bytes + kOwnStack, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return false;
  char *start = static_cast<char *>(memory) + page_bytes;
  if (mprotect(start, kOwnStack, PROT_READ | PROT_WRITE) != 0) {
    munmap(memory, page_bytes + kOwnStack);
    return false;
  }
  own_stack = start;
  return true;
}

}  // namespace

void CatchStackOverflows(const CodeRange &code) noexcept {
  // Without it nothing is caught: there would be no place for a handler.
  if (!MakeOwnStack()) return;
  stack_t stack = {};
  stack.ss_sp = own_stack;
  stack.ss_size = kOwnStack;
  if (sigaltstack(&stack, nullptr) != 0) return;
  code_of_v8 = code;
  auto here = reinterpret_cast<uintptr_t>(__builtin_frame_address(0));
  if (here > stack_top) stack_top = here;
  bad_accesses.Catch(SIGSEGV, OnBadAccess, SA_ONSTACK);
}

}  // namespace fundb::js
