// What the engine needs from the program it lives in: interrupts, messages, the end of the stack.
// Declared here, implemented higher up (the server side; a stub in the unit tests), so that the
// engine knows nothing of PostgreSQL.
#pragma once

#include <cstdint>
#include <string_view>

namespace fundb::js {

enum class LogLevel {
  kDebug,    // console.debug
  kNotice,   // console.log, console.info
  kWarning,  // console.warn, console.error
};

class Host {
 public:
  virtual ~Host() = default;

  // Called from the watchdog's THREAD every few milliseconds while JavaScript runs.  Reads volatile
  // flags and nothing else.
  virtual bool InterruptPending() noexcept = 0;

  // The same, but only what is to end the script: a cancel, the session's end.
  virtual bool StopPending() noexcept = 0;

  // Main thread, JavaScript on the stack.  Serves what is pending; throws Error when that was a
  // cancel (the Error then ends the run and cannot be caught by JavaScript).
  virtual void ServiceInterrupts() = 0;

  // One message of `console`.  Main thread, JavaScript on the stack; may throw Error.
  virtual void Log(LogLevel level, std::string_view text) = 0;

  // The lowest address JavaScript may use of the main stack.
  virtual uintptr_t StackLimit() noexcept = 0;

  // Called from the watchdog's THREAD, once per request, when a deadline has passed while the host
  // carries it out: it is to end soon with an Error of the class of cancels.
  virtual void CancelRequest() noexcept {}

  // Main thread, after CancelRequest for a request that has ended since: what did not reach it must
  // not reach anything else.
  virtual void ForgetCancel() noexcept {}

  // Called from the watchdog's THREAD when a stop or an exceeded deadline had no effect for
  // seconds: JavaScript sits in a built-in function that V8 never interrupts.  The only cure is to
  // end the process's session.  Called again and again until the script is over, since it may be
  // no good moment.
  virtual void Unresponsive() noexcept {}

  // The same for a script that takes more and more memory and does not notice that it is to end.
  virtual void TakesTooMuchMemory() noexcept {}

  // Main thread, within V8, in the handler of a signal that runs on a stack of its own; `lowest` is
  // where that ends.  The main stack is used up, V8 can go neither on nor back.  Returns when this
  // is no moment to end the session; the process then dies.
  virtual void OutOfStack([[maybe_unused]] char *lowest) noexcept {}

  // V8 cannot go on (out of memory, broken heap).  Must not return; when it does, the process is
  // aborted.
  virtual void Fatal(const char *message) noexcept = 0;

  // The same when a regular expression takes more of the stack than there is.
  virtual void NoStackForPattern() noexcept { Fatal("the stack ends in a regular expression"); }
};

}  // namespace fundb::js
