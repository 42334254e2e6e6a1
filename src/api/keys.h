// Row keys: how a script names one row of a table.  A plain value for a primary key of one field,
// an object of the key's fields, or {alt, keys} by the name of a unique constraint or index. V8 and
// PostgreSQL.
#pragma once

#include <v8.h>

#include <string>

#include "api/tables.h"
#include "base/error.h"

namespace fundb::api {

struct RowKey {
  const UniqueKey *key = nullptr;
  // In CurrentMemoryContext of the time it was read.
  pg::Parameters values;
  // Another key that the row must still have, whose values stand behind those of `key`; mostly
  // null.
  const UniqueKey *also = nullptr;
  // Of the table alone: a row of a table that inherits from it is not meant.
  bool is_only = false;
};

// Errors: 22023 for a key of the wrong shape or a table without one, 42704 for an unknown
// constraint, 42703 for a name that is no field of the key (unless `ignore_unknown`), those of
// conversion.
RowKey ReadRowKey(v8::Local<v8::Context> context, const Table &table, v8::Local<v8::Value> value,
                  bool ignore_unknown);

// The value that stands for the row in JavaScript: of one field its value, of several an object.
v8::Local<v8::Value> KeyToJs(v8::Local<v8::Context> context, const Table &table,
                             const UniqueKey &key, const pg::Parameters &values);

// The values of a key in the first columns of a row of SPI_tuptable, in CurrentMemoryContext.
// Errors: 40001 when they are of other types, since a statement waits for locks and goes by the
// table as it is then.
pg::Parameters KeyOfResult(const Table &table, const UniqueKey &key, uint64_t row);

// `"a" OPERATOR("pg_catalog".=) $3 AND …`; appends the types of its parameters to `types`.
std::string KeyCondition(const Table &table, const UniqueKey &key, std::vector<Oid> *types);

// The same for all that a row's key holds, and a name for a statement with that condition.
std::string RowCondition(const Table &table, const RowKey &key, std::vector<Oid> *types);
std::string RowStatementName(const char *what, const RowKey &key,
                             const std::vector<int> &columns = {});

// `"schema"."name"`, where the rows of the key are.
std::string RowSource(const Table &table, const RowKey &key);
// `ONLY "schema"."name"` where tables may inherit from it: a foreign key binds no row of those.
std::string OwnRows(const Table &table);

// `"a", "b"`.
std::string KeyColumns(const Table &table, const UniqueKey &key);

// A unique index holds for its own table only, and tables that inherit from it may repeat its keys.
Error SeveralRows(const Table &table, const RowKey &key);

// The primary key of the row as it is stored, whatever key names it: 1 names the numeric 1.0.
// Errors: entryNotFound, 21000 for several rows.
RowKey StoredKey(Table &table, RowKey &key);

// The primary key of the row that another unique key finds; the key itself where it is primary or
// the table has none.  Errors: as StoredKey.
RowKey ResolveToPrimary(Table &table, RowKey key);

// The same, to write the row: it must still have the key that was given when others let go of it.
RowKey ResolveToWrite(Table &table, RowKey key);

}  // namespace fundb::api
