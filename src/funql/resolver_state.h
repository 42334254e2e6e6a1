// The resolver's inside, shared by the resolver_*.cpp files only.
#pragma once

#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/error.h"
#include "funql/ast.h"
#include "funql/bound.h"
#include "funql/diagnostics.h"
#include "funql/limits.h"
#include "funql/resolver.h"
#include "funql/scope.h"

namespace fundb::funql {

// Whether result columns need distinct names: they do where somebody can ask for them by name.
enum class Naming { kFree, kUnique };

class Resolver {
 public:
  Resolver(const Schema &schema, const CompileOptions &options, const Diagnostics &diagnostics,
           bound::Statement *statement, Steps *steps)
      : schema_(schema),
        options_(options),
        diagnostics_(&diagnostics),
        statement_(*statement),
        result_(statement->result),
        steps_(*steps) {}

  void View(const ast::Statement &statement);
  void Command(const ast::Statement &statement);
  // After either of them.
  void RenameWholeRows();
  void CountCopies();

 private:
  // A field reference's left end, before its arrows.
  struct Base {
    // One of the two: a column of a table, or a value.
    bound::Table *table = nullptr;
    bound::ColumnInfo info;
    bound::ExpressionPtr value;
    // The entity a value is a key of, and whether a constraint was named instead of a column.
    const Entity *target = nullptr;
    const Reference *constraint = nullptr;
    // How messages call it.
    std::string shown;
  };

  // An attribute of the top level whose value is not constant.
  struct PendingAttribute {
    enum class Place { kResult, kRow, kCell } place;
    size_t column;
    Attribute attribute;
    bound::ExpressionPtr value;
    // SINGLE or CONST was written.
    bool single = false;
  };

  // ---- resolver.cpp: statements, arguments, types, entities
  void Arguments(const ast::Statement &statement);
  void Pragmas(const ast::Statement &statement);
  void CheckEnumDefault(const ast::Expression &value, const std::vector<std::string> &labels) const;
  Type ResolveType(const ast::TypeName &type);
  std::vector<int> IntervalModifiers(const ast::TypeName &type) const;
  Type ArgumentType(const ast::TypeName &type, Argument *argument);
  const Entity &FindEntity(const ast::QualifiedName &name);
  const Entity &FindTarget(const Reference &reference, Span span);
  // The text form of a constant for a type's input function; nothing = NULL.
  std::optional<std::string> ConstantText(const ast::Expression &value, const Type &type);
  int AddParameter(ParameterKind kind, int index, const Type &type);
  // An alias that nothing visible has; it is free again when the query of that depth ends.
  std::string NewAlias(const std::string &wanted) { return NewAlias(wanted, depth_); }
  std::string NewAlias(const std::string &wanted, int depth);
  void EndDepth();
  // Every expression that a text stands for goes through it, which bounds their number.
  bound::ExpressionPtr Make(bound::ExpressionKind kind, Span span) const;
  bound::ExpressionPtr MakeColumn(bound::Table *table, const bound::ColumnInfo &info,
                                  Span span) const;

  // ---- resolver_command.cpp
  void Insert(const ast::Statement &statement);
  void Update(const ast::Statement &statement);
  void Delete(const ast::Statement &statement);
  void Target(const ast::Statement &statement, Scope *scope);
  std::string AssignableField(const ast::Name &name, std::set<std::string> *assigned);
  std::vector<bound::Assignment> Assignments(const std::vector<ast::Assignment> &assignments,
                                             Scope *scope);
  void MeetTargets(bound::Body *body) const;
  bound::ExpressionPtr AssignedElement(const ast::Expression &element, const std::string &field,
                                       Scope *scope);

