// Callback(info, body): the only way in from V8.  Turns every C++ exception of the body into what
// V8 understands; nothing is thrown out of it, since libnode is built without exceptions.
#pragma once

#include <v8.h>

#include <utility>

namespace fundb::js {

// Called inside a catch block: rethrows and sorts what is in flight.  Pending: nothing to do, V8
// knows.  Error: a JavaScript exception made by the ErrorFactory; an uncatchable one is stashed
// and JavaScript is terminated.  bad_alloc: uncatchable 53200.  Anything else: internal error.
void ThrowIntoJavaScript(v8::Isolate *isolate) noexcept;

// `info` is a FunctionCallbackInfo or a PropertyCallbackInfo.  `body` takes no argument; it sets
// the return value through `info`.
template <typename Info, typename Body>
void Callback(const Info &info, Body &&body) noexcept {
  try {
    std::forward<Body>(body)();
  } catch (...) {
    ThrowIntoJavaScript(info.GetIsolate());
  }
}

}  // namespace fundb::js
