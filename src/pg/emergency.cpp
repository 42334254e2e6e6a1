// PostgreSQL's clean-up of a session must run on the main thread, which sits in a built-in function
// of V8 and comes back to nobody.  So it is called from a signal there.  That is not clean, but
// without it the session stays until the whole server is restarted.  It is done only where the
// thread holds nothing that the clean-up needs: neither in PostgreSQL's own code nor in the C
// library, whose malloc has a lock.
//
// SIGUSR2 is ignored by ordinary backends.  The handler is put in place only at this moment.

#include "pg/emergency.h"

#include <link.h>
#include <pthread.h>

#include <csignal>
#include <cstddef>
#include <cstdlib>

#include "base/code_range.h"

#include "pg/postgres.h"

extern "C" {
#include "miscadmin.h"
#include "storage/ipc.h"
#include "tcop/tcopprot.h"
}

namespace fundb::pg {

namespace {

// Where code lies that must not be left in the middle.
constexpr int kRanges = 3;
CodeRange no_exit_from[kRanges];

pthread_t main_thread;
bool is_known = false;
bool is_prepared = false;
const LastWords *last_words = nullptr;
// How often the main thread was met in the C library alone.  It may be copying there, for seconds.
int met_in_library = 0;
constexpr int kPatience = 500;

// PostgreSQL's own code holds off interrupts where its state is in between.
bool IsInBetween() noexcept { return CritSectionCount > 0 || InterruptHoldoffCount > 0; }

[[noreturn]] void End(const LastWords &words) noexcept {
  HOLD_INTERRUPTS();
  const char *state = words.sqlstate;
  ereport(FATAL, (errcode(MAKE_SQLSTATE(state[0], state[1], state[2], state[3], state[4])),
                  errmsg_internal("%s", words.message), errdetail_internal("%s", words.detail),
                  errhint("%s", words.hint)));
  std::abort();
}

// PostgreSQL takes the distance from its stack's base for the depth: counts from here on.
void CountDepthFromHere() noexcept {
  restore_stack_base(static_cast<char *>(__builtin_frame_address(0)));
}

void fundb_end_session(int, siginfo_t *, void *context) {
  if (IsInBetween()) return;
  uintptr_t here = ProgramCounter(context);
  if (no_exit_from[0].Holds(here)) return;
  bool in_library = no_exit_from[1].Holds(here) || no_exit_from[2].Holds(here);
  if (in_library && ++met_in_library < kPatience) return;
  CountDepthFromHere();
  End(*last_words);
}

bool Prepare() noexcept {
  no_exit_from[0] = CodeAround(AddressOf(&proc_exit));
  // They may be in two: a sanitizer has a malloc of its own.
  no_exit_from[1] = CodeAround(AddressOf(&std::malloc));
  no_exit_from[2] = CodeAround(AddressOf(&dl_iterate_phdr));
  struct sigaction action = {};
  action.sa_sigaction = fundb_end_session;
  action.sa_flags = SA_SIGINFO | SA_RESTART;
  sigemptyset(&action.sa_mask);
  return sigaction(SIGUSR2, &action, nullptr) == 0;
}

}  // namespace

void RememberMainThread() noexcept {
  main_thread = pthread_self();
  is_known = true;
}

void LetCleanUpGoDeep() noexcept { CountDepthFromHere(); }

void EndSession(const LastWords &words) noexcept {
  if (!is_known) return;
  last_words = &words;
  if (!is_prepared) is_prepared = Prepare();
  if (is_prepared) pthread_kill(main_thread, SIGUSR2);
}

void EndSessionHere(const LastWords &words, char *lowest) noexcept {
  if (IsInBetween()) return;
  // PostgreSQL takes the distance from its stack's base for the depth: with this one it finds as
  // much left as there is.
  constexpr ptrdiff_t kSlop = 256 << 10;
  char *base = lowest + kSlop + ptrdiff_t{max_stack_depth} * 1024;
  char *here = static_cast<char *>(__builtin_frame_address(0));
  restore_stack_base(base < here ? here : base);
  End(words);
}

}  // namespace fundb::pg
