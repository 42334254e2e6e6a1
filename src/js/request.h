// A piece of work that JavaScript asked for and that the run loop does later, with no JavaScript on
// the stack.  This is how SQL is run: a rule called by that SQL finds an empty microtask queue and
// a clean stack.
#pragma once

#include <v8.h>

namespace fundb::js {

class Request {
 public:
  virtual ~Request() = default;

  // Does the work and returns the value that the promise is resolved with.  Runs with `context`
  // entered and an open HandleScope.  May throw: Error (the promise is rejected with the object
  // that the ErrorFactory makes of it; an uncatchable one ends the run), Pending (the promise is
  // rejected with the JavaScript exception).
  virtual v8::Local<v8::Value> Execute(v8::Local<v8::Context> context) = 0;
};

}  // namespace fundb::js
