#include "catalog/saving_shared.h"

#include <vector>

#include "base/text.h"
#include "pg/call.h"

#include "catalog/registry.h"
#include "catalog/trigger_row.h"
#include "catalog/unchecked.h"
#include "js/module_source.h"

extern "C" {
#include "catalog/pg_class.h"
#include "catalog/pg_inherits.h"
}

namespace fundb::catalog {

namespace {

bool MayWriteRulesOf(Oid relation) {
  return pg::Call(
      [&] { return pg_class_aclcheck(relation, GetUserId(), ACL_TRIGGER) == ACLCHECK_OK; });
}

}  // namespace

void BeginWrite(const TriggerData &event) {
  AnnounceWrite(RelationGetRelid(event.tg_relation));
  if (!TRIGGER_FIRED_BY_DELETE(event.tg_event)) NoteUnchecked(event);
}

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

HeapTuple WithOwner(const TriggerData &event, HeapTuple tuple) {
  TriggerRow row(tuple, RelationGetDescr(event.tg_relation));
  if (CurrentRoleIsSuperuser() && row.Text("owner").has_value()) return tuple;
  Datum name = pg::Call([] { return CStringGetTextDatum(GetUserNameFromId(GetUserId(), false)); });
  return WithColumn(event, tuple, "owner", name);
}

void RethrowFor(const std::string &object, Error &error) {
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

void RequireTriggerPrivilege(const RelationFacts &table) {
  if (MayWriteRulesOf(table.oid)) return;
  throw Error(sqlstate::kInsufficientPrivilege,
              "permission denied to write rules for table " + Quoted(table.FullName()))
      .Hint("It takes the TRIGGER privilege: GRANT TRIGGER ON " + table.FullName() + " TO ….");
}

void RequireRightToWatch(const RelationFacts &table) {
  RequireTriggerPrivilege(table);
  if (table.kind != RELKIND_RELATION) return;  // partitions are a part of their table
  List *children = pg::Call([&] { return find_all_inheritors(table.oid, NoLock, nullptr); });
  for (int i = 0; i < list_length(children); ++i) {
    Oid child = list_nth_oid(children, i);
    std::optional<RelationFacts> facts = FindRelation(child);
    if (!facts.has_value() || MayWriteRulesOf(child)) continue;
    throw Error(sqlstate::kInsufficientPrivilege,
                "permission denied to write rules for table " + Quoted(facts->FullName()))
        .Detail("Rules of table " + Quoted(table.FullName()) +
                " run for the tables that inherit from it.")
        .Hint("It takes the TRIGGER privilege: GRANT TRIGGER ON " + facts->FullName() + " TO ….");
  }
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

bool HasLongCode(const Change &change, const char *column) {
  Value text = change.after->Text(column);
  return text.has_value() && text->size() > js::kLongestModule && change.Changes(column) &&
         !IsRestoringAsSuperuser();
}

void RefuseLongCode(const std::string &object) {
  throw Error(sqlstate::kLimitExceeded, object + " is too long")
      .Detail("The limit is " + std::to_string(js::kLongestModule) + " bytes.")
      .Hint("Spread it over several modules of public.modules, and keep data in tables.");
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

void RequireRightToRemove(const Entity &entity) {
  if (!OidIsValid(entity.relation)) return;
  if (std::optional<RelationFacts> table = FindRelation(entity.relation)) {
    RequireTriggerPrivilege(*table);
  }
}

}  // namespace fundb::catalog
