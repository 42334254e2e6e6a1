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

// Before a FATAL error that is raised in the depth of V8, maybe below max_stack_depth: the clean-up
// asks for the depth, and must not be refused.  The session is over.
void LetCleanUpGoDeep() noexcept;

// From any other thread, while the main thread is inside V8 and has not reacted for seconds: makes
// it end the session with a FATAL error.  Does nothing when the main thread must not be disturbed
// where it is: it may be elsewhere at the next call.
void EndSession(const LastWords &words) noexcept;

// On the main thread, in the handler of a signal that runs on a stack of its own, for the main
// stack is used up: ends the session with a FATAL error.  `lowest` is the end of that other stack,
// which has a megabyte.  Returns when PostgreSQL is in something that must not be left in the
// middle.
void EndSessionHere(const LastWords &words, char *lowest) noexcept;

}  // namespace fundb::pg
