// The database as the query language sees it: funql::Schema over PostgreSQL's catalogs, for the
// current role.  Made for one compile; what is compiled with it is good as long as IsCurrent().
// C++ regime.
//
// Names are exact: no search_path.  Functions and types that are written without a schema are
// looked up in the trusted schemas.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "funql/schema.h"
#include "pg/inval.h"

#include "pg/postgres.h"

namespace fundb::catalog {

// What a compile looked at, and the state it was in.
class Dependencies {
 public:
  Dependencies();

  void Add(Oid relation);
  void AddRegistry();
  // The schemas of types and operators, which an extension may be moved out of.
  void AddMembers();
  // Nothing of it changed since.
  bool IsCurrent() const;

 private:
  struct Relation {
    const pg::RelationGeneration *watched;
    uint64_t generation;
  };
  std::vector<Relation> relations_;
  uint64_t names_;        // schemas, roles
  uint64_t members_ = 0;  // 0: not asked for
};

class SchemaAdapter final : public funql::Schema {
 public:
  SchemaAdapter();
  ~SchemaAdapter() override;

  const funql::Entity *FindEntity(std::optional<std::string_view> schema,
                                  std::string_view name) const override;
  std::vector<std::string> SchemaNames() const override;
  std::vector<std::string> EntityNames(std::string_view schema) const override;
  const funql::Type *FindType(std::optional<std::string_view> schema,
                              std::string_view name) const override;
  const std::vector<std::string> *EnumLabels(const funql::Type &type) const override;
  const funql::Function *FindFunction(std::optional<std::string_view> schema,
                                      std::string_view name) const override;
  std::vector<std::string> FunctionNames() const override;
  bool UserViewExists(std::string_view schema, std::string_view name) const override;
  void CheckInterrupts() const override;

  const Dependencies &dependencies() const { return dependencies_; }

 private:
  using Name = std::pair<std::string, std::string>;

  // Filled while the compile asks; every pointer given out stays valid with this object.
  mutable std::map<Oid, std::unique_ptr<funql::Entity>> entities_;
  mutable std::map<Name, std::unique_ptr<funql::Type>> types_;
  mutable std::map<Oid, std::unique_ptr<std::vector<std::string>>> labels_;
  mutable std::map<Name, std::unique_ptr<funql::Function>> functions_;
  mutable Dependencies dependencies_;
};

// Where names without a schema are looked for, in this order: pg_catalog, public, and the schemas
// of extensions.  All of them hold what whoever runs the database put there, unlike the
// search_path, which whoever calls may set.
const std::vector<Oid> &TrustedSchemas();

// The table, view, materialized view, foreign or partitioned table of exactly that name.  Errors:
// 42P01 with the nearest name as a hint, 42501 without USAGE on the schema.
Oid GetEntity(const std::string &schema, const std::string &name);

// The same; InvalidOid when there is none.
Oid FindEntityId(const std::string &schema, const std::string &name);

// The first field of a foreign key, by the table that has it and the constraint's name; "" when
// there is none.
std::string FindReferringField(const std::string &schema, const std::string &table,
                               const std::string &constraint);

// A PostgreSQL type as the query language names it.
funql::Type DescribeType(Oid type, int32 modifier);

// Back again: the object id of a type the compiler speaks of; InvalidOid when it is not known.
Oid TypeId(const funql::Type &type);

// The modifier that its modifiers are for PostgreSQL; -1 without any.  Errors: 22023.
int32 TypeModifier(const funql::Type &type);

// An entity with its fields, key and references, for the current role.
std::unique_ptr<funql::Entity> ReadEntity(Oid relation);

// Candidates for hints.
std::vector<std::string> ListSchemas();
std::vector<std::string> ListEntities(std::string_view schema);

// What TrustedSchemas() keeps.
std::vector<Oid> ReadTrustedSchemas();

}  // namespace fundb::catalog
