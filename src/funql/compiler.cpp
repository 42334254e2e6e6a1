#include "funql/compiler.h"

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

namespace {

sql::Node FromWords(std::vector<sql::Node> words) {
  sql::Node node;
  node.children = std::move(words);
  return node;
}

}  // namespace

sql::Node Compile(const bound::Statement &statement, Steps *steps) {
  Compiler compiler(statement.result.parameters, statement.uncopied, steps);
  switch (statement.kind) {
    case CommandKind::kSelect:
      return compiler.Query(*statement.query);
    case CommandKind::kInsert:
      return compiler.Insert(statement.command);
    case CommandKind::kUpdate:
      return compiler.Update(statement.command);
    case CommandKind::kDelete:
      return compiler.Delete(statement.command);
  }
  return {};
}

sql::Node Compiler::NameList(const std::vector<std::string> &names) {
  sql::Node list = List();
  for (const std::string &name : names) list.children.push_back(Name(name));
  return Parentheses(std::move(list));
}

sql::Node Compiler::ExpressionList(const std::vector<bound::ExpressionPtr> &list, size_t first) {
  sql::Node result = List();
  for (size_t i = first; i < list.size(); ++i) result.children.push_back(Expression(*list[i]));
  return result;
}

// ---- queries ------------------------------------------------------------------------------------

void Compiler::With(const bound::With &with, Words *out) {
  if (with.tables.empty()) return;
  out->push_back(Keyword(with.recursive ? "WITH RECURSIVE" : "WITH"));
  sql::Node list = List();
  for (const bound::CommonTable &table : with.tables) {
    sql::Node one = Sequence(Name(table.name));
    if (!table.columns.empty()) one.children.push_back(NameList(table.columns));
    // The original computes a common table where it is used unless told otherwise.
    bool once = table.materialized == bound::Materialized::kYes || uncopied_[table.number];
    one.children.push_back(Keyword(once ? "AS MATERIALIZED" : "AS NOT MATERIALIZED"));
    one.children.push_back(Parentheses(Query(*table.query)));
    list.children.push_back(std::move(one));
  }
  out->push_back(std::move(list));
}

sql::Node Compiler::OrderList(const std::vector<bound::OrderItem> &items) {
  sql::Node list = List();
  for (const bound::OrderItem &item : items) {
    sql::Node one = Sequence(Expression(*item.expression));
    if (item.direction == bound::Direction::kAscending) one.children.push_back(Keyword("ASC"));
    if (item.direction == bound::Direction::kDescending) one.children.push_back(Keyword("DESC"));
    if (item.nulls == bound::NullsOrder::kFirst) one.children.push_back(Keyword("NULLS FIRST"));
    if (item.nulls == bound::NullsOrder::kLast) one.children.push_back(Keyword("NULLS LAST"));
    list.children.push_back(std::move(one));
  }
  return list;
}

sql::Node Compiler::Query(const bound::Query &query) {
  Words out;
  With(query.with, &out);
  out.push_back(Body(*query.body));
  if (!query.order.empty()) {
    out.push_back(Keyword("ORDER BY"));
    out.push_back(OrderList(query.order));
  }
  if (query.limit && !query.with_ties) {
    out.push_back(Keyword("LIMIT"));
    out.push_back(Operand(*query.limit));
  }
  if (query.offset) {
    out.push_back(Keyword("OFFSET"));
    out.push_back(Operand(*query.offset));
  }
  if (query.limit && query.with_ties) {
    out.push_back(Keyword("FETCH FIRST"));
    out.push_back(Parentheses(Expression(*query.limit)));
    out.push_back(Keyword("ROWS WITH TIES"));
  }
  for (const bound::Locking &locking : query.locking) {
    sql::Node strength = Keyword("FOR " + Upper(locking.strength));
    strength.position = locking.position;
    out.push_back(std::move(strength));
    if (!locking.tables.empty()) {
      out.push_back(Keyword("OF"));
      sql::Node tables = List();
      for (const bound::Table *table : locking.tables) {
        tables.children.push_back(Name(table->alias));
      }
      out.push_back(std::move(tables));
    }
    if (!locking.wait.empty()) out.push_back(Keyword(Upper(locking.wait)));
  }
  return FromWords(std::move(out));
}

