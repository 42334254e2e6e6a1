// Dates that know the microseconds of the moment that they were made of, which JavaScript's own
// have no room for: whoever hands one on writes the very moment.  V8 only.
#pragma once

#include <v8.h>

#include <cstdint>

namespace fundb::convert {

// A Date of a time in milliseconds since 1970 and 0 to 999 microseconds.  Throws js::Pending.
v8::Local<v8::Date> NewDate(v8::Local<v8::Context> context, int64_t milliseconds, int microseconds);

// 0 for a Date made otherwise, and for one whose time a script has changed.
int MicrosecondsOf(v8::Local<v8::Context> context, v8::Local<v8::Date> date);

v8::Local<v8::Date> CopyDate(v8::Local<v8::Context> context, v8::Local<v8::Date> date);

}  // namespace fundb::convert
