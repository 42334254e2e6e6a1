// One V8 isolate with its limits, its watchdog and its realms.  Owned by the session; when a heap
// limit was hit it is thrown away as a whole and made anew (NeedsReplacement).
//
// Threads: everything here is for the main thread.  The isolate is entered for the engine's whole
// life, so engines of one thread must be destroyed in the reverse order of their making.
#pragma once

#include <v8.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/report.h"
#include "js/errors.h"
#include "js/host.h"
#include "js/microtasks.h"
#include "js/module_source.h"
#include "js/request.h"

namespace fundb::js {

class Engine;
class Limits;
class Realm;
class RunFrame;
class Watchdog;

// Adds the globals of higher floors to a new realm, before everything is frozen.
class RealmSetup {
 public:
  virtual ~RealmSetup() = default;

  // `context` is entered.  May throw Pending or Error; the realm is then not made.
  virtual void Install(Engine &engine, v8::Local<v8::Context> context,
                       v8::Local<v8::Object> global) = 0;
};

// Data of higher floors that lives as long as an engine or a realm (templates, name tables,
// caches).  Of<T>() finds the one T or makes it with the given arguments; destroyed in reverse
// order, while the isolate still lives.
class Attachments {
 public:
  template <typename T>
  T *Find() const {
    for (const Entry &entry : entries_) {
      if (entry.key == &kKey<T>) return static_cast<T *>(entry.object.get());
    }
    return nullptr;
  }
  template <typename T, typename... Args>
  T &Of(Args &&...args) {
    const void *key = &kKey<T>;
    if (T *found = Find<T>()) return *found;
    // shared_ptr<void> for its type-erased deleter; nobody shares.
    entries_.push_back({key, std::make_shared<T>(std::forward<Args>(args)...)});
    return *static_cast<T *>(entries_.back().object.get());
  }
  void Clear() noexcept {
    while (!entries_.empty()) entries_.pop_back();
  }
  Attachments() = default;
  Attachments(const Attachments &) = delete;
  Attachments &operator=(const Attachments &) = delete;
  ~Attachments() { Clear(); }

 private:
  template <typename T>
  static inline char kKey = 0;
  struct Entry {
    const void *key;
    std::shared_ptr<void> object;
  };
  std::vector<Entry> entries_;
};

class Engine {
 public:
  // All references must outlive the engine.
  struct Options {
    Host &host;
    ModuleSource &modules;
    RealmSetup &setup;
    ErrorFactory &errors;
    int heap_limit_mb = 256;
  };

  // Starts V8 if need be.  Makes no thread.  Throws Error.
  explicit Engine(const Options &options);
  // It must not be in use.
  ~Engine();
  Engine(const Engine &) = delete;
  Engine &operator=(const Engine &) = delete;

  static Engine &From(v8::Isolate *isolate) {
    return *static_cast<Engine *>(isolate->GetData(kIsolateSlot));
  }

  v8::Isolate *isolate() const { return isolate_; }
  Host &host() const { return options_.host; }
  ModuleSource &modules() const { return options_.modules; }
  RealmSetup &setup() const { return options_.setup; }
  ErrorFactory &errors() const { return options_.errors; }
  int heap_limit_mb() const { return options_.heap_limit_mb; }
  Attachments &attachments() { return attachments_; }

  // An owner of code by number, which is compared faster than its name.  Of this engine.
  enum class Owner : uint32_t { kNone };
  Owner OwnerOf(const std::string &name);
  // The realm of the code of one owner that runs as one effective role, made when first asked for.
  // Both count: what the code reaches by its owner's rights (pretendRole) is not for the code of
  // others, which would get at it through the modules that they share.  No owner: for checks.
  // Throws Error.
  Realm &RealmOf(uint32_t role, Owner owner) {
    // For every row.
    if (last_realm_ != nullptr && last_role_ == role && last_owner_ == owner) return *last_realm_;
    return FindRealm(role, owner);
  }
  // Makes a realm ahead, for the first role that asks.  Throws Error.
  void MakeSpareRealm();
  // To be called in a child before anything else, when the engine was made before the fork.  Random
  // numbers then differ from those of the parent's other children.
  void ContinueInChild();
  // Library modules of all realms, and what imports them (code changed in a way that is not known
  // in detail).
  void ForgetModules();
  // All modules of all realms, those of rules too.
  void ForgetEverything();

