// What the dispatcher keeps of a watched table: its rules, sorted out by event, with their compiled
// handlers, and the shape of its rows.  Made anew when the registry or the table changed; no query
// per row.
#pragma once

#include <v8.h>

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "catalog/rules.h"
#include "convert/row.h"
#include "js/engine.h"
#include "pg/inval.h"

#include "pg/postgres.h"

namespace fundb::triggers {

// A rule as it applies to one table.
struct LoadedRule {
  const catalog::Rule *rule = nullptr;
  // Columns of on_update_fields by index; unused when the rule fires on any change.
  std::vector<int> fields;
  // The handler of the realm that ran last.
  uint64_t realm_generation = 0;
  v8::Global<v8::Function> handler;
};

// One version of a table.  Held by shared_ptr: a rule that runs keeps it while nested work replaces
// it.
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
};

class Tables {
 public:
  struct Entry {
    const pg::RelationGeneration *generation = nullptr;
    std::shared_ptr<TableVersion> version;
  };

  // The entry of a relation; its address stays for the life of this object.
  Entry &EntryOf(Oid relation);

  // The up-to-date version: loads it when something changed.
  const std::shared_ptr<TableVersion> &Current(Entry &entry, js::Engine &engine, Relation relation);

  // Forgets everything (the engine is about to go).
  void Clear();

 private:
  std::unordered_map<Oid, std::unique_ptr<Entry>> entries_;
};

}  // namespace fundb::triggers
