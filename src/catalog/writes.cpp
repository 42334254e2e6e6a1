#include "catalog/writes.h"

#include "base/text.h"
#include "pg/call.h"
#include "pg/encoding.h"

extern "C" {
#include "access/table.h"
#include "catalog/pg_proc.h"
#include "utils/rel.h"
#include "utils/syscache.h"
}

namespace fundb::catalog {

namespace {

struct Stranger {
  const char *table = nullptr;
  const char *trigger = nullptr;  // null: the table itself
};

bool fundb_is_trusted(Oid role, Oid owner) { return role == owner || superuser_arg(role); }

bool fundb_is_function_trusted(Oid function, Oid owner) {
  HeapTuple tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
  if (!HeapTupleIsValid(tuple)) return false;
  Oid role = reinterpret_cast<Form_pg_proc>(GETSTRUCT(tuple))->proowner;
  ReleaseSysCache(tuple);
  return fundb_is_trusted(role, owner);
}

// A condition counts as a stranger's: what it calls is not looked at.
Stranger fundb_find_stranger(Oid table, Oid owner) {
  Stranger stranger;
  Relation relation = table_open(table, RowExclusiveLock);
  bool is_known = fundb_is_trusted(relation->rd_rel->relowner, owner);
  const TriggerDesc *triggers = relation->trigdesc;
  for (int i = 0; is_known && triggers != nullptr && i < triggers->numtriggers; ++i) {
    const Trigger &trigger = triggers->triggers[i];
    if (trigger.tgisinternal || trigger.tgenabled == TRIGGER_DISABLED) continue;
    if (trigger.tgqual == nullptr && fundb_is_function_trusted(trigger.tgfoid, owner)) continue;
    stranger.trigger = pstrdup(trigger.tgname);
    break;
  }
  if (!is_known || stranger.trigger != nullptr) {
    stranger.table = psprintf("%s.%s", get_namespace_name(RelationGetNamespace(relation)),
                              RelationGetRelationName(relation));
  }
  table_close(relation, NoLock);
  return stranger;
}

}  // namespace

void RequireOwnTables(Tables tables) {
  const Registry registry = GetRegistry();
  for (Oid Registry::*member : tables) {
    Oid table = registry.*member;
    Oid owner = registry.owner;
    Stranger stranger = pg::Call([&] { return fundb_find_stranger(table, owner); });
    if (stranger.table == nullptr) continue;
    std::string name = Quoted(pg::FromServer(stranger.table));
    if (stranger.trigger == nullptr) {
      throw Error(sqlstate::kInsufficientPrivilege,
                  "table " + name + " of the registry belongs to a role that is no superuser")
          .Hint("Give it back to the owner of extension \"fundb\": ALTER TABLE ... OWNER TO.");
    }
    throw Error(sqlstate::kInsufficientPrivilege,
                "trigger " + Quoted(pg::FromServer(stranger.trigger)) + " on registry table " +
                    name + " would run with the rights of the extension's owner")
        .Hint(
            "Drop the trigger, or let a superuser own its function and make it without a WHEN "
            "condition.");
  }
}

std::vector<Values> WriteRegistry(Tables tables, const std::string &sql, const Values &parameters) {
  RequireOwnTables(tables);
  return RunSql(sql, parameters);
}

}  // namespace fundb::catalog
