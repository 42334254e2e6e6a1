// The rules of a relation, read from the registry.  C++ regime; reads with the rights of the
// extension's owner, so whoever writes to a watched table needs none.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/rule_texts.h"

#include "pg/postgres.h"

namespace fundb::catalog {

struct Rule {
  int id = 0;
  std::string owner_schema;  // public.schemas.name of triggers.schema_id
  std::string entity_schema;
  std::string entity_name;  // the entity that the rule is attached to
  std::string name;
  std::shared_ptr<const std::string> procedure;  // never null
  // triggers/<owner schema>/<entity schema>/<entity>/<name>.mjs
  std::string module_name;
  int priority = 0;
  bool before = false;
  bool on_insert = false;
  bool on_delete = false;
  bool any_update = false;                 // on_update_fields = {*}
  std::vector<std::string> update_fields;  // else the columns listed
  bool allow_broken = false;
  bool inherited = false;  // attached to an inheritance parent of the relation
  std::string owner_name;
  // Why the row cannot run, as far as the row alone tells (a name, a column that is not there);
  // empty when it can.  What only the engine can tell is not in here.
  std::string broken_reason;
};

struct RuleSet {
  // The `event.entity`: the topmost partitioned table for a partition, else the relation itself.
  Oid entity = InvalidOid;
  std::string entity_schema;
  std::string entity_name;
  // All rules that apply, in the order in which they run.
  std::vector<Rule> rules;
  RuleBytes bytes;  // beside the texts
};

// Reads all rules that apply to a relation: those of itself, of the partitioned tables it is a part
// of, of its inheritance parents.  Never null.  The result is good as long as the registry's
// rules_generation and the relation's own generation stay.
std::shared_ptr<const RuleSet> LoadRules(Relation relation);

// What the rules of one relation may take: far more than rules that people write.  LoadRules throws
// Error 54000 beyond.
inline constexpr size_t kMostRuleBytes = 32 << 20;
// What a session keeps of all: as much as ten rules of each of 10,000 partitions.
inline constexpr size_t kMostKeptRuleBytes = 64 << 20;

// What a rule's module is called: slashes in names are written as %2F, so no two rules share one.
std::string RuleModuleName(std::string_view owner_schema, std::string_view entity_schema,
                           std::string_view entity, std::string_view name);

// `trigger "set_total" of entity "sales.orders"`, as every message names a rule.
std::string DescribeRule(std::string_view entity_schema, std::string_view entity,
                         std::string_view name);

// Why a rule of these fields cannot run on a table of these columns; "" when it can.  An absent
// field is NULL.  `hint` may be set.
std::string FindRuleProblem(std::string_view name,
                            const std::vector<std::optional<std::string>> &update_fields,
                            const std::vector<std::string> &columns, std::string *hint);

}  // namespace fundb::catalog
