#include "api/write.h"

#include <optional>

#include "api/errors.h"
#include "base/text.h"

extern "C" {
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "utils/rls.h"
#include "utils/snapmgr.h"
}

namespace fundb::api {

namespace {

using v8::Local;

// One version of a row, and the transaction that made it.
struct Version {
  Oid table = InvalidOid;
  ItemPointerData place;
  TransactionId maker = InvalidTransactionId;
};

// The state of the database before a statement, to look back at: a BEFORE trigger may have removed
// the row it was asked about.
class SnapshotScope {
 public:
  SnapshotScope()
      : snapshot_(pg::Call([] {
          CommandCounterIncrement();
          return RegisterSnapshot(GetTransactionSnapshot());
        })) {}
  ~SnapshotScope() {
    pg::CallQuietly([this] { UnregisterSnapshot(snapshot_); });
  }
  SnapshotScope(const SnapshotScope &) = delete;
  SnapshotScope &operator=(const SnapshotScope &) = delete;

  // `version`: where the statement tells it.
  bool Finds(const pg::Plan &plan, pg::Parameters &parameters, Version *version) const {
    return pg::Call([&] { return fundb_finds(plan, parameters, snapshot_, version); });
  }

  // The same, but for what other sessions have done by now: they may have taken the row away, or
  // given it another key, while the statement waited for them.
  bool StillFinds(const pg::Plan &plan, pg::Parameters &parameters, Version *version) const {
    return pg::Call([&] {
      Snapshot now = RegisterSnapshot(GetLatestSnapshot());
      now->curcid = snapshot_->curcid;
      bool found = fundb_finds(plan, parameters, now, version);
      UnregisterSnapshot(now);
      return found;
    });
  }

  // Whether `now` is what became of `before`, or was made by this session.
  bool IsSameRow(const Version &before, const Version &now) const {
    if (!OidIsValid(now.table)) return true;
    return pg::Call([&] {
      if (TransactionIdIsCurrentTransactionId(now.maker)) return true;
      if (before.table != now.table) return false;
      Relation relation = try_table_open(before.table, AccessShareLock);
      if (relation == nullptr) return false;
      Snapshot latest = RegisterSnapshot(GetLatestSnapshot());
      latest->curcid = snapshot_->curcid;
      ItemPointerData place = before.place;
      TableScanDesc scan = table_beginscan_tid(relation, latest);
      table_tuple_get_latest_tid(scan, &place);
      table_endscan(scan);
      UnregisterSnapshot(latest);
      table_close(relation, AccessShareLock);
      return ItemPointerEquals(&place, const_cast<ItemPointerData *>(&now.place)) != 0;
    });
  }

 private:
  static bool fundb_finds(const pg::Plan &plan, pg::Parameters &parameters, Snapshot snapshot,
                          Version *version) {
    int code = SPI_execute_snapshot(plan.get(), parameters.values.data(), parameters.nulls.data(),
                                    snapshot, InvalidSnapshot, true, false, 1);
    if (code < 0) elog(ERROR, "could not run a statement: %s", SPI_result_code_string(code));
    if (SPI_processed == 0) return false;
    TupleDesc shape = SPI_tuptable->tupdesc;
    if (shape->natts == 3) {
      HeapTuple row = SPI_tuptable->vals[0];
      bool is_null;
      version->table = DatumGetObjectId(SPI_getbinval(row, shape, 1, &is_null));
      version->place =
          *reinterpret_cast<ItemPointer>(DatumGetPointer(SPI_getbinval(row, shape, 2, &is_null)));
      version->maker = DatumGetTransactionId(SPI_getbinval(row, shape, 3, &is_null));
    }
    return true;
  }

  Snapshot snapshot_;
};

Error EntryReplaced(const Table &table) {
  return Error("40001", "an entry of entity " + Quoted(table.ref.Text()) +
                            " was replaced while a statement waited for it")
      .Hint("Run the statement again.");
}

// Tells where the row is and who made it, if it may be asked for.
std::string FindText(const Table &table) {
  bool is_stored = table.kind == RELKIND_RELATION || table.kind == RELKIND_PARTITIONED_TABLE;
  return is_stored && HasRight(table, 0, ACL_SELECT) ? "tableoid, ctid, xmin" : "1";
}

// Why a statement touched no row: none is there, or it may not be written, or a trigger kept it.
// Returns for the last, throws for the others.
void ExplainNoRow(Table &table, RowKey &key, bool fires,
                  const std::optional<SnapshotScope> &before) {
  auto select = [&](const std::string &what, const char *suffix) {
    std::string name = RowStatementName(("find " + what + suffix).c_str(), key);
    return table.Statement(name, [&](std::vector<Oid> *types) {
      return "SELECT " + what + " FROM " + RowSource(table, key) + " WHERE " +
             RowCondition(table, key, types) + suffix;
    });
  };
  Version then;
  Version now;
  bool exists;
  if (before) {
    auto find = select(FindText(table), "");
    exists = before->Finds(*find, key.values, &then) && before->StillFinds(*find, key.values, &now);
  } else {
    exists = pg::Execute(*select("1", ""), key.values, false, 1) > 0;
  }
  if (!exists) throw EntryNotFound(table.ref.Text());
  // The row of before was removed while the statement waited, and this one put in its place.
  if (before && !before->IsSameRow(then, now)) throw EntryReplaced(table);
  bool has_policies =
      pg::Call([&] { return check_enable_rls(table.oid, InvalidOid, true) == RLS_ENABLED; });
  if (!has_policies) {
    if (fires) return;
    // So was it here, where no trigger could keep it.
    throw EntryReplaced(table);
  }
  // FOR UPDATE goes by the policies for writing.
  if (fires && pg::Execute(*select("1", " FOR UPDATE"), key.values, false, 1) > 0) return;
  throw AccessDenied("access to an entry of entity " + Quoted(table.ref.Text()) + " denied")
      .Detail("A row security policy lets the role see the entry but not change it.");
}

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

bool DeleteReferringRow(Table &table, RowKey &key, const Reference &reference) {
  ReferringStatement statement = MakeReferring("DELETE FROM", table, key, reference);
  std::optional<SnapshotScope> before;
  if (table.fires_on_delete) before.emplace();
  uint64_t count = pg::Execute(*statement.plan, statement.values, false, 0);
  if (count == 0 && !Refers(table, key, reference)) return false;
  if (count == 0) ExplainNoRow(table, key, table.fires_on_delete, before);
  return true;
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
