// The fields of a row as a script gives them, converted for the columns of a table.
// V8 and PostgreSQL.
#pragma once

#include <v8.h>

#include <vector>

#include "api/tables.h"

namespace fundb::api {

struct RowFields {
  // Indexes into Table::columns, ascending, and what to store there.
  std::vector<int> columns;
  pg::Parameters values;
};

// Members that are undefined count as absent.  Errors: 42703 with a hint for a name that is no
// column (unless `ignore_unknown`), those of conversion.
RowFields ReadRowFields(v8::Local<v8::Context> context, const Table &table,
                        v8::Local<v8::Object> object, bool ignore_unknown);

// One value, neither null nor undefined.  Errors are of kind "argument" and name the column.
Datum ConvertField(v8::Local<v8::Context> context, const Table &table, int column,
                   v8::Local<v8::Value> value);

}  // namespace fundb::api
