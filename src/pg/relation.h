// An open relation as a scope.  C++ regime.  Errors: 40001 for one that is gone: it was found a
// moment ago, before others let go of it.
#pragma once

#include "base/error.h"
#include "pg/call.h"

extern "C" {
#include "access/relation.h"
}

namespace fundb::pg {

class OpenRelation {
 public:
  OpenRelation(Oid relation, LOCKMODE lock)
      : lock_(lock), relation_(Call([&] { return try_relation_open(relation, lock); })) {
    if (relation_ != nullptr) return;
    throw Error("40001", "a table was dropped while a statement waited for it")
        .Hint("Run the statement again.");
  }
  ~OpenRelation() {
    CallQuietly([this] { relation_close(relation_, lock_); });
  }
  OpenRelation(const OpenRelation &) = delete;
  OpenRelation &operator=(const OpenRelation &) = delete;

  Relation get() const { return relation_; }
  Relation operator->() const { return relation_; }

 private:
  LOCKMODE lock_;
  Relation relation_;
};

}  // namespace fundb::pg
