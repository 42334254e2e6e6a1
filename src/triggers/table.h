// What the dispatcher keeps of a watched table: its rules, sorted out by event, with their compiled
// handlers, and the shape of its rows.  Made anew when the registry or the table changed; no query
// per row.
#pragma once

#include <v8.h>

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "catalog/rules.h"
#include "convert/row.h"
#include "js/engine.h"
#include "js/parameters.h"
#include "pg/inval.h"
#include "triggers/direct_call.h"

#include "pg/postgres.h"

namespace fundb::triggers {

// A rule as it applies to one table.
struct LoadedRule {
  const catalog::Rule *rule = nullptr;
  js::Engine::Owner owner = js::Engine::Owner::kNone;
  // Columns of on_update_fields by index; unused when the rule fires on any change.
  std::vector<int> fields;
  // The handler of the realm that ran last, and which of `event` and `args` it looks at.
  uint64_t realm_generation = 0;
  v8::Global<v8::Function> handler;
  js::UsedParameters used;
  bool stands_for_async = false;
  // By operation, for a handler that was called often enough; null while a call has it, and where
  // the handler is none for it.
  std::unique_ptr<DirectCall> direct[3];
  int calls[3] = {};

  void ForgetDirect() {
    for (std::unique_ptr<DirectCall> &each : direct) each.reset();
    for (int &count : calls) count = 0;
  }
};

// One version of a table.  A rule that runs keeps it while nested work replaces it, see
// TableVersionPin.
struct TableVersion {
  ~TableVersion() {
    if (shape != nullptr) convert::RowBlock::Retire(*shape);
  }

  std::shared_ptr<const catalog::RuleSet> rules;
  std::shared_ptr<convert::RowShape> shape;
  // In the order of execution, by timing (0 AFTER, 1 BEFORE) and operation.
  std::vector<LoadedRule *> by_event[2][3];
  std::vector<std::unique_ptr<LoadedRule>> loaded;
  uint64_t registry_generation = 0;
  uint64_t relation_generation = 0;
  uint64_t types_generation = 0;
  bool is_partition = false;
  // Its table and every running call that uses it.  (A shared_ptr counts with atomic instructions,
  // which would be felt at every row.)
  int pins = 0;
};

// Keeps a version for as long as it lives; the last one out destroys it.  For the main thread.
class TableVersionPin {
 public:
  TableVersionPin() = default;
  explicit TableVersionPin(TableVersion *version) : version_(version) { ++version_->pins; }
  TableVersionPin(TableVersionPin &&other) noexcept : version_(other.version_) {
    other.version_ = nullptr;
  }
  TableVersionPin &operator=(TableVersionPin &&other) noexcept {
    std::swap(version_, other.version_);
    return *this;
  }
  ~TableVersionPin() { Reset(); }
  void Reset() {
    if (version_ != nullptr && --version_->pins == 0) Destroy(version_);
    version_ = nullptr;
  }
  TableVersion *get() const { return version_; }
  TableVersion &operator*() const { return *version_; }
  TableVersion *operator->() const { return version_; }
  explicit operator bool() const { return version_ != nullptr; }

 private:
  static void Destroy(TableVersion *version);

  TableVersion *version_ = nullptr;
};

class Tables {
 public:
  struct Entry {
    const pg::RelationGeneration *generation = nullptr;
    TableVersionPin version;
    // pg::Invalidations() when the version was last found to be up to date.
    uint64_t checked_at = 0;
  };

  // The entry of a relation; its address stays for the life of this object.
  Entry &EntryOf(Oid relation);

  // The up-to-date version: loads it when something changed.  Pin it to keep it.
  TableVersion *Current(Entry &entry, js::Engine &engine, Relation relation) {
    // For every row.
    if (entry.version && entry.checked_at == pg::Invalidations() &&
        entry.version->types_generation == convert::TypesGeneration()) {
      return entry.version.get();
    }
    return Find(entry, engine, relation);
  }

  // Forgets everything (the engine is about to go).
  void Clear();

 private:
  TableVersion *Find(Entry &entry, js::Engine &engine, Relation relation);
  void DropOthers(const Entry &entry);
  void DropChanged();

  std::unordered_map<Oid, std::unique_ptr<Entry>> entries_;
  unsigned loads_ = 0;
};

}  // namespace fundb::triggers
