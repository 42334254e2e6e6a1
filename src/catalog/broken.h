// What cannot run, and why: the rows of fundb.broken.  C++ regime; reads the registry with the
// rights of whoever looks.
#pragma once

#include <string>
#include <vector>

#include "catalog/sql.h"

#include "pg/postgres.h"

namespace fundb::catalog {

struct BrokenObject {
  std::string kind;  // trigger, module, user_view
  std::string id;
  std::string schema;
  Value entity;
  std::string name;
  std::string reason;
};

std::vector<BrokenObject> FindBroken();

}  // namespace fundb::catalog
