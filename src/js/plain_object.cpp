#include "js/plain_object.h"

#include "js/handles.h"
#include "js/hidden_class.h"

namespace fundb::js {

bool IsPlainObject(v8::Local<v8::Context> context, v8::Local<v8::Value> value) {
  // A revoked proxy has no target; reading it says so.
  while (value->IsProxy() && !value.As<v8::Proxy>()->IsRevoked()) {
    value = value.As<v8::Proxy>()->GetTarget();
  }
  if (value->IsProxy() || value->IsModuleNamespaceObject()) return true;
  if (!value->IsObject()) return false;
  auto object = value.As<v8::Object>();
  if (!IsOrdinary(object)) {
    bool is_buffer = value->IsArrayBuffer() || value->IsSharedArrayBuffer() ||
                     value->IsArrayBufferView() || value->IsPromise();
    return object->InternalFieldCount() > 0 && !is_buffer;
  }
  // Math, JSON and their like have a hidden name of their own.
  v8::Local<v8::Symbol> tag = v8::Symbol::GetToStringTag(context->GetIsolate());
  return !object->HasRealNamedProperty(context, tag).FromMaybe(false) ||
         (object->GetPropertyAttributes(context, tag).FromMaybe(v8::None) & v8::DontEnum) == 0;
}

bool IsInstance(v8::Local<v8::Context> context, v8::Local<v8::Object> object) {
  v8::Local<v8::Value> prototype = object->GetPrototype();
  if (prototype->IsNull() || object->InternalFieldCount() > 0) return false;
  return prototype != v8::Object::New(context->GetIsolate())->GetPrototype();
}

bool HasFields(v8::Local<v8::Context> context, v8::Local<v8::Value> value) {
  if (!IsPlainObject(context, value)) return false;
  if (value->IsProxy()) return true;
  auto object = value.As<v8::Object>();
  if (!IsInstance(context, object)) return true;
  return Check(object->GetOwnPropertyNames(context))->Length() != 0;
}

}  // namespace fundb::js
