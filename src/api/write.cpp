#include "api/write.h"

#include <optional>

#include "api/errors.h"
#include "api/unwritten.h"
#include "base/text.h"

namespace fundb::api {

namespace {

using v8::Local;

// `RETURNING "id"`, or nothing where there is no key, the role may not read it, or a rewrite rule
// does not tell it.
bool ReturnsKey(const Table &table) {
  return table.primary_key != nullptr && table.returns_inserted &&
         MayRead(table, table.primary_key->columns);
}

std::string ReturningClause(const Table &table, bool returns_key) {
  return returns_key ? " RETURNING " + KeyColumns(table, *table.primary_key) : "";
}

std::string ColumnList(const Table &table, const std::vector<int> &columns) {
  std::string list;
  for (int column : columns) {
    list += (list.empty() ? "" : ", ") +
            QuoteIdentifier(table.columns[static_cast<size_t>(column)].name);
  }
  return list;
}

std::string InsertText(const Table &table, const std::vector<int> &columns, bool returns_key,
                       std::vector<Oid> *types) {
  std::string sql = "INSERT INTO " + table.QualifiedName();
  if (columns.empty()) {
    sql += " DEFAULT VALUES";
  } else {
    std::string values;
    for (int column : columns) {
      types->push_back(table.columns[static_cast<size_t>(column)].type);
      values += (values.empty() ? "$" : ", $") + std::to_string(types->size());
    }
    sql += " (" + ColumnList(table, columns) + ") VALUES (" + values + ")";
  }
  return sql + ReturningClause(table, returns_key);
}

// The values of all rows as one array per column.
std::string InsertTogetherText(const Table &table, const std::vector<int> &columns,
                               bool returns_key, std::vector<Oid> *types) {
  std::string sources;
  for (int column : columns) {
    Oid type = table.columns[static_cast<size_t>(column)].type;
    types->push_back(pg::Call([&] { return get_array_type(type); }));
    sources += (sources.empty() ? "" : ", ");
    sources += "pg_catalog.unnest($" + std::to_string(types->size()) + ")";
  }
  return "INSERT INTO " + table.QualifiedName() + " (" + ColumnList(table, columns) +
         ") SELECT * FROM ROWS FROM (" + sources + ")" + ReturningClause(table, returns_key);
}

Datum ArrayOf(const std::vector<RowFields> &rows, size_t first, size_t count, size_t column,
              Oid type) {
  std::vector<Datum> values(count);
  auto nulls = std::make_unique<bool[]>(count);
  for (size_t i = 0; i < count; ++i) {
    values[i] = rows[first + i].values.values[column];
    nulls[i] = rows[first + i].values.nulls[column] == 'n';
  }
  Datum *elements = values.data();
  bool *flags = nulls.get();
  int size = static_cast<int>(count);
  return pg::Call([&] {
    int16 length;
    bool by_value;
    char alignment;
    get_typlenbyvalalign(type, &length, &by_value, &alignment);
    int sizes[1] = {size};
    int starts[1] = {1};
    return PointerGetDatum(
        construct_md_array(elements, flags, 1, sizes, starts, type, length, by_value, alignment));
  });
}

}  // namespace

Local<v8::Value> InsertRow(Local<v8::Context> context, Table &table, RowFields &fields) {
  bool returns_key = ReturnsKey(table);
  const char *what = returns_key ? "insert" : "insert silently";
  std::string name = StatementName(what, nullptr, fields.columns);
  auto plan = table.Statement(name, [&](std::vector<Oid> *types) {
    return InsertText(table, fields.columns, returns_key, types);
  });
  uint64_t count = pg::Execute(*plan, fields.values, false, 0);
  if (count == 0 || !returns_key) return v8::Null(context->GetIsolate());
  const UniqueKey &key = *table.primary_key;
  return KeyToJs(context, table, key, KeyOfResult(table, key, 0));
}

bool CanInsertTogether(const Table &table, const std::vector<RowFields> &rows) {
  if (rows.size() < 2 || table.kind != RELKIND_RELATION || table.fires_on_insert) return false;
  const std::vector<int> &columns = rows[0].columns;
  if (columns.empty()) return false;
  for (const RowFields &row : rows) {
    if (row.columns != columns) return false;
  }
  for (int column : columns) {
    Oid type = table.columns[static_cast<size_t>(column)].type;
    // unnest() would take arrays and composites to pieces.
    bool is_scalar = pg::Call([&] {
      Oid base = getBaseType(type);
      return !OidIsValid(get_element_type(base)) && !type_is_rowtype(base) &&
             OidIsValid(get_array_type(type));
    });
    if (!is_scalar) return false;
  }
  return true;
}

void InsertRowsTogether(Local<v8::Context> context, Table &table, std::vector<RowFields> &rows,
                        Local<v8::Array> keys) {
  // Arrays are copied once more by the executor: a statement takes no more rows than this.
  constexpr size_t kRowsPerStatement = 1000;
  const std::vector<int> columns = rows[0].columns;
  bool returns_key = ReturnsKey(table);
  const char *what = returns_key ? "insert together" : "insert together silently";
  std::string name = StatementName(what, nullptr, columns);
  for (size_t first = 0; first < rows.size(); first += kRowsPerStatement) {
    size_t count = std::min(kRowsPerStatement, rows.size() - first);
    v8::HandleScope handles(context->GetIsolate());
    auto plan = table.Statement(name, [&](std::vector<Oid> *types) {
      return InsertTogetherText(table, columns, returns_key, types);
    });
    pg::Parameters arrays;
    for (size_t i = 0; i < columns.size(); ++i) {
      Oid type = table.columns[static_cast<size_t>(columns[i])].type;
      arrays.Add(ArrayOf(rows, first, count, i, type));
    }
    uint64_t done = pg::Execute(*plan, arrays, false, 0);
    for (uint64_t i = 0; i < done; ++i) {
      Local<v8::Value> key = v8::Null(context->GetIsolate());
      if (returns_key) {
        const UniqueKey &primary = *table.primary_key;
        key = KeyToJs(context, table, primary, KeyOfResult(table, primary, i));
      }
      js::Check(keys->Set(context, static_cast<uint32_t>(first + i), key));
    }
    pg::Call([] { SPI_freetuptable(SPI_tuptable); });
  }
}

void UpdateRow(Table &table, RowKey &key, RowFields &fields) {
  std::string name = RowStatementName("update", key, fields.columns);
  auto plan = table.Statement(name, [&](std::vector<Oid> *types) {
    std::string sql = "UPDATE " + table.QualifiedName() + " SET ";
    for (size_t i = 0; i < fields.columns.size(); ++i) {
      const Column &column = table.columns[static_cast<size_t>(fields.columns[i])];
      types->push_back(column.type);
      sql += (i == 0 ? "" : ", ") + QuoteIdentifier(column.name) + " = $" +
             std::to_string(types->size());
    }
    return sql + " WHERE " + RowCondition(table, key, types);
  });
  pg::Parameters parameters = fields.values;
  for (size_t i = 0; i < key.values.values.size(); ++i) {
    parameters.Add(key.values.values[i], key.values.nulls[i] == 'n');
  }
  std::optional<SnapshotScope> before;
  if (table.fires_on_update) before.emplace();
  uint64_t count = pg::Execute(*plan, parameters, false, 0);
  if (count == 0) ExplainNoRow(table, key, table.fires_on_update, before);
  if (count > 1) throw SeveralRows(table, key);
}

namespace {

// With the values of both keys, the row's first.
struct ReferringStatement {
  std::shared_ptr<const pg::Plan> plan;
  pg::Parameters values;
};

ReferringStatement MakeReferring(const char *what, Table &table, const RowKey &key,
                                 const Reference &reference) {
  const RowKey &target_key = reference.target_key;
  std::string name = RowStatementName((std::string(what) + " referring").c_str(), key) +
                     std::to_string(reference.target.serial) + '\0' + target_key.key->name + '\0' +
                     reference.by.constraint;
  ReferringStatement statement;
  statement.plan = table.Statement(name, [&](std::vector<Oid> *types) {
    std::string rows = RowSource(table, key) + " AS referring_row WHERE " +
                       RowCondition(table, key, types) + " AND ";
    return what + (" " + rows) +
           RefersCondition(reference.target, *target_key.key, reference.by, types);
  });
  statement.values = key.values;
  for (size_t i = 0; i < target_key.values.values.size(); ++i) {
    statement.values.Add(target_key.values.values[i], target_key.values.nulls[i] == 'n');
  }
  return statement;
}

}  // namespace

bool Refers(Table &table, RowKey &key, const Reference &reference) {
  ReferringStatement select = MakeReferring("SELECT 1 FROM", table, key, reference);
  bool refers = pg::Execute(*select.plan, select.values, false, 1) > 0;
  // A result takes 8 kB, and there may be one for each of very many rows.
  pg::Call([] { SPI_freetuptable(SPI_tuptable); });
  return refers;
}

Referring DeleteReferringRow(Table &table, RowKey &key, const Reference &reference) {
  ReferringStatement statement = MakeReferring("DELETE FROM", table, key, reference);
  std::optional<SnapshotScope> before;
  if (table.fires_on_delete) before.emplace();
  uint64_t count = pg::Execute(*statement.plan, statement.values, false, 0);
  if (count > 0) return Referring::kDeleted;
  if (Refers(table, key, reference)) {
    ExplainNoRow(table, key, table.fires_on_delete, before);
    return Referring::kDeleted;
  }
  std::optional<RowVersion> left = FindVersion(table, key);
  if (!left.has_value()) return Referring::kDeleted;
  return IsOwnVersion(*left) ? Referring::kLetGo : Referring::kTakenAway;
}

void DeleteRow(Table &table, RowKey &key) {
  auto plan = table.Statement(RowStatementName("delete", key), [&](std::vector<Oid> *types) {
    return "DELETE FROM " + RowSource(table, key) + " WHERE " + RowCondition(table, key, types);
  });
  std::optional<SnapshotScope> before;
  if (table.fires_on_delete) before.emplace();
  uint64_t count = pg::Execute(*plan, key.values, false, 0);
  if (count == 0) ExplainNoRow(table, key, table.fires_on_delete, before);
  if (count > 1) throw SeveralRows(table, key);
}

}  // namespace fundb::api
