// bytea <-> Uint8Array.

#include <cstring>

#include "convert/detoasted.h"
#include "convert/factories.h"
#include "convert/refusal.h"
#include "js/engine.h"

#include "pg/postgres.h"

namespace fundb::convert {

namespace {

constexpr char kHint[] = "Accepted are Uint8Array, other views of an ArrayBuffer, and ArrayBuffer.";

void FreeBytes(void *data, size_t size, void *allocator) {
  static_cast<v8::ArrayBuffer::Allocator *>(allocator)->Free(data, size);
}

// ArrayBuffer::New ends the process when the allocator refuses; so the memory is asked for first.
v8::Local<v8::ArrayBuffer> NewBuffer(v8::Isolate *isolate, const char *bytes, size_t size) {
  if (size == 0) return v8::ArrayBuffer::New(isolate, 0);
  v8::ArrayBuffer::Allocator *allocator = isolate->GetArrayBufferAllocator();
  void *data = allocator->AllocateUninitialized(size);
  if (data == nullptr) {
    isolate->LowMemoryNotification();  // buffers that nobody holds any more go with a collection
    data = allocator->AllocateUninitialized(size);
  }
  if (data == nullptr) {
    throw Error(sqlstate::kOutOfMemory, "JavaScript has no memory left for " +
                                            std::to_string(size) + " bytes of a bytea value");
  }
  std::memcpy(data, bytes, size);
  return v8::ArrayBuffer::New(isolate,
                              v8::ArrayBuffer::NewBackingStore(data, size, FreeBytes, allocator));
}

class BytesType final : public Type {
 public:
  explicit BytesType(const TypeSeed &seed) : Type(seed.name) {}

  v8::Local<v8::Value> ToJs(v8::Local<v8::Context> context, Datum value) const override {
    Detoasted bytes(value, Detoasted::Alignment::kAny);
    v8::Local<v8::ArrayBuffer> buffer =
        NewBuffer(context->GetIsolate(), bytes.data(), bytes.size());
    return v8::Uint8Array::New(buffer, 0, bytes.size());
  }

  Datum FromJs(v8::Local<v8::Context> context, v8::Local<v8::Value> value,
               const Target &target) const override {
    Refused refused{*this, target, context->GetIsolate(), value};
    if (value->IsArrayBufferView()) {
      v8::Local<v8::ArrayBufferView> view = value.As<v8::ArrayBufferView>();
      size_t size = view->ByteLength();
      char *block = Allocate(refused, size);
      view->CopyContents(block + VARHDRSZ, size);
      return PointerGetDatum(block);
    }
    if (value->IsArrayBuffer()) {
      v8::Local<v8::ArrayBuffer> buffer = value.As<v8::ArrayBuffer>();
      size_t size = buffer->ByteLength();
      char *block = Allocate(refused, size);
      if (size != 0) std::memcpy(block + VARHDRSZ, buffer->GetBackingStore()->Data(), size);
      return PointerGetDatum(block);
    }
    Refuse(refused, sqlstate::kDatatypeMismatch, kHint);
  }

  bool IsLossy() const override { return false; }

 private:
  static char *Allocate(const Refused &refused, size_t size) {
    if (!AllocSizeIsValid(size + VARHDRSZ)) {
      Refuse(refused, "54000", kHint, "The limit is 1 GB.");
    }
    js::Engine::From(refused.isolate).CountTransfer(size);
    char *block = pg::Call([&] { return static_cast<char *>(palloc(size + VARHDRSZ)); });
    SET_VARSIZE(block, size + VARHDRSZ);
    return block;
  }
};

}  // namespace

TypePointer MakeBytes(const TypeSeed &seed) { return std::make_unique<BytesType>(seed); }

}  // namespace fundb::convert
