// What a name that is not there was probably meant to be.
#include "funql/resolver_state.h"

namespace fundb::funql {

namespace {

std::string Shown(const Entity &entity) {
  return "entity \"" + entity.schema + "." + entity.name + "\"";
}

std::vector<std::string> FieldNames(const Entity &entity) {
  std::vector<std::string> names;
  for (const Field &field : entity.fields) names.push_back(field.name);
  return names;
}

bool IsPlainName(const ast::Expression &expression) {
  return expression.kind == ast::ExpressionKind::kField &&
         expression.field->root == ast::RootKind::kNames && expression.field->names.size() == 1 &&
         expression.field->arrows.empty();
}

// Operators and tests whose right side is a value more often than a field.
bool Compares(const ast::Expression &expression) {
  if (expression.kind == ast::ExpressionKind::kOperator) {
    const std::string &op = expression.text;
    return op == "=" || op == "<>" || op == "<" || op == ">" || op == "<=" || op == ">=";
  }
  return expression.kind == ast::ExpressionKind::kIn ||
         expression.kind == ast::ExpressionKind::kLike ||
         expression.kind == ast::ExpressionKind::kBetween;
}

}  // namespace

void Resolver::EntityFieldMissing(const Entity &entity, const ast::Name &name) const {
  throw diagnostics_->UnknownField(name.span, name.text, Shown(entity), FieldNames(entity));
}

void Resolver::UnknownUnqualified(const ast::Name &name, Scope *scope) {
  std::vector<std::string> names;
  const ScopeItem *only = nullptr;
  size_t sources = 0;
  for (Scope *at = scope; at != nullptr; at = at->parent) {
    for (size_t i = at->begin; i < at->items.size(); ++i) {
      only = &at->items[i];
      ++sources;
      for (const bound::ColumnInfo &column : at->items[i].columns) names.push_back(column.name);
    }
  }
  std::string owner;
  if (sources == 1) {
    owner = only->table->entity != nullptr ? Shown(*only->table->entity)
                                           : "source \"" + only->name + "\"";
    if (in_chunk_) owner = "the result";
  }
  Error error = diagnostics_->UnknownField(name.span, name.text, owner, names);
  if (error.report().hint.empty() && schema_.FindFunction(std::nullopt, name.text) != nullptr) {
    error.report().hint = "It is a function: " + name.text + "().";
  }
  throw std::move(error);
}

void Resolver::UnknownQualified(const ast::FieldRef &field, Scope *scope) {
  bool with_schema = field.names.size() == 3;
  const ast::Name &source = field.names[with_schema ? 1 : 0];
  std::vector<std::string> names;
  const ScopeItem *aliased = nullptr;
  for (Scope *at = scope; at != nullptr; at = at->parent) {
    for (size_t i = at->begin; i < at->items.size(); ++i) {
      const ScopeItem &item = at->items[i];
      names.push_back(item.name);
      const Entity *entity = item.table->entity;
      if (entity != nullptr && entity->name == source.text) aliased = &item;
    }
  }
  Span span = {field.names[0].span.begin, source.span.end};
  std::string shown = with_schema ? field.names[0].text + "." + source.text : source.text;
  if (aliased != nullptr) throw diagnostics_->HiddenByAlias(span, shown, aliased->name);
  for (Scope *at = scope; at != nullptr; at = at->parent) {
    for (size_t i = 0; i < at->begin; ++i) {
      if (at->items[i].name == source.text) throw diagnostics_->OutsideOfJoin(span, shown);
    }
  }
  if (!with_schema && !field.star) {
    using Of = Diagnostics::FieldOf;
    for (const ScopeColumn &column : FindUnqualified(source, scope)) {
      const std::string &type = column.info.type.name;
      Of what = column.info.reference != nullptr    ? Of::kReference
                : type == "jsonb" || type == "json" ? Of::kJson
                                                    : Of::kOther;
      throw diagnostics_->FieldWithPoint(span, source.text, what, field.names.back().text);
    }
  }
  throw diagnostics_->UnknownSource(span, shown, names);
}

// An operand that is no field: perhaps a string without quotes, or the key of a JSON value.
void Resolver::ImproveOperand(const ast::Expression &expression, size_t index,
                              const bound::Expression *left, Report *report) const {
  const ast::Expression &operand = *expression.args[index];
  if (report->sqlstate != sqlstate::kUndefinedColumn || index == 0 || !IsPlainName(operand)) return;
  const std::string &name = operand.field->names[0].text;
  bool arrow = expression.kind == ast::ExpressionKind::kOperator &&
               (expression.text == "->" || expression.text == "->>");
  if (arrow) {
    bool reference = left != nullptr && left->kind == bound::ExpressionKind::kColumn &&
                     left->info.reference != nullptr;
    report->hint = reference ? "References are followed with =>: " + left->text + "=>" + name + "."
                             : "A key inside of JSON is a string: '" + name + "'.";
  } else if (report->hint.empty() && Compares(expression)) {
    report->hint = "A string stands in single quotes: '" + name + "'.";
  }
}

}  // namespace fundb::funql
