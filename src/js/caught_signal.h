// A signal that the engine looks at first, before whoever had it until then.
#pragma once

#include <signal.h>

namespace fundb::js {

class CaughtSignal {
 public:
  using Handler = void (*)(int signal, siginfo_t *info, void *context);

  // Does nothing when `handler` is in place.  `flags` beside SA_SIGINFO.
  void Catch(int signal, Handler handler, int flags) noexcept;
  // From the handler: it is not ours.  May return.
  void Pass(int signal, siginfo_t *info, void *context) noexcept;

 private:
  struct sigaction next_ = {};
  bool is_passing_ = false;
};

}  // namespace fundb::js
