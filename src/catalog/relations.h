// Facts about relations, and which entity of the registry a relation is.  C++ regime.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pg/postgres.h"

namespace fundb::catalog {

struct RelationFacts {
  Oid oid = InvalidOid;
  Oid schema_oid = InvalidOid;
  std::string schema;
  std::string name;
  char kind = '\0';  // pg_class.relkind
  bool is_partition = false;
  bool is_temporary = false;
  bool is_foreign_temporary = false;  // a temporary table of another session

  std::string FullName() const { return schema + "." + name; }
};

// None when there is no such relation (any more).
std::optional<RelationFacts> FindRelation(Oid relation);

// The relation of a name; InvalidOid when there is none.  Takes no lock.
Oid RelationByName(const std::string &schema, const std::string &name);

// Names of the columns that are not dropped, in their order.
std::vector<std::string> ColumnNames(Oid relation);

// The partitioned tables a partition belongs to, nearest first; also one that it is being detached
// from CONCURRENTLY.
std::vector<Oid> PartitionAncestors(Oid relation);

// The inheritance parents of a table that is no partition, nearest first.
std::vector<Oid> InheritanceAncestors(Oid relation);

// "table", "view", … as messages call a pg_class.relkind.
const char *KindName(char kind);

// True for what can be an entity: tables, partitioned and foreign tables, views.
bool IsEntityKind(char kind);

struct Entity {
  int id = 0;
  std::string schema;
  std::string name;
  Oid relation = InvalidOid;  // InvalidOid when the table does not exist
};

// The rows of public.entities.  All need an OwnerScope and see the latest state.
std::optional<Entity> FindEntity(const std::string &id);
std::optional<Entity> FindEntityOf(Oid relation);

// An SQL query of (relation oid, entity_id) for the relations of the array parameter $1: by the
// kept object id, else by name.  A name never finds a temporary table: the next session's table
// of that name is another.
extern const char *const kEntitiesOfRelations;

// True when a role, an SQL expression, could rename rows of public.schemas by hand.
#define FUNDB_MAY_NAME_SCHEMAS(role)               \
  "pg_catalog.has_column_privilege(" role          \
  ", CAST('public.schemas' AS regclass), 'name', " \
  "'UPDATE')"

// A condition on "public.schemas AS s": nothing refers to the row.
#define FUNDB_SCHEMA_UNUSED                                                     \
  " AND NOT EXISTS (SELECT FROM public.entities AS e WHERE e.schema_id = s.id)" \
  " AND NOT EXISTS (SELECT FROM public.triggers AS t WHERE t.schema_id = s.id)" \
  " AND NOT EXISTS (SELECT FROM public.modules AS m WHERE m.schema_id = s.id)"  \
  " AND NOT EXISTS (SELECT FROM public.user_views AS v WHERE v.schema_id = s.id)"

}  // namespace fundb::catalog
