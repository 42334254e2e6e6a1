// What is done to a new context before user code sees it: what rules have no use for is taken
// away, console is added, and in the end everything reachable is frozen, in a way that ordinary
// code does not notice.  The work itself is JavaScript (lockdown_js.cpp).
#pragma once

#include <v8.h>

#include <functional>

namespace fundb::js {

class Engine;

// Calls `install` between the two halves, when globals may still be added.  Throws Error.
void Lockdown(Engine &engine, v8::Local<v8::Context> context,
              const std::function<void(v8::Local<v8::Object> global)> &install);

// The text of the script (lockdown_js.cpp).
extern const char *const kLockdownScript;

}  // namespace fundb::js
