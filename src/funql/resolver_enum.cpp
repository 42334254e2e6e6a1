// Arguments declared as enum('a', 'b') meet columns of an enum type: the argument is text, as it
// was in the original, and PostgreSQL compares no text with an enum.
#include <algorithm>

#include "funql/resolver_state.h"
#include "funql/types.h"

namespace fundb::funql {

// Is it such an argument, not yet cast to anything?
bool Resolver::IsEnumArgument(const bound::Expression &node) const {
  if (node.kind != bound::ExpressionKind::kParameter || node.type.category != 'S') return false;
  const Parameter &parameter = result_.parameters[static_cast<size_t>(node.index)];
  return parameter.kind == ParameterKind::kArgument &&
         !result_.arguments[static_cast<size_t>(parameter.index)].enum_values.empty();
}

// Casts the argument to the enum type that it meets; leaves everything else alone.
void Resolver::MeetEnum(bound::ExpressionPtr *value, const Type &type) const {
  if (*value == nullptr || type.category != 'E' || type.is_array || !IsEnumArgument(**value))
    return;
  auto cast = std::make_unique<bound::Expression>();
  cast->kind = bound::ExpressionKind::kCast;
  cast->position = (*value)->position;
  cast->type = (*value)->type.is_array ? ArrayOf(type) : type;
  cast->args.push_back(std::move(*value));
  *value = std::move(cast);
}

// The operands of a comparison.
void Resolver::MeetEnums(bound::Expression *node) const {
  using Kind = bound::ExpressionKind;
  switch (node->kind) {
    case Kind::kOperator:
    case Kind::kQuantified:
    case Kind::kDistinctFrom:
    case Kind::kBetween:
    case Kind::kIn:
      break;
    case Kind::kCase:
      // CASE field WHEN $a THEN … WHEN $b THEN …
      for (size_t i = 1; node->has_operand && i + 1 < node->args.size(); i += 2) {
        MeetEnum(&node->args[i], node->args[0]->type);
      }
      return;
    default:
      return;
  }
  auto is_enum = [](const bound::ExpressionPtr &arg) {
    return arg != nullptr && arg->type.category == 'E' && !arg->type.is_array;
  };
  auto found = std::find_if(node->args.begin(), node->args.end(), is_enum);
  if (found == node->args.end()) return;
  const Type type = (*found)->type;
  for (bound::ExpressionPtr &arg : node->args) MeetEnum(&arg, type);
}

}  // namespace fundb::funql
