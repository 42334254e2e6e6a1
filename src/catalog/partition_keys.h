// The keys of partitioned tables, known before a command of ours needs them.  C++ regime.
#pragma once

#include <memory>
#include <vector>

#include "pg/postgres.h"
#include "pg/relation.h"

namespace fundb::catalog {

// The partitioned tables of a tree, open and with their keys known for the life of the object.
// PostgreSQL works a key out at its first use, and may call the functions in it: they are the
// owner's, who must not be somebody else for them.
class KnownPartitionKeys {
 public:
  explicit KnownPartitionKeys(Oid root);

 private:
  bool KnowMore(Oid root);

  std::vector<std::unique_ptr<pg::OpenRelation>> open_;
};

}  // namespace fundb::catalog
