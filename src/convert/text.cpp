// text, varchar, char(n), types that share text's input function (citext), and name.

#include <cstring>

#include "convert/detoasted.h"
#include "convert/factories.h"
#include "convert/refusal.h"
#include "convert/text_io.h"

#include "convert/postgres_values.h"

namespace fundb::convert {

namespace {

constexpr char kHint[] = "Accepted are strings, numbers and booleans.";

class TextType final : public Type {
 public:
  explicit TextType(const TypeSeed &seed)
      : Type(seed.name), oid_(seed.oid), modifier_(seed.modifier) {}

  v8::Local<v8::Value> ToJs(v8::Local<v8::Context> context, Datum value) const override {
    Detoasted text(value, Detoasted::Alignment::kAny);
    return TextToJs(context->GetIsolate(), text.data(), text.size());
  }

  Datum FromJs(v8::Local<v8::Context> context, v8::Local<v8::Value> value,
               const Target &target) const override {
    Refused refused{*this, target, context->GetIsolate(), value};
    ServerText text =
        JsToText(refused, StringOf(refused, context, Booleans::kAccepted, kHint), VARHDRSZ);
    SET_VARSIZE(text.block, VARHDRSZ + text.size);
    Datum result = PointerGetDatum(text.block);
    // A text of no more bytes than the limit has characters is not longer.  The assignment casts
    // count characters, cut blanks that are too many and pad char(n).
    if (modifier_ < VARHDRSZ) return result;
    if (oid_ == BPCHAROID) {
      return CallInput(refused, kHint, [&] {
        return DirectFunctionCall3(bpchar, result, Int32GetDatum(modifier_), BoolGetDatum(false));
      });
    }
    if (oid_ == VARCHAROID && text.size > static_cast<size_t>(modifier_ - VARHDRSZ)) {
      return CallInput(refused, kHint, [&] {
        return DirectFunctionCall3(varchar, result, Int32GetDatum(modifier_), BoolGetDatum(false));
      });
    }
    return result;
  }

  // Some encodings have two codes for one character.
  bool IsLossy() const override { return GetDatabaseEncoding() != PG_UTF8; }
  bool IsImmediate() const override { return GetDatabaseEncoding() == PG_UTF8; }

 private:
  Oid oid_;
  int32 modifier_;
};

class NameType final : public Type {
 public:
  explicit NameType(const TypeSeed &seed) : Type(seed.name) {}

  v8::Local<v8::Value> ToJs(v8::Local<v8::Context> context, Datum value) const override {
    const char *name = NameStr(*DatumGetName(value));
    return TextToJs(context->GetIsolate(), name, strnlen(name, NAMEDATALEN));
  }

  // PostgreSQL cuts names that are too long; here that would be a silent loss.
  Datum FromJs(v8::Local<v8::Context> context, v8::Local<v8::Value> value,
               const Target &target) const override {
    Refused refused{*this, target, context->GetIsolate(), value};
    ServerText text = JsToText(refused, StringOf(refused, context, Booleans::kAccepted, kHint), 0);
    if (text.size >= NAMEDATALEN) {
      Refuse(refused, "22001", "",
             "A name has at most " + std::to_string(NAMEDATALEN - 1) + " bytes.");
    }
    auto *name = pg::Call([] { return static_cast<char *>(palloc0(NAMEDATALEN)); });
    std::memcpy(name, text.text, text.size);
    return NameGetDatum(reinterpret_cast<Name>(name));
  }

  bool IsLossy() const override { return GetDatabaseEncoding() != PG_UTF8; }
  bool IsImmediate() const override { return GetDatabaseEncoding() == PG_UTF8; }
};

}  // namespace

TypePointer MakeText(const TypeSeed &seed) { return std::make_unique<TextType>(seed); }
TypePointer MakeName(const TypeSeed &seed) { return std::make_unique<NameType>(seed); }

}  // namespace fundb::convert
