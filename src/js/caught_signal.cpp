#include "js/caught_signal.h"

namespace fundb::js {

void CaughtSignal::Catch(int signal, Handler handler, int flags) noexcept {
  struct sigaction present = {};
  sigaction(signal, nullptr, &present);
  if ((present.sa_flags & SA_SIGINFO) != 0 && present.sa_sigaction == handler) return;
  struct sigaction action = {};
  action.sa_sigaction = handler;
  action.sa_flags = SA_SIGINFO | flags;
  sigemptyset(&action.sa_mask);
  sigaction(signal, &action, &next_);
}

void CaughtSignal::Pass(int signal, siginfo_t *info, void *context) noexcept {
  // The next one may know of us as its next one, if it was put in place between two of ours.
  bool is_ring = is_passing_;
  is_passing_ = true;
  if (!is_ring && (next_.sa_flags & SA_SIGINFO) != 0) {
    next_.sa_sigaction(signal, info, context);
  } else if (!is_ring && next_.sa_handler != SIG_DFL && next_.sa_handler != SIG_IGN) {
    next_.sa_handler(signal);
  } else if (is_ring || next_.sa_handler == SIG_DFL || info->si_code > 0) {
    // Sent again, since the instruction that trapped may be over.  It waits until this handler
    // has returned, so that a dump shows the place.
    struct sigaction plain = {};
    plain.sa_handler = SIG_DFL;
    sigaction(signal, &plain, nullptr);
    raise(signal);
  }
  is_passing_ = false;
}

}  // namespace fundb::js
