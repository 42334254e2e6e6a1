#include "js/fatal.h"

#include <signal.h>

#include <cstdlib>
#include <exception>
#include <string>
#include <thread>

#include "base/code_range.h"
#include "js/engine.h"

namespace fundb::js {

namespace {

// V8's fatal callbacks carry no data.
Engine *newest_engine = nullptr;
std::thread::id main_thread;
std::terminate_handler next_terminate = nullptr;

[[noreturn]] void Die(const char *message) {
  if (newest_engine != nullptr) newest_engine->host().Fatal(message);
  std::abort();
}

bool IsMainThread() noexcept { return std::this_thread::get_id() == main_thread; }

// Code of V8 that was built to know no exceptions lets those of the standard library out: a pattern
// of a hundred megabytes needs a vector that cannot be.
[[noreturn]] void OnTerminate() {
  bool is_ours = newest_engine != nullptr && newest_engine->IsInUse() && IsMainThread();
  std::set_terminate(next_terminate);
  if (is_ours) Die("an exception that nothing catches");
  if (next_terminate != nullptr) next_terminate();
  std::abort();
}

// Much of V8 knows no way to fail but to print why and execute an instruction that traps, asking
// nobody: "x".repeat(1.4e8).split("") needs an array longer than any can be.  The signal comes from
// V8's own code then, which holds no lock of the C library and is in nothing of the host's.  Any
// other keeps its meaning; abort() is not looked at, since V8 never calls it, while the host and
// the C library do when memory is broken.
constexpr int kTraps[] = {SIGTRAP, SIGILL};
struct sigaction next_actions[2];
CodeRange code_of_v8;

void Pass(int signal, siginfo_t *info, void *context) noexcept {
  const struct sigaction &next = next_actions[signal == kTraps[0] ? 0 : 1];
  if ((next.sa_flags & SA_SIGINFO) != 0) {
    next.sa_sigaction(signal, info, context);
  } else if (next.sa_handler != SIG_DFL && next.sa_handler != SIG_IGN) {
    next.sa_handler(signal);
  } else if (next.sa_handler == SIG_DFL || info->si_code > 0) {
    // Sent again, since the instruction that trapped may be over.  It waits until this handler
    // has returned, so that a dump shows the place.
    struct sigaction plain = {};
    plain.sa_handler = SIG_DFL;
    sigaction(signal, &plain, nullptr);
    raise(signal);
  }
}

void OnTrap(int signal, siginfo_t *info, void *context) noexcept {
  // A positive code: by an instruction, not sent by somebody.
  bool is_ours = newest_engine != nullptr && info->si_code > 0 && IsMainThread() &&
                 code_of_v8.Holds(ProgramCounter(context));
  if (is_ours) Die("it stopped itself, the server's log has its reason");
  Pass(signal, info, context);
}

void CatchTraps() noexcept {
  if (code_of_v8.start != 0) return;
  code_of_v8 = CodeAround(AddressOf(&v8::V8::GetVersion));
  for (size_t i = 0; i < std::size(kTraps); ++i) {
    struct sigaction action = {};
    action.sa_sigaction = OnTrap;
    action.sa_flags = SA_SIGINFO;
    sigemptyset(&action.sa_mask);
    sigaction(kTraps[i], &action, &next_actions[i]);
  }
}

}  // namespace

void OnFatalError(const char *location, const char *message) {
  std::string text = "JavaScript engine failed: ";
  text += message != nullptr ? message : "";
  if (location != nullptr) text += std::string(" (") + location + ")";
  Die(text.c_str());
}

void OnOutOfMemory(const char *location, bool is_heap) {
  std::string text =
      is_heap ? "JavaScript engine is out of heap memory" : "JavaScript engine is out of memory";
  if (location != nullptr) text += std::string(" (") + location + ")";
  Die(text.c_str());
}

void CatchFatalErrors(Engine *engine) noexcept {
  newest_engine = engine;
  main_thread = std::this_thread::get_id();
  std::terminate_handler present = std::set_terminate(OnTerminate);
  if (present != OnTerminate) next_terminate = present;
  CatchTraps();
}

void ForgetFatalErrors(Engine *engine) noexcept {
  if (newest_engine == engine) newest_engine = nullptr;
}

}  // namespace fundb::js
