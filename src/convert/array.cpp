// Arrays <-> nested JavaScript arrays.  Lower bounds do not reach JavaScript.

#include <vector>

#include "convert/detoasted.h"
#include "convert/factories.h"
#include "convert/refusal.h"
#include "convert/stack.h"
#include "js/engine.h"
#include "js/handles.h"
#include "js/large_value.h"

#include "convert/postgres_values.h"

namespace fundb::convert {

namespace {

constexpr char kHint[] = "Accepted are arrays; those of one level must have the same length.";
constexpr char kFlatHint[] = "Accepted are arrays.";
constexpr const char *kBadShape = "2202E";  // array_subscript_error

class ArrayConverter final : public Type {
 public:
  ArrayConverter(const TypeSeed &seed, Oid element)
      : Type(seed.name), element_oid_(element), element_(TypeFor(element, seed.modifier)) {
    pg::Call([&] { get_typlenbyvalalign(element, &length_, &by_value_, &alignment_); });
  }

  v8::Local<v8::Value> ToJs(v8::Local<v8::Context> context, Datum value) const override;
  Datum FromJs(v8::Local<v8::Context> context, v8::Local<v8::Value> value,
               const Target &target) const override;

  bool IsLossy() const override { return true; }
  bool MayBeArray() const override { return true; }

 private:
  // The datums of an array on their way to JavaScript.
  struct Stored {
    Datum *values;
    bool *nulls;
    int dimensions;
    const int *lengths;
    int next = 0;  // value to take
  };

  // The values of a JavaScript array on their way to the server.
  struct Gathered {
    std::vector<Datum> values;
    std::vector<char> nulls;  // as bool, which vector packs
    int dimensions = 0;
    int lengths[MAXDIM] = {};
  };

  v8::Local<v8::Value> NestedToJs(v8::Local<v8::Context> context, Stored *stored,
                                  int dimension) const;
  void Measure(const Refused &refused, v8::Local<v8::Context> context, Gathered *gathered) const;
  void Gather(const Refused &refused, v8::Local<v8::Context> context, v8::Local<v8::Array> array,
              int dimension, const Target &target, Gathered *gathered) const;

