// Roles: who is running, and running as someone else for a while.  C++ regime.
#pragma once

#include "pg/call.h"

namespace fundb::pg {

// Runs as another role until the scope ends, however it ends.  `context` is added to the security
// context: SECURITY_LOCAL_USERID_CHANGE forbids SET ROLE and the like inside.
class RoleScope {
 public:
  RoleScope(Oid role, int context) {
    GetUserIdAndSecContext(&saved_role_, &saved_context_);
    SetUserIdAndSecContext(role, saved_context_ | context);
  }
  ~RoleScope() { SetUserIdAndSecContext(saved_role_, saved_context_); }
  RoleScope(const RoleScope &) = delete;
  RoleScope &operator=(const RoleScope &) = delete;

 private:
  Oid saved_role_;
  int saved_context_;
};

// A search_path of pg_catalog and pg_temp behind it for a while, so that nothing a user made can be
// found in front of PostgreSQL's own names.  Ends with the scope; an error in between is
// PostgreSQL's to undo.
class SafeSearchPath {
 public:
  SafeSearchPath();
  ~SafeSearchPath();
  SafeSearchPath(const SafeSearchPath &) = delete;
  SafeSearchPath &operator=(const SafeSearchPath &) = delete;

 private:
  int nest_level_;
};

}  // namespace fundb::pg
