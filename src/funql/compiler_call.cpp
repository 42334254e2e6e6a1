// Calls and windows as SQL.
#include "base/text.h"
#include "funql/compiler_state.h"

namespace fundb::funql {

using sql::Keyword;
using sql::List;
using sql::Name;
using sql::Operator;
using sql::Parentheses;
using sql::Qualified;
using sql::Sequence;
using sql::Tight;

sql::Node Compiler::Call(const bound::Expression &node) {
  const bound::Call &call = *node.call;
  sql::Node arguments = List();
  for (size_t i = 0; i < node.args.size(); ++i) {
    sql::Node argument = Sequence();
    if (call.variadic && i + 1 == node.args.size())
      argument.children.push_back(Keyword("VARIADIC"));
    if (i < call.argument_names.size() && !call.argument_names[i].empty()) {
      argument.children.push_back(Name(call.argument_names[i]));
      argument.children.push_back(Operator(":="));
    }
    argument.children.push_back(Expression(*node.args[i]));
    arguments.children.push_back(std::move(argument));
  }
  sql::Node inside = Sequence();
  if (call.distinct) inside.children.push_back(Keyword("DISTINCT"));
  if (call.star) {
    inside.children.push_back(Operator("*"));
  } else {
    inside.children.push_back(std::move(arguments));
  }
  if (!call.order.empty()) {
    inside.children.push_back(Keyword("ORDER BY"));
    inside.children.push_back(OrderList(call.order));
  }
  sql::Node name = call.schema.empty() ? Keyword(call.name) : Qualified(call.schema, call.name);
  sql::Node result = Sequence(Tight(std::move(name), Parentheses(std::move(inside))));
  if (!call.within_group.empty()) {
    result.children.push_back(Keyword("WITHIN GROUP"));
    result.children.push_back(
        Parentheses(Sequence(Keyword("ORDER BY"), OrderList(call.within_group))));
  }
  if (call.filter) {
    result.children.push_back(Keyword("FILTER"));
    result.children.push_back(Parentheses(Sequence(Keyword("WHERE"), Expression(*call.filter))));
  }
  if (call.over) {
    result.children.push_back(Keyword("OVER"));
    result.children.push_back(call.over->name.empty() ? Window(*call.over) : Name(call.over->name));
  }
  return result;
}

sql::Node Compiler::FrameBound(const std::string &bound, const bound::ExpressionPtr &offset) {
  if (!offset) return Keyword(Upper(bound));
  return Sequence(Operand(*offset), Keyword(Upper(bound)));
}

sql::Node Compiler::Window(const bound::Window &window) {
  sql::Node inside = Sequence();
  Words &out = inside.children;
  if (!window.base.empty()) out.push_back(Name(window.base));
  if (!window.partition.empty()) {
    out.push_back(Keyword("PARTITION BY"));
    out.push_back(ExpressionList(window.partition, 0));
  }
  if (!window.order.empty()) {
    out.push_back(Keyword("ORDER BY"));
    out.push_back(OrderList(window.order));
  }
  if (!window.frame_mode.empty()) {
    out.push_back(Keyword(Upper(window.frame_mode)));
    if (!window.end.empty()) out.push_back(Keyword("BETWEEN"));
    out.push_back(FrameBound(window.start, window.start_offset));
    if (!window.end.empty()) {
      out.push_back(Keyword("AND"));
      out.push_back(FrameBound(window.end, window.end_offset));
    }
    if (!window.exclusion.empty()) {
      out.push_back(Keyword("EXCLUDE"));
      out.push_back(Keyword(Upper(window.exclusion)));
    }
  }
  return Parentheses(std::move(inside));
}

}  // namespace fundb::funql
