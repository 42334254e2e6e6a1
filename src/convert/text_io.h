// Text between the server's encoding and JavaScript strings.  C++ regime.
#pragma once

#include <v8.h>

#include <string_view>

#include "convert/refusal.h"

#include "pg/postgres.h"

namespace fundb::convert {

// Text in the server's encoding as a JavaScript string.  Errors: 54000 when it is longer than a
// JavaScript string can be, 22021 when a database without an encoding holds bytes that are not
// UTF-8.
v8::Local<v8::String> TextToJs(v8::Isolate *isolate, const char *bytes, size_t size);

// Text that the server takes, with a NUL behind it.
struct ServerText {
  char *block;  // one allocation in CurrentMemoryContext: `header` free bytes, text, NUL
  char *text;
  size_t size;
};

// A string in the server's encoding.  NUL and lone surrogates are refused (22021), and so are
// characters that the encoding does not have (22P05).
ServerText JsToText(const Refused &refused, v8::Local<v8::String> string, size_t header);

// The string that stands for a value where text is expected: strings, numbers, BigInts and, if so
// wanted, booleans.  Anything else is refused (42804).
enum class Booleans { kAccepted, kRefused };
v8::Local<v8::String> StringOf(const Refused &refused, v8::Local<v8::Context> context,
                               Booleans booleans, std::string_view hint);

}  // namespace fundb::convert
