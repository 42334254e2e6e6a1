// The formatter's inside, shared by the format*.cpp files only.
#pragma once

#include <string>
#include <vector>

#include "funql/ast.h"

namespace fundb::funql {

// Names as FunQL writes them: quoted only where they must be.
std::string Named(const std::string &name);
std::string Named(const ast::Name &name);
std::string Named(const ast::QualifiedName &name);
std::string Names(const std::vector<ast::Name> &names);
std::string StringText(const std::string &text);
std::string TypeText(const ast::TypeName &type);

class Formatter {
 public:
  std::string Statement(const ast::Statement &statement);

 private:
  // format_expression.cpp
  std::string Expression(const ast::Expression &node);
  std::string Operand(const ast::Expression &node);
  std::string SubscriptBase(const ast::Expression &node);
  std::string List(const std::vector<ast::ExpressionPtr> &list, size_t first = 0);
  std::string Field(const ast::FieldRef &field);
  std::string Predicate(const ast::Expression &node);
  std::string Case(const ast::Expression &node);
  std::string Call(const ast::Expression &node);
  std::string Window(const ast::Window &window);
  std::string OrderList(const std::vector<ast::OrderItem> &items);

  // format_query.cpp
  std::string With(const ast::With &with);
  std::string Query(const ast::Query &query);
  std::string Body(const ast::Body &body);
  std::string Select(const ast::Select &select);
  std::string Item(const ast::Item &item);
  std::string Attribute(const ast::Attribute &attribute);
  std::string Attributes(const std::vector<ast::Attribute> &attributes);
  std::string Source(const ast::Source &source, bool right);

  // format.cpp
  std::string Command(const ast::Statement &statement);
  std::string Assignments(const std::vector<ast::Assignment> &assignments);
};

}  // namespace fundb::funql
