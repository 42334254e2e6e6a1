// PostgreSQL's clean-up of a session must run on the main thread, which sits in a built-in function
// of V8 and comes back to nobody.  So it is called from a signal there.  That is not clean: V8 may
// be in the middle of malloc.  It is what is left when cancel and terminate have failed; without it
// the session stays until the whole server is restarted.
//
// SIGUSR2 is ignored by ordinary backends.  The handler is put in place only at this moment.

#include "pg/emergency.h"

#include <pthread.h>

#include <csignal>

#include "pg/postgres.h"

namespace fundb::pg {

namespace {

pthread_t main_thread;
bool is_known = false;

void fundb_end_session(int) {
  // PostgreSQL's own code holds off interrupts where its state is in between; V8 is never called
  // from there.
  if (CritSectionCount > 0 || InterruptHoldoffCount > 0) return;
  HOLD_INTERRUPTS();
  ereport(
      FATAL,
      (errcode(ERRCODE_QUERY_CANCELED),
       errmsg("terminating connection because a script could not be interrupted"),
       errdetail(
           "The script called a built-in function of JavaScript that never looks at interrupts."),
       errhint("Bound the length of what such a function works on.")));
}

}  // namespace

void RememberMainThread() noexcept {
  main_thread = pthread_self();
  is_known = true;
}

void EndSession() noexcept {
  if (!is_known) return;
  struct sigaction action = {};
  action.sa_handler = fundb_end_session;
  sigemptyset(&action.sa_mask);
  if (sigaction(SIGUSR2, &action, nullptr) != 0) return;
  pthread_kill(main_thread, SIGUSR2);
}

}  // namespace fundb::pg
