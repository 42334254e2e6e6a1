// numeric <-> number or string.

#include <cmath>
#include <cstring>

#include "convert/detoasted.h"
#include "convert/factories.h"
#include "convert/numeric_digits.h"
#include "convert/refusal.h"
#include "convert/text_io.h"
#include "js/handles.h"

#include "convert/postgres_values.h"

namespace fundb::convert {

namespace {

constexpr char kHint[] = "Accepted are numbers, BigInts and numeric strings.";

class NumericType final : public Type {
 public:
  explicit NumericType(const TypeSeed &seed) : Type(seed.name), modifier_(seed.modifier) {}

  v8::Local<v8::Value> ToJs(v8::Local<v8::Context> context, Datum value) const override {
    v8::Isolate *isolate = context->GetIsolate();
    Detoasted numeric(value, Detoasted::Alignment::kAny);
    double number;
    if (NumericToDouble(numeric.data(), numeric.size(), &number)) {
      return v8::Number::New(isolate, number);
    }
    char *text = pg::Call([&] {
      return DatumGetCString(DirectFunctionCall1(numeric_out, PointerGetDatum(numeric.get())));
    });
    v8::Local<v8::String> result = TextToJs(isolate, text, std::strlen(text));
    pg::CallQuietly([&] { pfree(text); });
    return result;
  }

  Datum FromJs(v8::Local<v8::Context> context, v8::Local<v8::Value> value,
               const Target &target) const override {
    Refused refused{*this, target, context->GetIsolate(), value};
    if (value->IsInt32()) return FromInteger(refused, value.As<v8::Int32>()->Value());
    if (value->IsNumber()) return FromNumber(refused, value.As<v8::Number>()->Value());
    if (value->IsBigInt()) {
      bool lossless = false;
      int64 number = value.As<v8::BigInt>()->Int64Value(&lossless);
      if (lossless) return FromInteger(refused, number);
    } else if (!value->IsString()) {
      Refuse(refused, sqlstate::kInvalidText, kHint);
    }
    ServerText text = JsToText(refused, StringOf(refused, context, Booleans::kRefused, kHint), 0);
    Datum result = FromText(refused, text.text);
    pg::CallQuietly([&] { pfree(text.block); });
    return result;
  }

  // The scale: 5.00 is 5.
  bool IsLossy() const override { return true; }
  bool IsImmediate() const override { return true; }

 private:
  Datum FromInteger(const Refused &refused, int64 number) const {
    return CallInput(refused, kHint, [&] {
      Datum result = NumericGetDatum(int64_to_numeric(number));
      if (modifier_ < 0) return result;
      return DirectFunctionCall2(::numeric, result, Int32GetDatum(modifier_));
    });
  }

  Datum FromNumber(const Refused &refused, double number) const {
    if (number == std::trunc(number) && std::fabs(number) <= 0x1p53) {
      return FromInteger(refused, static_cast<int64>(number));
    }
    if (std::isnan(number)) return FromText(refused, "NaN");
    if (std::isinf(number)) return FromText(refused, number > 0 ? "Infinity" : "-Infinity");
    ShortestText text;
    WriteShortest(number, &text);
    return FromText(refused, text.characters);
  }

  Datum FromText(const Refused &refused, const char *text) const {
    return CallInput(refused, kHint, [&] {
      return DirectFunctionCall3(numeric_in, CStringGetDatum(text), ObjectIdGetDatum(InvalidOid),
                                 Int32GetDatum(modifier_));
    });
  }

  int32 modifier_;
};

}  // namespace

TypePointer MakeNumeric(const TypeSeed &seed) { return std::make_unique<NumericType>(seed); }

}  // namespace fundb::convert
