// Where V8 gives up: fatal errors, no memory, an exception that its code lets out, the instruction
// by which it stops itself, the end of the stack.  The host of the youngest engine hears of it and
// ends its session (Host::Fatal); without this the process would abort, and with it the server.
#pragma once

#include <v8.h>

namespace fundb::js {

class Engine;

// V8's callbacks.  They do not return.
void OnFatalError(const char *location, const char *message);
void OnOutOfMemory(const char *location, bool is_heap);

// From now on `engine` is the youngest.  To be called on the main thread, when V8 is started.
void CatchFatalErrors(Engine *engine) noexcept;
// The youngest engine when it is in use and this is its thread, else null.  For signal handlers.
Engine *EngineInUse() noexcept;
// Before `engine` goes.
void ForgetFatalErrors(Engine *engine) noexcept;

}  // namespace fundb::js
