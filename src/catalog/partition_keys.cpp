#include "catalog/partition_keys.h"

#include <algorithm>

#include "base/error.h"
#include "pg/acl.h"
#include "pg/call.h"

extern "C" {
#include "catalog/pg_class.h"
#include "catalog/pg_inherits.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/partcache.h"
#include "utils/rel.h"
}

namespace fundb::catalog {

namespace {

// As CREATE TRIGGER locks them.
constexpr LOCKMODE kTriggerLock = ShareRowExclusiveLock;
constexpr int kMostRounds = 10;

void Know(Relation relation) {
  pg::RoleScope owner(relation->rd_rel->relowner,
                      SECURITY_LOCAL_USERID_CHANGE | SECURITY_RESTRICTED_OPERATION);
  pg::Call([&] {
    // Nor do settings that they make stay.
    int level = NewGUCNestLevel();
    (void)RelationGetPartitionKey(relation);
    AtEOXact_GUC(false, level);
  });
}

}  // namespace

KnownPartitionKeys::KnownPartitionKeys(Oid root) {
  // Such a function may make the tree grow.  Once nothing was unknown, none was called.
  for (int round = 0; KnowMore(root); ++round) {
    if (round == kMostRounds) {
      throw Error(sqlstate::kLimitExceeded,
                  "partition keys change the table that they are of while it is looked at");
    }
  }
}

bool KnownPartitionKeys::KnowMore(Oid root) {
  size_t before = open_.size();
  List *tables = pg::Call([&] { return find_all_inheritors(root, kTriggerLock, nullptr); });
  for (int i = 0; i < list_length(tables); ++i) {
    Oid table = list_nth_oid(tables, i);
    if (pg::Call([&] { return get_rel_relkind(table); }) != RELKIND_PARTITIONED_TABLE) continue;
    bool is_open = std::any_of(open_.begin(), open_.end(), [&](const auto &relation) {
      return RelationGetRelid(relation->get()) == table;
    });
    if (is_open) continue;
    open_.push_back(std::make_unique<pg::OpenRelation>(table, NoLock));
    Know(open_.back()->get());
  }
  return open_.size() != before;
}

}  // namespace fundb::catalog
