// Writes of single rows, as ordinary SQL under the current role.  Needs an open SpiSession.
// V8 and PostgreSQL.
#pragma once

#include <v8.h>

#include "api/fields.h"
#include "api/keys.h"
#include "api/references.h"
#include "api/tables.h"

namespace fundb::api {

// The key of the new row; null when a BEFORE trigger cancelled it, the table has no primary key, or
// the role may not read it.
v8::Local<v8::Value> InsertRow(v8::Local<v8::Context> context, Table &table, RowFields &fields);

// The keys of several new rows of the same fields, in one statement.  Only where CanInsertTogether.
void InsertRowsTogether(v8::Local<v8::Context> context, Table &table, std::vector<RowFields> &rows,
                        v8::Local<v8::Array> keys);
bool CanInsertTogether(const Table &table, const std::vector<RowFields> &rows);

// A row that a BEFORE trigger keeps as it is counts as written.  Errors: entryNotFound,
// accessDenied for a row that may be seen but not written.
void UpdateRow(Table &table, RowKey &key, RowFields &fields);
void DeleteRow(Table &table, RowKey &key);

// What became of a row that was to be deleted only while it refers to another one.
enum class Referring {
  kDeleted,   // or gone already: a trigger, a rule or a cascade was faster
  kLetGo,     // this transaction changed it: it refers no more
  kTakenAway  // the same by another transaction, as far as can be told
};
Referring DeleteReferringRow(Table &table, RowKey &key, const Reference &reference);

// The row refers to the other one, as far as can be seen.
bool Refers(Table &table, RowKey &key, const Reference &reference);

}  // namespace fundb::api
