#include "convert/text_functions.h"

#include <cstring>
#include <optional>

#include "convert/claim.h"
#include "convert/pinned_settings.h"
#include "convert/scratch.h"
#include "convert/text_io.h"

#include "convert/postgres_values.h"

namespace fundb::convert {

namespace {

// True when the input function of a type looks at none of the settings that PinnedSettings pins.
// False for what is not known.
bool fundb_reads_alike(Oid type) {
  switch (get_typtype(type)) {
    case TYPTYPE_ENUM:
      return true;
    case TYPTYPE_DOMAIN:
      return fundb_reads_alike(getBaseType(type));
    case TYPTYPE_RANGE:
      return fundb_reads_alike(get_range_subtype(type));
    case TYPTYPE_MULTIRANGE:
      return fundb_reads_alike(get_multirange_range(type));
    default:
      break;
  }
  switch (type) {
    case BOOLOID:
    case INT2OID:
    case INT4OID:
    case INT8OID:
    case OIDOID:
    case FLOAT4OID:
    case FLOAT8OID:
    case NUMERICOID:
    case TEXTOID:
    case VARCHAROID:
    case BPCHAROID:
    case NAMEOID:
    case UUIDOID:
    case BYTEAOID:
      return true;
    default:
      return false;
  }
}

// By a function that was looked up for this one call: what the kept one remembers is in use.
char *fundb_write_apart(const FmgrInfo &kept, Datum value) {
  MemoryContext memory =
      AllocSetContextCreate(CurrentMemoryContext, "fundb output function", ALLOCSET_SMALL_SIZES);
  FmgrInfo function;
  fmgr_info_cxt(kept.fn_oid, &function, memory);
  char *text = OutputFunctionCall(&function, value);
  MemoryContextDelete(memory);
  return text;
}

Datum fundb_read_apart(const FmgrInfo &kept, char *text, Oid parameter, int32 modifier) {
  MemoryContext memory =
      AllocSetContextCreate(CurrentMemoryContext, "fundb input function", ALLOCSET_SMALL_SIZES);
  FmgrInfo function;
  fmgr_info_cxt(kept.fn_oid, &function, memory);
  Datum value = InputFunctionCall(&function, text, parameter, modifier);
  MemoryContextDelete(memory);
  return value;
}

}  // namespace

TextFunctions::TextFunctions(const TypeSeed &seed) : modifier_(seed.modifier) {
  pg::Call([&] {
    Oid function;
    bool is_varlena;
    getTypeOutputInfo(seed.oid, &function, &is_varlena);
    fmgr_info_cxt(function, &output_, seed.memory);
    getTypeInputInfo(seed.oid, &function, &input_parameter_);
    fmgr_info_cxt(function, &input_, seed.memory);
    reads_alike_ = fundb_reads_alike(seed.oid);
  });
}

v8::Local<v8::String> TextFunctions::Write(v8::Isolate *isolate, Datum value) const {
  Scratch scratch;
  char *text;
  {
    PinnedSettings pinned;
    Claim claim(&output_in_use_);
    text = pg::Call([&] {
      return claim.holds() ? OutputFunctionCall(&output_, value)
                           : fundb_write_apart(output_, value);
    });
  }
  return TextToJs(isolate, text, std::strlen(text));
}

Datum TextFunctions::Read(const Refused &refused, v8::Local<v8::String> string,
                          std::string_view hint) const {
  // The text stays: an input function may give back a pointer into it (cstring).
  return ReadText(refused, JsToText(refused, string, 0).text, hint);
}

Datum TextFunctions::ReadText(const Refused &refused, char *text, std::string_view hint) const {
  // A range over a domain checks it, with SQL that is to see the session's own settings.
  std::optional<PinnedSettings> pinned;
  if (!reads_alike_) pinned.emplace();
  Claim claim(&input_in_use_);
  return CallInput(refused, hint, [&] {
    return claim.holds() ? InputFunctionCall(&input_, text, input_parameter_, modifier_)
                         : fundb_read_apart(input_, text, input_parameter_, modifier_);
  });
}

}  // namespace fundb::convert
