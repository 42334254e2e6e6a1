// Why a statement that should have written a row wrote none, and what became of the row.  Needs an
// open SpiSession.
#pragma once

#include <optional>

#include "api/keys.h"
#include "api/tables.h"

namespace fundb::api {

// One version of a row, and the transaction that made it; no table where that may not be asked for.
struct RowVersion {
  Oid table = InvalidOid;
  ItemPointerData place;
  TransactionId maker = InvalidTransactionId;
};

// The row as it is now; none when it is gone.
std::optional<RowVersion> FindVersion(Table &table, RowKey &key);

// Whether this transaction made it, as far as can be told.
bool IsOwnVersion(const RowVersion &version);

// The state of the database before a statement, to look back at: a BEFORE trigger may have removed
// the row it was asked about.
class SnapshotScope {
 public:
  SnapshotScope();
  ~SnapshotScope();
  SnapshotScope(const SnapshotScope &) = delete;
  SnapshotScope &operator=(const SnapshotScope &) = delete;

  // `version`: where the statement tells it.
  bool Finds(const pg::Plan &plan, pg::Parameters &parameters, RowVersion *version) const;

  // The same, but for what other sessions have done by now: they may have taken the row away, or
  // given it another key, while the statement waited for them.
  bool StillFinds(const pg::Plan &plan, pg::Parameters &parameters, RowVersion *version) const;

  // Whether `now` is what became of `before`, or was made by this session.
  bool IsSameRow(const RowVersion &before, const RowVersion &now) const;

 private:
  Snapshot snapshot_;
};

// Returns when a trigger kept the row.  Throws entryNotFound when none is there, accessDenied when
// it may not be written, 40001 when another one took its place.  `before`: where the table has
// triggers (`fires`) that may have done so.
void ExplainNoRow(Table &table, RowKey &key, bool fires,
                  const std::optional<SnapshotScope> &before);

}  // namespace fundb::api
