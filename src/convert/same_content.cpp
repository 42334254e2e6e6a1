// Whether a value still says what the row holds.  No JavaScript may run here: the question comes up
// between two rules, where a getter or a proxy must not get a say.

#include <cmath>
#include <cstring>

#include "convert/dates.h"
#include "convert/stack.h"
#include "convert/type.h"

namespace fundb::convert {

namespace {

struct Bytes {
  const char *data;
  size_t size;
};

// Small typed arrays live inside the JavaScript object until someone asks for their buffer; asking
// moves them out, which is fine for a value that is to be stored.
bool BytesOf(v8::Local<v8::Object> object, Bytes *bytes) {
  if (object->IsArrayBufferView()) {
    v8::Local<v8::ArrayBufferView> view = object.As<v8::ArrayBufferView>();
    bytes->size = view->ByteLength();
    bytes->data = static_cast<const char *>(view->Buffer()->GetBackingStore()->Data());
    if (bytes->size != 0) bytes->data += view->ByteOffset();
    return true;
  }
  if (object->IsArrayBuffer()) {
    v8::Local<v8::ArrayBuffer> buffer = object.As<v8::ArrayBuffer>();
    bytes->size = buffer->ByteLength();
    bytes->data = static_cast<const char *>(buffer->GetBackingStore()->Data());
    return true;
  }
  return false;
}

class Comparison {
 public:
  explicit Comparison(v8::Local<v8::Context> context)
      : context_(context), isolate_(context->GetIsolate()) {}

  bool Same(v8::Local<v8::Value> a, v8::Local<v8::Value> b) {
    if (a->SameValue(b)) return true;
    if (!a->IsObject() || !b->IsObject()) return false;
    return SameObjects(a.As<v8::Object>(), b.As<v8::Object>());
  }

 private:
  bool SameObjects(v8::Local<v8::Object> a, v8::Local<v8::Object> b) {
    if (a->IsProxy() || b->IsProxy()) return false;
    if (a->IsDate() || b->IsDate()) {
      if (!a->IsDate() || !b->IsDate()) return false;
      double time_a = a.As<v8::Date>()->ValueOf();
      double time_b = b.As<v8::Date>()->ValueOf();
      if (std::isnan(time_a) && std::isnan(time_b)) return true;
      return time_a == time_b && MicrosecondsOf(context_, a.As<v8::Date>()) ==
                                     MicrosecondsOf(context_, b.As<v8::Date>());
    }
    Bytes bytes_a;
    Bytes bytes_b;
    bool are_bytes = BytesOf(a, &bytes_a);
    if (are_bytes != BytesOf(b, &bytes_b)) return false;
    if (are_bytes) {
      return bytes_a.size == bytes_b.size &&
             (bytes_a.size == 0 || std::memcmp(bytes_a.data, bytes_b.data, bytes_a.size) == 0);
    }
    // Another class may say another thing with the same members (by a toJSON of its own).
    if (!a->GetPrototype()->StrictEquals(b->GetPrototype()) || StackIsTooDeep()) return false;
    if (a->IsArray() && b->IsArray()) return SameElements(a.As<v8::Array>(), b.As<v8::Array>());
    return IsPlain(a) && IsPlain(b) && SameMembers(a, b);
  }

  // Maps, functions, boxed numbers and the like hold more than their properties.
  static bool IsPlain(v8::Local<v8::Object> object) {
    return !(object->IsArray() || object->IsFunction() || object->IsMap() || object->IsSet() ||
             object->IsRegExp() || object->IsPromise() || object->IsNumberObject() ||
             object->IsStringObject() || object->IsBooleanObject() || object->IsBigIntObject() ||
             object->IsSymbolObject() || object->IsNativeError());
  }

  bool SameElements(v8::Local<v8::Array> a, v8::Local<v8::Array> b) {
    uint32_t length = b->Length();
    if (a->Length() != length) return false;
    for (uint32_t i = 0; i < length; ++i) {
      v8::HandleScope handles(isolate_);
      v8::Local<v8::Value> element_a;
      v8::Local<v8::Value> element_b;
      if (!a->Get(context_, i).ToLocal(&element_a) || !b->Get(context_, i).ToLocal(&element_b) ||
          !Same(element_a, element_b)) {
        return false;
      }
    }
    return true;
  }

  bool SameMembers(v8::Local<v8::Object> a, v8::Local<v8::Object> b) {
    v8::Local<v8::Array> names_a;
    v8::Local<v8::Array> names_b;
    if (!OwnNames(a).ToLocal(&names_a) || !OwnNames(b).ToLocal(&names_b) ||
        names_a->Length() != names_b->Length()) {
      return false;
    }
    for (uint32_t i = 0; i < names_b->Length(); ++i) {
      v8::HandleScope handles(isolate_);
      v8::Local<v8::Value> name;
      v8::Local<v8::Value> name_a;
      v8::Local<v8::Value> member_a;
      v8::Local<v8::Value> member_b;
      if (!names_b->Get(context_, i).ToLocal(&name) ||
          !names_a->Get(context_, i).ToLocal(&name_a) || !name->StrictEquals(name_a) ||
          !a->Get(context_, name).ToLocal(&member_a) ||
          !b->Get(context_, name).ToLocal(&member_b) || !Same(member_a, member_b)) {
        return false;
      }
    }
    return true;
  }

  // All of them: a toJSON that does not enumerate must not be missed.
  v8::MaybeLocal<v8::Array> OwnNames(v8::Local<v8::Object> object) {
    return object->GetOwnPropertyNames(context_, v8::SKIP_SYMBOLS);
  }

  v8::Local<v8::Context> context_;
  v8::Isolate *isolate_;
};

}  // namespace

bool SameContent(v8::Local<v8::Context> context, v8::Local<v8::Value> a, v8::Local<v8::Value> b) {
  if (a->SameValue(b)) return true;
  if (!a->IsObject() || !b->IsObject()) return false;
  v8::Isolate *isolate = context->GetIsolate();
  v8::HandleScope handles(isolate);
  // A getter throws instead of running, and what throws is not the same.
  v8::TryCatch caught(isolate);
  v8::Isolate::DisallowJavascriptExecutionScope silence(
      isolate, v8::Isolate::DisallowJavascriptExecutionScope::THROW_ON_FAILURE);
  return Comparison(context).Same(a, b);
}

}  // namespace fundb::convert
