// What V8 knows of an object's form.  Its API does not tell, so this reads two words of the object,
// with the offsets that V8's own public headers use for their inline code; those are of the very
// version that is loaded (platform.cpp checks), and test/unit/js_hidden_class.cpp holds V8 to it.
#pragma once

#include <v8.h>

#include "js/handles.h"

namespace fundb::js {

namespace internal {
inline v8::internal::Address WordOf(v8::Local<v8::Object> object, int offset) {
  auto address = *reinterpret_cast<const v8::internal::Address *>(*object);
  return v8::internal::Internals::ReadTaggedPointerField(address, offset);
}
}  // namespace internal

// Equal for objects of one hidden class for as long as such objects live; good for a guess.
inline uintptr_t HiddenClassHint(v8::Local<v8::Object> object) {
  return internal::WordOf(object, v8::internal::Internals::kHeapObjectMapOffset);
}

// An object like those that literals make: no proxy, array, function, nor one of C++'s.
inline bool IsOrdinary(v8::Local<v8::Object> object) {
  using v8::internal::Internals;
  auto address = *reinterpret_cast<const v8::internal::Address *>(*object);
  return Internals::GetInstanceType(address) == Internals::kJSObjectType;
}

// True when neither object has elements (properties named by a number); for one of them at least
// that must be known.
inline bool HaveNoElements(v8::Local<v8::Object> a, v8::Local<v8::Object> b) {
  using v8::internal::Internals;
  constexpr int kElementsOffset = Internals::kJSObjectHeaderSize - v8::internal::kApiTaggedSize;
  return internal::WordOf(a, kElementsOffset) == internal::WordOf(b, kElementsOffset);
}

// True when neither object has elements and both have one hidden class: the same own properties in
// the same order, with the same attributes and accessors, and the same prototype; only values of
// data properties can differ.  Says nothing about objects that V8 keeps as dictionaries (see
// IsDictionary), so both must have been found not to be.
inline bool HaveSameHiddenClass(v8::Local<v8::Object> a, v8::Local<v8::Object> b) {
  return HiddenClassHint(a) == HiddenClassHint(b) && HaveNoElements(a, b);
}

// Whether objects of this one's hidden class can have different properties, by trying: a copy loses
// the property, which changes its hidden class unless it is a dictionary.  `name` must be an own
// property that can be deleted, and `object` have no elements.  Throws Pending.
inline bool IsDictionary(v8::Local<v8::Context> context, v8::Local<v8::Object> object,
                         v8::Local<v8::Name> name) {
  v8::Local<v8::Object> copy = object->Clone();
  Check(copy->Delete(context, name));
  return HaveSameHiddenClass(copy, object);
}

}  // namespace fundb::js
