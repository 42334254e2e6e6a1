#include "catalog/rules.h"

#include <algorithm>
#include <cstdlib>
#include <set>
#include <tuple>
#include <unordered_map>

#include "base/text.h"
#include "pg/call.h"

#include "catalog/registry.h"
#include "catalog/relations.h"
#include "catalog/sql.h"

namespace fundb::catalog {

namespace {

// One name as one component of a path.
std::string PathComponent(std::string_view name) {
  std::string result;
  for (char c : name) {
    if (c == '/') {
      result += "%2F";
    } else if (c == '%') {
      result += "%25";
    } else {
      result += c;
    }
  }
  return result;
}

// More names than this help nobody.
constexpr size_t kListedNames = 20;

std::string Listed(const std::vector<std::string> &names) {
  std::string result;
  for (const std::string &name : names) {
    if (!result.empty()) result += ", ";
    result += name;
  }
  return result;
}

std::vector<std::string> LiveColumns(Relation relation) {
  std::vector<std::string> columns;
  TupleDesc descriptor = RelationGetDescr(relation);
  for (int i = 0; i < descriptor->natts; ++i) {
    const Form_pg_attribute attribute = TupleDescAttr(descriptor, i);
    if (!attribute->attisdropped) columns.emplace_back(NameStr(attribute->attname));
  }
  return columns;
}

Oid RoleOf(const std::string &name) {
  const char *role = name.c_str();
  return pg::Call([&] { return get_role_oid(role, true); });
}

// Which of the relations the rule is attached to decides its place among equal priorities.
struct Source {
  bool inherited = false;
  int distance = 0;
};

struct Loaded {
  Rule rule;
  int distance = 0;

