// PostgreSQL finds unqualified names in pg_catalog alone while this lives: for parsing and planning
// the compiler's SQL, whose operators and functions must not be found in a caller's schema.  Unlike
// pg::SafeSearchPath it leaves the setting as it is and costs little; it ends before the statement
// runs, so that functions called by it see the caller's own path.
#pragma once

#include "pg/call.h"

namespace fundb::api {

class CatalogPath {
 public:
  CatalogPath() {
    pg::Call([] {
      OverrideSearchPath path = {};
      path.addCatalog = true;
      PushOverrideSearchPath(&path);
    });
  }
  ~CatalogPath() {
    pg::CallQuietly([] { PopOverrideSearchPath(); });
  }
  CatalogPath(const CatalogPath &) = delete;
  CatalogPath &operator=(const CatalogPath &) = delete;
};

}  // namespace fundb::api
