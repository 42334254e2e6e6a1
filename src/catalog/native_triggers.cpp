#include "catalog/native_triggers.h"

#include <optional>
#include <set>

#include "base/text.h"
#include "pg/encoding.h"
#include "pg/relation.h"
#include "pg/subtransaction.h"

#include "catalog/partition_keys.h"
#include "catalog/registry.h"
#include "catalog/relations.h"
#include "catalog/sql.h"
#include "catalog/writes.h"

extern "C" {
#include "catalog/dependency.h"
#include "catalog/pg_class.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_trigger.h"
#include "nodes/makefuncs.h"
#include "parser/parse_func.h"
#include "storage/lmgr.h"
}

namespace fundb::catalog {

namespace {

enum Timing { kBefore = 0, kAfter = 1 };

struct Native {
  Oid oid = InvalidOid;
  std::string name;
  char state = TRIGGER_FIRES_ON_ORIGIN;
  bool is_clone = false;
  bool is_complete = false;  // for each row and for all events
  Timing timing = kBefore;
};

constexpr int16 kAllEvents =
    TRIGGER_TYPE_ROW | TRIGGER_TYPE_INSERT | TRIGGER_TYPE_UPDATE | TRIGGER_TYPE_DELETE;

constexpr char kSchema[] = "fundb";
constexpr char kRunRules[] = "run_rules";
constexpr char kNoteInsert[] = "note_insert";

List *fundb_qualified(const char *function) {
  return list_make2(makeString(pstrdup(kSchema)), makeString(pstrdup(function)));
}

Oid RunRulesFunction() {
  return pg::Call([] { return LookupFuncName(fundb_qualified(kRunRules), 0, nullptr, false); });
}

// AFTER triggers have a condition that is true and notes what an INSERT assigns.
bool HasRightCondition(const Trigger &trigger) {
  const char *condition = trigger.tgqual;
  if (TRIGGER_FOR_BEFORE(trigger.tgtype)) return condition == nullptr;
  if (condition == nullptr) return false;
  return pg::Call([&] {
    Oid function = LookupFuncName(fundb_qualified(kNoteInsert), 0, nullptr, false);
    auto *node = static_cast<Node *>(stringToNode(condition));
    return IsA(node, FuncExpr) && reinterpret_cast<FuncExpr *>(node)->funcid == function;
  });
}

// The triggers of a relation that call fundb.run_rules().
std::vector<Native> NativesOf(Oid relation, Oid function) {
  std::vector<Native> natives;
  pg::OpenRelation open(relation, AccessShareLock);
  const TriggerDesc *triggers = open->trigdesc;
  for (int i = 0; triggers != nullptr && i < triggers->numtriggers; ++i) {
    const Trigger &trigger = triggers->triggers[i];
    if (trigger.tgfoid != function) continue;
    Native native;
    native.oid = trigger.tgoid;
    native.name = trigger.tgname;
    native.state = trigger.tgenabled;
    native.is_clone = trigger.tgisclone;
    native.timing = TRIGGER_FOR_BEFORE(trigger.tgtype) ? kBefore : kAfter;
    native.is_complete =
        trigger.tgtype == (kAllEvents | (native.timing == kBefore ? TRIGGER_TYPE_BEFORE : 0)) &&
        trigger.tgnattr == 0 && trigger.tgnargs == 0 && !OidIsValid(trigger.tgconstraint) &&
        HasRightCondition(trigger);
    natives.push_back(std::move(native));
  }
  return natives;
}

const char *NativeName(Timing timing, char relkind) {
  if (relkind == RELKIND_PARTITIONED_TABLE) {
    return timing == kBefore ? kRootBeforeTrigger : kRootAfterTrigger;
  }
  return timing == kBefore ? kBeforeTrigger : kAfterTrigger;
}

struct Wanted {
  bool timing[2] = {false, false};
};

// Which timings the rules of the relation and of its inheritance parents have.
Wanted WantedOf(Oid relation) {
  std::vector<Oid> relations = InheritanceAncestors(relation);
  relations.push_back(relation);
  std::vector<Values> rows =
      ReadLatest(std::string("SELECT pg_catalog.bool_or(t.\"time\" = 'BEFORE'),"
                             " pg_catalog.bool_or(t.\"time\" = 'AFTER') FROM (") +
                     kEntitiesOfRelations +
                     ") AS m(relation, entity_id)"
                     " JOIN public.triggers AS t ON t.trigger_entity_id = m.entity_id",
                 {ArrayText(relations)});
  Wanted wanted;
  wanted.timing[kBefore] = rows[0][0] == "t";
  wanted.timing[kAfter] = rows[0][1] == "t";
  return wanted;
}

const char *StateColumn(Timing timing) {
  return timing == kBefore ? "before_state" : "after_state";
}

char KeptState(Oid relation, Timing timing) {
  std::vector<Values> rows =
      ReadLatest(std::string("SELECT ") + StateColumn(timing) +
                     " FROM fundb.relations WHERE relation = CAST($1 AS oid)",
                 {TextOf(relation)});
  if (rows.empty() || !rows[0][0].has_value() || rows[0][0]->empty()) {
    return TRIGGER_FIRES_ON_ORIGIN;
  }
  return (*rows[0][0])[0];
}

void KeepState(Oid relation, const Native &native) {
  std::string column = StateColumn(native.timing);
  WriteRegistry({&Registry::relations},
                "UPDATE fundb.relations SET " + column +
                    " = CAST($2 AS \"char\") WHERE relation ="
                    " CAST($1 AS oid) AND " +
                    column + " <> CAST($2 AS \"char\")",
                {TextOf(relation), std::string(1, native.state)});
}

void Create(const RelationFacts &table, Timing timing, Oid function) {
  std::optional<KnownPartitionKeys> keys;
  if (table.kind == RELKIND_PARTITIONED_TABLE) keys.emplace(table.oid);
  const char *name = NativeName(timing, table.kind);
  char state = KeptState(table.oid, timing);
  Oid oid = table.oid;
  // PostgreSQL's own function rather than CREATE TRIGGER as text: the state comes with it, and no
  // event trigger of others is run for what is a part of their own statement.
  pg::Call([&] {
    CreateTrigStmt *statement = makeNode(CreateTrigStmt);
    statement->trigname = pstrdup(name);
    statement->relation =
        makeRangeVar(pstrdup(pg::ToServer(table.schema)), pstrdup(pg::ToServer(table.name)), -1);
    statement->funcname = fundb_qualified(kRunRules);
    if (timing == kAfter) {
      statement->whenClause = reinterpret_cast<Node *>(
          makeFuncCall(fundb_qualified(kNoteInsert), NIL, COERCE_EXPLICIT_CALL, -1));
    }
    statement->row = true;
    statement->timing = timing == kBefore ? TRIGGER_TYPE_BEFORE : TRIGGER_TYPE_AFTER;
    statement->events = TRIGGER_TYPE_INSERT | TRIGGER_TYPE_UPDATE | TRIGGER_TYPE_DELETE;
    CreateTriggerFiringOn(statement, nullptr, oid, InvalidOid, InvalidOid, InvalidOid, function,
                          InvalidOid, nullptr, false, false, state);
    CommandCounterIncrement();
  });
}

// False when the table is in use by an open statement of this session (a rule that deletes itself):
// the native trigger then stays, which costs a little and does no harm.
bool DropTrigger(Oid relation, Oid trigger) {
  try {
    pg::InSubtransaction([&] {
      pg::Call([&] {
        LockRelationOid(relation, AccessExclusiveLock);
        ObjectAddress address;
        ObjectAddressSet(address, TriggerRelationId, trigger);
        performDeletion(&address, DROP_RESTRICT, 0);
        CommandCounterIncrement();
      });
    });
  } catch (Error &error) {
    if (error.report().sqlstate != "55006") throw;
    return false;
  }
  return true;
}

bool Drop(Oid relation, const Native &native) {
  KeepState(relation, native);
  return DropTrigger(relation, native.oid);
}

void Note(std::vector<std::string> *changes, const char *verb, const std::string &trigger,
          const RelationFacts &table) {
  if (changes == nullptr) return;
  changes->push_back(std::string(verb) + " trigger " + Quoted(trigger) + " on " +
                     KindName(table.kind) + " " + Quoted(table.FullName()));
}

// Triggers of others in the place of a native one or of its clones: the owner of a table may rename
// one so, and rules would not run.
void DropOthers(const RelationFacts &table, const std::string &name, Oid function,
                std::vector<std::string> *changes) {
  for (const Values &row :
       ReadLatest("SELECT g.oid, g.tgrelid FROM pg_catalog.pg_trigger AS g"
                  " WHERE CAST(g.tgname AS text) = $2 AND g.tgfoid <> CAST($3 AS oid)"
                  " AND g.tgparentid = 0 AND NOT g.tgisinternal AND g.tgrelid IN ("
                  "SELECT CAST($1 AS oid) UNION ALL SELECT CAST(p.relid AS oid)"
                  " FROM pg_catalog.pg_partition_tree(CAST(CAST($1 AS oid) AS regclass)) AS p)"
                  " ORDER BY g.oid",
                  {TextOf(table.oid), name, TextOf(function)})) {
    std::optional<RelationFacts> holder = FindRelation(OidOf(row[1]));
    if (holder.has_value() && DropTrigger(holder->oid, OidOf(row[0]))) {
      Note(changes, "removed", name, *holder);
    }
  }
}

// Whether the rules that can be seen ask for no change.
bool IsRight(const RelationFacts &table, Oid function) {
  Wanted wanted = WantedOf(table.oid);
  bool is_there[2] = {false, false};
  bool is_clone[2] = {false, false};
  for (const Native &native : NativesOf(table.oid, function)) {
    bool &is_known = native.is_clone ? is_clone[native.timing] : is_there[native.timing];
    bool is_right = native.is_complete && native.name == NativeName(native.timing, table.kind);
    if (!native.is_clone && (is_known || !is_right)) return false;
    is_known = true;
  }
  for (Timing timing : {kBefore, kAfter}) {
    if (is_there[timing] != (wanted.timing[timing] && !is_clone[timing])) return false;
  }
  return true;
}

// One relation alone.
void AdjustOne(const RelationFacts &table, Upkeep upkeep, Oid function,
               std::vector<std::string> *changes) {
  if (table.kind != RELKIND_RELATION && table.kind != RELKIND_PARTITIONED_TABLE &&
      table.kind != RELKIND_FOREIGN_TABLE) {
    return;
  }
  if (table.is_foreign_temporary) return;
  if (upkeep == Upkeep::kFollow && IsRight(table, function)) return;
  // Who takes a trigger away first waits for all who count on it.  The object is a name for the
  // lock only: no table is locked by it.
  Oid class_id = GetRegistry().triggers;
  LOCKMODE mode = upkeep == Upkeep::kAdd ? ShareLock : ExclusiveLock;
  pg::Call([&] { LockDatabaseObject(class_id, table.oid, 0, mode); });

  Wanted wanted = WantedOf(table.oid);
  // A clone that makes an own trigger needless must stay until others see the rules that count on
  // it: it goes only under a lock that conflicts with this one.
  if (table.is_partition && (wanted.timing[kBefore] || wanted.timing[kAfter])) {
    pg::Call([&] { LockRelationOid(table.oid, AccessShareLock); });
  }
  std::vector<Native> natives = NativesOf(table.oid, function);
  for (Timing timing : {kBefore, kAfter}) {
    bool has_clone = false;
    for (const Native &native : natives) {
      if (native.timing == timing && native.is_clone) has_clone = true;
    }
    bool want = wanted.timing[timing] && !has_clone;
    bool present = false;
    for (const Native &native : natives) {
      if (native.timing != timing || native.is_clone) continue;
      if (want && !present && native.is_complete && native.name == NativeName(timing, table.kind)) {
        present = true;
      } else if (Drop(table.oid, native)) {
        Note(changes, "removed", native.name, table);
      }
    }
    if (!want || present) continue;
    // Another session may be creating it: wait, then look again.
    pg::Call([&] { LockRelationOid(table.oid, ShareRowExclusiveLock); });
    for (const Native &native : NativesOf(table.oid, function)) {
      if (native.timing == timing && native.is_complete) present = true;
    }
    if (present) continue;
    DropOthers(table, NativeName(timing, table.kind), function, changes);
    Create(table, timing, function);
    Note(changes, "created", NativeName(timing, table.kind), table);
  }
}

// Inheritance children, and those partitions that have rules or native triggers of their own.
std::vector<Oid> Dependents(Oid relation, Oid function) {
  std::vector<Oid> result;
  for (const Values &row :
       ReadLatest("WITH RECURSIVE d (oid) AS ("
                  " SELECT i.inhrelid FROM pg_catalog.pg_inherits AS i"
                  " WHERE i.inhparent = CAST($1 AS oid)"
                  " UNION SELECT i.inhrelid FROM pg_catalog.pg_inherits AS i"
                  " JOIN d ON d.oid = i.inhparent)"
                  " SELECT d.oid FROM d JOIN pg_catalog.pg_class AS c ON c.oid = d.oid"
                  " WHERE c.relkind IN ('r', 'p', 'f') AND (NOT c.relispartition OR EXISTS ("
                  " SELECT FROM fundb.relations AS r"
                  " JOIN public.triggers AS t ON t.trigger_entity_id = r.entity_id"
                  " WHERE r.relation = d.oid) OR EXISTS ("
                  " SELECT FROM pg_catalog.pg_trigger AS g WHERE g.tgrelid = d.oid"
                  " AND g.tgfoid = CAST($2 AS oid) AND g.tgparentid = 0)) ORDER BY d.oid",
                  {TextOf(relation), TextOf(function)})) {
    result.push_back(OidOf(row[0]));
  }
  return result;
}

}  // namespace

void AdjustNativeTriggers(Oid relation, Upkeep upkeep, std::vector<std::string> *changes) {
  std::optional<RelationFacts> table = FindRelation(relation);
  if (!table.has_value()) return;
  Oid function = RunRulesFunction();
  AdjustOne(*table, upkeep, function, changes);
  // A table that was made below one that had to be waited for is found by another look.
  std::set<Oid> adjusted;
  for (bool goes_on = true; goes_on;) {
    goes_on = false;
    for (Oid dependent : Dependents(relation, function)) {
      if (!adjusted.insert(dependent).second) continue;
      goes_on = true;
      std::optional<RelationFacts> child = FindRelation(dependent);
      // A clone that came makes the partition's own trigger needless, whatever the upkeep.
      if (child.has_value()) {
        bool may_lose = child->is_partition && upkeep == Upkeep::kAdd;
        AdjustOne(*child, may_lose ? Upkeep::kAdjust : upkeep, function, changes);
      }
    }
  }
}

namespace {

// A table whose owner's code fails (in a partition key) keeps nobody from the others.
void TryToAdjust(Oid relation, std::vector<std::string> *changes) {
  size_t count = changes->size();
  try {
    pg::InSubtransaction([&] { AdjustNativeTriggers(relation, Upkeep::kAdjust, changes); });
  } catch (const Error &error) {
    if (IsUncatchable(error.report())) throw;
    changes->resize(count);
    std::optional<RelationFacts> table = FindRelation(relation);
    changes->push_back("could not adjust the triggers of table " +
                       Quoted(table.has_value() ? table->FullName() : TextOf(relation)) + ": " +
                       error.report().message);
  }
}

}  // namespace

void AdjustAllNativeTriggers(std::vector<std::string> *changes) {
  Oid function = RunRulesFunction();
  // Partitioned tables first: their clones decide what their partitions need.
  for (const Values &row :
       ReadLatest("SELECT c.oid FROM pg_catalog.pg_class AS c WHERE c.oid IN ("
                  " SELECT g.tgrelid FROM pg_catalog.pg_trigger AS g"
                  " WHERE g.tgfoid = CAST($1 AS oid) AND g.tgparentid = 0"
                  " UNION ALL SELECT r.relation FROM fundb.relations AS r"
                  " JOIN public.triggers AS t ON t.trigger_entity_id = r.entity_id)"
                  " ORDER BY c.relkind <> 'p', c.relispartition, c.oid",
                  {TextOf(function)})) {
    Oid relation = OidOf(row[0]);
    if (changes == nullptr) {
      AdjustNativeTriggers(relation, Upkeep::kAdjust, nullptr);
    } else {
      TryToAdjust(relation, changes);
    }
  }
}

bool HasNativeTriggers(Oid relation) { return !NativesOf(relation, RunRulesFunction()).empty(); }

bool IsWholeNativeTrigger(Oid relation, const std::string &name) {
  std::optional<RelationFacts> table = FindRelation(relation);
  std::vector<Native> natives = NativesOf(relation, RunRulesFunction());
  for (const Native &native : natives) {
    if (native.name != name || !table.has_value()) continue;
    for (const Native &other : natives) {
      if (other.oid != native.oid && other.timing == native.timing) return false;
    }
    return native.is_complete && name == NativeName(native.timing, table->kind);
  }
  return false;
}

void RememberTriggerStates(Oid relation) {
  for (const Native &native : NativesOf(relation, RunRulesFunction())) {
    if (!native.is_clone) KeepState(relation, native);
  }
}

}  // namespace fundb::catalog