  // ---- resolver_query.cpp
  bound::QueryPtr Query(const ast::Query &query, Scope *parent, Naming naming);
  // ORDER BY, LIMIT, locking.  `scope`: the SELECT's, null behind a set operation.
  void QueryTail(const ast::Query &query, Scope *scope, Scope *parent, bound::Query *result);
  bound::Locking Locking(const ast::Locking &locking, const Scope *scope,
                         const bound::Select &select);
  bound::With With(const ast::With &with, Scope *parent);
  bound::CommonTable CommonTable(const ast::CommonTable &table, bool recursive, Scope *parent);
  bound::BodyPtr Body(const ast::Body &body, Scope *parent, Naming naming,
                      const ast::CommonTable *recursive);
  void Select(const ast::Select &select, Scope *scope, Naming naming, bound::Body *body);
  void Values(const ast::Body &values, Scope *parent, bound::Body *body);
  void RequireColumns(const ScopeItem &source, Span span, const char *what) const;
  void Star(const ast::Item &item, Scope *scope, bound::Body *body);
  void AddItem(bound::ExpressionPtr expression, bound::ColumnInfo info, bound::Body *body);
  bound::ColumnInfo InfoOf(const bound::Expression &expression) const;
  std::vector<bound::OrderItem> Order(const std::vector<ast::OrderItem> &items, Scope *scope,
                                      const std::vector<bound::ColumnInfo> *outputs);
  bound::ExpressionPtr OrderExpression(const ast::Expression &expression, Scope *scope,
                                       const std::vector<bound::ColumnInfo> *outputs);
  bound::ExpressionPtr GroupExpression(const ast::Expression &expression, Scope *scope,
                                       const std::vector<bound::ColumnInfo> &outputs);
  bound::Window Window(const ast::Window &window, Scope *scope);
  const VisibleCommonTable *FindCommonTable(const ast::QualifiedName &name) const;

  // ---- resolver_names.cpp
  void CheckNames(const ast::Select &select, const std::vector<int> &item_of_column,
                  const std::vector<bool> &given, bound::Body *body);
  std::string ItemName(const ast::Expression &expression) const;

  // ---- resolver_source.cpp
  bound::SourcePtr Source(const ast::Source &source, Scope *scope);
  bound::SourcePtr FunctionSource(const ast::Source &source, Scope *scope);
  std::optional<FunctionShape> ShapeOf(const bound::Expression &function) const;
  bound::SourcePtr DomainSource(const ast::Source &source, Scope *scope);
  bound::SourcePtr AddDomain(const ast::Source &source, bound::QueryPtr query, Scope *scope);
  bound::QueryPtr EntityDomain(const Entity &entity, const std::string &field, Span span);
  bound::QueryPtr LabelDomain(const std::vector<std::string> &labels);
  std::vector<bound::ColumnInfo> EntityColumns(const Entity &entity) const;
  void AddScopeItem(const ast::Source &source, std::string name, bound::Source *bound_source,
                    std::vector<bound::ColumnInfo> columns, Scope *scope);

  // ---- resolver_join.cpp
  bound::SourcePtr Join(const ast::Source &source, Scope *scope);
  bool IsMergedAway(const Scope &scope, const ScopeItem &item, const std::string &name) const;
  void Using(const ast::Source &source, const JoinSides &sides, Scope *scope, bound::Source *join);
  ScopeColumn UsingColumn(const std::string &name, Span span, size_t begin, size_t end,
                          Scope *scope);
  std::vector<ast::Name> NaturalNames(const JoinSides &sides, const Scope &scope, Span span) const;
  void CountPieces(const Scope &scope, Span span, MergedColumn *merged);
  void Merge(const Type &left, const Type &right, MergedColumn *merged) const;
  Base MergedBase(const MergedColumn &merged, const Scope &scope, Span span);
  void MergeStar(const JoinSides &sides, size_t first, Scope *scope) const;