sql::Node Compiler::Body(const bound::Body &body) {
  sql::Node node;
  switch (body.kind) {
    case bound::BodyKind::kSelect:
      node = Select(body.select);
      break;
    case bound::BodyKind::kValues:
      node = Values(body);
      break;
    case bound::BodyKind::kQuery:
      node = Parentheses(Query(*body.query));
      break;
    case bound::BodyKind::kSetOperation: {
      const char *word = body.operation == bound::SetOperator::kUnion       ? "UNION"
                         : body.operation == bound::SetOperator::kIntersect ? "INTERSECT"
                                                                            : "EXCEPT";
      auto side = [this](const bound::Body &part) {
        sql::Node compiled = Body(part);
        bool enclosed = part.kind == bound::BodyKind::kQuery;
        return enclosed ? std::move(compiled) : Parentheses(std::move(compiled));
      };
      node = Sequence(side(*body.left), Keyword(word));
      if (body.all) node.children.push_back(Keyword("ALL"));
      node.children.push_back(side(*body.right));
      break;
    }
  }
  node.position = body.position;
  return node;
}

sql::Node Compiler::Values(const bound::Body &body) {
  sql::Node rows = List();
  for (const auto &row : body.rows) rows.children.push_back(Parentheses(ExpressionList(row, 0)));
  return Sequence(Keyword("VALUES"), std::move(rows));
}

sql::Node Compiler::Select(const bound::Select &select) {
  Words out;
  out.push_back(Keyword("SELECT"));
  if (select.distinct) out.push_back(Keyword("DISTINCT"));
  if (!select.distinct_on.empty()) {
    out.push_back(Keyword("ON"));
    out.push_back(Parentheses(ExpressionList(select.distinct_on, 0)));
  }
  sql::Node items = List();
  for (const bound::Item &item : select.items) {
    sql::Node expression = Expression(*item.expression);
    bool same = item.expression->kind == bound::ExpressionKind::kColumn &&
                item.expression->text == item.name;
    if (same) {
      items.children.push_back(std::move(expression));
    } else {
      items.children.push_back(Sequence(std::move(expression), Keyword("AS"), Name(item.name)));
    }
  }
  if (!items.children.empty()) out.push_back(std::move(items));
  auto clause = [this, &out](const char *word, const bound::ExpressionPtr &expression) {
    if (!expression) return;
    out.push_back(Keyword(word));
    out.push_back(Expression(*expression));
  };
  if (select.from) {
    out.push_back(Keyword("FROM"));
    out.push_back(Source(*select.from, Side::kLeft));
  }
  clause("WHERE", select.where);
  if (!select.group_by.empty()) {
    out.push_back(Keyword(select.group_distinct ? "GROUP BY DISTINCT" : "GROUP BY"));
    sql::Node elements = List();
    for (const auto &element : select.group_by) {
      elements.children.push_back(GroupingElement(*element));
    }
    out.push_back(std::move(elements));
  }
  clause("HAVING", select.having);
  if (!select.windows.empty()) {
    out.push_back(Keyword("WINDOW"));
    sql::Node windows = List();
    for (const bound::Window &window : select.windows) {
      windows.children.push_back(Sequence(Name(window.name), Keyword("AS"), Window(window)));
    }
    out.push_back(std::move(windows));
  }
  return FromWords(std::move(out));
}

sql::Node Compiler::GroupingElement(const bound::Expression &element) {
  if (element.kind == bound::ExpressionKind::kRow) {
    // A set of several columns, not a row value.
    return Parentheses(ExpressionList(element.args, 0));
  }
  if (element.kind != bound::ExpressionKind::kGrouping) return Expression(element);
  sql::Node elements = List();
  for (const auto &arg : element.args) elements.children.push_back(GroupingElement(*arg));
  if (element.word.empty()) return Parentheses(std::move(elements));
  return Sequence(Keyword(Upper(element.word)), Parentheses(std::move(elements)));
}

