// A value that must live from a native's call until its request is done.  The first ones of a realm
// stay in slots of its context, which costs a fraction of a Global; when all slots are taken it is
// a Global.  V8 only.
#pragma once

#include <v8.h>

#include <utility>

#include "js/realm.h"

namespace fundb::js {

template <typename T>
class Kept {
 public:
  Kept() = default;
  // Empty for undefined: most requests leave arguments out.
  Kept(v8::Local<v8::Context> context, v8::Local<T> value) {
    if (value->IsUndefined()) return;
    Realm &realm = Realm::From(context);
    slot_ = realm.TakeSlot(value);
    if (slot_ != Realm::kNoSlot) {
      realm_ = &realm;
    } else {
      global_.Reset(context->GetIsolate(), value);
    }
  }
  Kept(Kept &&other) noexcept
      : realm_(std::exchange(other.realm_, nullptr)),
        slot_(other.slot_),
        global_(std::move(other.global_)) {}
  Kept &operator=(Kept &&other) = delete;
  ~Kept() {
    if (realm_ != nullptr) realm_->FreeSlot(slot_);
  }

  // Undefined when it was.
  v8::Local<T> Get(v8::Isolate *isolate) const {
    if (realm_ != nullptr) return realm_->SlotValue(slot_).template As<T>();
    if (global_.IsEmpty()) return v8::Undefined(isolate).template As<T>();
    return global_.Get(isolate);
  }

 private:
  Realm *realm_ = nullptr;
  int slot_ = Realm::kNoSlot;
  v8::Global<T> global_;
};

}  // namespace fundb::js