  // ---- resolver_field.cpp
  bound::ExpressionPtr FieldExpression(const ast::Expression &expression, Scope *scope);
  Base FieldBase(const ast::FieldRef &field, Scope *scope);
  Base ArgumentBase(const ast::Name &name);
  Base GlobalBase(const ast::Name &name);
  Base UnqualifiedBase(const ast::Name &name, bool arrows, Scope *scope);
  Base QualifiedBase(const ast::FieldRef &field, bool arrows, Scope *scope);
  Base ItemBase(const ScopeItem &item, const ast::Name &name, bool arrows);
  Base ScopeColumnBase(const ScopeColumn &column, const Scope &scope, Span span);
  const ScopeItem *FindSource(const std::string &name, Scope *scope) const;
  std::optional<Base> RowBase(const ast::Name &name, bool star, Scope *scope);
  std::optional<Base> OpenBase(const ast::Name &name, Scope *scope);
  void RefuseIfOpen(const ast::Name &name, const Scope &scope) const;
  const ScopeItem *OpenItem(const ast::Name &name, const Scope &scope) const;
  // Every visible column of that name; the innermost level that has one wins.  None, but `where`,
  // if that level has entities that answer to it.
  std::vector<ScopeColumn> FindUnqualified(const ast::Name &name, Scope *scope,
                                           Scope **where = nullptr) const;

  // ---- resolver_entity.cpp
  bound::ExpressionPtr EntityField(bound::Table *table, const ast::Name &name);
  std::optional<bound::ColumnInfo> EntityColumn(const Entity &entity,
                                                const std::string &name) const;
  bound::ExpressionPtr SubEntity(bound::Table *table, Span span);
  // Names that every entity answers to: __main, sub_entity, tableoid, …
  std::vector<const ScopeItem *> SpecialItems(const ast::Name &name, const Scope &level) const;
  std::optional<Base> SpecialBase(const ast::Name &name, Scope *scope);
  std::optional<Base> ConstraintBase(const ast::Name &name, Scope *scope);

  // ---- resolver_hints.cpp
  [[noreturn]] void EntityFieldMissing(const Entity &entity, const ast::Name &name) const;
  [[noreturn]] void UnknownUnqualified(const ast::Name &name, Scope *scope);
  [[noreturn]] void UnknownQualified(const ast::FieldRef &field, Scope *scope);
  void ImproveOperand(const ast::Expression &expression, size_t index,
                      const bound::Expression *left, Report *report) const;

  // ---- resolver_arrow.cpp
  bound::ExpressionPtr ArrowQuery(Base base, const ast::FieldRef &field, Span span);
  bound::ExpressionPtr Follow(bound::Table *table, const ast::FieldRef &field, size_t first,
                              Span span);
  bound::ExpressionPtr Arrows(Base base, const ast::FieldRef &field, Span span);
  const Reference &BaseReference(const Base &base, Span span, std::vector<std::string> *columns);
  const Reference &FieldReference(const Entity &entity, const std::string &name, Span span);
  bound::Table *ArrowTable(bound::Table *from, const Reference &reference,
                           const std::vector<std::string> &columns, const std::string &field,
                           Span span);
  // The reference of this field alone, when there is exactly one to speak of.
  static const Reference *SingleReference(const Entity &entity, const std::string &field);

  // ---- resolver_expression.cpp
  bound::ExpressionPtr Expression(const ast::Expression &expression, Scope *scope);
  bound::ExpressionPtr Arguments(const ast::Expression &expression, Scope *scope,
                                 bound::ExpressionPtr node);
  void RowFields(const ast::Expression &star, Scope *scope, bound::Expression *row);
  bound::ExpressionPtr SubqueryExpression(const ast::Expression &expression, Scope *scope,
                                          bound::ExpressionPtr node);
  bound::ExpressionPtr TypeTest(const ast::Expression &expression, Scope *scope);
  bound::ExpressionPtr Call(const ast::Expression &expression, Scope *scope);
  Scope *AggregateLevel(const bound::Expression &call, Scope *scope);
  void FindFunction(const ast::QualifiedName &name, bound::Call *call, Type *result,
                    bool *aggregate);
  bound::ExpressionPtr UserView(const ast::QualifiedName &name, Span span);
  std::string JsonConstant(const ast::Expression &value);
  bool IsConstant(const ast::Expression &value) const;
  Type ResultType(const bound::Expression &node) const;
  static Type ResolvedType(const bound::ColumnInfo &column);
  Type ChoiceType(const std::vector<const bound::Expression *> &values) const;
  static Type BesideUntyped(const Type &type);
  Type NullIfType(const bound::Expression &first, const bound::Expression &second) const;

