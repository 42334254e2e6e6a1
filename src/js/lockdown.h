// What is done to a new context before user code sees it: what rules have no use for is taken
// away, console is added, and in the end everything reachable is locked, in a way that ordinary
// code does not notice.  The work itself is JavaScript (lockdown_js.cpp).
#pragma once

#include <v8.h>

#include <functional>

namespace fundb::js {

class Engine;

// A new context, not yet locked.  Throws Error.
v8::Local<v8::Context> NewContext(v8::Isolate *isolate);

// Locks the built-in objects, adds console, calls `install` for the globals of higher floors, and
// locks those and the global object itself.  Throws Error.
void Lockdown(Engine &engine, v8::Local<v8::Context> context,
              const std::function<void(v8::Local<v8::Object> global)> &install);

// The texts (lockdown_js.cpp).
extern const char *const kEarlyScript;
extern const char *const kIntrinsicsScript;
extern const char *const kConsoleScript;

}  // namespace fundb::js
