#include "catalog/follow_triggers.h"

#include "base/text.h"
#include "pg/call.h"

#include "catalog/native_triggers.h"
#include "catalog/registry.h"
#include "catalog/sql.h"

extern "C" {
#include "miscadmin.h"
#include "utils/acl.h"
}

namespace fundb::catalog {

namespace {

// Whoever has the TRIGGER privilege on a table of the registry would become the extension's owner
// by a trigger of his own: the extension writes these tables with its owner's rights.  CREATE OR
// REPLACE would take the extension's own triggers away, too.
void RefuseTriggersOnRegistry() {
  std::vector<Values> rows = RunSql(
      "SELECT CAST(g.tgname AS text), CAST(n.nspname AS text) || '.' || CAST(c.relname AS text)"
      " FROM pg_catalog.pg_event_trigger_ddl_commands() AS d"
      " JOIN pg_catalog.pg_trigger AS g ON g.oid = d.objid"
      " JOIN pg_catalog.pg_class AS c ON c.oid = g.tgrelid"
      " JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace"
      " JOIN pg_catalog.pg_depend AS p ON p.classid = CAST('pg_catalog.pg_class' AS regclass)"
      " AND p.objid = c.oid AND p.deptype = 'e'"
      " JOIN pg_catalog.pg_extension AS x ON x.oid = p.refobjid"
      " WHERE d.classid = CAST('pg_catalog.pg_trigger' AS regclass)"
      " AND p.refclassid = CAST('pg_catalog.pg_extension' AS regclass) AND x.extname = 'fundb'");
  if (rows.empty()) return;
  throw Error(sqlstate::kInsufficientPrivilege, "permission denied to create trigger " +
                                                    Quoted(*rows[0][0]) + " on registry table " +
                                                    Quoted(*rows[0][1]))
      .Detail("It would run with the rights of the owner of extension \"fundb\".")
      .Hint("Let a superuser create it.");
}

// CREATE OR REPLACE TRIGGER takes no more than the TRIGGER privilege: in the place of a native
// trigger it would switch rules off for everybody in silence, beside it run them twice.
// A table's owner may, as a dump of hers does.
void RefuseFalseNatives(Oid role, bool is_superuser) {
  for (const Values &row :
       RunSql("SELECT CAST(g.tgname AS text), g.tgrelid, CAST(g.tgrelid AS regclass),"
              " g.tgfoid = CAST('fundb.run_rules()' AS regprocedure)"
              " FROM pg_catalog.pg_event_trigger_ddl_commands() AS d"
              " JOIN pg_catalog.pg_trigger AS g ON g.oid = d.objid"
              " WHERE d.classid = CAST('pg_catalog.pg_trigger' AS regclass)"
              " AND (g.tgfoid = CAST('fundb.run_rules()' AS regprocedure)"
              " OR CAST(g.tgname AS text) IN ($1, $2, $3, $4))",
              {kBeforeTrigger, kAfterTrigger, kRootBeforeTrigger, kRootAfterTrigger})) {
    Oid table = OidOf(row[1]);
    bool is_owner = pg::Call([&] { return pg_class_ownercheck(table, role); });
    bool is_whole = is_owner && IsWholeNativeTrigger(table, *row[0]);
    if (*row[3] == "t" && (is_superuser || is_whole)) continue;
    Error error(
        sqlstate::kInsufficientPrivilege,
        "permission denied to create trigger " + Quoted(*row[0]) + " on table " + Quoted(*row[2]));
    if (*row[3] == "t") {
      throw error.Detail("Function fundb.run_rules() is for native triggers of rules only.")
          .Hint("Save a rule: its native trigger comes with it.");
    }
    throw error.Detail("The name is that of a native trigger of rules.")
        .Hint("Choose another name.");
  }
}

}  // namespace

void FollowCreateTrigger() {
  bool is_superuser = pg::Call([] { return superuser(); });
  Oid role = GetUserId();
  OwnerScope scope;
  if (!is_superuser) RefuseTriggersOnRegistry();
  RefuseFalseNatives(role, is_superuser);
  if (!IsRestoring()) {
    // Clones of a native trigger of the root make the partitions' own needless.
    for (const Values &row :
         RunSql("SELECT g.tgrelid FROM pg_catalog.pg_event_trigger_ddl_commands() AS d"
                " JOIN pg_catalog.pg_trigger AS g ON g.oid = d.objid"
                " JOIN pg_catalog.pg_class AS c ON c.oid = g.tgrelid"
                " WHERE d.classid = CAST('pg_catalog.pg_trigger' AS regclass)"
                " AND c.relkind = 'p'"
                " AND g.tgfoid = CAST('fundb.run_rules()' AS regprocedure)")) {
      AdjustNativeTriggers(OidOf(row[0]), Upkeep::kAdjust, nullptr);
    }
    return;
  }
  if (!RunSql("SELECT 1 FROM pg_catalog.pg_event_trigger_ddl_commands() AS d"
              " JOIN pg_catalog.pg_trigger AS g ON g.oid = d.objid"
              " WHERE d.classid = CAST('pg_catalog.pg_trigger' AS regclass)"
              " AND g.tgfoid = CAST('fundb.run_rules()' AS regprocedure)")
           .empty()) {
    NoteRestoredTrigger();
  }
}

}  // namespace fundb::catalog
