// What PostgreSQL says of compiled SQL, in the words of the query language.  Pure.
#pragma once

#include "base/report.h"

namespace fundb::api {

// Hints that speak of SQL's habits, or are missing, say what to write in the query instead.
void ImproveMessage(Report *report);

}  // namespace fundb::api
