// Queries: WITH, SELECT, VALUES, set operations, result names, ORDER BY, GROUP BY, windows.
#include <algorithm>

#include "funql/resolver_state.h"
#include "funql/types.h"

namespace fundb::funql {

// ---- WITH ---------------------------------------------------------------------------------------

bound::With Resolver::With(const ast::With &with, Scope *parent) {
  bound::With result;
  result.recursive = with.recursive;
  for (const ast::CommonTable &table : with.tables) {
    result.tables.push_back(CommonTable(table, with.recursive, parent));
  }
  return result;
}

namespace {

// Names given in parentheses rename the first columns.
void Rename(std::vector<bound::ColumnInfo> *columns, const std::vector<ast::Name> &names,
            const Diagnostics &diagnostics) {
  if (names.size() > columns->size()) {
    throw diagnostics.ColumnCount(
        names[columns->size()].span,
        "there are more names than columns (" + std::to_string(columns->size()) + ")");
  }
  for (size_t i = 0; i < names.size(); ++i) (*columns)[i].name = names[i].text;
}

}  // namespace

bound::CommonTable Resolver::CommonTable(const ast::CommonTable &table, bool recursive,
                                         Scope *parent) {
  bound::CommonTable result;
  result.name = table.name.text;
  for (const ast::Name &column : table.columns) result.columns.push_back(column.text);
  result.materialized = table.materialized == ast::Materialized::kYes ? bound::Materialized::kYes
                        : table.materialized == ast::Materialized::kNo
                            ? bound::Materialized::kNo
                            : bound::Materialized::kDefault;
  if (result.materialized == bound::Materialized::kYes) materialized_.insert(common_uses_.size());
  result.number = common_uses_.size();
  common_uses_.emplace_back();
  common_parents_.push_back(common_table_);
  size_t outer = std::exchange(common_table_, result.number);
  const ast::Query &query = *table.query;
  bool self = recursive && query.body->kind == ast::BodyKind::kSetOperation;
  if (!self) {
    result.query = Query(query, parent, table.columns.empty() ? Naming::kUnique : Naming::kFree);
    VisibleCommonTable visible{table.name.text, result.query->columns, result.number};
    Rename(&visible.columns, table.columns, *diagnostics_);
    common_tables_.push_back(std::move(visible));
    common_order_.push_back(result.number);
    common_table_ = outer;
    return result;
  }
  // The left side tells the columns; the right side may use them.
  size_t outside = common_tables_.size();
  result.query = std::make_unique<bound::Query>();
  result.query->with = With(query.with, parent);
  result.query->body = Body(*query.body, parent, Naming::kUnique, &table);
  result.query->columns = result.query->body->columns;
  QueryTail(query, nullptr, parent, result.query.get());
  VisibleCommonTable visible{table.name.text, result.query->columns, result.number};
  Rename(&visible.columns, table.columns, *diagnostics_);
  common_tables_.resize(outside);
  common_tables_.push_back(std::move(visible));
  common_order_.push_back(result.number);
  common_table_ = outer;
  return result;
}

// How often PostgreSQL would plan each: a table is copied to where it is used, and what uses it may
// be copied itself.
void Resolver::CountCopies() {
  std::vector<size_t> planned(common_uses_.size());
  std::vector<bool> &uncopied = statement_.uncopied;
  uncopied.resize(common_uses_.size());
  auto use = [&](size_t user) {
    steps_.Count(common_uses_[user].size());
    const size_t times = planned[user];
    for (size_t used : common_uses_[user]) planned[used] += times;
  };
  planned[0] = 1;
  use(0);
  size_t copies = 0;
  for (size_t i = common_order_.size(); i-- > 0;) {
    size_t table = common_order_[i];
    const std::vector<size_t> &uses = common_uses_[table];
    bool once =
        materialized_.count(table) == 1 || std::find(uses.begin(), uses.end(), table) != uses.end();
    if (!once && planned[table] > 1) {
      bool many = planned[table] > kMostCopies || copies + planned[table] > kMostCopiesTogether;
      uncopied[table] = many;
      if (!many) copies += planned[table];
    }
    // Each copy of a table has those that stand within it.
    if (once || uncopied[table]) {
      planned[table] = std::min(planned[table], planned[common_parents_[table]]);
    }
    use(table);
  }
}

const VisibleCommonTable *Resolver::FindCommonTable(const ast::QualifiedName &name) const {
  if (!name.schema.text.empty()) return nullptr;
  steps_.Count(common_tables_.size());
  for (size_t i = common_tables_.size(); i-- > 0;) {
    if (common_tables_[i].name == name.name.text) return &common_tables_[i];
  }
  return nullptr;
}

// ---- queries ------------------------------------------------------------------------------------

bound::QueryPtr Resolver::Query(const ast::Query &query, Scope *parent, Naming naming) {
  auto result = std::make_unique<bound::Query>();
  size_t outside = common_tables_.size();
  result->with = With(query.with, parent);
  Scope scope;
  scope.parent = parent;
  bool plain = query.body->kind == ast::BodyKind::kSelect;
  if (plain) {
    result->body = std::make_unique<bound::Body>();
    result->body->position = query.body->span.begin;
    Select(query.body->select, &scope, naming, result->body.get());
  } else {
    result->body = Body(*query.body, parent, naming, nullptr);
  }
  result->columns = result->body->columns;
  QueryTail(query, plain ? &scope : nullptr, parent, result.get());
  common_tables_.resize(outside);
  return result;
}

bound::BodyPtr Resolver::Body(const ast::Body &body, Scope *parent, Naming naming,
                              const ast::CommonTable *recursive) {
  auto result = std::make_unique<bound::Body>();
  result->position = body.span.begin;
  switch (body.kind) {
    case ast::BodyKind::kSelect: {
      Scope scope;
      scope.parent = parent;
      Select(body.select, &scope, naming, result.get());
      break;
    }
    case ast::BodyKind::kValues:
      Values(body, parent, result.get());
      break;
    case ast::BodyKind::kQuery:
      result->kind = bound::BodyKind::kQuery;
      result->query = Query(*body.query, parent, naming);
      result->columns = result->query->columns;
      break;
    case ast::BodyKind::kSetOperation: {
      result->kind = bound::BodyKind::kSetOperation;
      result->operation = static_cast<bound::SetOperator>(body.operation);
      result->all = body.all;
      result->left = Body(*body.left, parent, naming, nullptr);
      if (recursive != nullptr) {
        VisibleCommonTable visible{recursive->name.text, result->left->columns, common_table_};
        Rename(&visible.columns, recursive->columns, *diagnostics_);
        common_tables_.push_back(std::move(visible));
      }
      // The names come from the left side.
      result->right = Body(*body.right, parent, Naming::kFree, nullptr);
      if (result->left->columns.size() != result->right->columns.size()) {
        throw diagnostics_->ColumnCount(body.right->span,
                                        "the parts of a set operation have different numbers of "
                                        "columns");
      }
      result->columns = result->left->columns;
      for (size_t i = 0; i < result->columns.size(); ++i) {
        // A column of two origins shows no one field; both may still refer to the same entity.
        bound::ColumnInfo &left = result->columns[i];
        const bound::ColumnInfo &right = result->right->columns[i];
        bool same = left.reference != nullptr && right.reference != nullptr &&
                    left.reference->target.schema == right.reference->target.schema &&
                    left.reference->target.name == right.reference->target.name &&
                    left.reference->target_fields == right.reference->target_fields;
        if (!same) left.reference = nullptr;
        left.entity = nullptr;
        left.field = nullptr;
        // The left side alone says what a recursive table's columns are.
        if (recursive != nullptr || (left.untyped && right.untyped)) {
          left.type = ResolvedType(left);
        } else if (left.untyped || right.untyped) {
          left.type = BesideUntyped(left.untyped ? right.type : left.type);
        } else {
          left.type = CommonType({&left.type, &right.type});
        }
        left.untyped = false;
      }
      break;
    }
  }
  return result;
}

void Resolver::Values(const ast::Body &values, Scope *parent, bound::Body *body) {
  body->kind = bound::BodyKind::kValues;
  for (const auto &row : values.rows) {
    std::vector<bound::ExpressionPtr> bound_row;
    for (const ast::ExpressionPtr &value : row) bound_row.push_back(Expression(*value, parent));
    body->rows.push_back(std::move(bound_row));
  }
  for (size_t i = 0; i < body->rows[0].size(); ++i) {
    bound::ColumnInfo column;
    column.name = "column" + std::to_string(i + 1);
    std::vector<const bound::Expression *> values;
    for (const auto &row : body->rows) values.push_back(row[i].get());
    column.type = ChoiceType(values);
    body->columns.push_back(std::move(column));
  }
}

// ---- SELECT -------------------------------------------------------------------------------------

void Resolver::Select(const ast::Select &select, Scope *scope, Naming naming, bound::Body *body) {
  bound::Select &result = body->select;
  scope->select = &result;
  result.distinct = select.distinct;
  if (select.from) result.from = Source(*select.from, scope);
  std::vector<int> item_of_column;
  std::vector<bool> given;
  bool top = top_select_ == &select;
  for (size_t i = 0; i < select.items.size(); ++i) {
    const ast::Item &item = select.items[i];
    size_t first = body->columns.size();
    if (item.kind == ast::ItemKind::kStar) {
      Star(item, scope, body);
    } else if (item.kind == ast::ItemKind::kExpression) {
      bound::ExpressionPtr expression = Expression(*item.expression, scope);
      bound::ColumnInfo info = InfoOf(*expression);
      info.name = item.alias.text.empty() ? ItemName(*item.expression) : item.alias.text;
      AddItem(std::move(expression), std::move(info), body);
      if (top) {
        for (const ast::Attribute &attribute : item.attributes) {
          ItemAttribute(attribute, item.expression.get(), first, PendingAttribute::Place::kCell,
                        scope);
        }
      }
    }
    bool named = item.kind == ast::ItemKind::kStar || !item.alias.text.empty() ||
                 (item.expression && item.expression->kind == ast::ExpressionKind::kField);
    item_of_column.resize(body->columns.size(), static_cast<int>(i));
    given.resize(body->columns.size(), named);
  }
  if (naming == Naming::kUnique) CheckNames(select, item_of_column, given, body);
  if (top) {
    for (const ast::Item &item : select.items) {
      if (item.kind != ast::ItemKind::kAttribute) continue;
      auto place = item.attribute.dependency == ast::AttributeDependency::kPerRow
                       ? PendingAttribute::Place::kRow
                       : PendingAttribute::Place::kResult;
      ItemAttribute(item.attribute, nullptr, 0, place, scope);
    }
  }
  if (select.where) result.where = Expression(*select.where, scope);
  result.group_distinct = select.group_distinct;
  for (const ast::ExpressionPtr &element : select.group_by) {
    result.group_by.push_back(GroupExpression(*element, scope, body->columns));
  }
  if (select.having) result.having = Expression(*select.having, scope);
  for (const ast::Window &window : select.windows) {
    result.windows.push_back(Window(window, scope));
  }
  for (const ast::ExpressionPtr &expression : select.distinct_on) {
    result.distinct_on.push_back(OrderExpression(*expression, scope, &body->columns));
  }
  // An INSERT's or a subquery's SELECT may be empty only where PostgreSQL lets it be.
  if (body->columns.empty() && top) {
    throw diagnostics_->ColumnCount({body->position, body->position},
                                    "a query needs at least one result column");
  }
}

void Resolver::AddItem(bound::ExpressionPtr expression, bound::ColumnInfo info, bound::Body *body) {
  if (body->columns.size() >= kMostColumns) {
    throw diagnostics_->TooManyColumns({body->position, body->position}, "result columns");
  }
  body->select.items.push_back({std::move(expression), info.name});
  body->columns.push_back(std::move(info));
}

void Resolver::RequireColumns(const ScopeItem &source, Span span, const char *what) const {
  if (!source.open || !source.columns.empty()) return;
  throw diagnostics_->NotSupported(
      span, std::string(what) + " over a function whose columns are not named",
      "Name the columns: FROM " + source.name + "(…) AS " + source.name + " (a, b).");
}

void Resolver::Star(const ast::Item &item, Scope *scope, bound::Body *body) {
  auto add_column = [&](const ScopeColumn &column) {
    Base base = ScopeColumnBase(column, *scope, item.span);
    bound::ColumnInfo info = base.info;
    info.name = column.merged >= 0 ? scope->merged[static_cast<size_t>(column.merged)].name
                                   : column.info.name;
    bound::ExpressionPtr expression =
        base.value ? std::move(base.value) : MakeColumn(base.table, base.info, item.span);
    AddItem(std::move(expression), std::move(info), body);
  };
  if (item.star.empty()) {
    if (scope->items.empty()) {
      throw diagnostics_->At(item.span, sqlstate::kSyntaxError, "* needs a FROM");
    }
    for (const ScopeItem &source : scope->items) RequireColumns(source, item.span, "*");
    for (const StarColumn &column : scope->star) {
      add_column({column.item, column.merged,
                  column.merged < 0 ? column.item->columns[column.column] : bound::ColumnInfo()});
    }
    return;
  }
  const ast::Name &name = item.star.back();
  std::vector<std::string> names;
  for (const ScopeItem &source : scope->items) {
    bool matches = item.star.size() == 1
                       ? source.name == name.text
                       : source.name == name.text && source.schema == item.star[0].text;
    if (matches) {
      RequireColumns(source, item.span, "*");
      for (const bound::ColumnInfo &column : source.columns) add_column({&source, -1, column});
      return;
    }
    names.push_back(source.name);
  }
  throw diagnostics_->UnknownSource(item.span, name.text, names);
}

bound::ColumnInfo Resolver::InfoOf(const bound::Expression &expression) const {
  if (expression.kind == bound::ExpressionKind::kColumn ||
      expression.kind == bound::ExpressionKind::kArrowQuery) {
    return expression.info;
  }
  bound::ColumnInfo info;
  info.type = expression.type;
  info.untyped = expression.kind == bound::ExpressionKind::kString ||
                 expression.kind == bound::ExpressionKind::kNull;
  return info;
}

}  // namespace fundb::funql
