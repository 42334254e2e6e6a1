#include "catalog/saving.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "base/text.h"
#include "pg/call.h"

#include "catalog/engine_checks.h"
#include "catalog/entities.h"
#include "catalog/late_references.h"
#include "catalog/modules.h"
#include "catalog/native_triggers.h"
#include "catalog/registry.h"
#include "catalog/relations.h"
#include "catalog/rules.h"
#include "catalog/sql.h"
#include "catalog/trigger_row.h"
#include "pg/encoding.h"

namespace fundb::catalog {

namespace {

HeapTuple TupleToStore(const TriggerData &event) {
  return TRIGGER_FIRED_BY_UPDATE(event.tg_event) ? event.tg_newtuple : event.tg_trigtuple;
}

HeapTuple WithColumn(const TriggerData &event, HeapTuple tuple, const char *column, Datum value) {
  TupleDesc descriptor = RelationGetDescr(event.tg_relation);
  return pg::Call([&] {
    int number = SPI_fnumber(descriptor, column);
    bool is_null = false;
    return heap_modify_tuple_by_cols(tuple, descriptor, 1, &number, &value, &is_null);
  });
}

bool CurrentRoleIsSuperuser() {
  return pg::Call([] { return superuser(); });
}

// The role that writes becomes the owner.  A superuser may name another (a restore does), and
// leaves the owner alone in an update that does not name it.
HeapTuple WithOwner(const TriggerData &event, HeapTuple tuple) {
  TriggerRow row(tuple, RelationGetDescr(event.tg_relation));
  if (CurrentRoleIsSuperuser() && row.Text("owner").has_value()) return tuple;
  Datum name = pg::Call([] { return CStringGetTextDatum(GetUserNameFromId(GetUserId(), false)); });
  return WithColumn(event, tuple, "owner", name);
}

// The error of a check as one that names the object.  What must leave unchanged does.
[[noreturn]] void RethrowFor(const std::string &object, Error &error) {
  Report &report = error.report();
  const std::string sqlstate_class = report.sqlstate.substr(0, 2);
  if (sqlstate_class != "57" && sqlstate_class != "53" && !MustLeaveUnchanged(report) &&
      report.message.find(object) == std::string::npos) {
    report.message = object + ": " + report.message;
  }
  // Code that throws at its top level is refused like code that is wrong in another way, whatever
  // class its error claims.
  if (sqlstate_class == "38") report.sqlstate = sqlstate::kInvalidParameter;
  throw std::move(error);
}

bool MayWriteRulesOf(Oid relation) {
  return pg::Call(
      [&] { return pg_class_aclcheck(relation, GetUserId(), ACL_TRIGGER) == ACLCHECK_OK; });
}

void RequireTriggerPrivilege(const RelationFacts &table) {
  if (MayWriteRulesOf(table.oid)) return;
  throw Error(sqlstate::kInsufficientPrivilege,
              "permission denied to write rules for table " + Quoted(table.FullName()))
      .Hint("It takes the TRIGGER privilege: GRANT TRIGGER ON " + table.FullName() + " TO ….");
}

std::optional<Entity> EntityById(const Value &id) {
  if (!id.has_value()) return std::nullopt;
  OwnerScope scope;
  return FindEntity(*id);
}

Value SchemaName(const Value &schema_id) {
  if (!schema_id.has_value()) return std::nullopt;
  OwnerScope scope;
  std::vector<Values> rows =
      ReadLatest("SELECT name FROM public.schemas WHERE id = CAST($1 AS integer)", {schema_id});
  if (rows.empty()) return std::nullopt;
  return rows[0][0];
}

bool HasRules(const Value &entity_id) {
  OwnerScope scope;
  return !ReadLatest(
              "SELECT 1 FROM public.triggers WHERE trigger_entity_id = CAST($1 AS integer) LIMIT 1",
              {entity_id})
              .empty();
}

void Adjust(Oid relation, Upkeep upkeep) {
  if (!OidIsValid(relation)) return;
  OwnerScope scope;
  AdjustNativeTriggers(relation, upkeep, nullptr);
}

// Rules of a table that is gone may go as well.
void RequireRightToRemove(const Entity &entity) {
  if (!OidIsValid(entity.relation)) return;
  if (std::optional<RelationFacts> table = FindRelation(entity.relation)) {
    RequireTriggerPrivilege(*table);
  }
}

// The watched table of a rule that was written: it must be there, be able to have rules, and the
// writer must be allowed to.  Asked after the write, when an entity that the same statement
// registered is seen as well.
void RequireWatchable(const TriggerRow &row) {
  std::optional<Entity> entity = EntityById(row.Text("trigger_entity_id"));
  if (!entity.has_value()) return;  // the same statement deleted it, and the rule with it
  std::string rule = DescribeRule(entity->schema, entity->name, *row.Text("name"));
  std::optional<RelationFacts> table;
  if (OidIsValid(entity->relation)) table = FindRelation(entity->relation);
  if (!table.has_value()) {
    // A rule that waits for a table of that name would fire for whoever creates it.
    if (CurrentRoleIsSuperuser() && IsLoadingDump()) return;
    throw Error(sqlstate::kInvalidParameter, rule + " cannot be saved: the table does not exist");
  }
  RequireRulesPossible(*table, rule);
  RequireTriggerPrivilege(*table);
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
                  *row.Text("procedure"));
  } catch (Error &error) {
    RethrowFor(rule, error);
  }
}

}  // namespace

