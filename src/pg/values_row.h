// Which row of a list of VALUES is being handed on, also where the plan has nodes above the list
// that keep rows and hand them on again and again.  C++ regime.
#pragma once

#include "pg/postgres.h"

extern "C" {
#include "nodes/primnodes.h"
}

struct EState;
struct Plan;
struct PlanState;
struct ValuesScan;
struct ValuesScanState;

namespace fundb::pg {

// A list of VALUES in a plan, and the nodes above it that keep its rows, outermost first.
constexpr int kMostKeepers = 2;
struct ValuesSource {
  const struct ValuesScan *values = nullptr;
  const struct Plan *keepers[kMostKeepers] = {};
  int keeper_count = 0;
};

// The list, and its column, that a target of a plan's node stands for, null when it stands for
// something else: of the node itself, or of joins below, as rewrite rules make with the rows of
// the statement.  What is in between hands the rows on one by one, or keeps them in a way that the
// row at work can be told.
const Var *FindValues(const struct Plan *plan, const Node *target, ValuesSource *source) noexcept;

// The running states of a source.
struct ValuesState {
  const struct ValuesScanState *values = nullptr;
  const struct PlanState *keepers[kMostKeepers] = {};
  int keeper_count = 0;
};

// All null when they are not found.
ValuesState FindState(const struct EState *state, const ValuesSource &source) noexcept;

// The number of the row, from 0; -1 when it is not known.
int RowAtWork(const ValuesState &state) noexcept;

}  // namespace fundb::pg
