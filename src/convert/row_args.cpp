// `args`: an object whose named properties are the row's columns, through interceptors.  V8 and
// PostgreSQL.
//
// Values that were assigned or handed out as objects are held in internal fields, one each, and in
// an array (undefined until there is one) when there are more than those.

#include "convert/row.h"
#include "js/callback.h"
#include "js/handles.h"
#include "js/realm.h"

namespace fundb::convert {

namespace {

enum Field { kState, kHandle, kValues, kFirstSlot, kFieldCount = kFirstSlot + RowState::kSlots };

// A string longer than this is kept once it was read: a loop over args.text must not build it again
// each time.
constexpr int kKeptStringLength = 64;

RowState &StateOf(v8::Local<v8::Object> args) {
  return *static_cast<RowState *>(args->GetAlignedPointerFromInternalField(kState));
}

v8::Local<v8::Array> ValuesOf(v8::Isolate *isolate, v8::Local<v8::Object> args) {
  v8::Local<v8::Value> field = args->GetInternalField(kValues);
  if (!field->IsArray()) {
    v8::Local<v8::Array> values = v8::Array::New(isolate);
    args->SetInternalField(kValues, values);
    return values;
  }
  return field.As<v8::Array>();
}

// The field that holds a column's value, 0 when the array does (or nothing).
int SlotOf(const RowState &state, int index) {
  for (int i = 0; i < state.slot_count; ++i) {
    if (state.slot_columns[i] == index) return kFirstSlot + i;
  }
  return 0;
}

void Hold(v8::Local<v8::Object> args, RowState &state, int index, v8::Local<v8::Value> value) {
  int slot = RowState::Bit(state.held, index) ? SlotOf(state, index) : 0;
  if (slot == 0 && !RowState::Bit(state.held, index) && state.slot_count < RowState::kSlots) {
    slot = kFirstSlot + state.slot_count;
    state.slot_columns[state.slot_count++] = static_cast<int16>(index);
  }
  if (slot != 0) {
    args->SetInternalField(slot, value);
  } else {
    v8::Isolate *isolate = state.shape->isolate();
    js::Check(ValuesOf(isolate, args)
                  ->CreateDataProperty(isolate->GetCurrentContext(), static_cast<uint32_t>(index),
                                       value));
  }
  RowState::Set(state.held, index);
}

v8::Local<v8::Value> Held(v8::Local<v8::Context> context, v8::Local<v8::Object> args,
                          RowState &state, int index) {
  int slot = SlotOf(state, index);
  if (slot != 0) return args->GetInternalField(slot);
  return js::Check(
      ValuesOf(state.shape->isolate(), args)->Get(context, static_cast<uint32_t>(index)));
}

void Assign(v8::Local<v8::Object> args, RowState &state, int index, v8::Local<v8::Value> value) {
  (void)state.IsPresent(index);  // what it was decides what leaving it out means
  Hold(args, state, index, value);
  RowState::Set(state.known, index);
  RowState::Set(state.present, index);
  RowState::Set(state.touched, index);
}

void Remove(RowState &state, int index) {
  RowState::Set(state.known, index);
  RowState::Clear(state.present, index);
  RowState::Set(state.touched, index);
}

template <typename T>
void Get(v8::Local<v8::Name> name, const v8::PropertyCallbackInfo<T> &info) {
  v8::Local<v8::Object> args = info.Holder();
  RowState &state = StateOf(args);
  int index = state.shape->Find(name);
  if (index < 0 && !state.has_extra && state.shape->IsThen(name)) {
    // Asked for each time a handler resolves to `args`.  Without this answer V8 goes on to look for
    // it in the prototype, where no script can put it.
    info.GetReturnValue().SetUndefined();
    return;
  }
  if (index < 0 || !state.IsPresent(index)) return;
  v8::Local<v8::Context> context = info.GetIsolate()->GetCurrentContext();
  info.GetReturnValue().Set(ArgsValue(context, args, state, index));
}

void Getter(v8::Local<v8::Name> name, const v8::PropertyCallbackInfo<v8::Value> &info) {
  js::Callback(info, [&] { Get(name, info); });
}

void Setter(v8::Local<v8::Name> name, v8::Local<v8::Value> value,
            const v8::PropertyCallbackInfo<v8::Value> &info) {
  js::Callback(info, [&] {
    v8::Local<v8::Object> args = info.Holder();
    // An object that merely inherits from `args` gets a property of its own.
    if (info.This() != args) return;
    RowState &state = StateOf(args);
    int index = state.shape->Find(name);
    if (index < 0) {
      if (name->IsString()) state.has_extra = true;
      return;
    }
    Assign(args, state, index, value);
    info.GetReturnValue().Set(value);
  });
}

void Query(v8::Local<v8::Name> name, const v8::PropertyCallbackInfo<v8::Integer> &info) {
  js::Callback(info, [&] {
    RowState &state = StateOf(info.Holder());
    int index = state.shape->Find(name);
    if (index >= 0 && state.IsPresent(index)) info.GetReturnValue().Set(v8::None);
  });
}

void Deleter(v8::Local<v8::Name> name, const v8::PropertyCallbackInfo<v8::Boolean> &info) {
  js::Callback(info, [&] {
    RowState &state = StateOf(info.Holder());
    int index = state.shape->Find(name);
    if (index < 0) return;
    if (state.IsPresent(index)) Remove(state, index);
    info.GetReturnValue().Set(true);
  });
}

void Enumerator(const v8::PropertyCallbackInfo<v8::Array> &info) {
  js::Callback(info, [&] {
    RowState &state = StateOf(info.Holder());
    std::vector<v8::Local<v8::Value>> names;
    for (int i = 0; i < state.shape->size(); ++i) {
      if (state.shape->column(i).dropped || !state.IsPresent(i)) continue;
      names.push_back(state.shape->NameOf(i));
    }
    info.GetReturnValue().Set(v8::Array::New(info.GetIsolate(), names.data(), names.size()));
  });
}

void Definer(v8::Local<v8::Name> name, const v8::PropertyDescriptor &descriptor,
             const v8::PropertyCallbackInfo<v8::Value> &info) {
  js::Callback(info, [&] {
    v8::Local<v8::Object> args = info.Holder();
    RowState &state = StateOf(args);
    int index = state.shape->Find(name);
    if (index < 0) {
      if (name->IsString()) state.has_extra = true;
      return;
    }
    v8::Isolate *isolate = info.GetIsolate();
    if (descriptor.has_get() || descriptor.has_set()) {
      isolate->ThrowException(v8::Exception::TypeError(
          js::NewString(isolate, "a field of args takes a value, not an accessor")));
      throw js::Pending{};
    }
    v8::Local<v8::Value> value = v8::Undefined(isolate);
    if (descriptor.has_value()) {
      value = descriptor.value();
    } else if (state.IsPresent(index)) {
      return info.GetReturnValue().Set(v8::True(isolate));
    }
    Assign(args, state, index, value);
    info.GetReturnValue().Set(value);
  });
}

// Columns may be called "1".  V8 asks for those by number, so they are found by their text.
int FindIndexed(RowState &state, uint32_t index) {
  return state.shape->Find(std::string_view(std::to_string(index)));
}

void IndexedGetter(uint32_t number, const v8::PropertyCallbackInfo<v8::Value> &info) {
  js::Callback(info, [&] {
    v8::Local<v8::Object> args = info.Holder();
    RowState &state = StateOf(args);
    int index = FindIndexed(state, number);
    if (index < 0 || !state.IsPresent(index)) return;
    info.GetReturnValue().Set(
        ArgsValue(info.GetIsolate()->GetCurrentContext(), args, state, index));
  });
}

void IndexedSetter(uint32_t number, v8::Local<v8::Value> value,
                   const v8::PropertyCallbackInfo<v8::Value> &info) {
  js::Callback(info, [&] {
    v8::Local<v8::Object> args = info.Holder();
    RowState &state = StateOf(args);
    int index = FindIndexed(state, number);
    if (index < 0) {
      state.has_extra = true;
      return;
    }
    Assign(args, state, index, value);
    info.GetReturnValue().Set(value);
  });
}

void IndexedQuery(uint32_t number, const v8::PropertyCallbackInfo<v8::Integer> &info) {
  js::Callback(info, [&] {
    RowState &state = StateOf(info.Holder());
    int index = FindIndexed(state, number);
    if (index >= 0 && state.IsPresent(index)) info.GetReturnValue().Set(v8::None);
  });
}

void IndexedDeleter(uint32_t number, const v8::PropertyCallbackInfo<v8::Boolean> &info) {
  js::Callback(info, [&] {
    RowState &state = StateOf(info.Holder());
    int index = FindIndexed(state, number);
    if (index < 0) return;
    if (state.IsPresent(index)) Remove(state, index);
    info.GetReturnValue().Set(true);
  });
}

struct ArgsTemplate {
  explicit ArgsTemplate(v8::Isolate *isolate) {
    v8::HandleScope handles(isolate);
    v8::Local<v8::FunctionTemplate> made = v8::FunctionTemplate::New(isolate);
    v8::Local<v8::ObjectTemplate> instance = made->InstanceTemplate();
    instance->SetInternalFieldCount(kFieldCount);
    instance->SetHandler(v8::NamedPropertyHandlerConfiguration(
        Getter, Setter, Query, Deleter, Enumerator, Definer, nullptr, v8::Local<v8::Value>(),
        v8::PropertyHandlerFlags::kOnlyInterceptStrings));
    instance->SetHandler(v8::IndexedPropertyHandlerConfiguration(IndexedGetter, IndexedSetter,
                                                                 IndexedQuery, IndexedDeleter));
    constructor.Reset(isolate, made);
    object.Reset(isolate, instance);
  }
  v8::Global<v8::FunctionTemplate> constructor;
  v8::Global<v8::ObjectTemplate> object;
};

// Once per realm: what every `args` is a copy of, as with events.
struct ArgsOriginal {
  ArgsOriginal(v8::Local<v8::Context> context, const ArgsTemplate &made) {
    v8::Isolate *isolate = context->GetIsolate();
    v8::Context::Scope entered(context);
    UsePlainPrototype(context, made.constructor.Get(isolate));
    object.Reset(isolate, js::Check(made.object.Get(isolate)->NewInstance(context)));
  }
  v8::Global<v8::Object> object;
};

}  // namespace

void UsePlainPrototype(v8::Local<v8::Context> context,
                       v8::Local<v8::FunctionTemplate> constructor) {
  v8::Isolate *isolate = context->GetIsolate();
  v8::Local<v8::Function> function = js::Check(constructor->GetFunction(context));
  v8::Local<v8::Value> plain = v8::Object::New(isolate)->GetPrototype();
  js::Check(function->Set(context, js::NewName(isolate, "prototype"), plain));
}

v8::Local<v8::Object> NewArgs(v8::Local<v8::Context> context, const Row &row) {
  js::Realm &realm = js::Realm::From(context);
  auto *original = realm.attachments().Find<ArgsOriginal>();
  if (original == nullptr) {
    auto &made = realm.engine().attachments().Of<ArgsTemplate>(realm.isolate());
    original = &realm.attachments().Of<ArgsOriginal>(context, made);
  }
  v8::Local<v8::Object> args = js::Borrow(original->object)->Clone();
  args->SetAlignedPointerInInternalField(kState, row.state);
  args->SetInternalField(kHandle, row.handle);
  return args;
}

v8::Local<v8::Value> ArgsValue(v8::Local<v8::Context> context, v8::Local<v8::Object> args,
                               RowState &state, int index) {
  if (RowState::Bit(state.held, index)) return Held(context, args, state, index);
  v8::Local<v8::Value> value = StoredToJs(context, state, false, index);
  if (value->IsObject()) {
    Hold(args, state, index, value);
    RowState::Set(state.touched, index);
  } else if (value->IsString() && value.As<v8::String>()->Length() > kKeptStringLength) {
    Hold(args, state, index, value);
  }
  return value;
}

v8::Local<v8::Value> StoredToJs(v8::Local<v8::Context> context, RowState &state, bool of_old,
                                int index) {
  bool is_null;
  Datum datum = state.Stored(of_old, index, &is_null);
  if (is_null) return v8::Null(context->GetIsolate());
  return state.shape->column(index).type->ToJs(context, datum);
}

}  // namespace fundb::convert
