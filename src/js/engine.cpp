#include "js/engine.h"

#include <algorithm>
#include <new>
#include <random>
#include <utility>

#include "base/error.h"
#include "js/fatal.h"
#include "js/handles.h"
#include "js/interrupts.h"
#include "js/limits.h"
#include "js/module_callbacks.h"
#include "js/platform.h"
#include "js/realm.h"
#include "js/run_frame.h"
#include "js/stack_limit.h"

namespace fundb::js {

namespace {

// Rejections that nobody handles must not be lost: the run that saw them fails.
void OnPromiseReject(v8::PromiseRejectMessage message) noexcept {
  v8::Local<v8::Promise> promise = message.GetPromise();
  Engine &engine = Engine::From(promise->GetIsolate());
  if (engine.innermost() == nullptr) return;
  try {
    if (message.GetEvent() == v8::kPromiseRejectWithNoHandler) {
      engine.innermost()->AddUnhandled(promise);
    } else if (message.GetEvent() == v8::kPromiseHandlerAddedAfterReject) {
      RunFrame *frame = engine.innermost();
      while (frame != nullptr && !frame->RemoveUnhandled(promise)) frame = frame->outer();
    }
  } catch (const std::bad_alloc &) {
    // Not to know of it would be to lose it.
    engine.OutOfMemory();
  }
}

}  // namespace

Engine::Engine(const Options &options)
    : options_(options), heap_limit_bytes_(static_cast<size_t>(options.heap_limit_mb) << 20) {
  StartPlatform();
  CatchFatalErrors(this);
  limits_ = std::make_unique<Limits>(*this, options.heap_limit_mb);
  v8::Isolate::CreateParams params;
  limits_->Configure(&params);
  params.fatal_error_callback = OnFatalError;
  params.oom_error_callback = OnOutOfMemory;
  params.allow_atomics_wait = false;
  isolate_ = v8::Isolate::New(params);
  isolate_->SetData(kIsolateSlot, this);
  isolate_->Enter();
  limits_->Watch(isolate_);
  isolate_->SetMicrotasksPolicy(v8::MicrotasksPolicy::kExplicit);
  isolate_->SetPromiseRejectCallback(OnPromiseReject);
  InstallModuleCallbacks(isolate_);
  RefreshStackLimit();
  ground_ = std::make_unique<Ground>(isolate_);
  v8::HandleScope handles(isolate_);
  report_symbol_.Set(isolate_, v8::Private::New(isolate_));
  watchdog_ = std::make_unique<Watchdog>(*this);
}

Engine::~Engine() {
  // The thread first: it asks the isolate to call back.
  watchdog_.reset();
  {
    v8::HandleScope handles(isolate_);
    last_realm_ = nullptr;
    if (entered_realm_ != nullptr) entered_realm_->context()->Exit();
    spare_realm_.reset();
    realms_.clear();
    attachments_.Clear();
  }
  ground_.reset();
  ForgetFatalErrors(this);
  isolate_->Exit();
  isolate_->Dispose();
}

Engine::Owner Engine::OwnerOf(const std::string &name) {
  auto next = static_cast<Owner>(owners_.size() + 1);
  return owners_.emplace(name, next).first->second;
}

Realm &Engine::FindRealm(uint32_t role, Owner owner) {
  auto found = realms_.find({role, owner});
  if (found == realms_.end()) {
    std::unique_ptr<Realm> realm = std::move(spare_realm_);
    if (realm == nullptr) realm = std::make_unique<Realm>(*this);
    // Children of one parent share the state of V8's own generator.
    if (is_inherited_) realm->SeedRandom(std::random_device()());
    found = realms_.emplace(std::pair(role, owner), std::move(realm)).first;
    // A session that goes through thousands of roles would fill its heap with realms.
    if (realms_.size() > MostRealms()) RequestReplacement();
    if (entered_realm_ == nullptr && owner != Owner::kNone) {
      entered_realm_ = found->second.get();
      entered_realm_->context()->Enter();
      v8::HandleScope handles(isolate_);
      microtasks_.Find(entered_realm_->context());
    }
  }
  last_role_ = role;
  last_owner_ = owner;
  last_realm_ = found->second.get();
  return *last_realm_;
}

// An empty one takes some 240 kB: an eighth of the heap.
size_t Engine::MostRealms() const {
  constexpr int kFewest = 8;
  return static_cast<size_t>(std::max(options_.heap_limit_mb / 2, kFewest));
}

void Engine::MakeSpareRealm() {
  if (spare_realm_ == nullptr) spare_realm_ = std::make_unique<Realm>(*this);
}

void Engine::ContinueInChild() {
  is_inherited_ = true;
  RefreshStackLimit();
}

void Engine::ForgetModules() {
  for (auto &entry : realms_) entry.second->ForgetModules();
}

void Engine::ForgetEverything() {
  for (auto &entry : realms_) entry.second->ForgetEverything();
}

bool Engine::MayEnqueue() const { return innermost_ != nullptr && innermost_->accepts_requests(); }

void Engine::SetLastRequest(std::unique_ptr<Request> request, Realm &realm) {
  innermost_->SetLast(std::move(request), realm);
}

void Engine::DropLastRequest() { innermost_->DropLast(); }

v8::Local<v8::Promise> Engine::Enqueue(std::unique_ptr<Request> request) {
  if (!MayEnqueue()) {
    throw Error(sqlstate::kInvalidParameter, "this call cannot be used in this context")
        .Detail("No rule is running, or a module is being evaluated.");
  }
  return innermost_->Enqueue(std::move(request));
}

namespace {

// What V8 carries along: an array, which no script ever sees.
enum AmbientPart : uint32_t { kAmbientValue, kAmbientRun, kAmbientParts };

// Counted in whole numbers, which a double holds longer than any session lives.
double RunNumber(const RunFrame *run) {
  return run == nullptr ? 0 : static_cast<double>(run->number());
}

}  // namespace

v8::Local<v8::Value> Engine::Ambient(v8::Local<v8::Context> context) const {
  v8::Local<v8::Value> carried = context->GetContinuationPreservedEmbedderData();
  if (!carried->IsArray()) return v8::Undefined(isolate_);
  auto parts = carried.As<v8::Array>();
  v8::Local<v8::Value> run = Check(parts->Get(context, kAmbientRun));
  if (run.As<v8::Number>()->Value() != RunNumber(innermost_)) return v8::Null(isolate_);
  return Check(parts->Get(context, kAmbientValue));
}

size_t Engine::MemoryUsed() const {
  v8::HeapStatistics statistics;
  isolate_->GetHeapStatistics(&statistics);
  size_t used = statistics.used_heap_size() + statistics.malloced_memory();
  return used + limits_->BufferBytes() + limits_->OutsideBytes();
}

void Engine::AdjustOutsideBytes(int64_t change) { limits_->AdjustOutsideBytes(change); }

void Engine::RefuseTransfer() const {
  throw Error(sqlstate::kLimitExceeded, "values for the database take more than " +
                                            std::to_string(options_.heap_limit_mb) + " MB at once")
      .Hint("Hand over less in one call, or raise \"fundb.heap_limit\".");
}

void Engine::CheckInterrupts() {
  if (watchdog_->IsRequested() || options_.host.InterruptPending()) watchdog_->ServeNow();
}

void Engine::RefreshStackLimit() {
  stack_limit_ = SetStackLimit(isolate_, options_.host.StackLimit());
}

void Engine::OutOfMemory() noexcept {
  try {
    Report report;
    report.sqlstate = sqlstate::kOutOfMemory;
    report.message = "out of memory";
    StashAndTerminate(std::move(report));
  } catch (...) {
    Terminate();
  }
}

void Engine::StashAndTerminate(Report report) noexcept {
  Terminate();
  try {
    if (innermost_ != nullptr) {
      innermost_->Stash(std::move(report));
    } else if (early_stash_ == nullptr) {
      early_stash_ = std::make_unique<Report>(std::move(report));
    }
  } catch (...) {
    // No memory for the words; the termination alone ends the run.
  }
}

AmbientScope::AmbientScope(Engine &engine, v8::Local<v8::Context> context,
                           v8::Local<v8::Value> value)
    : context_(context), previous_(context->GetContinuationPreservedEmbedderData()) {
  v8::Isolate *isolate = engine.isolate();
  v8::Local<v8::Value> parts[kAmbientParts];
  parts[kAmbientValue] = value;
  parts[kAmbientRun] = v8::Number::New(isolate, RunNumber(engine.innermost()));
  context_->SetContinuationPreservedEmbedderData(v8::Array::New(isolate, parts, kAmbientParts));
}

AmbientScope::~AmbientScope() { context_->SetContinuationPreservedEmbedderData(previous_); }

}  // namespace fundb::js
