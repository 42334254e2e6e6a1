// An open relation as a scope.  C++ regime.
#pragma once

#include <string>

#include "pg/call.h"

extern "C" {
#include "access/relation.h"
}

namespace fundb::pg {

class OpenRelation {
 public:
  OpenRelation(Oid relation, LOCKMODE lock)
      : lock_(lock), relation_(Call([&] { return relation_open(relation, lock); })) {}
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
