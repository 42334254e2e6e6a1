#include "triggers/table.h"

#include "catalog/registry.h"
#include "convert/type.h"

namespace fundb::triggers {

namespace {

void AddRule(TableVersion *version, const catalog::Rule &rule, js::Engine &engine) {
  auto loaded = std::make_unique<LoadedRule>();
  loaded->rule = &rule;
  loaded->owner = engine.OwnerOf(rule.owner_name);
  for (const std::string &name : rule.update_fields) {
    int index = version->shape->Find(std::string_view(name));
    if (index < 0) continue;
    // BEFORE rules run ahead of the computing of generated columns: nothing there is a change.
    if (rule.before && version->shape->column(index).generated) continue;
    loaded->fields.push_back(index);
  }
  auto &lists = version->by_event[rule.before ? 1 : 0];
  auto list = [&](convert::RowOperation operation) -> std::vector<LoadedRule *> & {
    return lists[static_cast<int>(operation)];
  };
  if (rule.on_insert) list(convert::RowOperation::kInsert).push_back(loaded.get());
  if (rule.any_update || !rule.update_fields.empty()) {
    list(convert::RowOperation::kUpdate).push_back(loaded.get());
  }
  if (rule.on_delete) list(convert::RowOperation::kDelete).push_back(loaded.get());
  version->loaded.push_back(std::move(loaded));
}

}  // namespace

Tables::Entry &Tables::EntryOf(Oid relation) {
  auto &slot = entries_[relation];
  if (slot == nullptr) {
    // Whole or not at all: to watch may fail.
    auto entry = std::make_unique<Entry>();
    entry->generation = pg::WatchRelation(relation);
    slot = std::move(entry);
  }
  return *slot;
}

void TableVersionPin::Destroy(TableVersion *version) { delete version; }

TableVersion *Tables::Find(Entry &entry, js::Engine &engine, Relation relation) {
  uint64_t now = pg::Invalidations();
  uint64_t types_generation = convert::TypesGeneration();
  const catalog::Registry *registry = catalog::FindRegistry();
  uint64_t registry_generation = registry == nullptr ? 0 : registry->rules_generation->generation;
  uint64_t relation_generation = entry.generation->generation;
  if (entry.version && entry.version->registry_generation == registry_generation &&
      entry.version->relation_generation == relation_generation &&
      entry.version->types_generation == types_generation) {
    entry.checked_at = registry == nullptr ? 0 : now;
    return entry.version.get();
  }
  // Now and then, as it looks at all.
  constexpr unsigned kLoadsBetween = 256;
  if (++loads_ % kLoadsBetween == 0) DropChanged();
  TableVersionPin version(new TableVersion());
  version->rules = catalog::LoadRules(relation);
  version->shape = std::make_shared<convert::RowShape>(
      engine.isolate(), relation, version->rules->entity_schema, version->rules->entity_name);
  version->is_partition = relation->rd_rel->relispartition;
  for (const catalog::Rule &rule : version->rules->rules) AddRule(version.get(), rule, engine);
  // The generations were read before the load: what changes meanwhile makes the version stale at
  // once.
  version->registry_generation = registry_generation;
  version->relation_generation = relation_generation;
  version->types_generation = types_generation;
  entry.version = std::move(version);
  if (catalog::RuleBytes::All() > catalog::kMostKeptRuleBytes) DropOthers(entry);
  entry.checked_at = registry == nullptr ? 0 : now;
  return entry.version.get();
}

// They are loaded anew when they are written to again.
void Tables::DropOthers(const Entry &entry) {
  for (auto &other : entries_) {
    if (other.second.get() != &entry) other.second->version.Reset();
  }
}

// Of tables that were dropped, among others.
void Tables::DropChanged() {
  for (auto &item : entries_) {
    Entry &entry = *item.second;
    if (entry.version && entry.version->relation_generation != entry.generation->generation) {
      entry.version.Reset();
    }
  }
}

void Tables::Clear() {
  for (auto &entry : entries_) entry.second->version.Reset();
}

}  // namespace fundb::triggers
