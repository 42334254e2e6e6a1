#include "catalog/broken.h"

#include <functional>
#include <map>
#include <optional>

#include "pg/subtransaction.h"

#include "catalog/engine_checks.h"
#include "catalog/modules.h"
#include "catalog/registry.h"
#include "catalog/relations.h"
#include "catalog/rules.h"

namespace fundb::catalog {

namespace {

// How long the top level of one rule or module may run, so that one that loops hides no other.
constexpr int kLongestCheckMs = 1000;

// What a check says, "" when it passes.
std::string Reason(const std::function<void()> &check) {
  try {
    pg::InSubtransaction([&] { check(); });
    return "";
  } catch (const Error &error) {
    if (IsUncatchable(error.report()) || MustLeaveUnchanged(error.report())) throw;
    return error.report().message;
  }
}

std::string RuleReason(const Values &row,
                       const std::vector<std::optional<std::string>> &update_fields) {
  const std::string &owner_schema = *row[1];
  const std::string &entity_schema = *row[2];
  const std::string &entity = *row[3];
  const std::string &name = *row[4];
  Oid relation = InvalidOid;
  {
    OwnerScope scope;
    if (std::optional<Entity> found = FindEntity(*row[6])) relation = found->relation;
  }
  if (!OidIsValid(relation)) return "the table does not exist";
  std::string hint;
  std::string problem = FindRuleProblem(name, update_fields, ColumnNames(relation), &hint);
  if (!problem.empty()) return problem;
  std::string module = RuleModuleName(owner_schema, entity_schema, entity, name);
  return Reason([&] { CheckRuleCode(module, *row[5], kLongestCheckMs); });
}

void FindBrokenRules(std::vector<BrokenObject> *found) {
  std::vector<Values> rows = RunSql(
      "SELECT t.id, s.name, es.name, e.name, t.name, t.procedure, e.id FROM public.triggers AS t"
      " JOIN public.schemas AS s ON s.id = t.schema_id"
      " JOIN public.entities AS e ON e.id = t.trigger_entity_id"
      " JOIN public.schemas AS es ON es.id = e.schema_id ORDER BY t.id");
  std::map<std::string, std::vector<std::optional<std::string>>> fields;
  for (Values &row :
       RunSql("SELECT t.id, f.name FROM public.triggers AS t,"
              " LATERAL pg_catalog.unnest(t.on_update_fields) WITH ORDINALITY AS f(name, position)"
              " ORDER BY t.id, f.position")) {
    fields[*row[0]].push_back(std::move(row[1]));
  }
  for (const Values &row : rows) {
    std::string reason = RuleReason(row, fields[*row[0]]);
    if (reason.empty()) continue;
    found->push_back({"trigger", *row[0], *row[1], *row[2] + "." + *row[3], *row[4], reason});
  }
}

void FindBrokenModules(std::vector<BrokenObject> *found) {
  for (const Values &row :
       RunSql("SELECT m.id, s.name, m.path, m.source FROM public.modules AS m"
              " JOIN public.schemas AS s ON s.id = m.schema_id ORDER BY m.id")) {
    std::string reason = FindPathProblem(*row[2]);
    if (reason.empty()) {
      reason =
          Reason([&] { CheckModuleCode(ModuleName(*row[1], *row[2]), *row[3], kLongestCheckMs); });
    }
    if (reason.empty()) continue;
    found->push_back({"module", *row[0], *row[1], std::nullopt, *row[2], reason});
  }
}

void FindBrokenUserViews(std::vector<BrokenObject> *found) {
  for (const Values &row :
       RunSql("SELECT v.id, s.name, v.name, v.query FROM public.user_views AS v"
              " JOIN public.schemas AS s ON s.id = v.schema_id ORDER BY v.id")) {
    std::string reason = Reason([&] { CheckUserViewQuery(*row[1], *row[3]); });
    if (reason.empty()) continue;
    found->push_back({"user_view", *row[0], *row[1], std::nullopt, *row[2], reason});
  }
}

}  // namespace

std::vector<BrokenObject> FindBroken() {
  // Qualified operators are not needed: the path is ours, the rights are the caller's.
  pg::SafeSearchPath path;
  std::vector<BrokenObject> found;
  FindBrokenRules(&found);
  FindBrokenModules(&found);
  FindBrokenUserViews(&found);
  return found;
}

}  // namespace fundb::catalog
