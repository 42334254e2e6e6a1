#include "js/realm.h"

#include "js/lockdown.h"
#include "js/modules.h"

namespace fundb::js {

namespace {

uint64_t NextGeneration() {
  static uint64_t last = 0;
  return ++last;
}

}  // namespace

Realm::Realm(Engine &engine, uint32_t role) : engine_(engine), role_(role) {
  v8::Isolate *isolate = engine.isolate();
  v8::HandleScope handles(isolate);
  v8::Local<v8::Context> context = NewContext(isolate);
  context->SetAlignedPointerInEmbedderData(kContextSlot, this);
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

void Realm::ForgetModules() { modules_->ForgetModules(); }

void Realm::ForgetEverything() { modules_->ForgetEverything(); }

void Realm::Forget(const std::string &name) { modules_->Forget(name); }

void Realm::BumpGeneration() { generation_ = NextGeneration(); }

}  // namespace fundb::js
