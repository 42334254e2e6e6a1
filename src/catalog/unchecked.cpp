#include "catalog/unchecked.h"

#include <set>
#include <tuple>

#include "pg/call.h"

extern "C" {
#include "access/htup_details.h"
#include "access/xact.h"
#include "storage/proc.h"
}

namespace fundb::catalog {

namespace {

// What a (sub)transaction writes bears its number, and nothing that is left has the number of one
// that was rolled back: so what is noted needs no clean-up before the transaction ends.
struct Notes {
  LocalTransactionId transaction = InvalidLocalTransactionId;
  // Table, id of the row, number of the (sub)transaction.  The place of a row is not known before
  // it is written.
  std::set<std::tuple<Oid, int, TransactionId>> written;
  // Table, number, place.  No place is used twice in a transaction.
  std::set<std::tuple<Oid, TransactionId, BlockNumber, OffsetNumber>> checked;
};

// Leaked on purpose: no static object with a destructor.
Notes &NotesOfSession() {
  static Notes *notes = new Notes();
  return *notes;
}

Notes &NotesOfTransaction() {
  Notes &notes = NotesOfSession();
  LocalTransactionId now = MyProc->lxid;
  if (notes.transaction != now) {
    notes.written.clear();
    notes.checked.clear();
    notes.transaction = now;
  }
  return notes;
}

auto Place(Oid table, HeapTuple tuple) {
  BlockNumber block = ItemPointerGetBlockNumber(&tuple->t_self);
  OffsetNumber offset = ItemPointerGetOffsetNumber(&tuple->t_self);
  return std::make_tuple(table, HeapTupleHeaderGetRawXmin(tuple->t_data), block, offset);
}

HeapTuple NewTuple(const TriggerData &event) {
  return TRIGGER_FIRED_BY_UPDATE(event.tg_event) ? event.tg_newtuple : event.tg_trigtuple;
}

}  // namespace

void NoteUnchecked(const TriggerData &event) {
  HeapTuple tuple = NewTuple(event);
  TupleDesc descriptor = RelationGetDescr(event.tg_relation);
  bool is_null = false;
  TransactionId transaction = InvalidTransactionId;
  Datum id = pg::Call([&] {
    transaction = GetCurrentTransactionId();
    return SPI_getbinval(tuple, descriptor, SPI_fnumber(descriptor, "id"), &is_null);
  });
  if (is_null) return;  // the column refuses it
  NotesOfTransaction().written.emplace(RelationGetRelid(event.tg_relation), DatumGetInt32(id),
                                       transaction);
}

void NoteChecked(const TriggerData &event) {
  NotesOfTransaction().checked.insert(Place(RelationGetRelid(event.tg_relation), NewTuple(event)));
}

bool IsUnchecked(const TableRows &rows, int row) {
  const Notes &notes = NotesOfSession();
  if (notes.written.empty() || notes.transaction != MyProc->lxid) return false;
  HeapTuple tuple = rows.Tuple(row);
  TransactionId writer = HeapTupleHeaderGetRawXmin(tuple->t_data);
  if (notes.written.count({rows.table(), rows.Integer(row, "id"), writer}) == 0) return false;
  return notes.checked.count(Place(rows.table(), tuple)) == 0;
}

}  // namespace fundb::catalog
