// A type's own text output and input functions, looked up once.  C++ regime.
#pragma once

#include <v8.h>

#include <string_view>

#include "convert/factories.h"
#include "convert/refusal.h"

#include "pg/postgres.h"

namespace fundb::convert {

class TextFunctions {
 public:
  // Throws Error for a type without them (a shell type).
  explicit TextFunctions(const TypeSeed &seed);

  // The text of a value, the same under any DateStyle, TimeZone and so on.
  v8::Local<v8::String> Write(v8::Isolate *isolate, Datum value) const;

  // The value of a text, read under the same settings.
  Datum Read(const Refused &refused, v8::Local<v8::String> text, std::string_view hint) const;
  Datum ReadText(const Refused &refused, char *text, std::string_view hint) const;

 private:
  // PostgreSQL's functions keep what they looked up in these, in the session's memory.
  mutable FmgrInfo output_;
  mutable FmgrInfo input_;
  mutable bool output_in_use_ = false;
  mutable bool input_in_use_ = false;
  Oid input_parameter_ = InvalidOid;
  // Under any settings a text means the same value: none need to be pinned.
  bool reads_alike_ = false;
  int32 modifier_;
};

}  // namespace fundb::convert
