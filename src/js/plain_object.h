// Objects that are nothing but their properties, as against those that would look empty: what they
// hold cannot be taken for named values.  V8 only.
#pragma once

#include <v8.h>

namespace fundb::js {

// One like those that literals and classes make (not an array, a Map, an iterator, …), an `args` or
// row of ours, a module, a proxy of such.
bool IsPlainObject(v8::Local<v8::Context> context, v8::Local<v8::Value> value);

// For an object without a property of its own: whether it has a class or another object behind it,
// whose getters and methods say what it is.
bool IsInstance(v8::Local<v8::Context> context, v8::Local<v8::Object> object);

// A plain object whose own properties are all that it says: not an instance that has but getters.
// Throws Pending.
bool HasFields(v8::Local<v8::Context> context, v8::Local<v8::Value> value);

}  // namespace fundb::js
