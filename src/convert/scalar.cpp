// Integers, floating-point numbers, booleans.  Nothing here calls PostgreSQL except to read numeric
// text, so nothing needs a guard on the usual path.

#include <cmath>
#include <cstdlib>
#include <limits>

#include "convert/factories.h"
#include "convert/integer.h"
#include "convert/refusal.h"
#include "convert/text_io.h"

#include "convert/postgres_values.h"

namespace fundb::convert {

namespace {

constexpr char kBooleanHint[] = "Accepted are true and false.";
constexpr char kFloatHint[] = "Accepted are numbers, BigInts and numeric strings.";

// Up to here every integer is a double; the contract's border between number and BigInt.
constexpr int64 kExactLimit = int64{1} << 53;

class IntegerType final : public Type {
 public:
  explicit IntegerType(const TypeSeed &seed) : Type(seed.name), oid_(seed.oid) {
    switch (oid_) {
      case INT2OID:
        SetRange(PG_INT16_MIN, PG_INT16_MAX);
        break;
      case INT4OID:
        SetRange(PG_INT32_MIN, PG_INT32_MAX);
        break;
      case OIDOID:
        SetRange(0, PG_UINT32_MAX);
        break;
      default:
        SetRange(PG_INT64_MIN, PG_INT64_MAX);
    }
  }

  v8::Local<v8::Value> ToJs(v8::Local<v8::Context> context, Datum value) const override {
    v8::Isolate *isolate = context->GetIsolate();
    switch (oid_) {
      case INT4OID:
        return v8::Integer::New(isolate, DatumGetInt32(value));
      case INT2OID:
        return v8::Integer::New(isolate, DatumGetInt16(value));
      case OIDOID:
        return v8::Integer::NewFromUnsigned(isolate, DatumGetObjectId(value));
      default:
        break;
    }
    int64 number = DatumGetInt64(value);
    if (number >= -kExactLimit && number <= kExactLimit) {
      return v8::Number::New(isolate, static_cast<double>(number));
    }
    return v8::BigInt::New(isolate, number);
  }

  Datum FromJs(v8::Local<v8::Context> context, v8::Local<v8::Value> value,
               const Target &target) const override {
    int64 number = 0;
    IntegerRead read = ReadInteger(context->GetIsolate(), value, &number);
    if (read == IntegerRead::kDone && (number < least_ || number > greatest_)) {
      read = IntegerRead::kOutOfRange;
    }
    if (read != IntegerRead::kDone) {
      Refuse(
          {*this, target, context->GetIsolate(), value},
          read == IntegerRead::kOutOfRange ? sqlstate::kNumberOutOfRange : sqlstate::kInvalidText,
          hint_);
    }
    switch (oid_) {
      case INT4OID:
        return Int32GetDatum(static_cast<int32>(number));
      case INT2OID:
        return Int16GetDatum(static_cast<int16>(number));
      case OIDOID:
        return ObjectIdGetDatum(static_cast<Oid>(number));
      default:
        return Int64GetDatum(number);
    }
  }

  bool IsLossy() const override { return false; }
  bool IsImmediate() const override { return true; }

 private:
  void SetRange(int64 least, int64 greatest) {
    least_ = least;
    greatest_ = greatest;
    hint_ = "Accepted are whole numbers, BigInts and numeric strings from " +
            std::to_string(least) + " to " + std::to_string(greatest) + ".";
  }

  Oid oid_;
  int64 least_ = 0;
  int64 greatest_ = 0;
  std::string hint_;
};

// The number that the shortest text of a float4 means, as PostgreSQL shows it: 0.1, where the plain
// widening would give 0.10000000149011612.
double AsShown(float value) {
  double wide = value;
  // Whole numbers that six digits can say are what they seem.
  if (std::fabs(wide) < 1e6 && wide == std::trunc(wide)) return wide;
  if (!std::isfinite(value)) return wide;
  char text[FLOAT_SHORTEST_DECIMAL_LEN];
  float_to_shortest_decimal_buf(value, text);
  return std::strtod(text, nullptr);
}

class FloatType final : public Type {
 public:
  explicit FloatType(const TypeSeed &seed) : Type(seed.name), is_single_(seed.oid == FLOAT4OID) {}

  v8::Local<v8::Value> ToJs(v8::Local<v8::Context> context, Datum value) const override {
    return v8::Number::New(context->GetIsolate(),
                           is_single_ ? AsShown(DatumGetFloat4(value)) : DatumGetFloat8(value));
  }

  Datum FromJs(v8::Local<v8::Context> context, v8::Local<v8::Value> value,
               const Target &target) const override {
    Refused refused{*this, target, context->GetIsolate(), value};
    if (value->IsString() || value->IsBigInt()) {
      return FromText(refused, StringOf(refused, context, Booleans::kRefused, kFloatHint));
    }
    if (!value->IsNumber()) Refuse(refused, sqlstate::kInvalidText, kFloatHint);
    double number = value.As<v8::Number>()->Value();
    // One bit pattern for all of JavaScript's NaNs: the one PostgreSQL writes.
    if (std::isnan(number)) number = get_float8_nan();
    if (!is_single_) return Float8GetDatum(number);
    auto single = static_cast<float>(number);
    if ((std::isinf(single) && !std::isinf(number)) || (single == 0 && number != 0)) {
      Refuse(refused, sqlstate::kNumberOutOfRange, "");
    }
    return Float4GetDatum(single);
  }

  // A NaN may have another bit pattern than the one that FromJs makes.
  bool IsLossy() const override { return true; }
  bool IsImmediate() const override { return true; }

 private:
  // Each by its own function: a float4 that is read as a float8 first would be rounded twice.
  Datum FromText(const Refused &refused, v8::Local<v8::String> string) const {
    ServerText text = JsToText(refused, string, 0);
    Datum number = CallInput(refused, kFloatHint, [&] {
      return DirectFunctionCall1(is_single_ ? float4in : float8in, CStringGetDatum(text.text));
    });
    pg::CallQuietly([&] { pfree(text.block); });
    return number;
  }

  bool is_single_;
};

class BooleanType final : public Type {
 public:
  explicit BooleanType(const TypeSeed &seed) : Type(seed.name) {}

  v8::Local<v8::Value> ToJs(v8::Local<v8::Context> context, Datum value) const override {
    return v8::Boolean::New(context->GetIsolate(), DatumGetBool(value));
  }

  Datum FromJs(v8::Local<v8::Context> context, v8::Local<v8::Value> value,
               const Target &target) const override {
    if (!value->IsBoolean()) {
      Refuse({*this, target, context->GetIsolate(), value}, sqlstate::kDatatypeMismatch,
             kBooleanHint);
    }
    return BoolGetDatum(value->IsTrue());
  }

  bool IsLossy() const override { return false; }
  bool IsImmediate() const override { return true; }
};

}  // namespace

TypePointer MakeInteger(const TypeSeed &seed) { return std::make_unique<IntegerType>(seed); }
TypePointer MakeFloat(const TypeSeed &seed) { return std::make_unique<FloatType>(seed); }
TypePointer MakeBoolean(const TypeSeed &seed) { return std::make_unique<BooleanType>(seed); }

}  // namespace fundb::convert
