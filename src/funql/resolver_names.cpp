// What result columns are called.
#include "funql/resolver_state.h"

namespace fundb::funql {

namespace {

// Does it get a name only where nothing within it has one?
bool IsWeaklyNamed(const ast::Expression &expression) {
  switch (expression.kind) {
    case ast::ExpressionKind::kCast:
      return IsWeaklyNamed(*expression.args[0]);
    case ast::ExpressionKind::kCase:
      return !expression.has_else || IsWeaklyNamed(*expression.args.back());
    case ast::ExpressionKind::kSubscript:
    case ast::ExpressionKind::kSlice:
    case ast::ExpressionKind::kCollate:
      return IsWeaklyNamed(*expression.args[0]);
    case ast::ExpressionKind::kField:
    case ast::ExpressionKind::kCall:
    case ast::ExpressionKind::kMember:
    case ast::ExpressionKind::kExists:
    case ast::ExpressionKind::kArray:
    case ast::ExpressionKind::kArrayQuery:
    case ast::ExpressionKind::kRow:
    case ast::ExpressionKind::kJsonObject:
    case ast::ExpressionKind::kJsonArray:
    case ast::ExpressionKind::kQuery:
      return false;
    default:
      return true;
  }
}

}  // namespace

// What PostgreSQL would call it.
std::string Resolver::ItemName(const ast::Expression &expression) const {
  switch (expression.kind) {
    case ast::ExpressionKind::kField:
      return expression.field->arrows.empty() ? expression.field->names.back().text
                                              : expression.field->arrows.back().field.text;
    case ast::ExpressionKind::kCall:
      return expression.call->function.name.text;
    case ast::ExpressionKind::kCast: {
      std::string inner = ItemName(*expression.args[0]);
      bool weak = inner == "?column?" || IsWeaklyNamed(*expression.args[0]);
      return weak ? expression.type.name.name.text : inner;
    }
    case ast::ExpressionKind::kMember:
      return expression.text;
    case ast::ExpressionKind::kSubscript:
    case ast::ExpressionKind::kSlice:
    case ast::ExpressionKind::kCollate:
      return ItemName(*expression.args[0]);
    case ast::ExpressionKind::kCase: {
      if (!expression.has_else || IsWeaklyNamed(*expression.args.back())) return "case";
      std::string inner = ItemName(*expression.args.back());
      return inner == "?column?" ? "case" : inner;
    }
    case ast::ExpressionKind::kExists:
      return "exists";
    case ast::ExpressionKind::kArray:
    case ast::ExpressionKind::kArrayQuery:
      return "array";
    case ast::ExpressionKind::kRow:
      return "row";
    case ast::ExpressionKind::kBoolean:
      return "bool";
    case ast::ExpressionKind::kJsonObject:
    case ast::ExpressionKind::kJsonArray:
      return "json";
    case ast::ExpressionKind::kQuery: {
      const ast::Body &body = *expression.query->body;
      if (body.kind == ast::BodyKind::kSelect && !body.select.items.empty()) {
        const ast::Item &item = body.select.items[0];
        if (!item.alias.text.empty()) return item.alias.text;
        if (item.expression) return ItemName(*item.expression);
      }
      return "?column?";
    }
    default:
      return "?column?";
  }
}

void Resolver::CheckNames(const ast::Select &select, const std::vector<int> &item_of_column,
                          const std::vector<bool> &given, bound::Body *body) {
  std::set<std::string> names;
  for (size_t i = 0; i < body->columns.size(); ++i) {
    if (!given[i]) continue;
    if (!names.insert(body->columns[i].name).second) {
      const ast::Item &item = select.items[static_cast<size_t>(item_of_column[i])];
      throw diagnostics_->DuplicateResult(item.alias.text.empty() ? item.span : item.alias.span,
                                          body->columns[i].name);
    }
  }
  // Names that nobody wrote give way: count, count_2, …
  std::map<std::string, int> numbers;
  for (size_t i = 0; i < body->columns.size(); ++i) {
    if (given[i]) continue;
    std::string name = body->columns[i].name;
    while (!names.insert(name).second) {
      int &number = numbers.emplace(body->columns[i].name, 1).first->second;
      name = body->columns[i].name + "_" + std::to_string(++number);
    }
    body->columns[i].name = name;
    body->select.items[i].name = name;
  }
}

}  // namespace fundb::funql
