#include "catalog/install.h"

#include "base/text.h"
#include "pg/acl.h"

#include "catalog/sql.h"

namespace fundb::catalog {

namespace {

std::string Listed(const std::vector<Values> &rows) {
  std::string list;
  for (const Values &row : rows) {
    if (!list.empty()) list += ", ";
    list += *row[0];
  }
  return list;
}

}  // namespace

void CheckInstall() {
  pg::SafeSearchPath path;
  std::vector<Values> taken = RunSql(
      "SELECT 'public.' || x.name FROM ("
      "SELECT CAST(c.relname AS text) AS name, c.relnamespace AS schema FROM pg_catalog.pg_class "
      "AS c"
      " UNION "
      "SELECT CAST(t.typname AS text), t.typnamespace FROM pg_catalog.pg_type AS t) AS x"
      " JOIN pg_catalog.pg_namespace AS n ON n.oid = x.schema"
      " WHERE n.nspname = 'public'"
      " AND x.name IN ('schemas', 'entities', 'triggers', 'modules', 'user_views') ORDER BY 1");
  if (!taken.empty()) {
    throw Error("42P07", "fundb needs names that are taken: " + Listed(taken))
        .Detail(
            "The registry of rules is kept in public.schemas, public.entities, "
            "public.triggers, public.modules and public.user_views.")
        .Hint(
            "Rename these or move them to another schema (ALTER TABLE ... SET SCHEMA), then run "
            "CREATE EXTENSION fundb again.");
  }
  // Whoever owned the schema could put objects between ours.
  std::vector<Values> foreign = RunSql(
      "SELECT CAST(r.rolname AS text) FROM pg_catalog.pg_namespace AS n"
      " JOIN pg_catalog.pg_roles AS r ON r.oid = n.nspowner"
      " WHERE n.nspname = 'fundb' AND NOT r.rolsuper");
  if (!foreign.empty()) {
    throw Error("42501", "schema \"fundb\" exists and belongs to role " + Quoted(*foreign[0][0]))
        .Hint("Drop or rename the schema, then run CREATE EXTENSION fundb again.");
  }
  std::vector<Values> planted = RunSql(
      "SELECT pg_catalog.pg_describe_object(d.classid, d.objid, 0) FROM pg_catalog.pg_depend AS d"
      " JOIN pg_catalog.pg_namespace AS n"
      " ON d.refclassid = 'pg_catalog.pg_namespace'::regclass AND d.refobjid = n.oid"
      // The extension itself, and the function that is running.
      " WHERE n.nspname = 'fundb' AND d.classid <> 'pg_catalog.pg_extension'::regclass"
      " AND NOT (d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid IN"
      " (SELECT p.oid FROM pg_catalog.pg_proc AS p WHERE p.proname = 'check_install'))"
      " ORDER BY 1");
  if (!planted.empty()) {
    throw Error("42P06", "schema \"fundb\" is not empty: " + Listed(planted))
        .Hint("Drop or rename the schema, then run CREATE EXTENSION fundb again.");
  }
}

}  // namespace fundb::catalog
