// The meaning of a query: every name is resolved to a column of a certain table of a certain FROM,
// every argument to a parameter, every type to a database type; types of expressions as far as they
// follow without PostgreSQL's operator tables.  Still no SQL.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "funql/funql.h"
#include "funql/schema.h"

namespace fundb::funql::bound {

struct Expression;
struct Query;
struct Arrow;
using ExpressionPtr = std::unique_ptr<Expression>;
using QueryPtr = std::unique_ptr<Query>;

// Something with an alias in a FROM: a source, or the far end of an arrow.  The arrows that start
// from it become LEFT JOINs right beside it, so that they may be used in any clause.
struct Table {
  // Unique in the whole statement.
  std::string alias;
  const Entity *entity = nullptr;  // null for subqueries, functions, common tables
  std::vector<std::unique_ptr<Arrow>> arrows;
  // The source has the rows of inheritance children as well.
  bool has_descendants = false;
  // False where a FROM cannot hold the joins (target of UPDATE): arrows become subselects.
  bool joinable = true;
};

struct Arrow {
  const Reference *reference = nullptr;
  // The parent's columns, parallel to reference->target_fields.
  std::vector<std::string> columns;
  Table table;
};

enum class Direction { kDefault, kAscending, kDescending };
enum class NullsOrder { kDefault, kFirst, kLast };

struct OrderItem {
  ExpressionPtr expression;
  Direction direction = Direction::kDefault;
  NullsOrder nulls = NullsOrder::kDefault;
};

struct Window {
  std::string name;
  std::string base;
  std::vector<ExpressionPtr> partition;
  std::vector<OrderItem> order;
  std::string frame_mode, start, end, exclusion;  // words of the grammar, see ast.h
  ExpressionPtr start_offset, end_offset;
};

struct Call {
  // Schema "" and one of the grammar's own words: COALESCE, GREATEST, …
  std::string schema;
  std::string name;
  bool star = false;
  bool distinct = false;
  bool variadic = false;
  std::vector<std::string> argument_names;
  std::vector<OrderItem> order;
  std::vector<OrderItem> within_group;
  ExpressionPtr filter;
  std::unique_ptr<Window> over;
};

// What is known of a column beside its name.
struct ColumnInfo {
  std::string name;
  Type type;
  // A string or NULL, which takes its type from the other side of a set operation; else it is text.
  bool untyped = false;
  // The field it shows, if it is a plain one, and the single-field reference that starts there.
  const Entity *entity = nullptr;
  const Field *field = nullptr;
  const Reference *reference = nullptr;
};

enum class ExpressionKind {
  kNull,
  kBoolean,
  kInteger,
  kDecimal,
  kString,
  kJson,          // text: JSON, a constant
  kColumn,        // table, text
  kWholeRow,      // table
  kParameter,     // index into Statement::parameters
  kOutputName,    // text: ORDER BY the name of a result column
  kOutputNumber,  // index: the same by position, 1-based
  kOperator,      // from here on as in ast.h
  kAnd,
  kOr,
  kNot,
  kQuantified,
  kIs,
  kDistinctFrom,
  kBetween,
  kLike,
  kIn,
  kCast,  // to `type`
  kCase,
  kTypeTest,  // args[0]: a tableoid; entities: any of these (word partitioned: one, its partitions)
  kSubEntity,  // args[0]: a tableoid; gives {schema, name}
  kCall,
  kKeyword,  // text: current_date, …
  kQuery,
  kExists,
  kArrayQuery,
  kJsonObject,
  kJsonArray,
  kRow,
  kArray,
  kSubscript,
  kSlice,
  kMember,
  kCollate,  // keys: [schema,] collation
  kDefault,
  kGrouping,
  // `$id=>name`: a scalar subselect from `start`, whose target fields (keys) equal all args but the
  // last; the last arg is the column it gives.
  kArrowQuery,
};

struct Expression {
  ExpressionKind kind = ExpressionKind::kNull;
  // Byte offset in the FunQL text; -1 = nothing the user wrote.
  int position = -1;
  Type type;
  std::string text;
  std::string word;
  bool negated = false;
  bool symmetric = false;
  bool has_operand = false;
  bool has_else = false;
  bool parenthesized = false;  // as in ast.h
  int index = 0;
  Table *table = nullptr;
  ColumnInfo info;  // kColumn; kArrowQuery: of the column it gives
  std::vector<ExpressionPtr> args;
  std::vector<std::string> keys;
  std::vector<EntityName> entities;
  // kArrowQuery: what compares the keys, as in Reference::operators.
  const std::vector<OperatorName> *operators = nullptr;
  std::unique_ptr<Call> call;
  std::unique_ptr<Table> start;
  QueryPtr query;
};

enum class SourceKind { kEntity, kCommonTable, kQuery, kFunction, kJoin };
enum class JoinKind { kInner, kLeft, kRight, kFull, kCross };

struct ColumnDefinition {
  std::string name;
  Type type;
};

struct Source {
  SourceKind kind = SourceKind::kEntity;
  int position = -1;
  Table table;
  std::vector<std::string> column_aliases;
  bool lateral = false;
  bool only = false;
  EntityName entity;
  std::string common_table;
  QueryPtr query;
  ExpressionPtr function;
  bool ordinality = false;
  std::vector<ColumnDefinition> definitions;
  JoinKind join = JoinKind::kInner;
  std::unique_ptr<Source> left, right;
  ExpressionPtr on;
};
using SourcePtr = std::unique_ptr<Source>;

struct Item {
  ExpressionPtr expression;
  std::string name;
};

struct Select {
  bool distinct = false;
  std::vector<ExpressionPtr> distinct_on;
  std::vector<Item> items;
  SourcePtr from;
  ExpressionPtr where;
  bool group_distinct = false;
  std::vector<ExpressionPtr> group_by;
  ExpressionPtr having;
  std::vector<Window> windows;
  // Any aggregate call (without OVER) of this level.
  bool has_aggregates = false;
};

enum class BodyKind { kSelect, kValues, kSetOperation, kQuery };
enum class SetOperator { kUnion, kIntersect, kExcept };

struct Body {
  BodyKind kind = BodyKind::kSelect;
  int position = -1;
  Select select;
  std::vector<std::vector<ExpressionPtr>> rows;
  SetOperator operation = SetOperator::kUnion;
  bool all = false;
  std::unique_ptr<Body> left, right;
  QueryPtr query;
  std::vector<ColumnInfo> columns;
};
using BodyPtr = std::unique_ptr<Body>;

enum class Materialized { kDefault, kYes, kNo };

struct CommonTable {
  std::string name;
  // In the whole statement, from 1.
  size_t number = 0;
  std::vector<std::string> columns;
  Materialized materialized = Materialized::kDefault;
  QueryPtr query;
};

struct With {
  bool recursive = false;
  std::vector<CommonTable> tables;
};

struct Locking {
  std::string strength, wait;  // words of the grammar, see ast.h
  std::vector<const Table *> tables;
  int position = -1;
};

struct Query {
  With with;
  BodyPtr body;
  std::vector<OrderItem> order;
  ExpressionPtr limit, offset;
  bool with_ties = false;
  std::vector<Locking> locking;
  std::vector<ColumnInfo> columns;
  // What the columns are to be called where the body cannot say it (VALUES).
  std::vector<std::string> column_names;
};

struct Assignment {
  std::vector<std::string> fields;
  bool is_row = false;
  // The subscripts of the one field: kSubscript or kSlice around the field itself.
  ExpressionPtr element;
  ExpressionPtr value;
  int position = -1;
};

enum class ConflictAction { kNone, kNothing, kUpdate };

struct Command {
  With with;
  Table target;
  Table excluded;
  bool only = false;
  // INSERT
  std::vector<std::string> fields;
  bool default_values = false;
  std::string overriding;
  QueryPtr query;
  ConflictAction conflict = ConflictAction::kNone;
  std::vector<ExpressionPtr> conflict_target;
  ExpressionPtr conflict_where;
  std::string conflict_constraint;
  // INSERT … DO UPDATE, UPDATE
  std::vector<Assignment> set;
  // UPDATE … FROM, DELETE … USING
  SourcePtr from;
  ExpressionPtr where;
};

struct Statement {
  CommandKind kind = CommandKind::kSelect;
  QueryPtr query;
  Command command;
  // By number: common tables that would be copied too often.
  std::vector<bool> uncopied;
  // Everything of the answer but the SQL text and the position map.
  CompiledQuery result;
};

}  // namespace fundb::funql::bound
