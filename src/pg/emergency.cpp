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
#include <ucontext.h>

#include <csignal>
#include <cstdint>
#include <cstdlib>

#include "pg/postgres.h"

extern "C" {
#include "storage/ipc.h"
}

namespace fundb::pg {

namespace {

// Where code lies that must not be left in the middle.
struct CodeRange {
  uintptr_t start = 0;
  uintptr_t end = 0;
};
constexpr int kRanges = 3;
CodeRange no_exit_from[kRanges];

pthread_t main_thread;
bool is_known = false;
bool is_prepared = false;
const LastWords *last_words = nullptr;
// How often the main thread was met in the C library alone.  It may be copying there, for seconds.
int met_in_library = 0;
constexpr int kPatience = 500;

bool Holds(const CodeRange &range, uintptr_t address) {
  return address >= range.start && address < range.end;
}

// Whose executable memory is it?
CodeRange RangeAround(uintptr_t address) noexcept {
  struct Search {
    uintptr_t address;
    CodeRange found;
  } search = {address, {}};
  dl_iterate_phdr(
      [](dl_phdr_info *object, size_t, void *data) {
        auto *wanted = static_cast<Search *>(data);
        for (int i = 0; i < object->dlpi_phnum; ++i) {
          const ElfW(Phdr) &part = object->dlpi_phdr[i];
          if (part.p_type != PT_LOAD || (part.p_flags & PF_X) == 0) continue;
          CodeRange range;
          range.start = object->dlpi_addr + part.p_vaddr;
          range.end = range.start + part.p_memsz;
          if (!Holds(range, wanted->address)) continue;
          wanted->found = range;
          return 1;
        }
        return 0;
      },
      &search);
  return search.found;
}

uintptr_t ProgramCounter([[maybe_unused]] const void *context) noexcept {
#if defined(__x86_64__)
  return static_cast<uintptr_t>(
      static_cast<const ucontext_t *>(context)->uc_mcontext.gregs[REG_RIP]);
#elif defined(__aarch64__)
  return static_cast<uintptr_t>(static_cast<const ucontext_t *>(context)->uc_mcontext.pc);
#else
  return 0;
#endif
}

void fundb_end_session(int, siginfo_t *, void *context) {
  // PostgreSQL's own code holds off interrupts where its state is in between.
  if (CritSectionCount > 0 || InterruptHoldoffCount > 0) return;
  uintptr_t here = ProgramCounter(context);
  if (Holds(no_exit_from[0], here)) return;
  bool in_library = Holds(no_exit_from[1], here) || Holds(no_exit_from[2], here);
  if (in_library && ++met_in_library < kPatience) return;
  HOLD_INTERRUPTS();
  const LastWords &words = *last_words;
  const char *state = words.sqlstate;
  ereport(FATAL, (errcode(MAKE_SQLSTATE(state[0], state[1], state[2], state[3], state[4])),
                  errmsg_internal("%s", words.message), errdetail_internal("%s", words.detail),
                  errhint("%s", words.hint)));
}

template <typename Function>
uintptr_t AddressOf(Function *function) {
  return reinterpret_cast<uintptr_t>(function);
}

bool Prepare() noexcept {
  no_exit_from[0] = RangeAround(AddressOf(&proc_exit));
  // They may be in two: a sanitizer has a malloc of its own.
  no_exit_from[1] = RangeAround(AddressOf(&std::malloc));
  no_exit_from[2] = RangeAround(AddressOf(&dl_iterate_phdr));
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

void EndSession(const LastWords &words) noexcept {
  if (!is_known) return;
  last_words = &words;
  if (!is_prepared) is_prepared = Prepare();
  if (is_prepared) pthread_kill(main_thread, SIGUSR2);
}

}  // namespace fundb::pg
