#include "catalog/late_references.h"

#include <string>

#include "pg/call.h"

#include "catalog/registry.h"

extern "C" {
#include "storage/proc.h"
#include "utils/guc.h"
}

namespace fundb::catalog {

namespace {

LocalTransactionId late_transaction = InvalidLocalTransactionId;
int late_role = SESSION_REPLICATION_ROLE_ORIGIN;

void SetReplicationRole(int role) {
  const char *name = role == SESSION_REPLICATION_ROLE_REPLICA ? "replica"
                     : role == SESSION_REPLICATION_ROLE_LOCAL ? "local"
                                                              : "origin";
  pg::Call([&] {
    (void)set_config_option("session_replication_role", name, PGC_SUSET, PGC_S_SESSION,
                            GUC_ACTION_LOCAL, true, 0, false);
  });
}

}  // namespace

void AllowLateReference(const char *table, const Value &id) {
  if (!IsRestoringAsSuperuser() || !id.has_value()) return;
  if (SessionReplicationRole == SESSION_REPLICATION_ROLE_REPLICA) return;
  {
    OwnerScope scope;
    std::string query = std::string("SELECT 1 FROM ") + table + " WHERE id = CAST($1 AS integer)";
    if (!ReadLatest(query, {id}).empty()) return;
  }
  late_transaction = MyProc->lxid;
  late_role = SessionReplicationRole;
  SetReplicationRole(SESSION_REPLICATION_ROLE_REPLICA);
}

void EndLateReferences() {
  if (late_transaction == InvalidLocalTransactionId) return;
  bool is_ours = late_transaction == MyProc->lxid;
  late_transaction = InvalidLocalTransactionId;
  if (is_ours) SetReplicationRole(late_role);
}

}  // namespace fundb::catalog
