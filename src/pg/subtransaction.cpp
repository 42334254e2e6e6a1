#include "pg/subtransaction.h"

namespace fundb::pg {

Subtransaction::Subtransaction()
    : context_(CurrentMemoryContext), owner_(CurrentResourceOwner), level_(0) {
  Call([] { BeginInternalSubTransaction(nullptr); });
  open_ = true;
  level_ = GetCurrentTransactionNestLevel();
  // What is allocated inside (results) must outlive the subtransaction.
  MemoryContextSwitchTo(context_);
}

Subtransaction::~Subtransaction() {
  if (!open_) return;
  // An error in the rollback itself leaves a transaction that PostgreSQL will abort as a whole.
  CallQuietly([this] {
    // Subtransactions that a failed callee left open are inside ours.
    while (GetCurrentTransactionNestLevel() > level_) RollbackAndReleaseCurrentSubTransaction();
    RollbackAndReleaseCurrentSubTransaction();
  });
  MemoryContextSwitchTo(context_);
  CurrentResourceOwner = owner_;
}

void Subtransaction::Commit() {
  Call([] { ReleaseCurrentSubTransaction(); });
  open_ = false;
  MemoryContextSwitchTo(context_);
  CurrentResourceOwner = owner_;
}

}  // namespace fundb::pg
