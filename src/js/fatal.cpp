#include "js/fatal.h"

#include <signal.h>

#include <cstdlib>
#include <cstring>
#include <exception>
#include <iterator>
#include <string>
#include <thread>

#include "base/code_range.h"
#include "js/caught_signal.h"
#include "js/engine.h"
#include "js/stack_overflow.h"

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
  bool is_ours = EngineInUse() != nullptr;
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
CaughtSignal traps[std::size(kTraps)];
CodeRange code_of_v8;

void OnTrap(int signal, siginfo_t *info, void *context) noexcept {
  // A positive code: by an instruction, not sent by somebody.
  bool is_ours = newest_engine != nullptr && info->si_code > 0 && IsMainThread() &&
                 code_of_v8.Holds(ProgramCounter(context));
  if (is_ours) Die("it stopped itself, the server's log has its reason");
  traps[signal == kTraps[0] ? 0 : 1].Pass(signal, info, context);
}

void CatchSignals() noexcept {
  CatchStackOverflows(code_of_v8);
  for (size_t i = 0; i < std::size(kTraps); ++i) traps[i].Catch(kTraps[i], OnTrap, 0);
}

}  // namespace

void OnFatalError(const char *location, const char *message) {
  std::string text = "JavaScript engine failed: ";
  text += message != nullptr ? message : "";
  if (location != nullptr) text += std::string(" (") + location + ")";
  Die(text.c_str());
}

void OnOutOfMemory(const char *location, bool is_heap) {
  // Memory is what V8 says; it is the stack.
  if (location != nullptr && std::strcmp(location, "RegExpCompiler") == 0) {
    if (newest_engine != nullptr) newest_engine->host().NoStackForPattern();
    std::abort();
  }
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
  if (code_of_v8.start == 0) code_of_v8 = CodeAround(AddressOf(&v8::V8::GetVersion));
  CatchSignals();
}

Engine *EngineInUse() noexcept {
  bool is_in_use = newest_engine != nullptr && IsMainThread() && newest_engine->IsInUse();
  return is_in_use ? newest_engine : nullptr;
}

void ForgetFatalErrors(Engine *engine) noexcept {
  if (newest_engine == engine) newest_engine = nullptr;
}

}  // namespace fundb::js
