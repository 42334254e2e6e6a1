// FROM: what each source is, which names it makes visible, and how JOIN … USING merges columns.
#include <algorithm>

#include "funql/resolver_state.h"
#include "funql/types.h"

namespace fundb::funql {

std::vector<bound::ColumnInfo> Resolver::EntityColumns(const Entity &entity) const {
  std::vector<bound::ColumnInfo> columns;
  for (const Field &field : entity.fields) {
    steps_.Count(1 + entity.references.size());
    bound::ColumnInfo info;
    info.entity = &entity;
    info.name = field.name;
    info.field = &field;
    info.type = field.type;
    info.reference = SingleReference(entity, field.name);
    columns.push_back(std::move(info));
  }
  return columns;
}

void Resolver::AddScopeItem(const ast::Source &source, std::string name, bound::Source *result,
                            std::vector<bound::ColumnInfo> columns, Scope *scope) {
  steps_.Count(1 + scope->items.size() + columns.size());
  for (const ScopeItem &other : scope->items) {
    if (!name.empty() && other.name == name) {
      throw diagnostics_->DuplicateSource(
          source.alias.text.empty() ? source.span : source.alias.span, name);
    }
  }
  if (source.column_aliases.size() > columns.size() &&
      result->kind != bound::SourceKind::kFunction) {
    throw diagnostics_->ColumnCount(
        source.column_aliases[columns.size()].span,
        "there are more names than columns (" + std::to_string(columns.size()) + ")");
  }
  for (size_t i = 0; i < source.column_aliases.size(); ++i) {
    if (i == columns.size()) columns.emplace_back();
    columns[i].name = source.column_aliases[i].text;
    result->column_aliases.push_back(columns[i].name);
  }
  result->table.alias = NewAlias(name.empty() ? "source" : name);
  result->position = source.span.begin;
  ScopeItem item;
  item.name = std::move(name);
  item.table = &result->table;
  item.columns = std::move(columns);
  scope->items.push_back(std::move(item));
}

bound::SourcePtr Resolver::Source(const ast::Source &source, Scope *scope) {
  switch (source.kind) {
    case ast::SourceKind::kJoin:
      return Join(source, scope);
    case ast::SourceKind::kFunction:
      return FunctionSource(source, scope);
    case ast::SourceKind::kDomain:
      return DomainSource(source, scope);
    case ast::SourceKind::kEntity:
    case ast::SourceKind::kQuery:
      break;
  }
  auto result = std::make_unique<bound::Source>();
  if (source.kind == ast::SourceKind::kQuery) {
    result->kind = bound::SourceKind::kQuery;
    result->lateral = source.lateral;
    ++depth_;
    result->query = Query(*source.query, source.lateral ? scope : scope->parent,
                          source.column_aliases.empty() ? Naming::kUnique : Naming::kFree);
    EndDepth();
    AddScopeItem(source, source.alias.text, result.get(), result->query->columns, scope);
    return result;
  }
  const std::string &written = source.entity.name.text;
  std::string name = source.alias.text.empty() ? written : source.alias.text;
  if (const VisibleCommonTable *table = FindCommonTable(source.entity)) {
    result->kind = bound::SourceKind::kCommonTable;
    result->common_table = table->name;
    AddScopeItem(source, std::move(name), result.get(), table->columns, scope);
    return result;
  }
  // FROM schema entity, the point forgotten.
  bool bare = source.entity.schema.text.empty() && options_.default_schema.empty();
  if (bare && schema_.FindEntity(written, source.alias.text) != nullptr) {
    throw diagnostics_->EntityWithoutSchema(source.entity.span, written,
                                            written + "." + source.alias.text);
  }
  const Entity &entity = FindEntity(source.entity);
  result->only = source.only;
  // Column aliases hide the entity's own names, so its columns are only a list then.
  AddScopeItem(source, std::move(name), result.get(), EntityColumns(entity), scope);
  if (source.column_aliases.empty()) result->table.entity = &entity;
  result->table.has_descendants = !source.only && !entity.children.empty();
  result->entity = {entity.schema, entity.name};
  if (source.alias.text.empty()) scope->items.back().schema = entity.schema;
  return result;
}

bound::SourcePtr Resolver::FunctionSource(const ast::Source &source, Scope *scope) {
  auto result = std::make_unique<bound::Source>();
  result->kind = bound::SourceKind::kFunction;
  // A function in FROM sees the sources before it, with LATERAL or without.
  result->function = Expression(*source.function, scope);
  result->ordinality = source.ordinality;
  std::vector<bound::ColumnInfo> columns;
  for (const ast::ColumnDefinition &definition : source.definitions) {
    Type type = ResolveType(definition.type);
    result->definitions.push_back({definition.name.text, type});
    bound::ColumnInfo column;
    column.name = definition.name.text;
    column.type = type;
    columns.push_back(std::move(column));
  }
  std::string name = source.alias.text;
  if (name.empty()) name = source.function->call->function.name.text;
  std::optional<FunctionShape> shape;
  if (source.definitions.empty()) shape = ShapeOf(*result->function);
  bool is_scalar = shape && shape->kind == FunctionShape::Kind::kScalar;
  if (is_scalar) {
    columns.emplace_back();
    columns[0].name = name;
    columns[0].type = result->function->type;
  } else if (shape) {
    for (const std::string &column : shape->columns) {
      columns.emplace_back();
      columns.back().name = column;
    }
  }
  if (shape && source.ordinality) {
    columns.emplace_back();
    columns.back().name = "ordinality";
    columns.back().type = *CatalogType("int8");
  }
  AddScopeItem(source, name, result.get(), std::move(columns), scope);
  // PostgreSQL would name the only column by the source, which may be called otherwise there.
  if (is_scalar && source.column_aliases.empty()) result->column_aliases.push_back(name);
  scope->items.back().open = source.definitions.empty() && !shape;
  return result;
}

// What a call brings, if all functions that it may mean agree on that.
std::optional<FunctionShape> Resolver::ShapeOf(const bound::Expression &function) const {
  if (function.kind != bound::ExpressionKind::kCall || function.call->schema.empty()) {
    return std::nullopt;
  }
  const Function *known = schema_.FindFunction(function.call->schema, function.call->name);
  if (known == nullptr) return std::nullopt;
  const bound::Expression *first = function.args.empty() ? nullptr : function.args[0].get();
  bool is_list = first != nullptr && first->kind == bound::ExpressionKind::kArray;
  bool is_array = is_list || (first != nullptr && first->type.is_array);
  std::optional<FunctionShape> found;
  for (const FunctionShape &shape : known->shapes) {
    size_t count = function.args.size();
    if (count < shape.least_arguments || count > shape.most_arguments) continue;
    if (is_array && !shape.takes_array) continue;
    if (shape.kind == FunctionShape::Kind::kUnknown) return std::nullopt;
    if (found && (found->kind != shape.kind || found->columns != shape.columns)) {
      return std::nullopt;
    }
    found = shape;
  }
  if (found && found->kind == FunctionShape::Kind::kOfArgument) {
    // Rows of a table's type bring their columns.
    const Type &type = first->type;
    if ((!type.IsKnown() && !is_list) || type.category == 'C') return std::nullopt;
    found->kind = FunctionShape::Kind::kScalar;
  }
  return found;
}

// The values a reference may take: (value, pun) of the entity it points to, or of an enum.
bound::SourcePtr Resolver::DomainSource(const ast::Source &source, Scope *scope) {
  if (source.domain == ast::DomainKind::kType) {
    if (source.type.kind == ast::TypeKind::kReference) {
      return AddDomain(source, EntityDomain(FindEntity(source.type.name), source.span), scope);
    }
    std::vector<std::string> labels = source.type.labels;
    if (source.type.kind == ast::TypeKind::kNamed) {
      const std::vector<std::string> *found = schema_.EnumLabels(ResolveType(source.type));
      if (found == nullptr)
        throw diagnostics_->NotSupported(source.type.span, "a domain of this type");
      labels = *found;
    }
    return AddDomain(source, LabelDomain(labels), scope);
  }
  const Entity *entity = nullptr;
  std::string field;
  Span span = source.span;
  if (source.domain == ast::DomainKind::kFieldOfEntity) {
    entity = &FindEntity(source.entity);
    field = source.field.text;
    span = source.field.span;
    if (entity->FindField(field) == nullptr) EntityFieldMissing(*entity, source.field);
  } else {
    bound::ExpressionPtr expression = FieldExpression(*source.domain_field, scope);
    entity = expression->info.entity;
    if (expression->info.field != nullptr) field = expression->info.field->name;
    span = source.domain_field->span;
    if (entity == nullptr || field.empty()) {
      throw diagnostics_->At(span, sqlstate::kDatatypeMismatch, "the domain needs a plain field");
    }
  }
  const Type &type = entity->FindField(field)->type;
  if (const std::vector<std::string> *labels = schema_.EnumLabels(type)) {
    return AddDomain(source, LabelDomain(*labels), scope);
  }
  const Reference &reference = FieldReference(*entity, field, span);
  return AddDomain(source, EntityDomain(FindTarget(reference, span), span), scope);
}

bound::SourcePtr Resolver::AddDomain(const ast::Source &source, bound::QueryPtr query,
                                     Scope *scope) {
  auto result = std::make_unique<bound::Source>();
  result->kind = bound::SourceKind::kQuery;
  result->query = std::move(query);
  std::string name = source.alias.text.empty() ? "domain" : source.alias.text;
  AddScopeItem(source, std::move(name), result.get(), result->query->columns, scope);
  return result;
}

bound::QueryPtr Resolver::EntityDomain(const Entity &entity, Span span) {
  if (entity.key.size() != 1) {
    throw diagnostics_->NotSupported(span, "a domain of an entity without a key of one field");
  }
  auto query = std::make_unique<bound::Query>();
  query->body = std::make_unique<bound::Body>();
  auto from = std::make_unique<bound::Source>();
  from->table.alias = NewAlias(entity.name);
  from->table.entity = &entity;
  from->entity = {entity.schema, entity.name};
  for (auto [column, name] :
       {std::pair(entity.key[0], "value"), std::pair(entity.MainFieldName(), "pun")}) {
    bound::ColumnInfo info = *EntityColumn(entity, column);
    bound::ExpressionPtr expression = MakeColumn(&from->table, info, span);
    info.name = name;
    AddItem(std::move(expression), std::move(info), query->body.get());
  }
  query->body->select.from = std::move(from);
  query->columns = query->body->columns;
  return query;
}

bound::QueryPtr Resolver::LabelDomain(const std::vector<std::string> &labels) {
  auto query = std::make_unique<bound::Query>();
  query->body = std::make_unique<bound::Body>();
  query->body->kind = bound::BodyKind::kValues;
  for (const std::string &label : labels) {
    std::vector<bound::ExpressionPtr> row;
    for (int i = 0; i < 2; ++i) {
      bound::ExpressionPtr value = Make(bound::ExpressionKind::kString, {-1, -1});
      value->text = label;
      value->type = *CatalogType("text");
      row.push_back(std::move(value));
    }
    query->body->rows.push_back(std::move(row));
  }
  for (const char *name : {"value", "pun"}) {
    bound::ColumnInfo column;
    column.name = name;
    column.type = *CatalogType("text");
    query->columns.push_back(std::move(column));
  }
  // VALUES calls its columns column1 and column2.
  query->column_names = {"value", "pun"};
  return query;
}

// ---- joins --------------------------------------------------------------------------------------

bound::SourcePtr Resolver::Join(const ast::Source &source, Scope *scope) {
  auto result = std::make_unique<bound::Source>();
  result->kind = bound::SourceKind::kJoin;
  result->position = source.span.begin;
  result->join = static_cast<bound::JoinKind>(source.join);
  size_t begin = scope->items.size();
  result->left = Source(*source.left, scope);
  size_t middle = scope->items.size();
  result->right = Source(*source.right, scope);
  if (source.natural || !source.using_fields.empty()) {
    Using(source, begin, middle, scope, result.get());
  }
  if (source.on) {
    // Only the two sides are visible in ON, not what stands before them in FROM.
    size_t outer = std::exchange(scope->begin, begin);
    result->on = Expression(*source.on, scope);
    scope->begin = outer;
  }
  return result;
}

namespace {

// Does the merged column with this index show `item`'s column of its name?
bool Covers(const Scope &scope, int merged, const ScopeItem *item) {
  const MergedColumn &column = scope.merged[static_cast<size_t>(merged)];
  for (const ScopeColumn *side : {&column.left, &column.right}) {
    if (side->merged >= 0 ? Covers(scope, side->merged, item) : side->item == item) return true;
  }
  return false;
}

}  // namespace

bool Resolver::IsMergedAway(const Scope &scope, const ScopeItem &item,
                            const std::string &name) const {
  steps_.Count(scope.merged.size());
  for (size_t i = 0; i < scope.merged.size(); ++i) {
    if (scope.merged[i].name == name && Covers(scope, static_cast<int>(i), &item)) return true;
  }
  return false;
}

// The column `name` among the items [begin, end), merged ones included.
ScopeColumn Resolver::UsingColumn(const std::string &name, Span span, size_t begin, size_t end,
                                  Scope *scope) {
  std::vector<ScopeColumn> found;
  for (size_t i = 0; i < scope->merged.size(); ++i) {
    const MergedColumn &merged = scope->merged[i];
    if (merged.superseded || merged.name != name) continue;
    for (size_t at = begin; at < end; ++at) {
      steps_.Count();
      if (!Covers(*scope, static_cast<int>(i), &scope->items[at])) continue;
      found.push_back({nullptr, static_cast<int>(i), {}});
      break;
    }
  }
  for (size_t at = begin; at < end; ++at) {
    const ScopeItem &item = scope->items[at];
    if (IsMergedAway(*scope, item, name)) continue;
    steps_.Count(item.columns.size());
    for (const bound::ColumnInfo &column : item.columns) {
      if (column.name == name) found.push_back({&item, -1, column});
    }
  }
  if (found.empty()) {
    std::vector<std::string> names;
    for (size_t at = begin; at < end; ++at) {
      for (const bound::ColumnInfo &column : scope->items[at].columns) names.push_back(column.name);
    }
    throw diagnostics_->UnknownField(span, name, "one side of the join", names);
  }
  if (found.size() > 1) throw diagnostics_->AmbiguousField(span, name, {name});
  return found[0];
}

// USING and NATURAL become an ON: the joins of arrows, which stand between the two sides, would
// bring more columns of the same name into PostgreSQL's own USING.
void Resolver::Using(const ast::Source &source, size_t begin, size_t middle, Scope *scope,
                     bound::Source *join) {
  std::vector<ast::Name> names = source.using_fields;
  size_t end = scope->items.size();
  if (source.natural) {
    std::set<std::string> right;
    for (size_t at = middle; at < end; ++at) {
      for (const bound::ColumnInfo &column : scope->items[at].columns) right.insert(column.name);
    }
    std::set<std::string> taken;
    for (size_t at = begin; at < middle; ++at) {
      for (const bound::ColumnInfo &column : scope->items[at].columns) {
        if (right.count(column.name) == 1 && taken.insert(column.name).second) {
          names.push_back({column.name, source.span});
        }
      }
    }
  }
  auto condition = Make(bound::ExpressionKind::kAnd, source.span);
  for (const ast::Name &name : names) {
    MergedColumn merged;
    merged.name = name.text;
    merged.join = join->join;
    merged.left = UsingColumn(name.text, name.span, begin, middle, scope);
    merged.right = UsingColumn(name.text, name.span, middle, end, scope);
    bound::ExpressionPtr equal = Make(bound::ExpressionKind::kOperator, name.span);
    equal->text = "=";
    for (const ScopeColumn *side : {&merged.left, &merged.right}) {
      Base base = ScopeColumnBase(*side, *scope, name.span);
      equal->args.push_back(base.value ? std::move(base.value)
                                       : MakeColumn(base.table, base.info, name.span));
      if (side->merged >= 0) scope->merged[static_cast<size_t>(side->merged)].superseded = true;
    }
    CheckOperands(*equal, name.span);
    condition->args.push_back(std::move(equal));
    scope->merged.push_back(std::move(merged));
  }
  if (condition->args.size() == 1) {
    join->on = std::move(condition->args[0]);
  } else if (!condition->args.empty()) {
    join->on = std::move(condition);
  } else {
    // NATURAL without a common name.
    join->on = Make(bound::ExpressionKind::kBoolean, source.span);
    join->on->text = "true";
  }
}

}  // namespace fundb::funql
