// Starts V8 once per process: single-threaded, flags, version check.  Never stopped, on purpose: at
// exit() other parts may still refer to it.
#pragma once

namespace fundb::js {

// Starts V8 if it is not started yet.  Throws Error when the library that was loaded is not the
// version this code was compiled for.  Makes no thread, so it may be called before a fork.
void StartPlatform();

bool IsPlatformStarted() noexcept;

// The version of V8, for version(): "10.2.154.26-node.36".
const char *V8Version() noexcept;

}  // namespace fundb::js
