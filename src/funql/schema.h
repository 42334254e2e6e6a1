// What the query language asks about the database: entities, types and functions, as plain data.
// catalog/ implements it over its caches; tests implement it with a fixture.  Every pointer that a
// look-up returns is owned by the Schema and stays valid as long as the compile runs.  Look-ups
// honour the rights of the role the query is compiled for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fundb::funql {

// A database type.  An array type is its element's name with `is_array`.  A default-made Type is
// "not known here": PostgreSQL finds it out when the statement is prepared.
struct Type {
  std::string schema;
  std::string name;
  // The type's own oid (of the array type for an array), 0 when not known.
  uint32_t oid = 0;
  bool is_array = false;
  // pg_type.typcategory of the element ('S' string, 'N' number, 'E' enum, …), or 0.
  char category = 0;
  // It is, or is made of, a type whose operators are in a schema where names are not looked for:
  // PostgreSQL would take another type's (text's for citext) without a word.
  bool lacks_operators = false;
  // Digits only, as in numeric(10,2).
  std::vector<int> modifiers;

  bool IsKnown() const { return !name.empty(); }
  // As SQL, every name quoted: "pg_catalog"."numeric"(10,2)[].
  std::string Sql() const;
};

struct EntityName {
  std::string schema;
  std::string name;
};

struct Field {
  std::string name;
  Type type;
  bool nullable = true;
  // GENERATED ALWAYS AS (…) STORED: never assignable.
  bool generated = false;
  // The role may SELECT the column.  A field that may not be read gets no hidden column (pun, id);
  // a query that names it is left to PostgreSQL to refuse.
  bool readable = true;
};

// An operator by its exact name.  Without a schema: the one that PostgreSQL finds.
struct OperatorName {
  std::string schema;
  std::string name = "=";
  // What its operands must be cast to, so that it is that very operator; not known = nothing.
  Type left, right;
};

// A foreign key, or whatever the layout says of a view's column: `fields` refer to `target_fields`,
// which are unique in the target.
struct Reference {
  std::string constraint;
  std::vector<std::string> fields;
  EntityName target;
  uint32_t target_oid = 0;
  std::vector<std::string> target_fields;
  // What compares target_fields (on the left) with fields; empty: `=` for all.
  std::vector<OperatorName> operators;
};

enum class EntityKind { kTable, kPartitioned, kView };

struct Entity {
  std::string schema;
  std::string name;
  uint32_t oid = 0;
  EntityKind kind = EntityKind::kTable;
  // In the order of the columns.
  std::vector<Field> fields;
  // Names of the primary key's fields; empty without one.
  std::vector<std::string> key;
  // What makes the key unique; empty: `=` for all.
  std::vector<OperatorName> key_operators;
  // The field that stands for a row in front of people; empty: the key, if it is one field.
  std::string main_field;
  std::vector<Reference> references;
  // Direct inheritance children (not partitions).
  std::vector<EntityName> children;
  // The role may SELECT the whole table, its system columns too.
  bool readable = true;

  const Field *FindField(std::string_view field_name) const;
  // main_field, else the only key field, else "".
  std::string MainFieldName() const;
};

// What one of several functions of a name brings in FROM.
struct FunctionShape {
  // kOfArgument: as kScalar, but for arguments that are made of composites.
  enum class Kind { kScalar, kOfArgument, kColumns, kUnknown };
  Kind kind = Kind::kUnknown;
  size_t least_arguments = 0;
  size_t most_arguments = 0;
  // The first argument may be an array.
  bool takes_array = false;
  // Of kColumns.
  std::vector<std::string> columns;
};

// All functions of one name in one schema.
struct Function {
  std::string schema;
  std::string name;
  // Which kinds exist under that name.
  bool is_function = false;
  bool is_aggregate = false;
  bool is_window = false;
  // False when the role may execute none of them.
  bool usable = true;
  // The result type when all of them share one; else not known.
  Type result;
  std::vector<FunctionShape> shapes;
};

class Schema {
 public:
  virtual ~Schema() = default;

  // Without a schema: the entity of that name in whatever schema, for hints only (null if several).
  virtual const Entity *FindEntity(std::optional<std::string_view> schema,
                                   std::string_view name) const = 0;
  // Candidates for hints.
  virtual std::vector<std::string> SchemaNames() const = 0;
  virtual std::vector<std::string> EntityNames(std::string_view schema) const = 0;

  // Only for types outside the language's own list (types.h).  Without a schema: pg_catalog first,
  // then as the adapter sees fit.  Never an array: the compiler adds [] itself.
  virtual const Type *FindType(std::optional<std::string_view> schema,
                               std::string_view name) const = 0;
  // Labels of an enum type, null for any other type.
  virtual const std::vector<std::string> *EnumLabels(const Type &type) const = 0;

  // Without a schema: pg_catalog first, then as the adapter sees fit.
  virtual const Function *FindFunction(std::optional<std::string_view> schema,
                                       std::string_view name) const = 0;
  // Candidates for hints; may stay empty.
  virtual std::vector<std::string> FunctionNames() const { return {}; }

  virtual bool UserViewExists(std::string_view schema, std::string_view name) const = 0;

  // Called every few milliseconds while a text is compiled; throws to end that.
  virtual void CheckInterrupts() const {}
};

}  // namespace fundb::funql
