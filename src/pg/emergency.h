// The last resort against a script that V8 cannot interrupt: end this session, and no other.
#pragma once

namespace fundb::pg {

// What the client and the log are told.  Literals: read in a signal handler.
struct LastWords {
  char sqlstate[6];
  const char *message;
  const char *detail;
  const char *hint;
};

// Called on the thread that runs the backend, before the first use.
void RememberMainThread() noexcept;

// From any other thread, while the main thread is inside V8 and has not reacted for seconds: makes
// it end the session with a FATAL error.  Does nothing when the main thread must not be disturbed
// where it is: it may be elsewhere at the next call.
void EndSession(const LastWords &words) noexcept;

}  // namespace fundb::pg
