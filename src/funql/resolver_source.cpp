// FROM: what each source is and which names it makes visible; joins are in resolver_join.cpp.
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
  for (bound::ColumnInfo &column : columns) {
    column.type = ResolvedType(column);
    column.untyped = false;
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
  const ScopeItem &added = scope->items.back();
  for (size_t i = 0; i < added.columns.size(); ++i) scope->star.push_back({&added, i});
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
    common_uses_[common_table_].push_back(table->number);
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
  bool is_open = source.definitions.empty() && !shape;
  scope->items.back().open = is_open;
  if (is_open && !source.column_aliases.empty()) {
    result_.named_functions.push_back({result->table.alias, source.column_aliases.size()});
  }
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
      const Entity &target = FindEntity(source.type.name);
      if (target.key.size() != 1) {
        throw diagnostics_->NotSupported(source.span,
                                         "a domain of an entity without a key of one field");
      }
      return AddDomain(source, EntityDomain(target, target.key[0], source.span), scope);
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
  if (reference.fields.size() != 1) {
    throw diagnostics_->NotSupported(span, "a domain of a reference of several fields");
  }
  const Entity &target = FindTarget(reference, span);
  return AddDomain(source, EntityDomain(target, reference.target_fields[0], span), scope);
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

// `field`: what a reference stores of a row.
bound::QueryPtr Resolver::EntityDomain(const Entity &entity, const std::string &field, Span span) {
  auto query = std::make_unique<bound::Query>();
  query->body = std::make_unique<bound::Body>();
  auto from = std::make_unique<bound::Source>();
  from->table.alias = NewAlias(entity.name);
  from->table.entity = &entity;
  from->entity = {entity.schema, entity.name};
  // A foreign key means rows of the very table.
  from->only = entity.kind == EntityKind::kTable && !entity.children.empty();
  std::string main_field = entity.MainFieldName();
  if (main_field.empty()) main_field = field;
  for (auto [column, name] : {std::pair(field, "value"), std::pair(main_field, "pun")}) {
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

}  // namespace fundb::funql
