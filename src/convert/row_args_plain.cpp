// `args` in its plain form.  V8 and PostgreSQL.

#include "convert/row_args.h"
#include "js/callback.h"
#include "js/engine.h"
#include "js/handles.h"
#include "js/hidden_class.h"
#include "js/realm.h"

namespace fundb::convert {

namespace {

// Sets of columns are kept as one word.
constexpr int kMostColumns = 64;
// Tables whose statements assign ever other columns are left to it as well.
constexpr size_t kMostOriginals = 16;
constexpr size_t kMostGrown = 4;
// No column has a longer name, in UTF-16 units.
constexpr int kMostNameUnits = NAMEDATALEN;

int IndexOf(const v8::Local<v8::Value> &data) { return data.As<v8::Int32>()->Value(); }

void Getter(v8::Local<v8::Name>, const v8::PropertyCallbackInfo<v8::Value> &info) {
  js::Callback(info, [&] {
    v8::Local<v8::Object> holder = info.Holder();
    RowState &state = args::StateOf(holder);
    if (state.hides_values) return;
    info.GetReturnValue().Set(
        ArgsValue(info.GetIsolate()->GetCurrentContext(), holder, state, IndexOf(info.Data())));
  });
}

void Setter(v8::Local<v8::Name>, v8::Local<v8::Value> value,
            const v8::PropertyCallbackInfo<void> &info) {
  js::Callback(info, [&] {
    v8::Local<v8::Object> holder = info.Holder();
    args::Assign(holder, args::StateOf(holder), IndexOf(info.Data()), value);
  });
}

// Empty when the properties do not make a hidden class.
v8::Local<v8::Object> MakeOriginal(v8::Local<v8::Context> context, const RowShape &shape,
                                   uint64_t present) {
  v8::Isolate *isolate = shape.isolate();
  v8::Local<v8::FunctionTemplate> constructor = v8::FunctionTemplate::New(isolate);
  v8::Local<v8::ObjectTemplate> instance = constructor->InstanceTemplate();
  instance->SetInternalFieldCount(args::kFieldCount);
  v8::Local<v8::Name> some_name;
  // V8 gives an object its template's accessors last one first.
  for (int i = shape.size() - 1; i >= 0; --i) {
    if (!RowState::Bit(&present, i)) continue;
    some_name = shape.NameOf(i);
    instance->SetNativeDataProperty(some_name, Getter, Setter, v8::Int32::New(isolate, i));
  }
  v8::Context::Scope entered(context);
  UsePlainPrototype(context, constructor);
  v8::Local<v8::Object> object = js::Check(instance->NewInstance(context));
  if (some_name.IsEmpty()) {
    // An empty object is tried with a property of its own, since any object may become a
    // dictionary by what is added.
    some_name = js::NewName(isolate, "added");
    v8::Local<v8::Object> grown = object->Clone();
    js::Check(grown->CreateDataProperty(context, some_name, v8::Undefined(isolate)));
    if (js::HaveSameHiddenClass(grown, object)) return v8::Local<v8::Object>();
    return object;
  }
  if (js::IsDictionary(context, object, some_name)) return v8::Local<v8::Object>();
  return object;
}

// Whether an own property is still the accessor that the original has there.
bool IsOurAccessor(v8::Local<v8::Context> context, v8::Local<v8::Object> object, RowState &state,
                   v8::Local<v8::Name> name) {
  if (!js::Check(object->HasRealNamedCallbackProperty(context, name))) return false;
  // A script's own accessor shows its functions; ours looks like a value.  Nothing is converted for
  // that.
  state.hides_values = true;
  v8::Local<v8::Value> descriptor;
  bool is_made = object->GetOwnPropertyDescriptor(context, name).ToLocal(&descriptor);
  state.hides_values = false;
  if (!is_made) throw js::Pending{};
  if (!descriptor->IsObject()) return false;
  return js::Check(descriptor.As<v8::Object>()->HasOwnProperty(
      context, js::NewName(context->GetIsolate(), "value")));
}

// Keeps the form of an object that nothing but ordinary properties was added to.
void Learn(v8::Local<v8::Context> context, v8::Local<v8::Object> object, RowState &state,
           uint64_t added) {
  ArgsOriginal &original = *state.original;
  v8::Isolate *isolate = context->GetIsolate();
  v8::Local<v8::Object> example = object->Clone();
  // The example must keep neither the row nor values alive.
  example->SetAlignedPointerInInternalField(args::kState, nullptr);
  for (int field = args::kHandle; field < args::kFieldCount; ++field) {
    example->SetInternalField(field, v8::Undefined(isolate));
  }
  v8::Local<v8::Name> name;
  for (uint64_t bits = added; bits != 0; bits &= bits - 1) {
    name = state.shape->NameOf(__builtin_ctzll(bits));
    js::Check(example->Set(context, name, v8::Undefined(isolate)));
  }
  // Not the property that was added last: V8 goes back to the hidden class before it.
  for (int i = 0; i < state.shape->size(); ++i) {
    if (RowState::Bit(&original.present, i)) name = state.shape->NameOf(i);
  }
  if (js::IsDictionary(context, example, name)) return;
  if (original.grown.size() < kMostGrown) original.grown.emplace_back();
  ArgsOriginal::Grown &grown = original.grown[original.next_grown++ % kMostGrown];
  grown.example.Reset(isolate, example);
  grown.added = added;
}

void MarkAdded(RowState &state, uint64_t added) {
  state.touched[0] |= added;
  state.known[0] |= added;
  state.present[0] |= added;
}

// What the `args` of a row is copied from; null when the row is none for this form.
ArgsOriginal *FindOriginal(v8::Local<v8::Context> context, js::Realm &realm, RowState &state) {
  RowShape &shape = *state.shape;
  uint64_t present;
  int most = state.operation == RowOperation::kInsert ? kMostColumns : kMostComparedColumns;
  // A table without columns has no word to keep its sets in.
  if (shape.size() == 0 || shape.size() > most || shape.has_odd_names() ||
      !state.FindPresent(&present)) {
    return nullptr;
  }
  ArgsOriginal *original = nullptr;
  for (const std::unique_ptr<ArgsOriginal> &known : shape.args_originals) {
    if (known->present == present && known->realm == &realm) {
      original = known.get();
      break;
    }
  }
  if (original == nullptr) {
    if (shape.args_originals.size() >= kMostOriginals) return nullptr;
    v8::Local<v8::Object> object = MakeOriginal(context, shape, present);
    auto made = std::make_unique<ArgsOriginal>();
    made->realm = &realm;
    made->present = present;
    if (!object.IsEmpty()) made->object.Reset(shape.isolate(), object);
    original = made.get();
    shape.args_originals.push_back(std::move(made));
  }
  return original->object.IsEmpty() ? nullptr : original;
}

}  // namespace

v8::Local<v8::Object> args::NewPlain(v8::Local<v8::Context> context, js::Realm &realm,
                                     RowState &state) {
  state.original = FindOriginal(context, realm, state);
  if (state.original == nullptr) return v8::Local<v8::Object>();
  return js::Borrow(state.original->object)->Clone();
}

bool IsArgsWithoutThen(const RowState &state, v8::Local<v8::Object> object) {
  const ArgsOriginal *original = state.original;
  if (original == nullptr || state.shape->has_then()) return false;
  if (js::HaveSameHiddenClass(object, js::Borrow(original->object))) return true;
  for (const ArgsOriginal::Grown &grown : original->grown) {
    if (js::HaveSameHiddenClass(object, js::Borrow(grown.example))) return true;
  }
  return false;
}

ArgsOutcome TakeStockOfArgs(v8::Local<v8::Context> context, v8::Local<v8::Object> object,
                            RowState &state) {
  ArgsOutcome outcome;
  // With names of any kind and attributes, so that what is learned holds for all of the object. Not
  // those that are numbers: there may be millions, which V8 makes texts of in one go, and no column
  // is named so.
  v8::Local<v8::Array> names = js::Check(object->GetPropertyNames(
      context, v8::KeyCollectionMode::kOwnOnly, v8::ALL_PROPERTIES, v8::IndexFilter::kSkipIndices,
      v8::KeyConversionMode::kConvertToString));
  uint64_t seen = 0;
  bool is_ordinary = js::HaveNoElements(object, js::Borrow(state.original->object));
  state.has_extra = state.has_extra || !is_ordinary;
  for (uint32_t i = 0; i < names->Length(); ++i) {
    js::Engine::From(context->GetIsolate()).CheckInterrupts();
    v8::HandleScope handles(context->GetIsolate());
    v8::Local<v8::Value> key = js::Check(names->Get(context, i));
    if (!key->IsString()) {
      is_ordinary = false;
      continue;
    }
    auto name = js::Check(key.As<v8::String>()->ToString(context));
    int index = -1;
    if (name->Length() <= kMostNameUnits) {
      index = state.shape->Find(std::string_view(js::ToText(context->GetIsolate(), name)));
    }
    v8::PropertyAttribute attributes = js::Check(object->GetPropertyAttributes(context, name));
    if (attributes != v8::None) is_ordinary = false;
    // What is not enumerable is as if it were not there.
    if ((attributes & v8::DontEnum) != 0) continue;
    if (index < 0) {
      state.has_extra = true;
      is_ordinary = false;
      continue;
    }
    RowState::Set(&seen, index);
    if (RowState::Bit(&state.original->present, index) &&
        IsOurAccessor(context, object, state, name)) {
      continue;
    }
    RowState::Set(&outcome.by_name, index);
    // Redefined, or with an accessor of the script's.
    if (RowState::Bit(&state.original->present, index) ||
        js::Check(object->HasRealNamedCallbackProperty(context, name))) {
      is_ordinary = false;
      outcome.may_run_scripts = true;
    }
  }
  uint64_t removed = state.original->present & ~seen;
  for (uint64_t bits = removed; bits != 0; bits &= bits - 1) {
    args::Remove(state, __builtin_ctzll(bits));
  }
  MarkAdded(state, outcome.by_name);
  if (is_ordinary && removed == 0 && outcome.by_name != 0) {
    Learn(context, object, state, outcome.by_name);
  }
  return outcome;
}

bool KnowArgs(v8::Local<v8::Object> object, RowState &state, ArgsOutcome *outcome) {
  const ArgsOriginal *original = state.original;
  if (original == nullptr || js::HaveSameHiddenClass(object, js::Borrow(original->object))) {
    return true;
  }
  for (const ArgsOriginal::Grown &grown : original->grown) {
    if (!js::HaveSameHiddenClass(object, js::Borrow(grown.example))) continue;
    outcome->by_name = grown.added;
    MarkAdded(state, grown.added);
    return true;
  }
  return false;
}

}  // namespace fundb::convert
