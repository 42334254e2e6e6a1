// The compiler's inside, shared by the compiler*.cpp files only.
#pragma once

#include <string>
#include <vector>

#include "funql/bound.h"
#include "funql/sql.h"
#include "funql/steps.h"

namespace fundb::funql {

class Compiler {
 public:
  Compiler(const std::vector<Parameter> &parameters, const std::vector<bool> &uncopied,
           Steps *steps)
      : parameters_(parameters), uncopied_(uncopied), steps_(*steps) {}

  // compiler.cpp
  sql::Node Query(const bound::Query &query);
  sql::Node Insert(const bound::Command &command);
  sql::Node Update(const bound::Command &command);
  sql::Node Delete(const bound::Command &command);

 private:
  using Words = std::vector<sql::Node>;

  // compiler.cpp
  void With(const bound::With &with, Words *out);
  sql::Node Body(const bound::Body &body);
  sql::Node Select(const bound::Select &select);
  sql::Node Values(const bound::Body &body);
  sql::Node Target(const bound::Command &command);
  sql::Node Assignments(const std::vector<bound::Assignment> &assignments);
  sql::Node OrderList(const std::vector<bound::OrderItem> &items);
  sql::Node GroupingElement(const bound::Expression &element);

  // compiler_source.cpp
  enum class Side { kLeft, kRight };
  sql::Node Source(const bound::Source &source, Side side);
  sql::Node Leaf(const bound::Source &source);
  // Entity with its alias; with ONLY where rows of inheritance children would be too many.
  sql::Node NamedEntity(const EntityName &name, bool only, const std::string &alias);
  // The number-th column of a key is equal to a value.
  static void KeyEquals(const std::vector<OperatorName> &operators, size_t number, sql::Node column,
                        sql::Node value, Words *out);
  // The LEFT JOINs of all arrows that start from a table, and from where they lead.
  void ArrowJoins(const bound::Table &table, Words *out);
  sql::Node ArrowQuery(const bound::Expression &node);

  // compiler_expression.cpp
  sql::Node Expression(const bound::Expression &node);
  // In parentheses unless it cannot come apart.
  sql::Node Operand(const bound::Expression &node);
  sql::Node Unplaced(const bound::Expression &node);
  sql::Node Operation(const bound::Expression &node);
  sql::Node Predicate(const bound::Expression &node);
  sql::Node TypeTest(const bound::Expression &node);
  sql::Node Case(const bound::Expression &node);
  sql::Node Call(const bound::Expression &node);
  sql::Node Json(const bound::Expression &node);
  sql::Node Subscript(const bound::Expression &node);
  sql::Node SubEntity(const bound::Expression &node);
  sql::Node Window(const bound::Window &window);
  sql::Node FrameBound(const std::string &bound, const bound::ExpressionPtr &offset);
  sql::Node ExpressionList(const std::vector<bound::ExpressionPtr> &list, size_t first);
  // One value among those of IN, or the array of ANY: never a subquery of many rows.
  sql::Node Value(const bound::Expression &node);
  sql::Node NameList(const std::vector<std::string> &names);

  const std::vector<Parameter> &parameters_;
  const std::vector<bool> &uncopied_;
  Steps &steps_;
};

}  // namespace fundb::funql
