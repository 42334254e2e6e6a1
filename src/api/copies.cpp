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
    bool is_plain = js::IsPlainObject(context, info[0]);
    if (is_plain && !info[0]->IsProxy()) {
      auto object = info[0].As<v8::Object>();
      v8::Local<v8::Array> names = js::Check(object->GetOwnPropertyNames(context));
      is_plain = names->Length() != 0 || !js::IsInstance(context, object);
    }
    info.GetReturnValue().Set(is_plain);
  });
}

}  // namespace fundb::api
