// Whole numbers as scripts write them: numbers, BigInts, strings of digits.  V8 only.
#pragma once

#include <v8.h>

#include <cstdint>

namespace fundb::convert {

enum class IntegerRead {
  kDone,
  kOutOfRange,  // a whole number, or an infinity, that 64 bits cannot hold
  kNotWhole,    // anything else
};

// Runs no JavaScript.
IntegerRead ReadInteger(v8::Isolate *isolate, v8::Local<v8::Value> value, int64_t *result);

}  // namespace fundb::convert
