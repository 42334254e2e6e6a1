// The object that getUserView resolves to: { info, result }.  `info` is read from its JSON when it
// is first asked for; most callers want the rows only.  V8 only.
#pragma once

#include <v8.h>

namespace fundb::api {

// Without its result, which is undefined.
v8::Local<v8::Object> NewViewObject(v8::Local<v8::Context> context, v8::Local<v8::String> info);

}  // namespace fundb::api
