// Finds the running state of a plan's node.  PostgreSQL keeps no way from the state of an execution
// to those of its nodes, so the execution's memory is searched.  C++ regime.
#pragma once

#include "pg/postgres.h"

struct EState;
struct ValuesScan;
struct ValuesScanState;

namespace fundb::pg {

// The state of the list of VALUES in the execution, null when it is not found.
const struct ValuesScanState *FindValuesScan(const struct EState *state,
                                             const struct ValuesScan *plan) noexcept;

}  // namespace fundb::pg
