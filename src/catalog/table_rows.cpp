#include "catalog/table_rows.h"

#include "base/error.h"
#include "pg/call.h"
#include "pg/encoding.h"
#include "pg/memory.h"

#include "catalog/sql.h"

extern "C" {
#include "access/genam.h"
#include "access/heaptoast.h"
#include "access/stratnum.h"
#include "access/table.h"
#include "catalog/pg_am.h"
#include "catalog/pg_index.h"
#include "catalog/pg_opfamily.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/snapmgr.h"
}

namespace fundb::catalog {

namespace {

// 0 when there is no such column.
AttrNumber NumberOf(TupleDesc descriptor, const char *column) {
  for (int i = 0; i < descriptor->natts; ++i) {
    const FormData_pg_attribute *attribute = TupleDescAttr(descriptor, i);
    if (!attribute->attisdropped && strcmp(NameStr(attribute->attname), column) == 0) {
      return attribute->attnum;
    }
  }
  return 0;
}

// A whole and valid B-tree that starts with the column; without one all rows are looked at.
Oid IndexOn(Relation table, AttrNumber column, Oid family, Oid *collation) {
  Oid found = InvalidOid;
  List *indexes = RelationGetIndexList(table);
  ListCell *cell;
  foreach (cell, indexes) {
    Relation index = index_open(lfirst_oid(cell), AccessShareLock);
    if (index->rd_index->indisvalid && index->rd_rel->relam == BTREE_AM_OID &&
        index->rd_index->indkey.values[0] == column && index->rd_opfamily[0] == family &&
        heap_attisnull(index->rd_indextuple, Anum_pg_index_indpred, nullptr)) {
      found = RelationGetRelid(index);
      *collation = index->rd_indcollation[0];
    }
    index_close(index, AccessShareLock);
    if (OidIsValid(found)) break;
  }
  list_free(indexes);
  return found;
}

struct Found {
  TupleDesc descriptor;
  HeapTuple *rows;
  int count;
  bool is_cut_short;
};

// C regime.
Found Read(Oid table, const RowKey &key, size_t most_bytes) {
  Found found = {nullptr, nullptr, 0, false};
  Relation relation = table_open(table, AccessShareLock);
  AttrNumber column = NumberOf(RelationGetDescr(relation), key.column);
  if (column == 0) {
    elog(ERROR, "table \"%s\" has no column \"%s\"", RelationGetRelationName(relation), key.column);
  }
  Oid collation = TupleDescAttr(RelationGetDescr(relation), column - 1)->attcollation;
  Oid index = IndexOn(relation, column, key.family, &collation);
  ScanKeyData scan_key;
  ScanKeyEntryInitialize(&scan_key, 0, column, BTEqualStrategyNumber, InvalidOid, collation,
                         key.equality, key.value);
  Snapshot snapshot = RegisterSnapshot(GetLatestSnapshot());
  SysScanDesc scan = systable_beginscan(relation, index, OidIsValid(index), snapshot, 1, &scan_key);
  int capacity = 4;
  found.rows = static_cast<HeapTuple *>(palloc(sizeof(HeapTuple) * capacity));
  size_t bytes = 0;
  HeapTuple tuple;
  while (!found.is_cut_short && HeapTupleIsValid(tuple = systable_getnext(scan))) {
    CHECK_FOR_INTERRUPTS();
    if (found.count == capacity) {
      capacity *= 2;
      found.rows = static_cast<HeapTuple *>(repalloc(found.rows, sizeof(HeapTuple) * capacity));
    }
    // Values that are stored elsewhere are fetched while the snapshot holds them.
    HeapTuple whole = toast_flatten_tuple(tuple, RelationGetDescr(relation));
    found.rows[found.count++] = whole;
    bytes += whole->t_len;
    found.is_cut_short = bytes > most_bytes;
  }
  systable_endscan(scan);
  UnregisterSnapshot(snapshot);
  found.descriptor = CreateTupleDescCopy(RelationGetDescr(relation));
  table_close(relation, AccessShareLock);
  return found;
}

}  // namespace

RowKey IntegerKey(const char *column, int value) {
  return {column, INTEGER_BTREE_FAM_OID, F_INT4EQ, Int32GetDatum(value)};
}

RowKey OidKey(const char *column, Oid value) {
  return {column, OID_BTREE_FAM_OID, F_OIDEQ, ObjectIdGetDatum(value)};
}

RowKey TextKey(const char *column, Datum value) {
  return {column, TEXT_BTREE_FAM_OID, F_TEXTEQ, value};
}

TableRows::TableRows(Oid table, const RowKey &key) : TableRows(table, key, MaxAllocHugeSize) {}

TableRows::TableRows(Oid table, const RowKey &key, size_t most_bytes) : table_(table) {
  memory_ = pg::Call([] {
    return AllocSetContextCreate(CurrentMemoryContext, "fundb rows", ALLOCSET_DEFAULT_SIZES);
  });
  try {
    pg::MemoryScope scope(memory_);
    Found found = pg::Call([&] { return Read(table, key, most_bytes); });
    descriptor_ = found.descriptor;
    rows_ = found.rows;
    count_ = found.count;
    is_cut_short_ = found.is_cut_short;
  } catch (...) {
    pg::CallQuietly([this] { MemoryContextDelete(memory_); });
    throw;
  }
}

TableRows::~TableRows() {
  pg::CallQuietly([this] { MemoryContextDelete(memory_); });
}

Datum TableRows::Get(int row, const char *column, bool *is_null) const {
  AttrNumber number = NumberOf(descriptor_, column);
  if (number == 0) {
    throw Error(sqlstate::kUndefinedColumn,
                std::string("a table of extension \"fundb\" has no column \"") + column + "\"")
        .Hint("Run ALTER EXTENSION fundb UPDATE.");
  }
  return heap_getattr(rows_[row], number, descriptor_, is_null);
}

bool TableRows::IsNull(int row, const char *column) const {
  bool is_null;
  (void)Get(row, column, &is_null);
  return is_null;
}

int TableRows::Integer(int row, const char *column) const {
  bool is_null;
  Datum value = Get(row, column, &is_null);
  return is_null ? 0 : DatumGetInt32(value);
}

Oid TableRows::ObjectId(int row, const char *column) const {
  bool is_null;
  Datum value = Get(row, column, &is_null);
  return is_null ? InvalidOid : DatumGetObjectId(value);
}

bool TableRows::Boolean(int row, const char *column) const {
  bool is_null;
  Datum value = Get(row, column, &is_null);
  return !is_null && DatumGetBool(value);
}

std::string TableRows::Text(int row, const char *column) const {
  bool is_null;
  Datum value = Get(row, column, &is_null);
  if (is_null) return std::string();
  pg::MemoryScope scope(memory_);
  char *characters = pg::Call([&] { return TextDatumGetCString(value); });
  return pg::FromServer(characters);
}

std::vector<std::optional<std::string>> TableRows::Texts(int row, const char *column) const {
  bool is_null;
  Datum value = Get(row, column, &is_null);
  if (is_null) return {};
  pg::MemoryScope scope(memory_);
  return TextArray(value);
}

}  // namespace fundb::catalog
