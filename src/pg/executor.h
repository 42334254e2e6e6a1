// What a row trigger can find out about the statement that fired it.  PostgreSQL hands a trigger
// function the row and nothing of the statement; the executor's state is found through the memory
// that the call's lookup information lives in.  C++ regime.
#pragma once

#include "pg/postgres.h"

struct EState;
struct ResultRelInfo;

namespace fundb::pg {

// The executor state that runs the trigger call, null when it cannot be found.
struct EState *ExecutorOf(FunctionCallInfo call) noexcept;

// Which execution of which statement a trigger call belongs to.  Executor states are allocated
// again and again at the same address, so it takes the command and the transaction to tell.
struct Execution {
  const void *state = nullptr;  // null: not known
  CommandId command = 0;
  LocalTransactionId transaction = 0;

  bool operator==(const Execution &other) const {
    return state == other.state && command == other.command && transaction == other.transaction;
  }
};
Execution ExecutionOf(FunctionCallInfo call) noexcept;

// The executor state of a trigger call, and the result relation whose trigger it is.  Both null
// when they cannot be found.  To be asked before anything else has run, since it goes by the memory
// that the call is made in.
struct TriggerPlace {
  struct EState *state = nullptr;
  struct ResultRelInfo *relation = nullptr;
};
TriggerPlace PlaceOf(FunctionCallInfo call) noexcept;

// The same for a call that the condition (WHEN) of a trigger makes, with the trigger.  All null for
// any other call.
struct ConditionPlace {
  TriggerPlace place;
  const Trigger *trigger = nullptr;
};
ConditionPlace PlaceOfCondition(FunctionCallInfo call) noexcept;

// True when logical replication applies an UPDATE, of which a trigger for DELETE or INSERT sees a
// half: the row moves to another partition.
bool IsAppliedUpdate(FunctionCallInfo call) noexcept;

// True when the row is written by the action of a foreign key itself, and not by a statement that
// some trigger runs while the action is under way.  PostgreSQL marks both alike, so the statement's
// text decides: it begins as those that PostgreSQL makes.  In doubt true.
bool IsForeignKeyAction(FunctionCallInfo call);

}  // namespace fundb::pg
