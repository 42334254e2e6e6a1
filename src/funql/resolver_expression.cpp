// Expressions other than names: calls, subqueries, constructors, and the types that follow.
#include <algorithm>

#include "base/text.h"
#include "funql/resolver_state.h"
#include "funql/types.h"

namespace fundb::funql {

namespace {

// Whether min() and max() of a type are of that type.  There are none of varchar, of names, of
// domains, …: PostgreSQL takes those of another type.
bool HasOwnExtremes(const Type &type) {
  if (type.category == 'E') return true;
  const std::string &name = type.name;
  return type.schema == "pg_catalog" && name != "varchar" && name != "name" && name != "char" &&
         name != "cidr" && name.compare(0, 3, "reg") != 0;
}

// Grammar in PostgreSQL, not functions: no schema can be put in front of them.
constexpr std::string_view kGrammarCalls[] = {"coalesce", "greatest", "least", "nullif",
                                              "grouping"};
constexpr std::string_view kGrammarTimes[] = {"current_time", "current_timestamp", "localtime",
                                              "localtimestamp"};

template <size_t N>
bool Contains(const std::string_view (&words)[N], std::string_view word) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

}  // namespace

bound::ExpressionPtr Resolver::Expression(const ast::Expression &expression, Scope *scope) {
  using Ast = ast::ExpressionKind;
  using Bound = bound::ExpressionKind;
  auto plain = [&](Bound kind) {
    bound::ExpressionPtr node = Make(kind, expression.span);
    node->text = expression.text;
    node->word = expression.word;
    node->negated = expression.negated;
    node->symmetric = expression.symmetric;
    node->has_operand = expression.has_operand;
    node->has_else = expression.has_else;
    node->keys = expression.keys;
    node->parenthesized = expression.parenthesized;
    return node;
  };
  auto checked = [&](bound::ExpressionPtr node) {
    CheckOperands(*node, expression.span);
    return node;
  };
  auto with_args = [&](Bound kind) { return checked(Arguments(expression, scope, plain(kind))); };
  auto with_query = [&](Bound kind) {
    return checked(SubqueryExpression(expression, scope, plain(kind)));
  };
  switch (expression.kind) {
    case Ast::kNull:
      return plain(Bound::kNull);
    case Ast::kBoolean:
      return with_args(Bound::kBoolean);
    case Ast::kInteger:
      return with_args(Bound::kInteger);
    case Ast::kDecimal:
      return with_args(Bound::kDecimal);
    case Ast::kString:
      return with_args(Bound::kString);
    case Ast::kField:
      return FieldExpression(expression, scope);
    case Ast::kOperator:
      return with_args(Bound::kOperator);
    case Ast::kAnd:
      return with_args(Bound::kAnd);
    case Ast::kOr:
      return with_args(Bound::kOr);
    case Ast::kNot:
      return with_args(Bound::kNot);
    case Ast::kQuantified:
      return with_query(Bound::kQuantified);
    case Ast::kIs:
      return with_args(Bound::kIs);
    case Ast::kDistinctFrom:
      return with_args(Bound::kDistinctFrom);
    case Ast::kBetween:
      return with_args(Bound::kBetween);
    case Ast::kLike:
      return with_args(Bound::kLike);
    case Ast::kIn:
      return with_query(Bound::kIn);
    case Ast::kCast: {
      bound::ExpressionPtr node = with_args(Bound::kCast);
      node->type = ResolveType(expression.type);
      return node;
    }
    case Ast::kCase:
      return with_args(Bound::kCase);
    case Ast::kTypeTest:
      return TypeTest(expression, scope);
    case Ast::kFieldAttribute:
      // Fields and entities of a plain database have no attributes.
      FieldExpression(*expression.args[0], scope);
      return plain(Bound::kNull);
    case Ast::kEntityAttribute:
      return plain(Bound::kNull);
    case Ast::kCall:
      return Call(expression, scope);
    case Ast::kQuery:
      return with_query(Bound::kQuery);
    case Ast::kExists:
      return with_query(Bound::kExists);
    case Ast::kArrayQuery:
      return with_query(Bound::kArrayQuery);
    case Ast::kJsonObject:
      return with_args(Bound::kJsonObject);
    case Ast::kJsonArray:
      return with_args(Bound::kJsonArray);
    case Ast::kRow:
      return with_args(Bound::kRow);
    case Ast::kArray:
      return with_args(Bound::kArray);
    case Ast::kSubscript:
      return with_args(Bound::kSubscript);
    case Ast::kSlice:
      return with_args(Bound::kSlice);
    case Ast::kMember:
      return with_args(Bound::kMember);
    case Ast::kCollate: {
      bound::ExpressionPtr node = with_args(Bound::kCollate);
      // Only pg_catalog has collations for everybody.
      const std::string &schema = expression.entity.schema.text;
      node->keys = {schema.empty() ? "pg_catalog" : schema, expression.entity.name.text};
      return node;
    }
    case Ast::kUserView:
      return UserView(expression.entity, expression.span);
    case Ast::kDefault:
      return plain(Bound::kDefault);
    case Ast::kGrouping:
    case Ast::kMapping:
      break;
  }
  throw Error(sqlstate::kInternal, "expression in an unexpected place");
}

bound::ExpressionPtr Resolver::Arguments(const ast::Expression &expression, Scope *scope,
                                         bound::ExpressionPtr node) {
  for (size_t i = 0; i < expression.args.size(); ++i) {
    const ast::ExpressionPtr &arg = expression.args[i];
    try {
      bool star = arg != nullptr && arg->kind == ast::ExpressionKind::kField && arg->field->star;
      if (star && node->kind == bound::ExpressionKind::kRow) {
        RowFields(*arg, scope, node.get());
        continue;
      }
      node->args.push_back(arg ? Expression(*arg, scope) : nullptr);
    } catch (Error &error) {
      ImproveOperand(expression, i, node->args.empty() ? nullptr : node->args[0].get(),
                     &error.report());
      throw;
    }
  }
  MeetEnums(node.get());
  node->type = ResultType(*node);
  return node;
}

// ROW (t.*, …): the fields of the source, as in SQL.
void Resolver::RowFields(const ast::Expression &star, Scope *scope, bound::Expression *row) {
  const ScopeItem *item = FindSource(star.field->names[0].text, scope);
  if (item == nullptr) UnknownQualified(*star.field, scope);
  RequireColumns(*item, star.span, "*");
  for (const bound::ColumnInfo &column : item->columns) {
    row->args.push_back(MakeColumn(item->table, column, star.span));
  }
}

bound::ExpressionPtr Resolver::SubqueryExpression(const ast::Expression &expression, Scope *scope,
                                                  bound::ExpressionPtr node) {
  node = Arguments(expression, scope, std::move(node));
  if (!expression.query) return node;
  if (in_chunk_) throw diagnostics_->NotSupported(expression.span, "a subquery in this condition");
  ++depth_;
  node->query = Query(*expression.query, scope, Naming::kFree);
  EndDepth();
  const auto &columns = node->query->columns;
  size_t expected = 1;
  if (node->kind == bound::ExpressionKind::kExists) expected = 0;
  if (!node->args.empty() && node->args[0]->kind == bound::ExpressionKind::kRow) {
    expected = node->args[0]->args.size();
  }
  if (expected != 0 && columns.size() != expected) {
    throw diagnostics_->ColumnCount(
        expression.query->span,
        expected == 1 ? "a subquery in an expression must have one result column"
                      : "the subquery has " + std::to_string(columns.size()) +
                            " result columns, the row has " + std::to_string(expected));
  }
  Type type = columns.empty() ? Type() : ResolvedType(columns[0]);
  if (node->kind == bound::ExpressionKind::kArrayQuery && type.IsKnown() && !type.is_array) {
    node->type = ArrayOf(type);
  }
  if (node->kind == bound::ExpressionKind::kQuery) node->type = std::move(type);
  return node;
}

// field OFTYPE entity: rows of exactly that table; INHERITED FROM: of it or of those below it.
bound::ExpressionPtr Resolver::TypeTest(const ast::Expression &expression, Scope *scope) {
  bound::ExpressionPtr field = FieldExpression(*expression.args[0], scope);
  bound::ExpressionPtr node = Make(bound::ExpressionKind::kTypeTest, expression.span);
  node->type = *CatalogType("bool");
  Span span = expression.args[0]->span;
  if (field->kind == bound::ExpressionKind::kSubEntity) {
    node->args.push_back(std::move(field->args[0]));
  } else if (field->kind == bound::ExpressionKind::kColumn && field->text == "tableoid") {
    node->args.push_back(std::move(field));
  } else if (field->kind == bound::ExpressionKind::kWholeRow && field->table->entity != nullptr) {
    bound::ColumnInfo info;
    info.name = "tableoid";
    node->args.push_back(MakeColumn(field->table, info, span));
  } else {
    throw diagnostics_->At(span, sqlstate::kDatatypeMismatch,
                           "only sub_entity or a source can be tested for its entity");
  }
  std::vector<const Entity *> pending = {&FindEntity(expression.entity)};
  std::set<uint32_t> seen;
  while (!pending.empty()) {
    const Entity *entity = pending.back();
    pending.pop_back();
    if (!seen.insert(entity->oid).second) continue;
    node->entities.push_back({entity->schema, entity->name});
    // Its rows are stored in its partitions, which are one entity; it has no other children.
    if (entity->kind == EntityKind::kPartitioned) node->word = "partitioned";
    if (expression.word == "oftype") break;
    for (const EntityName &child : entity->children) {
      const Entity *found = schema_.FindEntity(child.schema, child.name);
      if (found != nullptr) pending.push_back(found);
    }
  }
  return node;
}

void Resolver::FindFunction(const ast::QualifiedName &name, bound::Call *call, Type *result,
                            bool *aggregate) {
  std::string wanted = name.name.text;
  const std::string &schema = name.schema.text;
  // FunQL's json is jsonb.
  if (schema.empty() && wanted == "json_agg") wanted = "jsonb_agg";
  if (schema.empty() && wanted == "json_object_agg") wanted = "jsonb_object_agg";
  const Function *function = schema.empty() ? schema_.FindFunction(std::nullopt, wanted)
                                            : schema_.FindFunction(schema, wanted);
  std::string shown = schema.empty() ? wanted : schema + "." + wanted;
  if (function == nullptr) {
    throw diagnostics_->UnknownFunction(name.span, shown, schema_.FunctionNames());
  }
  if (!function->usable) throw diagnostics_->NoPrivilege(name.span, "function", shown);
  call->schema = function->schema;
  call->name = function->name;
  *result = function->result;
  *aggregate = function->is_aggregate;
}

bound::ExpressionPtr Resolver::Call(const ast::Expression &expression, Scope *scope) {
  const ast::Call &written = *expression.call;
  bound::ExpressionPtr node = Make(bound::ExpressionKind::kCall, written.function.span);
  node->call = std::make_unique<bound::Call>();
  bound::Call &call = *node->call;
  const std::string &name = written.function.name.text;
  bool unqualified = written.function.schema.text.empty();
  bool grammar = unqualified && (Contains(kGrammarCalls, name) || Contains(kGrammarTimes, name));
  Type result;
  bool aggregate = false;
  // Before the arguments: what is wrong with those of an unknown function is of no interest.
  if (!grammar) FindFunction(written.function, &call, &result, &aggregate);
  for (const ast::ExpressionPtr &arg : expression.args) {
    node->args.push_back(Expression(*arg, scope));
  }
  if (grammar) {
    call.name = Upper(name);
    if (node->args.empty() && !Contains(kGrammarTimes, name)) {
      throw diagnostics_->At(expression.span, sqlstate::kSyntaxError,
                             "function \"" + name + "\" needs arguments");
    }
    if (Contains(kGrammarTimes, name) &&
        (node->args.size() != 1 || node->args[0]->kind != bound::ExpressionKind::kInteger)) {
      throw diagnostics_->At(expression.span, sqlstate::kSyntaxError,
                             "\"" + name + "\" takes a precision or no parentheses");
    }
    if (name == "nullif" && node->args.size() == 2) {
      node->type = NullIfType(*node->args[0], *node->args[1]);
    } else if (name == "grouping") {
      node->type = *CatalogType("int4");
    } else if (name != "nullif" && !Contains(kGrammarTimes, name)) {
      std::vector<const bound::Expression *> values;
      for (const bound::ExpressionPtr &arg : node->args) values.push_back(arg.get());
      node->type = ChoiceType(values);
    }
    CheckOperands(*node, expression.span);
    return node;
  }
  node->type = result;
  if (call.schema == "pg_catalog" && call.name == "count") node->type = *CatalogType("int8");
  if (call.schema == "pg_catalog" && (call.name == "min" || call.name == "max") &&
      node->args.size() == 1) {
    node->type = node->args[0]->type;
    node->type.modifiers.clear();
    if (!HasOwnExtremes(node->type)) {
      node->type = {};
      node->type.lacks_operators = node->args[0]->type.lacks_operators;
    }
  }
  if (aggregate && in_chunk_) {
    throw diagnostics_->At(expression.span, sqlstate::kGroupingError,
                           "aggregate functions are not allowed in this condition");
  }
  call.star = written.star;
  call.distinct = written.distinct;
  call.variadic = written.variadic;
  call.argument_names = written.argument_names;
  call.order = Order(written.order, scope, nullptr);
  call.within_group = Order(written.within_group, scope, nullptr);
  if (written.filter) call.filter = Expression(*written.filter, scope);
  if (written.over) {
    call.over = std::make_unique<bound::Window>(Window(*written.over, scope));
  } else if (aggregate) {
    Scope *level = AggregateLevel(*node, scope);
    if (level != nullptr && level->select != nullptr) level->select->has_aggregates = true;
  }
  return node;
}

namespace {

bool Holds(const bound::Table &table, const bound::Table *wanted) {
  if (&table == wanted) return true;
  return std::any_of(table.arrows.begin(), table.arrows.end(),
                     [wanted](const auto &arrow) { return Holds(arrow->table, wanted); });
}

// How many levels out the table of the innermost column is; -1 without any column.
int InnermostColumn(const bound::Expression &node, const Scope *scope, Steps *steps) {
  steps->Count();
  int innermost = -1;
  if (node.table != nullptr) {
    int level = 0;
    for (const Scope *at = scope; at != nullptr; at = at->parent, ++level) {
      steps->Count(at->items.size());
      bool here = std::any_of(at->items.begin(), at->items.end(), [&node](const ScopeItem &item) {
        return Holds(*item.table, node.table);
      });
      if (here) return level;
    }
  }
  for (const bound::ExpressionPtr &arg : node.args) {
    int level = arg == nullptr ? -1 : InnermostColumn(*arg, scope, steps);
    if (level >= 0 && (innermost < 0 || level < innermost)) innermost = level;
  }
  return innermost;
}

}  // namespace

// SQL's rule: an aggregate belongs to the query of the innermost column in its arguments, so that
// (SELECT max(o.total)) over an o of the outer query aggregates there.
Scope *Resolver::AggregateLevel(const bound::Expression &call, Scope *scope) {
  Scope *level = scope;
  for (int up = InnermostColumn(call, scope, &steps_); up > 0; --up) level = level->parent;
  return level;
}

}  // namespace fundb::funql
