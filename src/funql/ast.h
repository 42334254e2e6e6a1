// What was written, as a tree: names are still text, nothing is checked against the layout.  One
// node type per family with a `kind`; the comment at each kind says which members it uses.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/span.h"

namespace fundb::funql::ast {

struct Expression;
struct Query;
using ExpressionPtr = std::unique_ptr<Expression>;
using QueryPtr = std::unique_ptr<Query>;

struct Name {
  std::string text;
  Span span;
};

// schema.name, or name alone (schema.text empty).
struct QualifiedName {
  Name schema;
  Name name;
  Span span;
};

enum class TypeKind { kNamed, kReference, kEnum };

struct TypeName {
  TypeKind kind = TypeKind::kNamed;
  QualifiedName name;               // kNamed: the type; kReference: the entity
  std::vector<int> modifiers;       // kNamed
  std::string fields;               // kNamed, of an interval: "day to second", …
  std::vector<std::string> labels;  // kEnum
  bool is_array = false;
  // The type was written in quotes or with a schema: PostgreSQL's type of exactly that name.
  bool exact = false;
  Span span;
};

// One `=>field` or `!=>field`.
struct Arrow {
  Name field;
  bool privileged = false;
};

enum class RootKind { kNames, kArgument, kGlobal };

// [[schema.]source.]field, $argument or $$global, with arrows.
struct FieldRef {
  RootKind root = RootKind::kNames;
  std::vector<Name> names;  // one name for arguments and globals
  std::vector<Arrow> arrows;
  bool privileged = false;  // trailing !
  bool star = false;        // t.*: the whole row, in ROW (…) its fields
};

enum class Direction { kDefault, kAscending, kDescending };
enum class NullsOrder { kDefault, kFirst, kLast };

struct OrderItem {
  ExpressionPtr expression;
  Direction direction = Direction::kDefault;
  NullsOrder nulls = NullsOrder::kDefault;
};

// OVER name, or OVER ([base] [PARTITION BY …] [ORDER BY …] [frame]).
struct Window {
  Name name;  // of a WINDOW clause's entry, or OVER name
  Name base;
  std::vector<ExpressionPtr> partition;
  std::vector<OrderItem> order;
  std::string frame_mode;  // "rows", "range", "groups"; "" = no frame
  // Each bound: "unbounded preceding", "preceding", … with its offset if it has one.
  std::string start, end;  // end "" = no BETWEEN
  ExpressionPtr start_offset, end_offset;
  std::string exclusion;  // "current row", "group", "ties", "no others"
  Span span;
};

struct Call {
  QualifiedName function;
  bool star = false;
  bool all = false;
  bool distinct = false;
  bool variadic = false;
  // Parallel to the arguments; "" = by position.
  std::vector<std::string> argument_names;
  std::vector<OrderItem> order;
  std::vector<OrderItem> within_group;
  ExpressionPtr filter;
  std::unique_ptr<Window> over;
};

enum class ExpressionKind {
  kNull,
  kBoolean,   // text: true, false
  kInteger,   // text
  kDecimal,   // text
  kString,    // text
  kField,     // field
  kOperator,  // text; args: one (prefix) or two
  kAnd,       // args: two or more
  kOr,        // args: two or more
  kNot,       // args[0]
  // text = operator, word = any|all; args: left, and right unless query
  kQuantified,
  kIs,               // word = null|true|false|unknown, negated; args[0]
  kDistinctFrom,     // negated = IS NOT DISTINCT FROM; args: two
  kBetween,          // negated, symmetric; args: value, low, high
  kLike,             // word = like|ilike|similar to, negated; args: two, or three with ESCAPE
  kIn,               // negated; args[0], then the list unless query
  kCast,             // args[0], type
  kCase,             // args: [operand] {condition, value} [else]; has_operand, has_else
  kTypeTest,         // word = oftype|inherited from; args[0] is a kField; entity
  kFieldAttribute,   // args[0] is a kField; text = attribute
  kEntityAttribute,  // entity; text = attribute
  kCall,             // call; args
  kQuery,            // query: scalar subquery
  kExists,           // query
  kArrayQuery,       // query
  kJsonObject,       // keys, args
  kJsonArray,        // args
  kRow,              // args
  kArray,            // args
  kSubscript,        // args: base, index
  kSlice,            // args: base, lower, upper (each of the last two may be null)
  kMember,           // args[0], text: field of a composite value
  kCollate,          // args[0], entity = collation
  kUserView,         // entity = the user view
  kDefault,          // DEFAULT in VALUES and SET
  kGrouping,         // word = "" (empty or listed set), rollup, cube, grouping sets; args
  kMapping,          // args: {literal, literal} [else]; has_else
};

struct Expression {
  ExpressionKind kind = ExpressionKind::kNull;
  Span span;
  // Levels of nodes from here down, this one included; bounds every recursion over the tree.
  int height = 1;
  std::string text;
  std::string word;
  bool negated = false;
  bool symmetric = false;
  bool has_operand = false;
  bool has_else = false;
  // (a[1:2])[1:1] is not a[1:2][1:1].
  bool parenthesized = false;
  std::vector<ExpressionPtr> args;
  std::vector<std::string> keys;
  QualifiedName entity;
  TypeName type;
  std::unique_ptr<FieldRef> field;
  std::unique_ptr<Call> call;
  QueryPtr query;
};

enum class AttributeDependency { kDefault, kPerRow, kSingle, kConst };

// name = expression, behind @ or in @{ … }.
struct Attribute {
  Name name;
  bool internal = false;
  AttributeDependency dependency = AttributeDependency::kDefault;
  ExpressionPtr value;
};

struct Source;
using SourcePtr = std::unique_ptr<Source>;

struct ColumnDefinition {
  Name name;
  TypeName type;
};

enum class SourceKind { kEntity, kQuery, kFunction, kDomain, kJoin };
enum class JoinKind { kInner, kLeft, kRight, kFull, kCross };
enum class DomainKind { kFieldOfSource, kFieldOfEntity, kType };

struct Source {
  SourceKind kind = SourceKind::kEntity;
  Span span;
  // All but joins.
  Name alias;
  std::vector<Name> column_aliases;
  bool lateral = false;
  bool privileged = false;  // WITH SUPERUSER ROLE
  // kEntity; kDomain: the entity of FIELD s.e.f
  QualifiedName entity;
  bool only = false;
  // kQuery
  QueryPtr query;
  // kFunction: a kCall
  ExpressionPtr function;
  bool ordinality = false;
  std::vector<ColumnDefinition> definitions;
  // kDomain
  DomainKind domain = DomainKind::kFieldOfSource;
  ExpressionPtr domain_field;
  Name field;
  TypeName type;
  // kJoin
  JoinKind join = JoinKind::kInner;
  bool comma = false;  // written as `,`
  SourcePtr left, right;
  ExpressionPtr on;
  bool natural = false;
  std::vector<Name> using_fields;
};

enum class ItemKind { kExpression, kStar, kAttribute };

struct Item {
  ItemKind kind = ItemKind::kExpression;
  Span span;
  ExpressionPtr expression;
  Name alias;
  std::vector<Attribute> attributes;
  std::vector<Name> star;  // qualifier of t.*
  Attribute attribute;     // kAttribute
};

struct Select {
  bool distinct = false;
  std::vector<ExpressionPtr> distinct_on;
  std::vector<Item> items;
  SourcePtr from;
  ExpressionPtr where;
  std::vector<ExpressionPtr> group_by;
  bool group_distinct = false;
  ExpressionPtr having;
  std::vector<Window> windows;
};

enum class BodyKind { kSelect, kValues, kSetOperation, kQuery };
enum class SetOperator { kUnion, kIntersect, kExcept };

struct Body;
using BodyPtr = std::unique_ptr<Body>;

struct Body {
  BodyKind kind = BodyKind::kSelect;
  Span span;
  Select select;
  std::vector<std::vector<ExpressionPtr>> rows;  // kValues
  SetOperator operation = SetOperator::kUnion;
  bool all = false;
  BodyPtr left, right;
  QueryPtr query;  // in parentheses
};

enum class Materialized { kDefault, kYes, kNo };

struct CommonTable {
  Name name;
  std::vector<Name> columns;
  Materialized materialized = Materialized::kDefault;
  QueryPtr query;
};

struct With {
  bool recursive = false;
  std::vector<CommonTable> tables;
};

// FOR strength [OF sources] [wait]
struct Locking {
  std::string strength;  // "update", "no key update", "share", "key share"
  std::vector<Name> sources;
  std::string wait;  // "nowait", "skip locked", ""
  Span span;
};

struct Query {
  Span span;
  int height = 1;
  With with;
  BodyPtr body;
  std::vector<OrderItem> order;
  ExpressionPtr limit, offset;
  bool with_ties = false;  // FETCH FIRST limit ROWS WITH TIES
  // FOR UPDATE, FOR SHARE, …
  std::vector<Locking> locking;
};

// name = value, name[…] = value, or (names) = (query | ROW(…)).
struct Assignment {
  std::vector<Name> fields;
  bool is_row = false;
  // A kSubscript or kSlice over a kField of the name; null for the whole field.
  ExpressionPtr element;
  ExpressionPtr value;
  Span span;
};

enum class ConflictAction { kNone, kNothing, kUpdate };

struct Insert {
  std::vector<Name> fields;
  bool default_values = false;
  std::string overriding;  // "system", "user", ""
  QueryPtr query;
  ConflictAction conflict = ConflictAction::kNone;
  std::vector<ExpressionPtr> conflict_target;
  ExpressionPtr conflict_where;
  Name conflict_constraint;
  std::vector<Assignment> conflict_set;
  ExpressionPtr where;  // of DO UPDATE
};

struct Update {
  std::vector<Assignment> set;
  SourcePtr from;
  ExpressionPtr where;
};

struct Delete {
  SourcePtr from;
  ExpressionPtr where;
};

enum class StatementKind { kQuery, kInsert, kUpdate, kDelete };

struct Argument {
  Name name;
  TypeName type;
  bool optional = false;
  ExpressionPtr default_value;  // a literal or null
  std::vector<Attribute> attributes;
};

struct Pragma {
  Name name;
  std::string value;
};

struct Statement {
  StatementKind kind = StatementKind::kQuery;
  std::vector<Argument> arguments;
  std::vector<Pragma> pragmas;
  QueryPtr query;
  // FOR INSERT INTO / FOR UPDATE OF entity
  bool has_main_entity = false;
  bool for_insert = false;
  QualifiedName main_entity;
  // Commands.
  With with;
  QualifiedName target;
  Name target_alias;
  bool only = false;
  Insert insert;
  Update update;
  Delete remove;
};

}  // namespace fundb::funql::ast
