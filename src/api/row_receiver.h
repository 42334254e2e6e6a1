// The rows of a query as JavaScript values, taken from the executor one by one: no cursor and no
// table of tuples in between.  V8 and PostgreSQL.
#pragma once

#include <v8.h>

#include <functional>
#include <memory>

#include "api/compiled_plan.h"

namespace fundb::api {

// Called with the cells of some rows, row by row, in a HandleScope of its own; at least once, with
// no cells when there is no row.  May throw Error and Pending.
using TakeCells = std::function<void(v8::Local<v8::Array> cells)>;

// Runs a query.  Needs an open SpiSession and an open HandleScope.  Throws Error; what `take`
// threw.
void RunQuery(v8::Local<v8::Context> context, CompiledPlan &plan, const pg::Parameters &parameters,
              const TakeCells &take);

}  // namespace fundb::api
