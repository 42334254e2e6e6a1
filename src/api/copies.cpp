// What the prelude cannot copy by itself.  V8 only.

#include "api/natives.h"
#include "convert/dates.h"
#include "js/callback.h"

namespace fundb::api {

void CopyDate(const v8::FunctionCallbackInfo<v8::Value> &info) {
  js::Callback(info, [&] {
    v8::Local<v8::Context> context = info.GetIsolate()->GetCurrentContext();
    info.GetReturnValue().Set(convert::CopyDate(context, info[0].As<v8::Date>()));
  });
}

}  // namespace fundb::api