  auto Order() const {
    return std::tie(rule.priority, rule.inherited, rule.owner_schema, rule.name, distance,
                    rule.entity_schema, rule.entity_name, rule.id);
  }
};

constexpr char kRulesQuery[] =
    "SELECT m.relation, t.id, s.name, es.name, e.name, t.name, t.procedure, t.priority, t.\"time\","
    " t.on_insert, t.on_delete, t.allow_broken, t.owner"
    " FROM (";
constexpr char kRulesJoins[] =
    ") AS m(relation, entity_id)"
    " JOIN public.triggers AS t ON t.trigger_entity_id = m.entity_id"
    " JOIN public.schemas AS s ON s.id = t.schema_id"
    " JOIN public.entities AS e ON e.id = t.trigger_entity_id"
    " JOIN public.schemas AS es ON es.id = e.schema_id";

constexpr char kFieldsQuery[] =
    "SELECT t.id, f.name FROM public.triggers AS t,"
    " LATERAL pg_catalog.unnest(t.on_update_fields) WITH ORDINALITY AS f(name, position)"
    " WHERE t.id = ANY (CAST($1 AS integer[])) ORDER BY t.id, f.position";

bool IsTrue(const Value &value) { return value.has_value() && *value == "t"; }

}  // namespace

std::string RuleModuleName(std::string_view owner_schema, std::string_view entity_schema,
                           std::string_view entity, std::string_view name) {
  return "triggers/" + PathComponent(owner_schema) + "/" + PathComponent(entity_schema) + "/" +
         PathComponent(entity) + "/" + PathComponent(name) + ".mjs";
}

std::string DescribeRule(std::string_view entity_schema, std::string_view entity,
                         std::string_view name) {
  std::string full(entity_schema);
  full += '.';
  full += entity;
  return "trigger " + Quoted(name) + " of entity " + Quoted(full);
}

std::string FindRuleProblem(std::string_view name,
                            const std::vector<std::optional<std::string>> &update_fields,
                            const std::vector<std::string> &columns, std::string *hint) {
  if (name.empty()) return "the name must not be empty";
  if (name.find(' ') != std::string_view::npos) return "the name must not contain a space";
  if (name.find('/') != std::string_view::npos) return "the name must not contain \"/\"";
  if (name.find("__") != std::string_view::npos) return "the name must not contain \"__\"";

  if (update_fields.size() == 1 && update_fields[0] == "*") return "";
  std::set<std::string> seen;
  for (const std::optional<std::string> &field : update_fields) {
    if (!field.has_value()) return "on_update_fields must not contain NULL";
    if (!seen.insert(*field).second) {
      return "field " + Quoted(*field) + " is repeated in on_update_fields";
    }
    if (std::find(columns.begin(), columns.end(), *field) != columns.end()) continue;
    if (*field == "*") {
      *hint = "Write {*} for any field, or the names of fields.";
      return "\"*\" in on_update_fields must stand alone";
    }
    std::string nearest = NearestName(*field, columns);
    if (!nearest.empty()) {
      *hint = "Perhaps you meant field " + Quoted(nearest) + ".";
    } else if (columns.size() <= kListedNames) {
      *hint = "The fields are " + Listed(columns) + ".";
    }
    return "field " + Quoted(*field) + " in on_update_fields does not exist";
  }
  return "";
}

std::shared_ptr<const RuleSet> LoadRules(Relation relation) {
  auto set = std::make_shared<RuleSet>();
  Oid own = RelationGetRelid(relation);
  set->entity = own;

  std::unordered_map<Oid, Source> sources = {{own, Source{}}};
  std::vector<Oid> relations = {own};
  bool is_partition = relation->rd_rel->relispartition;
  int distance = 0;
  for (Oid ancestor : is_partition ? PartitionAncestors(own) : InheritanceAncestors(own)) {
    // A partition is a part of its table: the table's rules are its own.
    sources[ancestor] = Source{!is_partition, ++distance};
    relations.push_back(ancestor);
    if (is_partition) set->entity = ancestor;
  }
  std::optional<RelationFacts> entity = FindRelation(set->entity);
  if (entity.has_value()) {
    set->entity_schema = entity->schema;
    set->entity_name = entity->name;
  }

  OwnerScope scope;
  std::vector<Values> rows = ReadLatest(
      std::string(kRulesQuery) + kEntitiesOfRelations + kRulesJoins, {ArrayText(relations)});
  if (rows.empty()) return set;

  std::string ids;
  for (const Values &row : rows) ids += (ids.empty() ? "{" : ",") + *row[1];
  std::unordered_map<int, std::vector<std::optional<std::string>>> fields;
  for (Values &row : ReadLatest(kFieldsQuery, {ids + "}"})) {
    fields[std::atoi(row[0]->c_str())].push_back(std::move(row[1]));
  }

  std::vector<std::string> columns = LiveColumns(relation);
  std::vector<Loaded> loaded;
  loaded.reserve(rows.size());
  for (Values &row : rows) {
    Loaded item;
    const Source &source = sources[OidOf(row[0])];
    item.distance = source.distance;
    Rule &rule = item.rule;
    rule.inherited = source.inherited;
    rule.id = std::atoi(row[1]->c_str());
    rule.owner_schema = std::move(*row[2]);
    rule.entity_schema = std::move(*row[3]);
    rule.entity_name = std::move(*row[4]);
    rule.name = std::move(*row[5]);
    rule.procedure = std::move(*row[6]);
    rule.priority = std::atoi(row[7]->c_str());
    rule.before = *row[8] == "BEFORE";
    rule.on_insert = IsTrue(row[9]);
    rule.on_delete = IsTrue(row[10]);
    rule.allow_broken = IsTrue(row[11]);
    rule.owner_name = std::move(*row[12]);
    rule.owner = RoleOf(rule.owner_name);
    rule.module_name =
        RuleModuleName(rule.owner_schema, rule.entity_schema, rule.entity_name, rule.name);
    const std::vector<std::optional<std::string>> &update_fields = fields[rule.id];
    std::string hint;
    rule.broken_reason = FindRuleProblem(rule.name, update_fields, columns, &hint);
    rule.any_update = update_fields.size() == 1 && update_fields[0] == "*";
    if (!rule.any_update) {
      for (const std::optional<std::string> &field : update_fields) {
        if (field.has_value()) rule.update_fields.push_back(*field);
      }
    }
    loaded.push_back(std::move(item));
  }
  std::sort(loaded.begin(), loaded.end(),
            [](const Loaded &a, const Loaded &b) { return a.Order() < b.Order(); });
  for (Loaded &item : loaded) set->rules.push_back(std::move(item.rule));
  return set;
}

}  // namespace fundb::catalog
