// Comparisons whose operators cannot be found by name: PostgreSQL must not take other ones instead.
#include "funql/resolver_state.h"

namespace fundb::funql {

namespace {

// Operators that text has as well; anything else PostgreSQL refuses by itself.
bool Compares(const std::string &name) {
  return name.find_first_not_of("=<>!~*^@") == std::string::npos;
}

// Arrays are compared by what sorts their elements, unless with ANY and ALL.
const Type *LackingType(const bound::Expression &operand, bool quantified) {
  const Type &type = operand.type;
  if (type.lacks_operators && (!type.is_array || quantified)) return &type;
  bool is_list = quantified && operand.kind == bound::ExpressionKind::kArray;
  if (!is_list && operand.kind != bound::ExpressionKind::kRow) return nullptr;
  for (const bound::ExpressionPtr &part : operand.args) {
    if (part != nullptr && part->type.lacks_operators && !part->type.is_array) return &part->type;
  }
  return nullptr;
}

}  // namespace

// `node` has its arguments, and its subquery if it has one.
void Resolver::CheckOperands(const bound::Expression &node, Span span) const {
  using Kind = bound::ExpressionKind;
  size_t step = 1;
  size_t end = node.args.size();
  switch (node.kind) {
    case Kind::kOperator:
    case Kind::kQuantified:
      if (!Compares(node.text)) return;
      break;
    case Kind::kDistinctFrom:
    case Kind::kBetween:
    case Kind::kLike:
    case Kind::kIn:
      break;
    case Kind::kCall:
      if (!node.call->schema.empty() || node.call->name != "NULLIF") return;
      break;
    case Kind::kCase:
      // CASE value WHEN value THEN … WHEN value THEN … ELSE …
      if (!node.has_operand) return;
      step = 2;
      if (node.has_else) --end;
      break;
    default:
      return;
  }
  const Type *found = nullptr;
  for (size_t i = 0; i < end && found == nullptr; i = i == 0 ? 1 : i + step) {
    if (node.args[i] != nullptr) found = LackingType(*node.args[i], node.kind == Kind::kQuantified);
  }
  if (found == nullptr && node.query != nullptr) {
    for (const bound::ColumnInfo &column : node.query->columns) {
      if (column.type.lacks_operators && !column.type.is_array) found = &column.type;
    }
  }
  if (found != nullptr) throw diagnostics_->LackingOperators(span, found->schema, found->name);
}

}  // namespace fundb::funql
