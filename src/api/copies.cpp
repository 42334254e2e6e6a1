// What the prelude cannot copy by itself.  V8 only.

#include "api/natives.h"
#include "convert/dates.h"
#include "js/callback.h"
#include "js/handles.h"
#include "js/plain_object.h"

namespace fundb::api {

void CopyDate(const v8::FunctionCallbackInfo<v8::Value> &info) {
  js::Callback(info, [&] {
    v8::Local<v8::Context> context = info.GetIsolate()->GetCurrentContext();
    info.GetReturnValue().Set(convert::CopyDate(context, info[0].As<v8::Date>()));
  });
}

void IsPlain(const v8::FunctionCallbackInfo<v8::Value> &info) {
  js::Callback(info, [&] {
    v8::Isolate *isolate = info.GetIsolate();
    v8::Local<v8::Context> context = isolate->GetCurrentContext();
    info.GetReturnValue().Set(js::HasFields(context, info[0]));
  });
}

}  // namespace fundb::api
