#include "api/view_object.h"

#include "convert/row.h"
#include "js/callback.h"
#include "js/handles.h"
#include "js/realm.h"

namespace fundb::api {

namespace {

using v8::Local;

// The text until it is read, undefined afterwards; what was read or assigned.
enum Field { kText, kInfo, kFieldCount };

void GetInfo(Local<v8::Name>, const v8::PropertyCallbackInfo<v8::Value> &info) {
  js::Callback(info, [&] {
    Local<v8::Object> view = info.Holder();
    Local<v8::Value> text = view->GetInternalField(kText);
    if (text->IsString()) {
      Local<v8::Context> context = info.GetIsolate()->GetCurrentContext();
      Local<v8::Value> read = js::Check(v8::JSON::Parse(context, text.As<v8::String>()));
      view->SetInternalField(kInfo, read);
      view->SetInternalField(kText, v8::Undefined(info.GetIsolate()));
    }
    info.GetReturnValue().Set(view->GetInternalField(kInfo));
  });
}

void SetInfo(Local<v8::Name>, Local<v8::Value> value, const v8::PropertyCallbackInfo<void> &info) {
  js::Callback(info, [&] {
    Local<v8::Object> view = info.Holder();
    view->SetInternalField(kInfo, value);
    view->SetInternalField(kText, v8::Undefined(info.GetIsolate()));
  });
}

// Once per realm: what every view is a copy of.
struct Original {
  explicit Original(Local<v8::Context> context) {
    v8::Isolate *isolate = context->GetIsolate();
    Local<v8::FunctionTemplate> constructor = v8::FunctionTemplate::New(isolate);
    Local<v8::ObjectTemplate> made = constructor->InstanceTemplate();
    made->SetInternalFieldCount(kFieldCount);
    made->SetNativeDataProperty(js::NewName(isolate, "info"), GetInfo, SetInfo);
    convert::UsePlainPrototype(context, constructor);
    Local<v8::Object> view = js::Check(made->NewInstance(context));
    js::Check(
        view->CreateDataProperty(context, js::NewName(isolate, "result"), v8::Undefined(isolate)));
    object.Reset(isolate, view);
  }
  v8::Global<v8::Object> object;
};

}  // namespace

Local<v8::Object> NewViewObject(Local<v8::Context> context, Local<v8::String> info) {
  auto &original = js::Realm::From(context).attachments().Of<Original>(context);
  Local<v8::Object> view = js::Borrow(original.object)->Clone();
  view->SetInternalField(kText, info);
  return view;
}

}  // namespace fundb::api
