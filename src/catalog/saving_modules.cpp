// public.modules and public.user_views.
#include <string>

#include "base/text.h"

#include "catalog/engine_checks.h"
#include "catalog/late_references.h"
#include "catalog/modules.h"
#include "catalog/registry.h"
#include "catalog/saving.h"
#include "catalog/saving_shared.h"
#include "catalog/trigger_row.h"
#include "js/module_source.h"

namespace fundb::catalog {

HeapTuple BeforeModule(const TriggerData &event) {
  AnnounceWrite(RelationGetRelid(event.tg_relation));
  Change change(event);
  if (change.deletes) return event.tg_trigtuple;
  if (change.inserts) AllowLateReference("public.schemas", change.after->Text("schema_id"));
  if (HasLongCode(change, "source")) {
    // A schema that the same statement makes is not seen yet.
    Value schema = SchemaName(change.after->Text("schema_id"));
    RefuseLongCode("module " + Quoted((schema.has_value() ? *schema + "/" : std::string()) +
                                      change.after->Text("path").value_or("")));
  }
  return WithOwner(event, TupleToStore(event));
}

HeapTuple BeforeUserView(const TriggerData &event) {
  AnnounceWrite(RelationGetRelid(event.tg_relation));
  Change change(event);
  if (change.inserts) AllowLateReference("public.schemas", change.after->Text("schema_id"));
  return TupleToStore(event);
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
  if (problem.empty() && ModuleName(*schema, path).size() > js::kLongestModuleName) {
    problem = "With its schema it should have at most " + std::to_string(js::kLongestModuleName) +
              " bytes.";
  }
  if (!problem.empty()) {
    throw Error(sqlstate::kInvalidParameter, module + " has an invalid path").Detail(problem);
  }
  try {
    CheckModuleCode(ModuleName(*schema, path), *change.after->Text("source"), 0);
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
