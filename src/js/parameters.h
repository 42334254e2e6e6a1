// Which of its parameters a function can look at, found in its own text: arguments that nobody can
// see need not be made.
#pragma once

#include <v8.h>

#include "js/escape.h"

namespace fundb::js {

struct UsedParameters {
  bool first = true;
  bool second = true;
  // What it does with them, where the text shows that.
  ParameterUses uses;
};

// True for every parameter that the function's text names (or might: `arguments`, eval, escapes,
// patterns, defaults, comments among the parameters, a function without a text of its own).
// Runs no JavaScript.
UsedParameters FindUsedParameters(v8::Local<v8::Context> context, v8::Local<v8::Function> function);

}  // namespace fundb::js
