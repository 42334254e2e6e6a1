#include "api/unwritten.h"

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

std::shared_ptr<const pg::Plan> Select(Table &table, const RowKey &key, const std::string &what,
                                       const char *suffix) {
  std::string name = RowStatementName(("find " + what + suffix).c_str(), key);
  return table.Statement(name, [&](std::vector<Oid> *types) {
    return "SELECT " + what + " FROM " + RowSource(table, key) + " WHERE " +
           RowCondition(table, key, types) + suffix;
  });
}

bool Exists(Table &table, RowKey &key, const char *suffix) {
  bool exists = pg::Execute(*Select(table, key, "1", suffix), key.values, false, 1) > 0;
  pg::Call([] { SPI_freetuptable(SPI_tuptable); });
  return exists;
}

// Of the first row of SPI_tuptable.
RowVersion fundb_found_version() {
  RowVersion version;
  TupleDesc shape = SPI_tuptable->tupdesc;
  if (shape->natts != 3) return version;
  HeapTuple row = SPI_tuptable->vals[0];
  bool is_null;
  version.table = DatumGetObjectId(SPI_getbinval(row, shape, 1, &is_null));
  version.place =
      *reinterpret_cast<ItemPointer>(DatumGetPointer(SPI_getbinval(row, shape, 2, &is_null)));
  version.maker = DatumGetTransactionId(SPI_getbinval(row, shape, 3, &is_null));
  return version;
}

bool fundb_finds(const pg::Plan &plan, pg::Parameters &parameters, Snapshot snapshot,
                 RowVersion *version) {
  int code = SPI_execute_snapshot(plan.get(), parameters.values.data(), parameters.nulls.data(),
                                  snapshot, InvalidSnapshot, true, false, 1);
  if (code < 0) elog(ERROR, "could not run a statement: %s", SPI_result_code_string(code));
  bool found = SPI_processed > 0;
  if (found) *version = fundb_found_version();
  // A result takes 8 kB, and there may be some for each of very many rows.
  SPI_freetuptable(SPI_tuptable);
  return found;
}

}  // namespace

std::optional<RowVersion> FindVersion(Table &table, RowKey &key) {
  auto find = Select(table, key, FindText(table), "");
  bool found = pg::Execute(*find, key.values, false, 1) > 0;
  RowVersion version;
  pg::Call([&] {
    if (found) version = fundb_found_version();
    SPI_freetuptable(SPI_tuptable);
  });
  if (!found) return std::nullopt;
  return version;
}

bool IsOwnVersion(const RowVersion &version) {
  return TransactionIdIsValid(version.maker) &&
         pg::Call([&] { return TransactionIdIsCurrentTransactionId(version.maker); });
}

SnapshotScope::SnapshotScope()
    : snapshot_(pg::Call([] {
        CommandCounterIncrement();
        return RegisterSnapshot(GetTransactionSnapshot());
      })) {}

SnapshotScope::~SnapshotScope() {
  pg::CallQuietly([this] { UnregisterSnapshot(snapshot_); });
}

bool SnapshotScope::Finds(const pg::Plan &plan, pg::Parameters &parameters,
                          RowVersion *version) const {
  return pg::Call([&] { return fundb_finds(plan, parameters, snapshot_, version); });
}

bool SnapshotScope::StillFinds(const pg::Plan &plan, pg::Parameters &parameters,
                               RowVersion *version) const {
  return pg::Call([&] {
    Snapshot now = RegisterSnapshot(GetLatestSnapshot());
    now->curcid = snapshot_->curcid;
    bool found = fundb_finds(plan, parameters, now, version);
    UnregisterSnapshot(now);
    return found;
  });
}

bool SnapshotScope::IsSameRow(const RowVersion &before, const RowVersion &now) const {
  if (!OidIsValid(now.table)) return true;
  return pg::Call([&] {
    if (TransactionIdIsCurrentTransactionId(now.maker)) return true;
    if (before.table != now.table) return false;
    Relation relation = try_table_open(before.table, AccessShareLock);
    if (relation == nullptr) return false;
    // A foreign table that inherits from the one that was named: its server alone knows.
    bool is_same = relation->rd_tableam == nullptr;
    if (!is_same) {
      Snapshot latest = RegisterSnapshot(GetLatestSnapshot());
      latest->curcid = snapshot_->curcid;
      ItemPointerData place = before.place;
      TableScanDesc scan = table_beginscan_tid(relation, latest);
      // Not where the table was emptied meanwhile.
      if (table_tuple_tid_valid(scan, &place)) {
        table_tuple_get_latest_tid(scan, &place);
        is_same = ItemPointerEquals(&place, const_cast<ItemPointerData *>(&now.place)) != 0;
      }
      table_endscan(scan);
      UnregisterSnapshot(latest);
    }
    table_close(relation, AccessShareLock);
    return is_same;
  });
}

void ExplainNoRow(Table &table, RowKey &key, bool fires,
                  const std::optional<SnapshotScope> &before) {
  RowVersion then;
  RowVersion now;
  bool exists;
  if (before) {
    auto find = Select(table, key, FindText(table), "");
    exists = before->Finds(*find, key.values, &then) && before->StillFinds(*find, key.values, &now);
  } else {
    exists = Exists(table, key, "");
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
  if (fires && Exists(table, key, " FOR UPDATE")) return;
  throw AccessDenied("access to an entry of entity " + Quoted(table.ref.Text()) + " denied")
      .Detail("A row security policy lets the role see the entry but not change it.");
}

}  // namespace fundb::api
