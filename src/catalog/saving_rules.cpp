// public.triggers, and TRUNCATE of any table of the registry.
#include <optional>
#include <string>
#include <vector>

#include "base/text.h"
#include "pg/call.h"

#include "catalog/engine_checks.h"
#include "catalog/late_references.h"
#include "catalog/registry.h"
#include "catalog/rules.h"
#include "catalog/saving.h"
#include "catalog/saving_shared.h"
#include "catalog/trigger_row.h"
#include "catalog/unchecked.h"

namespace fundb::catalog {

namespace {

// Keeps the names that lead to the watched table as they are until the end of the transaction:
// whoever renames one by hand and asks whether it has rules waits for this rule, and this rule for
// him.
void LockNames(const Value &entity_id) {
  OwnerScope scope;
  LockLatest(
      "SELECT 1 FROM public.entities AS e JOIN public.schemas AS s ON s.id = e.schema_id"
      " WHERE e.id = CAST($1 AS integer) FOR KEY SHARE",
      {entity_id});
}

// The watched table of a rule that was written: it must be there, be able to have rules, and the
// writer must be allowed to.  Asked after the write, when an entity that the same statement
// registered is seen as well.
void RequireWatchable(const TriggerRow &row) {
  LockNames(row.Text("trigger_entity_id"));
  std::optional<Entity> entity = EntityById(row.Text("trigger_entity_id"));
  if (!entity.has_value()) return;  // the same statement deleted it, and the rule with it
  std::string rule = DescribeRule(entity->schema, entity->name, *row.Text("name"));
  std::optional<RelationFacts> table;
  if (OidIsValid(entity->relation)) table = FindRelation(entity->relation);
  if (!table.has_value()) {
    // A rule that waits for a table of that name would fire for whoever creates it.
    if (IsRestoringAsSuperuser()) return;
    throw Error(sqlstate::kInvalidParameter, rule + " cannot be saved: the table does not exist");
  }
  RequireRulesPossible(*table, rule);
  RequireRightToWatch(*table);
}

// Before the write.
std::string DescribeRow(const TriggerRow &row) {
  std::string name = row.Text("name").value_or("");
  // An entity that the same statement registers is not seen yet.
  std::optional<Entity> entity = EntityById(row.Text("trigger_entity_id"));
  return entity.has_value() ? DescribeRule(entity->schema, entity->name, name)
                            : "trigger " + Quoted(name);
}

// Asked before the write, where the constraint of the table would refuse it without naming the
// rule.  That it is missing is said with the name of the column.
void RequireTime(const TriggerRow &row) {
  Value time = row.Text("time");
  if (!time.has_value() || *time == "BEFORE" || *time == "AFTER") return;
  throw Error(sqlstate::kInvalidParameter,
              DescribeRow(row) + ": time must be BEFORE or AFTER, not " + Quoted(*time));
}

void CheckRule(const TriggerRow &row) {
  std::optional<Entity> entity = EntityById(row.Text("trigger_entity_id"));
  Value owner_schema = SchemaName(row.Text("schema_id"));
  if (!entity.has_value() || !owner_schema.has_value()) return;
  std::string name = *row.Text("name");
  std::string rule = DescribeRule(entity->schema, entity->name, name);
  std::string hint;
  std::string problem =
      FindRuleProblem(name, row.Array("on_update_fields"), ColumnNames(entity->relation), &hint);
  if (!problem.empty()) {
    throw Error(sqlstate::kInvalidParameter, rule + ": " + problem).Hint(hint);
  }
  try {
    CheckRuleCode(RuleModuleName(*owner_schema, entity->schema, entity->name, name),
                  *row.Text("procedure"), 0);
  } catch (Error &error) {
    RethrowFor(rule, error);
  }
}

}  // namespace

HeapTuple BeforeRule(const TriggerData &event) {
  BeginWrite(event);
  Change change(event);
  if (change.before.has_value()) {
    std::optional<Entity> entity = EntityById(change.before->Text("trigger_entity_id"));
    if (entity.has_value()) RequireRightToRemove(*entity);
  }
  if (change.deletes) return event.tg_trigtuple;
  // An entity that the same statement registers is not seen yet.
  if (std::optional<Entity> entity = EntityById(change.after->Text("trigger_entity_id"))) {
    std::optional<RelationFacts> table;
    if (OidIsValid(entity->relation)) table = FindRelation(entity->relation);
    if (table.has_value()) RequireRightToWatch(*table);
  }
  if (change.inserts) {
    AllowLateReference("public.schemas", change.after->Text("schema_id"));
    AllowLateReference("public.entities", change.after->Text("trigger_entity_id"));
  }
  RequireTime(*change.after);
  if (HasLongCode(change, "procedure")) RefuseLongCode(DescribeRow(*change.after));
  HeapTuple tuple = TupleToStore(event);
  if (!change.after->Text("on_update_fields").has_value()) {
    // The original lets it be NULL.
    tuple = WithColumn(event, tuple, "on_update_fields",
                       pg::Call([] { return PointerGetDatum(construct_empty_array(TEXTOID)); }));
  }
  return WithOwner(event, tuple);
}

void AfterRule(const TriggerData &event) {
  Change change(event);
  AnnounceChange(RelationGetRelid(event.tg_relation));
  bool moves = change.updates && change.Changes("trigger_entity_id");
  if (!change.deletes) {
    RequireWatchable(*change.after);
    if (!IsLoadingDump() && !change.after->IsTrue("allow_broken")) CheckRule(*change.after);
    NoteChecked(event);
  }
  if (IsLoadingDump()) return;

  if (change.updates && !moves && !change.Changes("time")) return;
  if (!change.inserts) {
    std::optional<Entity> entity = EntityById(change.before->Text("trigger_entity_id"));
    if (entity.has_value()) Adjust(entity->relation, Upkeep::kAdjust);
  }
  if (change.inserts || moves) {
    std::optional<Entity> entity = EntityById(change.after->Text("trigger_entity_id"));
    if (entity.has_value()) Adjust(entity->relation, Upkeep::kAdd);
  }
}

void BeforeTruncate() {
  std::vector<Oid> relations;
  {
    OwnerScope scope;
    for (const Values &row :
         ReadLatest("SELECT DISTINCT r.relation FROM fundb.relations AS r"
                    " JOIN public.triggers AS t ON t.trigger_entity_id = r.entity_id")) {
      relations.push_back(OidOf(row[0]));
    }
  }
  for (Oid relation : relations) {
    if (std::optional<RelationFacts> table = FindRelation(relation)) {
      RequireTriggerPrivilege(*table);
    }
  }
}

void AfterTruncate(const TriggerData &event) {
  Oid table = RelationGetRelid(event.tg_relation);
  AnnounceChange(table);
  if (table != GetRegistry().triggers) return;
  OwnerScope scope;
  AdjustAllNativeTriggers(nullptr);
}

}  // namespace fundb::catalog