  Oid element_oid_;
  const Type &element_;
  int16 length_;
  bool by_value_;
  char alignment_;
};

v8::Local<v8::Value> ArrayConverter::ToJs(v8::Local<v8::Context> context, Datum value) const {
  CheckStackDepth();
  v8::Isolate *isolate = context->GetIsolate();
  v8::EscapableHandleScope handles(isolate);
  Detoasted detoasted(value, Detoasted::Alignment::kFull);
  auto *array = reinterpret_cast<::ArrayType *>(detoasted.get());
  if (ARR_NDIM(array) == 0) return handles.Escape(v8::Array::New(isolate));
  Stored stored{};
  stored.dimensions = ARR_NDIM(array);
  stored.lengths = ARR_DIMS(array);
  pg::Call([&] {
    int count;
    deconstruct_array(array, element_oid_, length_, by_value_, alignment_, &stored.values,
                      &stored.nulls, &count);
  });
  js::LargeValueScope large(isolate, detoasted.size());
  v8::Local<v8::Value> result = NestedToJs(context, &stored, 0);
  large.Finish();
  pg::CallQuietly([&] {
    pfree(stored.values);
    pfree(stored.nulls);
  });
  return handles.Escape(result);
}

v8::Local<v8::Value> ArrayConverter::NestedToJs(v8::Local<v8::Context> context, Stored *stored,
                                                int dimension) const {
  v8::Isolate *isolate = context->GetIsolate();
  std::vector<v8::Local<v8::Value>> elements;
  elements.reserve(static_cast<size_t>(stored->lengths[dimension]));
  for (int i = 0; i < stored->lengths[dimension]; ++i) {
    if (dimension + 1 < stored->dimensions) {
      elements.push_back(NestedToJs(context, stored, dimension + 1));
      continue;
    }
    js::Engine::From(isolate).CheckInterrupts();
    int place = stored->next++;
    elements.push_back(stored->nulls[place] ? v8::Null(isolate).As<v8::Value>()
                                            : element_.ToJs(context, stored->values[place]));
  }
  return v8::Array::New(isolate, elements.data(), elements.size());
}

// The dimensions, by the first element of each level; Gather compares the others.
void ArrayConverter::Measure(const Refused &refused, v8::Local<v8::Context> context,
                             Gathered *gathered) const {
  v8::Local<v8::Value> level = refused.value;
  int64 count = 1;
  while (level->IsArray()) {
    if (gathered->dimensions == MAXDIM) {
      Refuse(refused, "54000", kHint,
             "An array has at most " + std::to_string(MAXDIM) + " dimensions.");
    }
    v8::Local<v8::Array> array = level.As<v8::Array>();
    uint32_t length = array->Length();
    // Before anything is read: a script can make an array of 2^32 holes at no cost.
    count *= length;
    if (count > static_cast<int64>(MaxArraySize)) {
      Refuse(refused, "54000", kHint,
             "An array has at most " + std::to_string(MaxArraySize) + " elements.");
    }
    gathered->lengths[gathered->dimensions++] = static_cast<int>(length);
    if (length == 0 || element_.MayBeArray()) break;
    level = js::Check(array->Get(context, 0));
  }
  // Roughly: small values have an allocation each.
  size_t bytes = sizeof(Datum) + sizeof(bool) + (by_value_ ? 0 : 24);
  js::Engine::From(refused.isolate).CountTransfer(static_cast<size_t>(count) * bytes);
}

void ArrayConverter::Gather(const Refused &refused, v8::Local<v8::Context> context,
                            v8::Local<v8::Array> array, int dimension, const Target &target,
                            Gathered *gathered) const {
  auto length = static_cast<uint32_t>(gathered->lengths[dimension]);
  if (array->Length() != length) {
    Refuse(refused, kBadShape, kHint,
           "Nested arrays must have matching dimensions; " + DescribeTarget(target) + " has " +
               std::to_string(array->Length()) + " elements, " + std::to_string(length) +
               " were expected.");
  }
  for (uint32_t i = 0; i < length; ++i) {
    v8::HandleScope handles(context->GetIsolate());
    js::Engine::From(context->GetIsolate()).CheckInterrupts();
    v8::Local<v8::Value> value = js::Check(array->Get(context, i));
    Target part{"element", {}, &target, i};
    if (dimension + 1 < gathered->dimensions) {
      if (!value->IsArray()) {
        Refuse(refused, kBadShape, kHint,
               "Nested arrays must have matching dimensions; " + DescribeTarget(part) +
                   " is not an array.");
      }
      Gather(refused, context, value.As<v8::Array>(), dimension + 1, part, gathered);
      continue;
    }
    bool is_null = value->IsNullOrUndefined();
    Datum datum = 0;
    if (is_null) {
      element_.CheckNull(part);
    } else {
      datum = element_.FromJs(context, value, part);
    }
    gathered->values.push_back(datum);
    gathered->nulls.push_back(is_null ? 1 : 0);
  }
}

Datum ArrayConverter::FromJs(v8::Local<v8::Context> context, v8::Local<v8::Value> value,
                             const Target &target) const {
  Refused refused{*this, target, context->GetIsolate(), value};
  if (!value->IsArray()) {
    Refuse(refused, sqlstate::kDatatypeMismatch, element_.MayBeArray() ? kFlatHint : kHint);
  }
  if (StackIsTooDeep()) Refuse(refused, "54001", kHint, "The array is nested too deep.");
  Gathered gathered;
  Measure(refused, context, &gathered);
  Gather(refused, context, value.As<v8::Array>(), 0, target, &gathered);
  return CallInput(refused, kHint, [&] {
    if (gathered.values.empty()) return PointerGetDatum(construct_empty_array(element_oid_));
    int lower_bounds[MAXDIM];
    for (int &bound : lower_bounds) bound = 1;
    static_assert(sizeof(bool) == sizeof(char));
    return PointerGetDatum(construct_md_array(gathered.values.data(),
                                              reinterpret_cast<bool *>(gathered.nulls.data()),
                                              gathered.dimensions, gathered.lengths, lower_bounds,
                                              element_oid_, length_, by_value_, alignment_));
  });
}

}  // namespace

TypePointer MakeArray(const TypeSeed &seed, Oid element) {
  return std::make_unique<ArrayConverter>(seed, element);
}

}  // namespace fundb::convert
