// The last resort against a script that V8 cannot interrupt: end this session, and no other.
#pragma once

namespace fundb::pg {

// Called on the thread that runs the backend, before the first use.
void RememberMainThread() noexcept;

// From any thread, while the main thread is inside V8 and has not reacted for seconds: makes it end
// the session with a FATAL error.  Does nothing when the main thread is in PostgreSQL's own code
// and must not be disturbed there.
void EndSession() noexcept;

}  // namespace fundb::pg
