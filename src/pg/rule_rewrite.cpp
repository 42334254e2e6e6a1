#include "pg/rule_rewrite.h"

#include "pg/column_map.h"

extern "C" {
#include "access/relation.h"
#include "commands/trigger.h"
#include "miscadmin.h"
#include "parser/parsetree.h"
#include "rewrite/prs2lock.h"
#include "rewrite/rewriteDefine.h"
#include "storage/lock.h"
}

namespace fundb::pg {

namespace {

struct Rewrite {
  List *statements;  // RewrittenStatement *, in order
  List *under_way;   // RewrittenStatement *: those whose rules are being followed
};

bool IsWrite(CmdType command) {
  return command == CMD_INSERT || command == CMD_UPDATE || command == CMD_DELETE;
}

// A relation that the transaction has not locked is none that the statement could have set off.
bool fundb_is_locked(Oid relation) {
  LOCKTAG tag;
  SET_LOCKTAG_RELATION(tag, MyDatabaseId, relation);
  for (LOCKMODE mode = AccessShareLock; mode <= AccessExclusiveLock; ++mode) {
    if (LockHeldByMe(&tag, mode)) return true;
  }
  return false;
}

bool IsFired(const RewriteRule *rule, CmdType command) {
  bool is_replica = SessionReplicationRole == SESSION_REPLICATION_ROLE_REPLICA;
  char other_role = is_replica ? RULE_FIRES_ON_ORIGIN : RULE_FIRES_ON_REPLICA;
  return rule->event == command && rule->enabled != RULE_DISABLED && rule->enabled != other_role;
}

bool HasInsteadTrigger(Relation view, CmdType command) {
  const TriggerDesc *triggers = view->trigdesc;
  if (triggers == nullptr) return false;
  return command == CMD_INSERT   ? triggers->trig_insert_instead_row
         : command == CMD_UPDATE ? triggers->trig_update_instead_row
                                 : triggers->trig_delete_instead_row;
}

RewrittenStatement *fundb_new_statement(CmdType command, Oid relation, const Query *action) {
  auto *statement = static_cast<RewrittenStatement *>(palloc(sizeof(RewrittenStatement)));
  *statement = {command, relation, action};
  return statement;
}

RewrittenStatement *fundb_new_action(const Query *action) {
  Oid relation = InvalidOid;
  if (IsWrite(action->commandType)) {
    relation = rt_fetch(action->resultRelation, action->rtable)->relid;
  }
  return fundb_new_statement(action->commandType, relation, action);
}

bool fundb_follow(Rewrite *rewrite, RewrittenStatement *statement);

bool fundb_follow_all(Rewrite *rewrite, RewrittenStatement *origin, const List *products) {
  ListCell *cell;
  foreach (cell, rewrite->under_way) {
    auto *other = static_cast<RewrittenStatement *>(lfirst(cell));
    // PostgreSQL refuses infinite recursion.
    if (other->relation == origin->relation && other->command == origin->command) return false;
  }
  rewrite->under_way = lappend(rewrite->under_way, origin);
  foreach (cell, products) {
    if (!fundb_follow(rewrite, static_cast<RewrittenStatement *>(lfirst(cell)))) return false;
  }
  rewrite->under_way = list_delete_last(rewrite->under_way);
  return true;
}

// The statements that rules add are rewritten in turn; the statement itself stands before them when
// it inserts, else behind, unless a rule without a condition stands INSTEAD of it.
bool fundb_follow_rules(Rewrite *rewrite, RewrittenStatement *statement, Relation relation) {
  const RuleLock *rules = relation->rd_rules;
  List *products = NIL;
  bool is_replaced = false;
  bool is_replaced_for_some = false;
  for (int i = 0; rules != nullptr && i < rules->numLocks; ++i) {
    const RewriteRule *rule = rules->rules[i];
    if (!IsFired(rule, statement->command)) continue;
    if (rule->isInstead) (rule->qual == nullptr ? is_replaced : is_replaced_for_some) = true;
    ListCell *cell;
    foreach (cell, rule->actions) {
      auto *action = static_cast<const Query *>(lfirst(cell));
      if (action->commandType != CMD_NOTHING)
        products = lappend(products, fundb_new_action(action));
    }
  }
  bool is_first = statement->command == CMD_INSERT;
  bool is_view = relation->rd_rel->relkind == RELKIND_VIEW;
  if (!is_replaced && is_view && !HasInsteadTrigger(relation, statement->command)) {
    Oid below = is_replaced_for_some ? InvalidOid : fundb_relation_below(relation);
    if (!OidIsValid(below)) return false;
    auto *through = fundb_new_statement(statement->command, below, statement->action);
    products = is_first ? lcons(through, products) : lappend(products, through);
    is_replaced = true;
  }
  if (!is_replaced && is_first) rewrite->statements = lappend(rewrite->statements, statement);
  if (products != NIL && !fundb_follow_all(rewrite, statement, products)) return false;
  if (!is_replaced && !is_first) rewrite->statements = lappend(rewrite->statements, statement);
  return list_length(rewrite->statements) <= kMostStatements;
}

bool fundb_follow(Rewrite *rewrite, RewrittenStatement *statement) {
  if (!IsWrite(statement->command)) {
    rewrite->statements = lappend(rewrite->statements, statement);
    return true;
  }
  check_stack_depth();
  if (!fundb_is_locked(statement->relation)) return false;
  Relation relation = relation_open(statement->relation, NoLock);
  bool is_known = fundb_follow_rules(rewrite, statement, relation);
  relation_close(relation, NoLock);
  return is_known;
}

}  // namespace

List *fundb_rewrite(CmdType command, Oid relation) {
  Rewrite rewrite = {NIL, NIL};
  bool is_known = fundb_follow(&rewrite, fundb_new_statement(command, relation, nullptr));
  return is_known ? rewrite.statements : NIL;
}

}  // namespace fundb::pg
