// Finds the running state of a plan's node.  PostgreSQL keeps no way from the state of an execution
// to those of its nodes, so the execution's memory is searched.  C++ regime.
#pragma once

#include "pg/postgres.h"

extern "C" {
#include "nodes/execnodes.h"
}

namespace fundb::pg {

// The state of the node in the execution, null when it is not found.
const ValuesScanState *FindState(const EState *state, const ValuesScan *plan) noexcept;
const ModifyTableState *FindState(const EState *state, const ModifyTable *plan) noexcept;
// Of a Material or Memoize node.
const PlanState *FindKeeperState(const EState *state, const Plan *plan) noexcept;

}  // namespace fundb::pg