  // From a native called by JavaScript: queues the request for the current run and returns its
  // pending promise.  Throws Error when no run accepts requests (see MayEnqueue), Pending.
  v8::Local<v8::Promise> Enqueue(std::unique_ptr<Request> request);
  // False outside a run and while a module's top level is evaluated.
  bool MayEnqueue() const;
  // From a request: what its run does when nothing else is left to do, before it succeeds; its
  // error is one that nobody handled.  A run that fails destroys it undone.  Dropping forgets it.
  void SetLastRequest(std::unique_ptr<Request> request, Realm &realm);
  void DropLastRequest();

  // A value that belongs to the current flow of async code: what an AmbientScope sets is seen after
  // every `await` of the functions called within it, and not in flows started before.  Undefined at
  // the start of a run.  It ends with the run: a flow that goes on in a later one, since a module
  // kept what it waited for, finds null.
  v8::Local<v8::Value> Ambient(v8::Local<v8::Context> context) const;

  bool IsRunning() const { return innermost_ != nullptr; }
  // True while a run or an EngineUse needs that the engine stays.
  bool IsInUse() const { return uses_ != 0 || innermost_ != nullptr; }
  // True after a heap limit was exceeded, or when there are too many realms: destroy this engine
  // and make another as soon as it is not in use.  It still works until then, within what memory is
  // left.
  bool NeedsReplacement() const { return needs_replacement_; }
  // Bytes now of JavaScript's heap, array buffers and what objects hold outside of V8's heap.
  size_t MemoryUsed() const;
  // Memory that objects hold outside of V8's heap has grown (shrunk) by so many bytes.
  void AdjustOutsideBytes(int64_t change);

  // For loops of C++ that a script can make long, at each step: serves cancels and deadlines, which
  // V8 would in a loop of JavaScript.  Throws Error or Pending; then leave for JavaScript or the
  // caller.
  void CheckInterrupts();

  // A value that is named in a million places costs a script nothing, and the host a million
  // copies. So what one request, or the answer of one run, hands over is counted, with what those
  // around it do that are under way: at most as many bytes as the heap limit.  See TransferScope.
  // Throws Error 54000.
  void CountTransfer(size_t bytes) {
    CheckTransfer(bytes);
    transferred_bytes_ += bytes;
  }
  // The same for what is under way and not yet counted.
  void CheckTransfer(size_t bytes) const {
    if (bytes > heap_limit_bytes_ - transferred_bytes_) RefuseTransfer();
  }

  // Asks the host for the stack limit again (after max_stack_depth changed).
  void RefreshStackLimit();
  // Whether the stack has room for a run.  What settles promises and goes on behind an await must
  // not meet the limit: V8 then drops it, and nobody hears of it.
  bool HasStackForRun() const noexcept {
    char here;
    return reinterpret_cast<uintptr_t>(&here) > stack_limit_ + kRunStackBytes;
  }

  // Keeps an error that JavaScript must not catch and ends JavaScript: the innermost run leaves
  // with it.  The first one wins.
  void StashAndTerminate(Report report) noexcept;
  // The same for an allocation of C++ that failed where V8 calls us and nothing can be thrown.
  void OutOfMemory() noexcept;
  // Ends JavaScript without words; only where those could not be made.
  void Terminate() noexcept {
    was_terminated_ = true;
    isolate_->TerminateExecution();
  }
  // For every row: asks V8 only when there ever was a termination.
  bool WasTerminated() const { return was_terminated_; }
  bool IsTerminating() const { return was_terminated_ && isolate_->IsExecutionTerminating(); }

