// The columns that an INSERT of a plan leaves to their defaults although PostgreSQL counts them as
// assigned: those written as DEFAULT, and in a MERGE those that only other actions name.
// C++ regime.
#pragma once

#include "pg/postgres.h"
#include "pg/values_row.h"

struct EState;
struct ModifyTable;
struct ResultRelInfo;

namespace fundb::pg {

struct LeftOut {
  int count = 0;                        // 0: nothing is left out, or that is not known
  Bitmapset **sets = nullptr;           // columns of the target, offset, for each row or action
  bool of_actions = false;              // the sets belong to the INSERT actions of a MERGE, …
  const List *merge_actions = nullptr;  // … these: MergeActionState *
  ValuesSource source;                  // …, else to the rows of this; none: all rows alike
};

// Of the target relation of an INSERT or MERGE, as the statement names it.  In doubt a column is
// not left out.  Lives as long as the current memory.
LeftOut FindLeftOut(struct EState *state, struct ResultRelInfo *target);

// The INSERT or MERGE of the plan that writes to the target, null when there is none.
const struct ModifyTable *FindInsertPlan(const struct EState *state,
                                         const struct ResultRelInfo *target) noexcept;

}  // namespace fundb::pg
