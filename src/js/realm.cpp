#include "js/realm.h"

#include <climits>

#include "js/lockdown.h"
#include "js/modules.h"

namespace fundb::js {

namespace {

uint64_t NextGeneration() {
  static uint64_t last = 0;
  return ++last;
}

}  // namespace

Realm::Realm(Engine &engine) : engine_(engine) {
  v8::Isolate *isolate = engine.isolate();
  v8::HandleScope handles(isolate);
  v8::Local<v8::Context> context = NewContext(isolate);
  context->SetAlignedPointerInEmbedderData(kContextSlot, this);
  // All slots at once: the array of them grows by copying.
  context->SetEmbedderData(kFirstSlot + kSlots - 1, v8::Undefined(isolate));
  modules_ = std::make_unique<ModuleMap>(*this);
  context_.Reset(isolate, context);
  BumpGeneration();
  Lockdown(engine, context,
           [&](v8::Local<v8::Object> global) { engine.setup().Install(engine, context, global); });
}

Realm::~Realm() {
  v8::HandleScope handles(engine_.isolate());
  attachments_.Clear();
  // Natives of a context that some object still keeps alive find no realm any more.
  context()->SetAlignedPointerInEmbedderData(kContextSlot, nullptr);
}

v8::Local<v8::Function> Realm::LoadHandler(const std::string &name, const std::string &source) {
  return modules_->LoadHandler(name, source, 0);
}

v8::Local<v8::Function> Realm::LoadHandler(const std::string &name, const std::string &source,
                                           int timeout_ms) {
  return modules_->LoadHandler(name, source, timeout_ms);
}

bool Realm::StandsForAsync(const std::string &name) const { return modules_->StandsForAsync(name); }

std::shared_ptr<const Adapter> Realm::AdapterOf(const std::string &name, const AdapterForm &form) {
  return modules_->AdapterOf(name, form);
}

void Realm::SeedRandom(uint32_t seed) {
  v8::HandleScope handles(isolate());
  v8::Context::Scope entered(context());
  v8::TryCatch caught(isolate());
  // V8 takes the flag for a seed when a context asks for its first number; 0 means none.
  std::string flag = "--random-seed=" + std::to_string((seed & INT32_MAX) | 1);
  v8::V8::SetFlagsFromString(flag.c_str());
  try {
    v8::Local<v8::Value> math =
        Check(context()->Global()->Get(context(), NewName(isolate(), "Math")));
    v8::Local<v8::Value> random =
        Check(math.As<v8::Object>()->Get(context(), NewName(isolate(), "random")));
    Check(random.As<v8::Function>()->Call(context(), math, 0, nullptr));
  } catch (const Pending &) {
    // Without memory for this nothing else will run either.
  }
  v8::V8::SetFlagsFromString("--random-seed=0");
}

void Realm::ForgetModules() { modules_->ForgetModules(); }

void Realm::ForgetEverything() { modules_->ForgetEverything(); }

int Realm::TakeSlot(v8::Local<v8::Value> value) {
  if (free_slots_ == 0) return kNoSlot;
  int slot = __builtin_ctzll(free_slots_);
  free_slots_ &= free_slots_ - 1;
  context()->SetEmbedderData(kFirstSlot + slot, value);
  return slot;
}

void Realm::FreeSlot(int slot) noexcept {
  v8::HandleScope handles(isolate());
  context()->SetEmbedderData(kFirstSlot + slot, v8::Undefined(isolate()));
  free_slots_ |= uint64_t{1} << slot;
}

void Realm::BumpGeneration() { generation_ = NextGeneration(); }

}  // namespace fundb::js
