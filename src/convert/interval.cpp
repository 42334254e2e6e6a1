// interval <-> ISO 8601 period.

#include <cstring>

#include "convert/factories.h"
#include "convert/refusal.h"
#include "convert/text_functions.h"
#include "convert/text_io.h"

#include "convert/postgres_values.h"

namespace fundb::convert {

namespace {

constexpr char kHint[] =
    "Accepted are ISO 8601 periods such as \"P1DT2H30M\" and PostgreSQL's interval text.";

class IntervalType final : public Type {
 public:
  explicit IntervalType(const TypeSeed &seed) : Type(seed.name), functions_(seed) {}

  v8::Local<v8::Value> ToJs(v8::Local<v8::Context> context, Datum value) const override {
    // Both functions compute on their arguments only and never raise.
    struct pg_itm parts;
    char text[MAXDATELEN + 1];
    interval2itm(*DatumGetIntervalP(value), &parts);
    EncodeInterval(&parts, INTSTYLE_ISO_8601, text);
    return TextToJs(context->GetIsolate(), text, std::strlen(text));
  }

  Datum FromJs(v8::Local<v8::Context> context, v8::Local<v8::Value> value,
               const Target &target) const override {
    Refused refused{*this, target, context->GetIsolate(), value};
    if (!value->IsString()) Refuse(refused, sqlstate::kDatatypeMismatch, kHint);
    return functions_.Read(refused, value.As<v8::String>(), kHint);
  }

  // The way back goes through floating-point fractions.
  bool IsLossy() const override { return true; }

 private:
  TextFunctions functions_;
};

}  // namespace

TypePointer MakeInterval(const TypeSeed &seed) { return std::make_unique<IntervalType>(seed); }

}  // namespace fundb::convert