// ---- commands -----------------------------------------------------------------------------------

sql::Node Compiler::Target(const bound::Command &command) {
  const Entity &entity = *command.target.entity;
  return NamedEntity({entity.schema, entity.name}, command.only, command.target.alias);
}

sql::Node Compiler::Assignments(const std::vector<bound::Assignment> &assignments) {
  sql::Node list = List();
  for (const bound::Assignment &assignment : assignments) {
    sql::Node fields = assignment.element  ? Expression(*assignment.element)
                       : assignment.is_row ? NameList(assignment.fields)
                                           : Name(assignment.fields[0]);
    fields.position = assignment.position;
    sql::Node value = Expression(*assignment.value);
    bool row = assignment.value->kind == bound::ExpressionKind::kRow ||
               assignment.value->kind == bound::ExpressionKind::kQuery;
    if (assignment.is_row && !row) value = Tight(Keyword("ROW"), Parentheses(std::move(value)));
    list.children.push_back(Sequence(std::move(fields), Operator("="), std::move(value)));
  }
  return list;
}

sql::Node Compiler::Insert(const bound::Command &command) {
  Words out;
  With(command.with, &out);
  out.push_back(Keyword("INSERT INTO"));
  out.push_back(Target(command));
  if (!command.fields.empty()) out.push_back(NameList(command.fields));
  if (!command.overriding.empty()) {
    out.push_back(Keyword(command.overriding == "system" ? "OVERRIDING SYSTEM VALUE"
                                                         : "OVERRIDING USER VALUE"));
  }
  if (command.default_values) {
    out.push_back(Keyword("DEFAULT VALUES"));
  } else {
    out.push_back(Query(*command.query));
  }
  if (command.conflict == bound::ConflictAction::kNone) return FromWords(std::move(out));
  out.push_back(Keyword("ON CONFLICT"));
  if (!command.conflict_constraint.empty()) {
    out.push_back(Keyword("ON CONSTRAINT"));
    out.push_back(Name(command.conflict_constraint));
  } else if (!command.conflict_target.empty()) {
    sql::Node targets = List();
    for (const auto &target : command.conflict_target) {
      bool column = target->kind == bound::ExpressionKind::kColumn;
      targets.children.push_back(column ? Name(target->text) : Parentheses(Expression(*target)));
    }
    out.push_back(Parentheses(std::move(targets)));
    if (command.conflict_where) {
      out.push_back(Keyword("WHERE"));
      out.push_back(Expression(*command.conflict_where));
    }
  }
  if (command.conflict == bound::ConflictAction::kNothing) {
    out.push_back(Keyword("DO NOTHING"));
    return FromWords(std::move(out));
  }
  out.push_back(Keyword("DO UPDATE SET"));
  out.push_back(Assignments(command.set));
  if (command.where) {
    out.push_back(Keyword("WHERE"));
    out.push_back(Expression(*command.where));
  }
  return FromWords(std::move(out));
}

sql::Node Compiler::Update(const bound::Command &command) {
  Words out;
  With(command.with, &out);
  out.push_back(Keyword("UPDATE"));
  out.push_back(Target(command));
  out.push_back(Keyword("SET"));
  out.push_back(Assignments(command.set));
  if (command.from) {
    out.push_back(Keyword("FROM"));
    out.push_back(Source(*command.from, Side::kLeft));
  }
  if (command.where) {
    out.push_back(Keyword("WHERE"));
    out.push_back(Expression(*command.where));
  }
  return FromWords(std::move(out));
}

sql::Node Compiler::Delete(const bound::Command &command) {
  Words out;
  With(command.with, &out);
  out.push_back(Keyword("DELETE FROM"));
  out.push_back(Target(command));
  if (command.from) {
    out.push_back(Keyword("USING"));
    out.push_back(Source(*command.from, Side::kLeft));
  }
  if (command.where) {
    out.push_back(Keyword("WHERE"));
    out.push_back(Expression(*command.where));
  }
  return FromWords(std::move(out));
}

}  // namespace fundb::funql
