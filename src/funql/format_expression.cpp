// Expressions as FunQL.
#include "base/text.h"
#include "funql/format_state.h"

namespace fundb::funql {

using Kind = ast::ExpressionKind;

std::string Formatter::Operand(const ast::Expression &node) {
  switch (node.kind) {
    case Kind::kNull:
    case Kind::kBoolean:
    case Kind::kInteger:
    case Kind::kDecimal:
    case Kind::kString:
    case Kind::kField:
    case Kind::kQuery:
    case Kind::kExists:
    case Kind::kArrayQuery:
    case Kind::kRow:
    case Kind::kArray:
    case Kind::kJsonObject:
    case Kind::kJsonArray:
    case Kind::kDefault:
    case Kind::kCase:
      if (node.text.empty() || node.text[0] != '-' || node.kind == Kind::kString) {
        return Expression(node);
      }
      break;
    case Kind::kCall:
      if (!node.call->over) return Expression(node);
      break;
    default:
      break;
  }
  return "(" + Expression(node) + ")";
}

// a[1][2]: the target of an assignment takes no parentheses, and (a[1:2])[2:3] means something else
// than a[1:2][2:3].
std::string Formatter::SubscriptBase(const ast::Expression &node) {
  bool chain = node.kind == Kind::kSubscript || node.kind == Kind::kSlice;
  return chain && !node.parenthesized ? Expression(node) : Operand(node);
}

std::string Formatter::List(const std::vector<ast::ExpressionPtr> &list, size_t first) {
  std::string text;
  for (size_t i = first; i < list.size(); ++i) {
    if (i > first) text += ", ";
    text += Expression(*list[i]);
  }
  return text;
}

std::string Formatter::Field(const ast::FieldRef &field) {
  std::string text = field.root == ast::RootKind::kArgument ? "$"
                     : field.root == ast::RootKind::kGlobal ? "$$"
                                                            : "";
  for (size_t i = 0; i < field.names.size(); ++i) {
    if (i > 0) text += ".";
    text += Named(field.names[i]);
  }
  if (field.star) text += ".*";
  for (const ast::Arrow &arrow : field.arrows) {
    text += (arrow.privileged ? "!=>" : "=>") + Named(arrow.field);
  }
  return field.privileged ? text + "!" : text;
}

std::string Formatter::Expression(const ast::Expression &node) {
  switch (node.kind) {
    case Kind::kNull:
      return "NULL";
    case Kind::kBoolean:
      return Upper(node.text);
    case Kind::kInteger:
    case Kind::kDecimal:
      return node.text;
    case Kind::kString:
      return StringText(node.text);
    case Kind::kField:
      return Field(*node.field);
    case Kind::kOperator:
      if (node.args.size() == 1) return node.text + " " + Operand(*node.args[0]);
      return Operand(*node.args[0]) + " " + node.text + " " + Operand(*node.args[1]);
    case Kind::kAnd:
    case Kind::kOr: {
      std::string text;
      for (const ast::ExpressionPtr &arg : node.args) {
        if (!text.empty()) text += node.kind == Kind::kAnd ? " AND " : " OR ";
        text += Operand(*arg);
      }
      return text;
    }
    case Kind::kNot:
      return "NOT " + Operand(*node.args[0]);
    case Kind::kQuantified:
      return Operand(*node.args[0]) + " " + node.text + " " + Upper(node.word) + " (" +
             (node.query ? Query(*node.query) : Expression(*node.args[1])) + ")";
    case Kind::kIs:
    case Kind::kDistinctFrom:
    case Kind::kBetween:
    case Kind::kLike:
    case Kind::kIn:
    case Kind::kTypeTest:
      return Predicate(node);
    case Kind::kCast:
      return Operand(*node.args[0]) + "::" + TypeText(node.type);
    case Kind::kCase:
    case Kind::kMapping:
      return Case(node);
    case Kind::kFieldAttribute:
      return Expression(*node.args[0]) + ".@" + Named(node.text);
    case Kind::kEntityAttribute:
      return Named(node.entity) + ".@@" + Named(node.text);
    case Kind::kCall:
      return Call(node);
    case Kind::kQuery:
      return "(" + Query(*node.query) + ")";
    case Kind::kExists:
      return "EXISTS (" + Query(*node.query) + ")";
    case Kind::kArrayQuery:
      return "ARRAY(" + Query(*node.query) + ")";
    case Kind::kJsonObject: {
      std::string text = "{";
      for (size_t i = 0; i < node.args.size(); ++i) {
        text += (i > 0 ? ", " : " ") + StringText(node.keys[i]) + ": " + Expression(*node.args[i]);
      }
      return text + " }";
    }
    case Kind::kJsonArray:
      return "[" + List(node.args) + "]";
    case Kind::kRow:
      return "ROW(" + List(node.args) + ")";
    case Kind::kArray:
      return "ARRAY[" + List(node.args) + "]";
    case Kind::kSubscript:
      return SubscriptBase(*node.args[0]) + "[" + Expression(*node.args[1]) + "]";
    case Kind::kSlice:
      return SubscriptBase(*node.args[0]) + "[" + (node.args[1] ? Operand(*node.args[1]) : "") +
             " : " + (node.args[2] ? Operand(*node.args[2]) : "") + "]";
    case Kind::kMember:
      // Always in parentheses: a field is kept apart from source.field by them.
      return "(" + Expression(*node.args[0]) + ")." + Named(node.text);
    case Kind::kCollate:
      return Operand(*node.args[0]) + " COLLATE " + Named(node.entity);
    case Kind::kUserView:
      return "&" + Named(node.entity);
    case Kind::kDefault:
      return "DEFAULT";
    case Kind::kGrouping:
      return (node.word.empty() ? "" : Upper(node.word) + " ") + "(" + List(node.args) + ")";
  }
  return "";
}

std::string Formatter::Predicate(const ast::Expression &node) {
  std::string text = Operand(*node.args[0]) + " ";
  std::string negated = node.negated ? "NOT " : "";
  switch (node.kind) {
    case Kind::kIs:
      return text + "IS " + negated + Upper(node.word);
    case Kind::kDistinctFrom:
      return text + "IS " + negated + "DISTINCT FROM " + Operand(*node.args[1]);
    case Kind::kBetween:
      return text + negated + "BETWEEN " + (node.symmetric ? "SYMMETRIC " : "") +
             Operand(*node.args[1]) + " AND " + Operand(*node.args[2]);
    case Kind::kLike:
      text += negated + Upper(node.word) + " " + Operand(*node.args[1]);
      return node.args.size() > 2 ? text + " ESCAPE " + Operand(*node.args[2]) : text;
    case Kind::kIn:
      return text + negated + "IN (" + (node.query ? Query(*node.query) : List(node.args, 1)) + ")";
    default:
      return text + Upper(node.word) + " " + Named(node.entity);
  }
}

std::string Formatter::Case(const ast::Expression &node) {
  std::string text = node.kind == Kind::kMapping ? "MAPPING" : "CASE";
  size_t at = 0;
  if (node.has_operand) text += " " + Operand(*node.args[at++]);
  size_t end = node.args.size() - (node.has_else ? 1 : 0);
  for (; at + 2 <= end; at += 2) {
    text += " WHEN " + Expression(*node.args[at]) + " THEN " + Expression(*node.args[at + 1]);
  }
  if (node.has_else) text += " ELSE " + Expression(*node.args.back());
  return text + " END";
}

std::string Formatter::Call(const ast::Expression &node) {
  const ast::Call &call = *node.call;
  const std::string &name = call.function.name.text;
  bool word = call.function.schema.text.empty() && (name == "left" || name == "right");
  std::string text = word ? name + "(" : Named(call.function) + "(";
  if (call.star) text += "*";
  if (call.distinct) text += "DISTINCT ";
  if (call.all) text += "ALL ";
  for (size_t i = 0; i < node.args.size(); ++i) {
    if (i > 0) text += ", ";
    if (call.variadic && i + 1 == node.args.size()) text += "VARIADIC ";
    if (i < call.argument_names.size() && !call.argument_names[i].empty()) {
      text += Named(call.argument_names[i]) + " := ";
    }
    text += Expression(*node.args[i]);
  }
  if (!call.order.empty()) text += " ORDER BY " + OrderList(call.order);
  text += ")";
  if (!call.within_group.empty())
    text += " WITHIN GROUP (ORDER BY " + OrderList(call.within_group) + ")";
  if (call.filter) text += " FILTER (WHERE " + Expression(*call.filter) + ")";
  if (call.over) {
    text += " OVER ";
    text += call.over->name.text.empty() ? Window(*call.over) : Named(call.over->name);
  }
  return text;
}

std::string Formatter::Window(const ast::Window &window) {
  std::string text;
  auto add = [&text](const std::string &part) { text += (text.empty() ? "" : " ") + part; };
  if (!window.base.text.empty()) add(Named(window.base));
  if (!window.partition.empty()) add("PARTITION BY " + List(window.partition));
  if (!window.order.empty()) add("ORDER BY " + OrderList(window.order));
  if (!window.frame_mode.empty()) {
    auto bound = [this](const std::string &word, const ast::ExpressionPtr &offset) {
      return (offset ? Operand(*offset) + " " : "") + Upper(word);
    };
    std::string start = bound(window.start, window.start_offset);
    add(Upper(window.frame_mode));
    add(window.end.empty() ? start
                           : "BETWEEN " + start + " AND " + bound(window.end, window.end_offset));
    if (!window.exclusion.empty()) add("EXCLUDE " + Upper(window.exclusion));
  }
  return "(" + text + ")";
}

std::string Formatter::OrderList(const std::vector<ast::OrderItem> &items) {
  std::string text;
  for (const ast::OrderItem &item : items) {
    if (!text.empty()) text += ", ";
    text += Expression(*item.expression);
    if (item.direction == ast::Direction::kAscending) text += " ASC";
    if (item.direction == ast::Direction::kDescending) text += " DESC";
    if (item.nulls == ast::NullsOrder::kFirst) text += " NULLS FIRST";
    if (item.nulls == ast::NullsOrder::kLast) text += " NULLS LAST";
  }
  return text;
}

}  // namespace fundb::funql
