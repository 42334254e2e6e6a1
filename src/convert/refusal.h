// Errors about values: which target of which type cannot take which value, and what it accepts.
// C++ regime.
#pragma once

#include <v8.h>

#include <string>
#include <string_view>

#include "base/error.h"
#include "convert/type.h"
#include "js/engine.h"
#include "js/run.h"

#include "pg/call.h"

namespace fundb::convert {

// What is refused, and by whom.
struct Refused {
  const Type &type;
  const Target &target;
  v8::Isolate *isolate;
  v8::Local<v8::Value> value;
};

// `column "qty"`, `element [2] of column "tags"`.
std::string DescribeTarget(const Target &target);

// `the string "abc"`, `the number 1.5`, `an array`: shortened.  Runs no JavaScript.
std::string DescribeValue(v8::Isolate *isolate, v8::Local<v8::Value> value);

// Gives an error the names of the target: the column (also of an element or a field of it) and the
// type.
void NameTarget(Report *report, const Type &type, const Target &target);

// `column "qty" of type integer cannot take the string "abc"`.  `hint` says what is accepted.
[[noreturn]] void Refuse(const Refused &refused, const char *sqlstate, std::string_view hint);
[[noreturn]] void Refuse(const Refused &refused, const char *sqlstate, std::string_view hint,
                         std::string detail);

namespace internal {
[[noreturn]] void RefuseBecauseOf(const Refused &refused, std::string_view hint, Error error);
}

// Runs an input function of PostgreSQL as pg::Call does.  Its complaint about the value becomes the
// detail of a refusal with the same SQLSTATE; other errors pass unchanged.  The function may run
// SQL (that of a range checks a domain below it).
template <typename F>
auto CallInput(const Refused &refused, std::string_view hint, F &&function) {
  js::HostScope host(js::Engine::From(refused.isolate));
  try {
    return pg::Call(function);
  } catch (Error &error) {
    internal::RefuseBecauseOf(refused, hint, std::move(error));
  }
}

}  // namespace fundb::convert
