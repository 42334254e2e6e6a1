#include "catalog/rules.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <unordered_map>

#include "base/text.h"
#include "pg/call.h"

#include "catalog/registry.h"
#include "catalog/relations.h"
#include "catalog/rule_rows.h"
#include "catalog/table_rows.h"
#include "catalog/unchecked.h"
#include "pg/encoding.h"

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
    if (!attribute->attisdropped) columns.push_back(pg::FromServer(NameStr(attribute->attname)));
  }
  return columns;
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

// Names of rows of public.schemas, each read once.
class SchemaNames {
 public:
  explicit SchemaNames(Oid schemas) : schemas_(schemas) {}
  const std::string &Of(int id) {
    auto found = names_.find(id);
    if (found != names_.end()) return found->second;
    TableRows rows(schemas_, IntegerKey("id", id));
    return names_[id] = rows.size() == 0 ? std::string() : rows.Text(0, "name");
  }

 private:
  Oid schemas_;
  std::unordered_map<int, std::string> names_;
};

Rule RuleOf(const TableRows &triggers, int row, SchemaNames &schemas,
            const std::vector<std::string> &columns) {
  Rule rule;
  rule.id = triggers.Integer(row, "id");
  rule.owner_schema = schemas.Of(triggers.Integer(row, "schema_id"));
  rule.name = triggers.Text(row, "name");
  rule.procedure = KeepRuleText(rule.id, triggers.Text(row, "procedure"));
  rule.priority = triggers.Integer(row, "priority");
  rule.before = triggers.Text(row, "time") == "BEFORE";
  rule.on_insert = triggers.Boolean(row, "on_insert");
  rule.on_delete = triggers.Boolean(row, "on_delete");
  rule.allow_broken = triggers.Boolean(row, "allow_broken");
  rule.owner_name = triggers.Text(row, "owner");
  std::vector<std::optional<std::string>> update_fields = triggers.Texts(row, "on_update_fields");
  std::string hint;
  rule.broken_reason = FindRuleProblem(rule.name, update_fields, columns, &hint);
  rule.any_update = update_fields.size() == 1 && update_fields[0] == "*";
  if (!rule.any_update) {
    for (const std::optional<std::string> &field : update_fields) {
      if (field.has_value()) rule.update_fields.push_back(*field);
    }
  }
  return rule;
}

size_t BytesOf(const Rule &rule) {
  size_t bytes = sizeof(Rule) + rule.name.size() + rule.owner_name.size() + rule.module_name.size();
  for (const std::string &field : rule.update_fields) bytes += sizeof field + field.size();
  return bytes;
}

[[noreturn]] void RefuseRules(const RuleSet &set) {
  throw Error(sqlstate::kLimitExceeded,
              "rules of entity " + Quoted(set.entity_schema + "." + set.entity_name) +
                  " take more than " + std::to_string(kMostRuleBytes >> 20) + " MB")
      .Hint("Delete rows of public.triggers, or move what is alike to public.modules.");
}

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

  const Registry registry = GetRegistry();
  SchemaNames schemas(registry.schemas);
  std::vector<std::string> columns = LiveColumns(relation);
  std::vector<Loaded> loaded;
  size_t bytes = 0;
  for (Oid source : relations) {
    for (int id : EntityIdsOf(source)) {
      TableRows triggers(registry.triggers, IntegerKey("trigger_entity_id", id), kMostRuleBytes);
      if (triggers.IsCutShort()) RefuseRules(*set);
      if (triggers.size() == 0) continue;
      TableRows entities(registry.entities, IntegerKey("id", id));
      if (entities.size() == 0) continue;
      for (int row = 0; row < triggers.size(); ++row) {
        if (IsUnchecked(triggers, row)) continue;
        Loaded item;
        item.distance = sources[source].distance;
        item.rule = RuleOf(triggers, row, schemas, columns);
        Rule &rule = item.rule;
        rule.inherited = sources[source].inherited;
        rule.entity_schema = schemas.Of(entities.Integer(0, "schema_id"));
        rule.entity_name = entities.Text(0, "name");
        rule.module_name =
            RuleModuleName(rule.owner_schema, rule.entity_schema, rule.entity_name, rule.name);
        size_t own = BytesOf(rule);
        set->bytes.Add(own);
        bytes += own + rule.procedure->size();
        if (bytes > kMostRuleBytes) RefuseRules(*set);
        loaded.push_back(std::move(item));
      }
    }
  }
  std::sort(loaded.begin(), loaded.end(),
            [](const Loaded &a, const Loaded &b) { return a.Order() < b.Order(); });
  for (Loaded &item : loaded) set->rules.push_back(std::move(item.rule));
  return set;
}

}  // namespace fundb::catalog
