// How modules are evaluated: one after the other, each when all that it imports is through.  V8
// would do that by itself, but this version of it stops the process where modules that wait at
// their top level fail, or are imported by import() meanwhile; what it is given here waits for
// nothing else.
#include <algorithm>
#include <chrono>
#include <unordered_map>

#include "base/error.h"
#include "base/scope_exit.h"
#include "js/handles.h"
#include "js/module_entry.h"
#include "js/module_errors.h"
#include "js/module_order.h"
#include "js/realm.h"
#include "js/run.h"
#include "js/run_frame.h"
#include "js/top_level.h"

namespace fundb::js {

namespace {

class EvaluationBody final : public internal::Body {
 public:
  EvaluationBody(v8::Local<v8::Context> context, v8::Local<v8::Module> module)
      : context_(context), module_(module) {}
  v8::Local<v8::Value> Do() override {
    // Natives look at this frame, which RunBody has just made: no FunDB calls at the top level.
    Engine::From(context_->GetIsolate()).innermost()->RefuseRequests();
    return Check(module_->Evaluate(context_));
  }

 private:
  v8::Local<v8::Context> context_;
  v8::Local<v8::Module> module_;
};

// The time that all modules of a graph have together.
class TimeLeft {
 public:
  explicit TimeLeft(int timeout_ms) : timeout_ms_(timeout_ms) {}
  int Milliseconds() const {
    if (timeout_ms_ == 0) return 0;
    auto passed = std::chrono::steady_clock::now() - begin_;
    auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(passed).count();
    return ms < timeout_ms_ ? timeout_ms_ - static_cast<int>(ms) : 1;
  }
  int timeout_ms() const { return timeout_ms_; }

 private:
  int timeout_ms_;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

}  // namespace

std::vector<ModuleMap::Group> ModuleMap::GroupsToEvaluate(const EntryPtr &entry) const {
  std::vector<EntryPtr> entries = {entry};
  std::unordered_map<const Entry *, size_t> numbers = {{entry.get(), 0}};
  std::vector<std::vector<size_t>> edges;
  for (size_t i = 0; i < entries.size(); ++i) {
    realm_.engine().CheckInterrupts();
    edges.emplace_back();
    const ModuleImports &imports = entries[i]->imports;
    for (const std::string *name : imports.names()) {
      EntryPtr imported = Find(*name);
      // Only a load that failed is forgotten without its importers.
      if (imported == nullptr) throw CannotBeImported(*name, "It could not be loaded.");
      if (imported->is_evaluated) continue;
      auto [found, is_new] = numbers.emplace(imported.get(), entries.size());
      if (is_new) entries.push_back(imported);
      edges.back().push_back(found->second);
    }
  }
  std::vector<Group> groups;
  for (const std::vector<size_t> &members : GroupsInOrder(edges)) {
    groups.emplace_back();
    for (size_t member : members) groups.back().push_back(entries[member]);
  }
  return groups;
}

// Within a circle V8 itself would have to wait.
void ModuleMap::CheckMayEvaluate(const Group &group) const {
  for (const EntryPtr &entry : group) {
    v8::Module::Status status = Borrow(entry->module)->GetStatus();
    if (entry->is_evaluating || status == v8::Module::kEvaluating) {
      throw CannotBeImported(entry->name, "Its top level is being run.");
    }
  }
  if (group.size() == 1 || !Borrow(group[0]->module)->IsGraphAsync()) return;
  // What they import may be what waits.
  bool may_wait = std::any_of(group.begin(), group.end(), [](const EntryPtr &entry) {
    return MayWaitAtTopLevel(entry->source);
  });
  if (!may_wait) return;
  throw CannotBeImported(
      group[0]->name, "Modules that import each other in a circle cannot wait at their top level.")
      .Hint("Break the circle, or use await within functions only.");
}

void ModuleMap::Evaluate(const EntryPtr &entry, int timeout_ms, EntryPtr *failed) {
  if (entry->is_evaluated) return;
  v8::Isolate *isolate = realm_.isolate();
  TimeLeft left(timeout_ms);
  for (const Group &group : GroupsToEvaluate(entry)) {
    v8::HandleScope handles(isolate);
    CheckMayEvaluate(group);
    const EntryPtr &first = group[0];
    for (const EntryPtr &member : group) member->is_evaluating = true;
    ScopeExit done([&] {
      for (const EntryPtr &member : group) member->is_evaluating = false;
    });
    EvaluationWording wording(first->name, left.timeout_ms());
    EvaluationBody body(realm_.context(), first->module.Get(isolate));
    RunOptions options;
    options.timeout_ms = left.Milliseconds();
    options.wording = &wording;
    try {
      internal::RunBody(realm_, body, options);
    } catch (const Error &) {
      if (Borrow(first->module)->GetStatus() == v8::Module::kErrored) *failed = first;
      throw;
    }
    for (const EntryPtr &member : group) member->is_evaluated = true;
  }
}

}  // namespace fundb::js
