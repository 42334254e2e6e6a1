// Lists of names, for hints: read when something was not found.  And the list of schemas whose
// names need no prefix.  C++ regime.

#include "catalog/schema_adapter.h"
#include "pg/acl.h"
#include "pg/encoding.h"
#include "pg/spi.h"

extern "C" {
#include "catalog/pg_namespace.h"
}

namespace fundb::catalog {

namespace {

// A hint looks at no more names than this; a database with more of them does without.
constexpr long kMostNames = 5000;

std::vector<std::string> Query(const char *sql, std::string_view argument) {
  std::vector<std::string> names;
  std::string text(argument);
  pg::SpiSession spi;
  pg::SafeSearchPath path;
  pg::Plan plan;
  plan.Prepare(sql, {TEXTOID});
  pg::Parameters parameters;
  parameters.Add(pg::Call([&] { return CStringGetTextDatum(pg::ToServer(text)); }));
  uint64_t count = pg::Execute(plan, parameters, true, kMostNames);
  for (uint64_t i = 0; i < count; ++i) names.push_back(pg::TextAt(i, 1).value_or(""));
  return names;
}

}  // namespace

std::vector<Oid> ReadTrustedSchemas() {
  std::vector<Oid> schemas = {PG_CATALOG_NAMESPACE};
  // An operator with a better match would be taken, and run as whoever a rule runs as.  So only
  // superusers may be able to create any there: no grant to anybody else, nor an owner who could
  // grant it to himself at any time, nor what anybody made there when he could.
  for (const std::string &id :
       Query("SELECT n.oid::text FROM pg_catalog.pg_namespace n WHERE $1 IS NOT NULL "
             "AND n.oid <> 'pg_catalog'::pg_catalog.regnamespace AND (n.nspname = 'public' "
             "OR EXISTS (SELECT FROM pg_catalog.pg_extension x WHERE x.extnamespace = n.oid)) "
             "AND NOT EXISTS (SELECT FROM (SELECT a.grantee "
             "FROM pg_catalog.aclexplode(n.nspacl) a WHERE a.privilege_type = 'CREATE' "
             "UNION SELECT n.nspowner "
             "UNION SELECT p.proowner FROM pg_catalog.pg_proc p WHERE p.pronamespace = n.oid "
             "UNION SELECT o.oprowner FROM pg_catalog.pg_operator o WHERE o.oprnamespace = n.oid "
             "UNION SELECT t.typowner FROM pg_catalog.pg_type t WHERE t.typnamespace = n.oid "
             "AND t.typrelid = 0 AND t.typelem = 0) m(role) "
             "JOIN pg_catalog.pg_database d ON d.datname = pg_catalog.current_database() "
             "LEFT JOIN pg_catalog.pg_roles r ON r.oid = CASE m.role "
             "WHEN 'pg_database_owner'::pg_catalog.regrole THEN d.datdba ELSE m.role END "
             "WHERE r.rolsuper IS NOT TRUE) "
             "ORDER BY n.nspname <> 'public', n.oid",
             "")) {
    schemas.push_back(static_cast<Oid>(std::stoul(id)));
  }
  return schemas;
}

std::vector<std::string> ListSchemas() {
  return Query(
      "SELECT nspname::text FROM pg_catalog.pg_namespace WHERE nspname !~ '^pg_(toast|temp)' "
      "AND pg_catalog.has_schema_privilege(oid, 'USAGE') AND $1 IS NOT NULL ORDER BY 1",
      "");
}

std::vector<std::string> ListEntities(std::string_view schema) {
  return Query(
      "SELECT c.relname::text FROM pg_catalog.pg_class c "
      "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
      "WHERE n.nspname = $1 AND c.relkind IN ('r', 'p', 'v', 'm', 'f') "
      "AND pg_catalog.has_schema_privilege(n.oid, 'USAGE') ORDER BY 1",
      schema);
}

std::vector<std::string> SchemaAdapter::FunctionNames() const {
  return Query(
      "SELECT DISTINCT p.proname::text FROM pg_catalog.pg_proc p WHERE p.prokind <> 'p' "
      "AND p.prorettype NOT IN ('internal'::pg_catalog.regtype, 'trigger'::pg_catalog.regtype) "
      "AND pg_catalog.pg_function_is_visible(p.oid) AND $1 IS NOT NULL ORDER BY 1",
      "");
}

}  // namespace fundb::catalog