  // For the files of this folder.
  RunFrame *innermost() const { return innermost_; }
  void set_innermost(RunFrame *frame) { innermost_ = frame; }
  // V8 counts code as run by whoever is entered: `Function` in another realm's code would be
  // refused as a stranger's, with other words.
  bool IsEntered(const Realm &realm) const { return entered_realm_ == &realm; }
  uint64_t NextRun() { return ++runs_; }
  Watchdog &watchdog() { return *watchdog_; }
  Limits &limits() { return *limits_; }
  MicrotaskCount &microtasks() { return microtasks_; }
  v8::Local<v8::Private> report_symbol() const { return report_symbol_.Get(isolate_); }
  bool has_early_stash() const { return early_stash_ != nullptr; }
  std::unique_ptr<Report> TakeEarlyStash() { return std::move(early_stash_); }
  void RequestReplacement() { needs_replacement_ = true; }

 private:
  friend class EngineUse;
  friend class TransferScope;

  static constexpr uint32_t kIsolateSlot = 0;
  static constexpr uintptr_t kRunStackBytes = 32 << 10;

  [[noreturn]] void RefuseTransfer() const;
  size_t MostRealms() const;
  Realm &FindRealm(uint32_t role, Owner owner);

  // A handle scope under all others.  It holds a handle, and so a block for the handles of the
  // scopes above: without it each row would begin and end with one.
  struct Ground {
    explicit Ground(v8::Isolate *isolate) : handles(isolate) { v8::Number::New(isolate, 0.5); }
    v8::HandleScope handles;
  };

  Options options_;
  std::unique_ptr<Limits> limits_;
  const size_t heap_limit_bytes_;
  size_t transferred_bytes_ = 0;
  v8::Isolate *isolate_ = nullptr;
  std::unique_ptr<Ground> ground_;
  // The context of the first realm that runs rules is entered for as long as it lives: calls into
  // it, which are nearly all, need not switch.
  Realm *entered_realm_ = nullptr;
  std::unique_ptr<Watchdog> watchdog_;
  v8::Eternal<v8::Private> report_symbol_;
  RunFrame *innermost_ = nullptr;
  int uses_ = 0;
  uint64_t runs_ = 0;
  MicrotaskCount microtasks_;
  // An uncatchable error that came up outside any run; the next run ends with it.
  std::unique_ptr<Report> early_stash_;
  uintptr_t stack_limit_ = 0;
  bool needs_replacement_ = false;
  bool was_terminated_ = false;
  std::map<std::pair<uint32_t, Owner>, std::unique_ptr<Realm>> realms_;
  std::map<std::string, Owner> owners_;
  std::unique_ptr<Realm> spare_realm_;
  bool is_inherited_ = false;
  Realm *last_realm_ = nullptr;
  uint32_t last_role_ = 0;
  Owner last_owner_ = Owner::kNone;
  Attachments attachments_;
};

// Keeps the engine from being replaced.  For whoever has something of it (a realm, a handle, a
// template) between runs, too: conversions run SQL, and SQL can ask for another engine.
class EngineUse {
 public:
  explicit EngineUse(Engine &engine) : engine_(engine) { ++engine_.uses_; }
  ~EngineUse() { --engine_.uses_; }
  EngineUse(const EngineUse &) = delete;
  EngineUse &operator=(const EngineUse &) = delete;

 private:
  Engine &engine_;
};

// What is handed over within it is counted on top of what was handed over before, and forgotten at
// its end.
class TransferScope {
 public:
  explicit TransferScope(Engine &engine) : engine_(engine), before_(engine.transferred_bytes_) {}
  ~TransferScope() { engine_.transferred_bytes_ = before_; }
  TransferScope(const TransferScope &) = delete;
  TransferScope &operator=(const TransferScope &) = delete;

 private:
  Engine &engine_;
  const size_t before_;
};

// Sets the ambient value for as long as it lives.  Never keep it over an await: functions called
// inside carry the value along by themselves.
class AmbientScope {
 public:
  AmbientScope(Engine &engine, v8::Local<v8::Context> context, v8::Local<v8::Value> value);
  ~AmbientScope();
  AmbientScope(const AmbientScope &) = delete;
  AmbientScope &operator=(const AmbientScope &) = delete;

 private:
  v8::Local<v8::Context> context_;
  v8::Local<v8::Value> previous_;
};

}  // namespace fundb::js
