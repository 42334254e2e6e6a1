// Where the stack ends for JavaScript, and where for V8's own C++: a little later.  Some of that
// C++ ends the process when it comes to the end (the compiler of regular expressions), and a
// recursion can call it as deep as JavaScript gets.
#pragma once

#include <v8.h>

#include <cstdint>

namespace fundb::js {

// `limit` is the lowest address that V8 may use.  Returns the lowest that JavaScript may.  Not
// while JavaScript is on the stack.
uintptr_t SetStackLimit(v8::Isolate *isolate, uintptr_t limit) noexcept;

}  // namespace fundb::js
