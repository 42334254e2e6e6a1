// public.schemas and public.entities.
#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "base/text.h"
#include "pg/call.h"
#include "pg/encoding.h"

#include "catalog/late_references.h"
#include "catalog/registry.h"
#include "catalog/saving.h"
#include "catalog/saving_shared.h"
#include "catalog/trigger_row.h"
#include "catalog/unchecked.h"

namespace fundb::catalog {

namespace {

// The rules of an entity that is renamed by hand leave its table: the one that it was until now,
// and the one of its old name.
void RequireRightToLeave(const Value &id, const Value &old_schema, const std::string &old_name) {
  if (std::optional<Entity> entity = EntityById(id)) RequireRightToRemove(*entity);
  if (!old_schema.has_value()) return;
  std::optional<RelationFacts> table = FindRelation(RelationByName(*old_schema, old_name));
  if (table.has_value()) RequireTriggerPrivilege(*table);
}

// References hang on the id: with another row's id its rules would be another table's.
void RequireSameId(const Change &change, const char *what) {
  if (!change.updates || !change.Changes("id") || CurrentRoleIsSuperuser()) return;
  throw Error(sqlstate::kInvalidParameter, std::string("the id of ") + what + " cannot be changed")
      .Hint("Change the row's other columns, or delete it and insert another.");
}

// With the row go its rules.  An inserted one has some where replication brought them first.
void RequireRightToMove(const Change &change, const RelationFacts &table) {
  if (!HasRules(change.after->Text("id"))) return;
  RequireRulesPossible(table, "entity " + Quoted(table.FullName()));
  RequireRightToWatch(table);
  if (!change.updates) return;
  RequireRightToLeave(change.before->Text("id"), SchemaName(change.before->Text("schema_id")),
                      *change.before->Text("name"));
}

void CheckEntity(const Change &change, bool renames) {
  bool refers = change.Changes("main_field");
  if (!renames && !refers) return;
  Value schema = SchemaName(change.after->Text("schema_id"));
  if (!schema.has_value()) return;
  std::string name = *change.after->Text("name");
  std::string entity = "entity " + Quoted(*schema + "." + name);
  std::optional<RelationFacts> table = FindRelation(RelationByName(*schema, name));
  if (!table.has_value() || !IsEntityKind(table->kind)) {
    throw Error(sqlstate::kInvalidParameter,
                entity + " cannot be saved: there is no table or view of that name")
        .Hint(
            "An entity names a table or view of this database.  ALTER TABLE ... RENAME and "
            "SET SCHEMA are followed without any change here.");
  }
  if (renames) RequireRightToMove(change, *table);
  Value main_field = change.after->Text("main_field");
  if (!main_field.has_value() || !refers) return;
  std::vector<std::string> columns = ColumnNames(table->oid);
  if (std::find(columns.begin(), columns.end(), *main_field) != columns.end()) return;
  std::string nearest = NearestName(*main_field, columns);
  throw Error(sqlstate::kInvalidParameter,
              "main field " + Quoted(*main_field) + " of " + entity + " does not exist")
      .Hint(nearest.empty() ? "" : "Perhaps you meant field " + Quoted(nearest) + ".");
}

// Renamed by hand: its entities must be tables of the schema of the new name.
void CheckRenamedSchema(const Change &change) {
  std::string name = *change.after->Text("name");
  std::vector<Values> entities;
  {
    OwnerScope scope;
    entities = ReadLatest(
        "SELECT e.id, e.name FROM public.entities AS e WHERE e.schema_id = CAST($1 AS integer)"
        " ORDER BY e.name",
        {change.before->Text("id")});
  }
  for (const Values &row : entities) {
    std::optional<RelationFacts> table = FindRelation(RelationByName(name, *row[1]));
    if (!table.has_value() || !IsEntityKind(table->kind)) {
      throw Error(sqlstate::kInvalidParameter, "schema " + Quoted(*change.before->Text("name")) +
                                                   " cannot be renamed to " + Quoted(name) +
                                                   ": that schema has no table " + Quoted(*row[1]))
          .Hint("ALTER SCHEMA ... RENAME TO renames the schema, and is followed here.");
    }
    if (HasRules(row[0])) {
      RequireRulesPossible(*table, "entity " + Quoted(table->FullName()));
      RequireRightToWatch(*table);
      RequireRightToLeave(row[0], change.before->Text("name"), *row[1]);
    }
  }
}

}  // namespace

HeapTuple BeforeEntity(const TriggerData &event) {
  BeginWrite(event);
  Change change(event);
  RequireSameId(change, "an entity");
  if (change.inserts) AllowLateReference("public.schemas", change.after->Text("schema_id"));
  if (!change.deletes) {
    bool renames = change.Changes("schema_id") || change.Changes("name");
    Value schema = SchemaName(change.after->Text("schema_id"));
    Value name = change.after->Text("name");
    if (!renames || !schema.has_value() || !name.has_value()) return TupleToStore(event);
    std::optional<RelationFacts> table = FindRelation(RelationByName(*schema, *name));
    if (table.has_value() && !IsRestoringAsSuperuser()) RequireRightToMove(change, *table);
    return TupleToStore(event);
  }
  // Its rules go with it.
  Value id = change.before->Text("id");
  if (HasRules(id)) {
    std::optional<Entity> entity = EntityById(id);
    if (entity.has_value()) RequireRightToRemove(*entity);
  }
  return event.tg_trigtuple;
}

void AfterEntity(const TriggerData &event) {
  Change change(event);
  AnnounceChange(RelationGetRelid(event.tg_relation));
  bool renames = change.Changes("schema_id") || change.Changes("name");
  if (!change.deletes && !IsRestoringAsSuperuser()) {
    CheckEntity(change, renames);
  }
  if (!change.deletes) NoteChecked(event);
  if (!renames) return;

  Oid old_relation = InvalidOid;
  if (!change.inserts) {
    // The kept object id went with the row.
    Value schema = SchemaName(change.before->Text("schema_id"));
    if (schema.has_value()) {
      old_relation = RelationByName(*schema, *change.before->Text("name"));
    }
  }
  Oid new_relation = InvalidOid;
  if (!change.deletes) {
    Value schema = SchemaName(change.after->Text("schema_id"));
    if (schema.has_value()) new_relation = RelationByName(*schema, *change.after->Text("name"));
    OwnerScope scope;
    MapEntity(*change.after->Text("id"), new_relation);
  }
  if (IsLoadingDump()) return;
  if (old_relation != new_relation) Adjust(old_relation, Upkeep::kAdjust);
  // Replication may bring rules before their entity.
  bool has_rules = !change.deletes && HasRules(change.after->Text("id"));
  if (has_rules) Adjust(new_relation, Upkeep::kAdd);
}

HeapTuple BeforeSchema(const TriggerData &event) {
  BeginWrite(event);
  Change change(event);
  RequireSameId(change, "a schema");
  bool renames = change.updates && change.Changes("name") && change.after->Text("name").has_value();
  if (renames && !IsRestoringAsSuperuser()) CheckRenamedSchema(change);
  return TupleToStore(event);
}

void AfterSchema(const TriggerData &event) {
  Change change(event);
  AnnounceChange(RelationGetRelid(event.tg_relation));
  if (change.deletes) return;
  bool renames = change.Changes("name");
  if (renames && change.updates && !IsRestoringAsSuperuser()) CheckRenamedSchema(change);
  NoteChecked(event);
  if (!renames) return;
  std::string id = *change.after->Text("id");
  std::string name = *change.after->Text("name");
  OwnerScope scope;
  MapSchema(id, name.size() >= NAMEDATALEN ? InvalidOid : pg::Call([&] {
              return get_namespace_oid(pg::ToServer(name), true);
            }));
  // A new schema has entities only where replication brought them first.
  for (const Values &row : ReadLatest("SELECT e.id, e.name, r.relation FROM public.entities AS e"
                                      " LEFT JOIN fundb.relations AS r ON r.entity_id = e.id"
                                      " WHERE e.schema_id = CAST($1 AS integer) ORDER BY e.id",
                                      {id})) {
    Oid old_relation = OidOf(row[2]);
    Oid new_relation = RelationByName(name, *row[1]);
    if (old_relation == new_relation) continue;
    MapEntity(*row[0], new_relation);
    if (IsLoadingDump()) continue;
    if (OidIsValid(old_relation)) {
      AdjustNativeTriggers(old_relation, Upkeep::kAdjust, nullptr);
    }
    AdjustNativeTriggers(new_relation, Upkeep::kAdd, nullptr);
  }
}

}  // namespace fundb::catalog