// ------------------------------------------------------------------------------------------------
// public.triggers

HeapTuple BeforeRule(const TriggerData &event) {
  Change change(event);
  if (change.deletes) {
    std::optional<Entity> entity = EntityById(change.before->Text("trigger_entity_id"));
    if (entity.has_value()) RequireRightToRemove(*entity);
    return event.tg_trigtuple;
  }
  if (change.inserts) {
    AllowLateReference("public.schemas", change.after->Text("schema_id"));
    AllowLateReference("public.entities", change.after->Text("trigger_entity_id"));
  }
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
  if (moves) {
    std::optional<Entity> entity = EntityById(change.before->Text("trigger_entity_id"));
    if (entity.has_value()) RequireRightToRemove(*entity);
  }
  if (!change.deletes) RequireWatchable(*change.after);
  if (IsLoadingDump()) return;
  if (!change.deletes && !change.after->IsTrue("allow_broken")) CheckRule(*change.after);

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

// ------------------------------------------------------------------------------------------------
// public.entities

namespace {

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
  if (renames && change.updates && HasRules(change.after->Text("id"))) {
    RequireRulesPossible(*table, entity);
    RequireTriggerPrivilege(*table);
  }
  Value main_field = change.after->Text("main_field");
  if (!main_field.has_value() || !refers) return;
  std::vector<std::string> columns = ColumnNames(table->oid);
  if (std::find(columns.begin(), columns.end(), *main_field) != columns.end()) return;
  std::string nearest = NearestName(*main_field, columns);
  throw Error(sqlstate::kInvalidParameter,
              "main field " + Quoted(*main_field) + " of " + entity + " does not exist")
      .Hint(nearest.empty() ? "" : "Perhaps you meant field " + Quoted(nearest) + ".");
}

}  // namespace

HeapTuple BeforeEntity(const TriggerData &event) {
  Change change(event);
  if (!change.deletes) {
    AllowLateReference("public.schemas", change.after->Text("schema_id"));
    return event.tg_trigtuple;
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
  if (!change.deletes && !(CurrentRoleIsSuperuser() && IsLoadingDump())) {
    CheckEntity(change, renames);
  }
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

// ------------------------------------------------------------------------------------------------
// public.schemas

namespace {

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
      RequireTriggerPrivilege(*table);
    }
  }
}

}  // namespace

void AfterSchema(const TriggerData &event) {
  Change change(event);
  AnnounceChange(RelationGetRelid(event.tg_relation));
  if (change.deletes || !change.Changes("name")) return;
  if (change.updates && !(CurrentRoleIsSuperuser() && IsLoadingDump())) CheckRenamedSchema(change);
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

// ------------------------------------------------------------------------------------------------
// public.modules and public.user_views

HeapTuple BeforeModule(const TriggerData &event) {
  Change change(event);
  if (change.inserts) AllowLateReference("public.schemas", change.after->Text("schema_id"));
  return WithOwner(event, TupleToStore(event));
}

HeapTuple BeforeUserView(const TriggerData &event) {
  Change change(event);
  AllowLateReference("public.schemas", change.after->Text("schema_id"));
  return event.tg_trigtuple;
}

void AfterModule(const TriggerData &event) {
  Change change(event);
  AnnounceChange(RelationGetRelid(event.tg_relation));
  if (change.deletes || IsLoadingDump() || change.after->IsTrue("allow_broken")) return;
  Value schema = SchemaName(change.after->Text("schema_id"));
  if (!schema.has_value()) return;
  std::string path = *change.after->Text("path");
  std::string module = "module " + Quoted(*schema + "/" + path);
  std::string problem = FindPathProblem(path);
  if (!problem.empty()) {
    throw Error(sqlstate::kInvalidParameter, module + " has an invalid path").Detail(problem);
  }
  try {
    CheckModuleCode(ModuleName(*schema, path), *change.after->Text("source"));
  } catch (Error &error) {
    RethrowFor(module, error);
  }
}

void AfterUserView(const TriggerData &event) {
  Change change(event);
  AnnounceChange(RelationGetRelid(event.tg_relation));
  if (change.deletes || IsLoadingDump() || change.after->IsTrue("allow_broken")) return;
  if (change.updates && !change.Changes("query") && !change.before->IsTrue("allow_broken")) return;
  Value schema = SchemaName(change.after->Text("schema_id"));
  if (!schema.has_value()) return;
  std::string view = "user view " + Quoted(*schema + "." + *change.after->Text("name"));
  try {
    CheckUserViewQuery(*schema, *change.after->Text("query"));
  } catch (Error &error) {
    RethrowFor(view, error);
  }
}

}  // namespace fundb::catalog
