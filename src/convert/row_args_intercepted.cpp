// `args` in its intercepted form.  V8 and PostgreSQL.

#include "convert/row_args.h"
#include "js/callback.h"
#include "js/handles.h"
#include "js/realm.h"

namespace fundb::convert {

namespace {

using args::Assign;
using args::Remove;
using args::StateOf;

template <typename T>
void Get(v8::Local<v8::Name> name, const v8::PropertyCallbackInfo<T> &info) {
  v8::Local<v8::Object> holder = info.Holder();
  RowState &state = StateOf(holder);
  int index = state.shape->Find(name);
  if (index < 0 && !state.has_extra && state.shape->IsThen(name)) {
    // Asked for each time a handler resolves to `args`.  Without this answer V8 goes on to look for
    // it in the prototype, where no script can put it.
    info.GetReturnValue().SetUndefined();
    return;
  }
  if (index < 0 || !state.IsPresent(index)) return;
  v8::Local<v8::Context> context = info.GetIsolate()->GetCurrentContext();
  info.GetReturnValue().Set(ArgsValue(context, holder, state, index));
}

void Getter(v8::Local<v8::Name> name, const v8::PropertyCallbackInfo<v8::Value> &info) {
  js::Callback(info, [&] { Get(name, info); });
}

void Setter(v8::Local<v8::Name> name, v8::Local<v8::Value> value,
            const v8::PropertyCallbackInfo<v8::Value> &info) {
  js::Callback(info, [&] {
    v8::Local<v8::Object> holder = info.Holder();
    // An object that merely inherits from `args` gets a property of its own.
    if (info.This() != holder) return;
    RowState &state = StateOf(holder);
    int index = state.shape->Find(name);
    if (index < 0) {
      if (name->IsString()) state.has_extra = true;
      return;
    }
    Assign(holder, state, index, value);
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
    v8::Local<v8::Object> holder = info.Holder();
    RowState &state = StateOf(holder);
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
    Assign(holder, state, index, value);
    info.GetReturnValue().Set(value);
  });
}

// Columns may be called "1".  V8 asks for those by number, so they are found by their text.
int FindIndexed(RowState &state, uint32_t index) {
  return state.shape->Find(std::string_view(std::to_string(index)));
}

void IndexedGetter(uint32_t number, const v8::PropertyCallbackInfo<v8::Value> &info) {
  js::Callback(info, [&] {
    v8::Local<v8::Object> holder = info.Holder();
    RowState &state = StateOf(holder);
    int index = FindIndexed(state, number);
    if (index < 0 || !state.IsPresent(index)) return;
    info.GetReturnValue().Set(
        ArgsValue(info.GetIsolate()->GetCurrentContext(), holder, state, index));
  });
}

void IndexedSetter(uint32_t number, v8::Local<v8::Value> value,
                   const v8::PropertyCallbackInfo<v8::Value> &info) {
  js::Callback(info, [&] {
    v8::Local<v8::Object> holder = info.Holder();
    RowState &state = StateOf(holder);
    int index = FindIndexed(state, number);
    if (index < 0) {
      state.has_extra = true;
      return;
    }
    Assign(holder, state, index, value);
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
    instance->SetInternalFieldCount(args::kFieldCount);
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
struct InterceptedOriginal {
  InterceptedOriginal(v8::Local<v8::Context> context, const ArgsTemplate &made) {
    v8::Isolate *isolate = context->GetIsolate();
    v8::Context::Scope entered(context);
    UsePlainPrototype(context, made.constructor.Get(isolate));
    object.Reset(isolate, js::Check(made.object.Get(isolate)->NewInstance(context)));
  }
  v8::Global<v8::Object> object;
};

}  // namespace

v8::Local<v8::Object> args::NewIntercepted(v8::Local<v8::Context> context, js::Realm &realm) {
  auto *original = realm.attachments().Find<InterceptedOriginal>();
  if (original == nullptr) {
    auto &made = realm.engine().attachments().Of<ArgsTemplate>(realm.isolate());
    original = &realm.attachments().Of<InterceptedOriginal>(context, made);
  }
  return js::Borrow(original->object)->Clone();
}

}  // namespace fundb::convert
