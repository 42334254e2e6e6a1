// What stands behind a query's body: ORDER BY, LIMIT, locking; GROUP BY and windows.
#include <algorithm>

#include "funql/resolver_state.h"

namespace fundb::funql {

namespace {

// Where fields are out of sight, the near name is no help.
void HintAboutFields(Error *error, const char *hint) {
  if (error->report().sqlstate == sqlstate::kUndefinedColumn) error->report().hint = hint;
}

}  // namespace

void Resolver::QueryTail(const ast::Query &query, Scope *scope, Scope *parent,
                         bound::Query *result) {
  try {
    // Behind a set operation only the result's own columns have names.
    result->order = Order(query.order, scope != nullptr ? scope : parent, &result->columns);
  } catch (Error &error) {
    if (scope == nullptr) {
      HintAboutFields(&error, "Behind a set operation only result columns have names.");
    }
    throw;
  }
  try {
    if (query.limit) result->limit = Expression(*query.limit, parent);
    if (query.offset) result->offset = Expression(*query.offset, parent);
  } catch (Error &error) {
    HintAboutFields(&error, "LIMIT and OFFSET cannot depend on fields.");
    throw;
  }
  result->with_ties = query.with_ties;
  for (const ast::Locking &locking : query.locking) {
    if (scope == nullptr) {
      throw diagnostics_->NotSupported(locking.span, "locking the rows of a set operation",
                                       "Lock them in a query of their own.");
    }
    result->locking.push_back(Locking(locking, scope, result->body->select));
  }
}

namespace {

void Lockable(const bound::Source *source, std::vector<const bound::Table *> *tables) {
  if (source == nullptr) return;
  if (source->kind == bound::SourceKind::kEntity) tables->push_back(&source->table);
  Lockable(source->left.get(), tables);
  Lockable(source->right.get(), tables);
}

}  // namespace

// The entities of FROM are named one by one: without OF, PostgreSQL would refuse to lock what
// arrows join.
bound::Locking Resolver::Locking(const ast::Locking &locking, const Scope *scope,
                                 const bound::Select &select) {
  bound::Locking result;
  result.strength = locking.strength;
  result.wait = locking.wait;
  result.position = locking.span.begin;
  if (locking.sources.empty()) Lockable(select.from.get(), &result.tables);
  for (const ast::Name &name : locking.sources) {
    steps_.Count(scope->items.size());
    const bound::Table *found = nullptr;
    for (const ScopeItem &item : scope->items) {
      if (item.name == name.text) found = item.table;
    }
    if (found == nullptr) {
      std::vector<std::string> names;
      for (const ScopeItem &item : scope->items) names.push_back(item.name);
      throw diagnostics_->UnknownSource(name.span, name.text, names);
    }
    result.tables.push_back(found);
  }
  return result;
}

namespace {

const ast::Name *BareName(const ast::Expression &expression) {
  if (expression.kind != ast::ExpressionKind::kField) return nullptr;
  const ast::FieldRef &field = *expression.field;
  bool bare =
      field.root == ast::RootKind::kNames && field.names.size() == 1 && field.arrows.empty();
  return bare ? &field.names[0] : nullptr;
}

int FindColumn(const std::vector<bound::ColumnInfo> &columns, const std::string &name) {
  for (size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].name == name) return static_cast<int>(i);
  }
  return -1;
}

}  // namespace

std::vector<bound::OrderItem> Resolver::Order(const std::vector<ast::OrderItem> &items,
                                              Scope *scope,
                                              const std::vector<bound::ColumnInfo> *outputs) {
  std::vector<bound::OrderItem> result;
  for (const ast::OrderItem &item : items) {
    bound::OrderItem bound_item;
    bound_item.expression = OrderExpression(*item.expression, scope, outputs);
    bound_item.direction = static_cast<bound::Direction>(item.direction);
    bound_item.nulls = static_cast<bound::NullsOrder>(item.nulls);
    result.push_back(std::move(bound_item));
  }
  return result;
}

// A bare name is a result column first, as in SQL; anything else sees FROM only.
bound::ExpressionPtr Resolver::OrderExpression(const ast::Expression &expression, Scope *scope,
                                               const std::vector<bound::ColumnInfo> *outputs) {
  const ast::Name *name = BareName(expression);
  if (outputs != nullptr && name != nullptr) {
    steps_.Count(outputs->size());
    int output = FindColumn(*outputs, name->text);
    if (output >= 0) {
      bound::ExpressionPtr node = Make(bound::ExpressionKind::kOutputName, expression.span);
      node->text = name->text;
      return node;
    }
  }
  return Expression(expression, scope);
}

// A bare name is a column of its own FROM first, then a result column.
bound::ExpressionPtr Resolver::GroupExpression(const ast::Expression &expression, Scope *scope,
                                               const std::vector<bound::ColumnInfo> &outputs) {
  // A row is a set of several columns here.
  bool star = std::any_of(expression.args.begin(), expression.args.end(), [](const auto &arg) {
    return arg->kind == ast::ExpressionKind::kField && arg->field->star;
  });
  if (expression.kind == ast::ExpressionKind::kGrouping ||
      (expression.kind == ast::ExpressionKind::kRow && !star)) {
    bound::ExpressionPtr node = Make(bound::ExpressionKind::kGrouping, expression.span);
    node->word = expression.word;
    for (const ast::ExpressionPtr &arg : expression.args) {
      node->args.push_back(GroupExpression(*arg, scope, outputs));
    }
    return node;
  }
  const ast::Name *name = BareName(expression);
  Scope *where = nullptr;
  if (name != nullptr) FindUnqualified(*name, scope, &where);
  // A field of an outer query is none of FROM's.
  if (name != nullptr && where != scope) {
    steps_.Count(outputs.size());
    int output = FindColumn(outputs, name->text);
    if (output >= 0) {
      bound::ExpressionPtr node = Make(bound::ExpressionKind::kOutputNumber, expression.span);
      node->index = output + 1;
      return node;
    }
  }
  return Expression(expression, scope);
}

bound::Window Resolver::Window(const ast::Window &window, Scope *scope) {
  bound::Window result;
  result.name = window.name.text;
  result.base = window.base.text;
  for (const ast::ExpressionPtr &part : window.partition) {
    result.partition.push_back(Expression(*part, scope));
  }
  result.order = Order(window.order, scope, nullptr);
  result.frame_mode = window.frame_mode;
  result.start = window.start;
  result.end = window.end;
  result.exclusion = window.exclusion;
  if (window.start_offset) result.start_offset = Expression(*window.start_offset, scope);
  if (window.end_offset) result.end_offset = Expression(*window.end_offset, scope);
  return result;
}

}  // namespace fundb::funql