  // ---- resolver_enum.cpp
  bool IsEnumArgument(const bound::Expression &node) const;
  void MeetEnum(bound::ExpressionPtr *value, const Type &type) const;
  void MeetEnums(bound::Expression *node) const;

  // ---- resolver_operands.cpp
  void CheckOperands(const bound::Expression &node, Span span) const;

  // ---- resolver_result.cpp
  // The select that the whole query is, seen through parentheses; another body for set operations
  // and VALUES.
  static bound::Body *TopBody(bound::Query *query);
  void Describe(bound::Query *query, const ast::Statement &statement);
  void DescribeSelect(bound::Select *select, const ast::Statement &statement);
  void Puns(bound::Select *select);
  void MainKey(bound::Select *select, const bound::Source &main);
  void EntityIds(bound::Select *select);
  void MainEntity(const ast::Statement &statement, const Entity *detected);
  int TablePosition(bound::Select *select, bound::Table *table, const std::string &hidden_name);
  void AddSubTables(const Entity &entity);
  void HiddenAttributes(bound::Select *select);
  int AddHidden(bound::Select *select, bound::ExpressionPtr expression, std::string name);
  // An item that already shows the column, or a new hidden one.
  int ColumnPosition(bound::Select *select, bound::Table *table, const std::string &column,
                     const std::string &hidden_name);
  // `item`: the expression whose cells a mapping maps.
  void ItemAttribute(const ast::Attribute &attribute, const ast::Expression *item, size_t column,
                     PendingAttribute::Place place, Scope *scope);

  // ---- resolver_chunk.cpp
  void ChunkWrap(bound::Statement *statement);
  void KeepOrder(bound::Source *source, bound::Query *outer);
  bool OrderByColumns(bound::Source *source, bound::Query *outer);
  bound::ExpressionPtr ChunkWhere(Scope *scope);
  bound::ExpressionPtr ChunkSearch(const std::vector<bound::ColumnInfo> &columns,
                                   bound::Table *table);

  const Schema &schema_;
  const CompileOptions &options_;
  const Diagnostics *diagnostics_;
  bound::Statement &statement_;
  CompiledQuery &result_;
  Steps &steps_;
  mutable size_t made_ = 0;  // expressions
  // Where arguments and parameters stand in their lists.
  using ArgumentIndex = std::unordered_map<std::string, int>;
  ArgumentIndex argument_index_;
  ArgumentIndex chunk_index_;
  std::map<std::pair<ParameterKind, int>, int> parameter_index_;
  // Aliases in force, and how deep the query is that has them.  A subquery written twice, in SELECT
  // and GROUP BY, must become the same SQL twice: PostgreSQL compares the aliases, too.
  std::map<std::string, int> aliases_;
  // What a depth has of them, and the last number that it gave to each wanted name.
  struct DepthAliases {
    std::vector<std::string> aliases;
    std::map<std::string, int> numbers;
  };
  std::map<int, DepthAliases> depths_;
  int depth_ = 0;
  std::set<std::string> all_aliases_;
  std::vector<VisibleCommonTable> common_tables_;
  size_t merged_pieces_ = 0;
  // Which common tables each uses, by number; 0: the statement itself.
  std::vector<std::vector<size_t>> common_uses_ = std::vector<std::vector<size_t>>(1);
  // The one in whose query each is declared.
  std::vector<size_t> common_parents_ = std::vector<size_t>(1);
  // Those that are done; whatever uses one is done after it.
  std::vector<size_t> common_order_;
  size_t common_table_ = 0;
  std::set<size_t> materialized_;
  // The Select whose attributes become part of the answer, while it is being resolved.
  const ast::Select *top_select_ = nullptr;
  std::vector<PendingAttribute> pending_;
  // Sources that are named as a whole row, by t.* or by t, and everything that arrows lead to.
  struct WholeRow {
    bound::Table *table;
    bool starred;
  };
  std::vector<WholeRow> whole_rows_;
  std::vector<const Entity *> arrow_targets_;
  // Inside chunk.where: its own text and arguments, no subqueries, no positions.
  bool in_chunk_ = false;
  std::vector<Argument> chunk_arguments_;
};

}  // namespace fundb::funql
