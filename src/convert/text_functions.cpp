#include "convert/text_functions.h"

#include <cstring>

#include "convert/pinned_settings.h"
#include "convert/scratch.h"
#include "convert/text_io.h"

#include "convert/postgres_values.h"

namespace fundb::convert {

TextFunctions::TextFunctions(const TypeSeed &seed) : modifier_(seed.modifier) {
  pg::Call([&] {
    Oid function;
    bool is_varlena;
    getTypeOutputInfo(seed.oid, &function, &is_varlena);
    fmgr_info_cxt(function, &output_, seed.memory);
    getTypeInputInfo(seed.oid, &function, &input_parameter_);
    fmgr_info_cxt(function, &input_, seed.memory);
  });
}

v8::Local<v8::String> TextFunctions::Write(v8::Isolate *isolate, Datum value) const {
  Scratch scratch;
  char *text;
  {
    PinnedSettings pinned;
    text = pg::Call([&] { return OutputFunctionCall(&output_, value); });
  }
  return TextToJs(isolate, text, std::strlen(text));
}

Datum TextFunctions::Read(const Refused &refused, v8::Local<v8::String> string,
                          std::string_view hint) const {
  // The text stays: an input function may give back a pointer into it (cstring).
  return ReadText(refused, JsToText(refused, string, 0).text, hint);
}

Datum TextFunctions::ReadText(const Refused &refused, char *text, std::string_view hint) const {
  PinnedSettings pinned;
  return CallInput(refused, hint,
                   [&] { return InputFunctionCall(&input_, text, input_parameter_, modifier_); });
}

}  // namespace fundb::convert
