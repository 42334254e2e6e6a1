// What C++ found out about the names of objects, kept by their hidden class: objects that one place
// of a script makes are alike, and to list the names of each is most of the cost of reading it.
#pragma once

#include <v8.h>

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "js/handles.h"
#include "js/hidden_class.h"

namespace fundb::js {

// For one realm.  Needs no run; runs no script.
template <typename T>
class ObjectForms {
 public:
  // What was kept for objects of this one's form that `fits`, null when there is nothing.  Good
  // until the next Keep.
  template <typename Fits>
  const T *Find(v8::Local<v8::Object> object, Fits &&fits) const {
    for (const Form &form : forms_) {
      if (HaveSameHiddenClass(object, Borrow(form.example)) && fits(form.what)) return &form.what;
    }
    return nullptr;
  }
  const T *Find(v8::Local<v8::Object> object) const {
    return Find(object, [](const T &) { return true; });
  }

  // Whether to work out what to keep: an ordinary object whose form came before, not long ago, and
  // was not refused.
  bool IsWorthwhile(v8::Local<v8::Object> object) {
    if (!IsOrdinary(object)) return false;
    uintptr_t hint = HiddenClassHint(object);
    for (const Seen &seen : seen_) {
      if (seen.hint == hint) return !seen.is_refused;
    }
    seen_[next_seen_++ % kSeen] = {hint, false};
    return false;
  }

  // `names`: all that the object has as enumerable names.  Kept only if all of its properties are
  // among them and are plain values.  Throws Pending.
  void Keep(v8::Local<v8::Context> context, v8::Local<v8::Object> object,
            v8::Local<v8::Array> names, T what) {
    if (!IsPlain(context, object, names)) return Refuse(object);
    v8::Isolate *isolate = context->GetIsolate();
    v8::Local<v8::Object> example = object->Clone();
    v8::Local<v8::Name> name;
    for (uint32_t i = 0; i < names->Length(); ++i) {
      // The example is not to keep the values alive.
      name = Check(names->Get(context, i)).template As<v8::Name>();
      Check(example->Set(context, name, v8::Undefined(isolate)));
    }
    // The first name: without its last property an object gets its former hidden class back.
    name = Check(names->Get(context, 0)).template As<v8::Name>();
    if (IsDictionary(context, example, name)) return Refuse(object);
    if (forms_.size() < kForms) forms_.emplace_back();
    Form &form = forms_[next_form_++ % kForms];
    form.what = std::move(what);
    form.example.Reset(isolate, example);
  }

 private:
  static constexpr size_t kForms = 16;
  static constexpr size_t kSeen = 16;

  struct Form {
    v8::Global<v8::Object> example;
    T what;
  };
  struct Seen {
    uintptr_t hint = 0;
    bool is_refused = false;
  };

  static bool IsPlain(v8::Local<v8::Context> context, v8::Local<v8::Object> object,
                      v8::Local<v8::Array> names) {
    v8::Local<v8::Array> all = Check(object->GetOwnPropertyNames(
        context, v8::ALL_PROPERTIES, v8::KeyConversionMode::kConvertToString));
    if (names->Length() == 0 || all->Length() != names->Length()) return false;
    for (uint32_t i = 0; i < all->Length(); ++i) {
      v8::Local<v8::Value> key = Check(all->Get(context, i));
      // A number among the names is an element.
      if (!key->IsString() || !key.As<v8::String>()->IsOneByte() ||
          IsNumber(ToText(context->GetIsolate(), key.As<v8::String>()))) {
        return false;
      }
      auto name = key.As<v8::Name>();
      if (Check(object->GetPropertyAttributes(context, name)) != v8::None) return false;
      if (Check(object->HasRealNamedCallbackProperty(context, name))) return false;
    }
    return true;
  }

  static bool IsNumber(const std::string &text) {
    return text.find_first_not_of("0123456789") == std::string::npos;
  }

  void Refuse(v8::Local<v8::Object> object) {
    for (Seen &seen : seen_) {
      if (seen.hint == HiddenClassHint(object)) seen.is_refused = true;
    }
  }

  std::vector<Form> forms_;
  size_t next_form_ = 0;
  Seen seen_[kSeen];
  size_t next_seen_ = 0;
};

}  // namespace fundb::js
