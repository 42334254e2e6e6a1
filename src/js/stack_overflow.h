// The end of the main stack, for code of V8 that recurses in C++ and does not ask for the limit:
// the compiler of regular expressions does for each group that looks ahead or behind.  The kernel
// would end the process, and the server with it.  Here the stack gets longer, so that V8 comes to a
// check; when it does not, the session ends (Host::OutOfStack).
#pragma once

#include "base/code_range.h"

namespace fundb::js {

// To be called on the main thread, again with each engine: somebody else may have taken SIGSEGV
// since.  Holds for children, too.
void CatchStackOverflows(const CodeRange &code_of_v8) noexcept;

}  // namespace fundb::js
