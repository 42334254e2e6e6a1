// One V8 context: the JavaScript world of one role, with frozen built-ins and its own instances of
// all modules.  Realms never see each other's objects.
#pragma once

#include <v8.h>

#include <cstdint>
#include <memory>
#include <string>

#include "js/engine.h"
#include "js/handles.h"

namespace fundb::js {

class Adapter;
struct AdapterForm;
class ModuleMap;

class Realm {
 public:
  // Throws Error.  Use Engine::RealmOf.
  explicit Realm(Engine &engine);
  ~Realm();
  Realm(const Realm &) = delete;
  Realm &operator=(const Realm &) = delete;

  static Realm &From(v8::Local<v8::Context> context) {
    return *static_cast<Realm *>(context->GetAlignedPointerFromEmbedderData(kContextSlot));
  }

  Engine &engine() const { return engine_; }
  v8::Isolate *isolate() const { return engine_.isolate(); }
  v8::Local<v8::Context> context() const { return Borrow(context_); }
  Attachments &attachments() { return attachments_; }

  // The default export of a module given by name and text: compiled, linked, evaluated, cached by
  // both.  Throws Error: 42601 for what does not compile, 22023 for imports that are not found and
  // a default export that is no function, or what the module's top level threw.  Must not be called
  // while JavaScript is on the stack.  Needs a HandleScope.
  v8::Local<v8::Function> LoadHandler(const std::string &name, const std::string &source);
  // The same with a deadline for the modules' top level.
  v8::Local<v8::Function> LoadHandler(const std::string &name, const std::string &source,
                                      int timeout_ms);

  // Whether the handler of a loaded module is written as an async function but compiled as an
  // ordinary one, so that it is to be run with RunOptions::stands_for_async.
  bool StandsForAsync(const std::string &name) const;

  // The adapter of a loaded module's handler; kept with it, since V8 takes thousands of calls to
  // compile one well.  Shared: the module may be forgotten while a call is under way.  Null
  // for a module that is not loaded.  Throws Error.  Needs a HandleScope.
  std::shared_ptr<const Adapter> AdapterOf(const std::string &name, const AdapterForm &form);

  // Drops the library modules and everything that imports them; next use loads them again.
  void ForgetModules();
  // Drops all modules, those of rules too.
  void ForgetEverything();
  // Changes whenever a function that LoadHandler gave out is out of date: keep it beside a cached
  // Global<Function> and load again when it differs.  Unique over all realms and engines.
  uint64_t generation() const { return generation_; }

  // Makes Math.random start anew, from `seed`.  For a realm in which it was not called before.
  void SeedRandom(uint32_t seed);

  // Slots for values that are kept for a short time; see Kept.  kNoSlot when all are taken.
  static constexpr int kNoSlot = -1;
  int TakeSlot(v8::Local<v8::Value> value);
  v8::Local<v8::Value> SlotValue(int slot) const {
    return context()->GetEmbedderData(kFirstSlot + slot);
  }
  void FreeSlot(int slot) noexcept;

  // For the files of this folder.
  ModuleMap &module_map() { return *modules_; }
  void BumpGeneration();

 private:
  static constexpr int kContextSlot = 1;
  static constexpr int kFirstSlot = 2;
  static constexpr int kSlots = 64;

  Engine &engine_;
  uint64_t generation_ = 0;
  uint64_t free_slots_ = ~uint64_t{0};  // a bit per slot
  v8::Global<v8::Context> context_;
  std::unique_ptr<ModuleMap> modules_;
  Attachments attachments_;
};

// The realm's context as the current one, which it mostly is: to look is cheaper than to enter it.
class EnteredRealm {
 public:
  explicit EnteredRealm(Realm &realm)
      : context_(realm.context()), entered_(realm.isolate()->GetCurrentContext() != context_) {
    if (entered_) context_->Enter();
  }
  ~EnteredRealm() {
    if (entered_) context_->Exit();
  }
  EnteredRealm(const EnteredRealm &) = delete;
  EnteredRealm &operator=(const EnteredRealm &) = delete;

 private:
  v8::Local<v8::Context> context_;
  bool entered_;
};

// Handles and the entered context of a realm, which stays, for C++ code that makes values before a
// run.
class RealmScope {
 public:
  explicit RealmScope(Realm &realm)
      : use_(realm.engine()),
        handles_(realm.isolate()),
        context_(realm.context()),
        entered_(context_) {}
  v8::Local<v8::Context> context() const { return context_; }

 private:
  EngineUse use_;
  v8::HandleScope handles_;
  v8::Local<v8::Context> context_;
  v8::Context::Scope entered_;
};

}  // namespace fundb::js
