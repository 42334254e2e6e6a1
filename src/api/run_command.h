// Runs a prepared INSERT, UPDATE or DELETE of the query language.  PostgreSQL only; C++ regime.
#pragma once

#include <cstdint>

#include "api/views.h"

namespace fundb::api {

// The number of rows written (of a SELECT: read).
uint64_t RunCommandPlan(const CompiledCommand &command, pg::Parameters &parameters);

}  // namespace fundb::api
