// WITH, VALUES, set operations, ORDER BY, LIMIT and locking.
#include <algorithm>

#include "funql/parser_state.h"

namespace fundb::funql {

bool Parser::AtQuery(int ahead) const {
  return AtWord("select", ahead) || AtWord("values", ahead) ||
         (AtWord("with", ahead) && !AtWord("superuser", ahead + 1));
}

bool Parser::AtParenthesizedQuery() const {
  int opened = 0;
  // Deeper ones are refused by whoever reads them.
  while (opened <= kMaxNesting && AtSymbol("(", opened)) ++opened;
  steps_.Count(static_cast<size_t>(opened));
  if (opened == 0 || !AtQuery(opened)) return false;
  // ((SELECT …) + 1) is an expression and ((SELECT …) UNION …) a query: what follows the innermost
  // parentheses decides; another `)` asks the same question one level up.
  int depth = opened;
  for (int ahead = opened; depth > 1; ++ahead) {
    steps_.Count();
    const Token &token = Peek(ahead);
    if (token.kind == TokenKind::kEnd) return true;
    if (token.kind != TokenKind::kSymbol) continue;
    if (token.text == "(") {
      ++depth;
    } else if (token.text == ")" && --depth < opened) {
      opened = depth;
      const Token &next = Peek(ahead + 1);
      if (next.IsSymbol(")")) continue;
      return next.IsWord("union") || next.IsWord("intersect") || next.IsWord("except") ||
             next.IsWord("order") || next.IsWord("limit") || next.IsWord("offset") ||
             next.IsWord("fetch");
    }
  }
  return true;
}

ast::With Parser::WithClause() {
  ExpectWord("with");
  ast::With with;
  with.recursive = AcceptWord("recursive");
  do {
    ast::CommonTable table;
    table.name = ExpectName("a name");
    if (AtSymbol("(")) table.columns = NameList();
    ExpectWord("as");
    if (AcceptWords({"not", "materialized"})) {
      table.materialized = ast::Materialized::kNo;
    } else if (AcceptWord("materialized")) {
      table.materialized = ast::Materialized::kYes;
    }
    ExpectSymbol("(");
    if (AtWord("insert") || AtWord("update") || AtWord("delete") || AtWord("merge")) {
      throw diagnostics_.NotSupported(Peek().span, "a command in WITH",
                                      "Run the commands one after the other with runCommand.");
    }
    table.query = Query();
    ExpectSymbol(")");
    if (AtWord("search") || AtWord("cycle")) {
      bool search = AtWord("search");
      throw diagnostics_.NotSupported(Peek().span, search ? "SEARCH" : "CYCLE",
                                      "Collect the path in an array column of the common table.");
    }
    if (with.tables.size() == kMostNames) {
      throw diagnostics_.TooMany(table.name.span, "entries in WITH", kMostNames);
    }
    with.tables.push_back(std::move(table));
  } while (AcceptSymbol(",") && !AtWord("select") && !AtWord("insert") && !AtWord("update") &&
           !AtWord("delete"));
  return with;
}

ast::QueryPtr Parser::Query() {
  Nested nested(this, kQueryLevels);
  int outer_tallest = std::exchange(tallest_, 0);
  auto query = std::make_unique<ast::Query>();
  int begin = Begin();
  if (AtWord("with")) query->with = WithClause();
  QueryTail(query.get(), Level::kInner);
  query->span = SpanFrom(begin);
  query->height = tallest_ + kQueryLevels;
  CountHeight(query->height, query->span);
  tallest_ = std::max(outer_tallest, query->height);
  return query;
}

void Parser::QueryTail(ast::Query *query, Level level) {
  query->body = Body();
  if (AcceptWord("order")) {
    ExpectWord("by");
    query->order = OrderList();
  }
  for (;;) {
    if (!query->limit && AcceptWord("limit")) {
      if (!AcceptWord("all")) query->limit = Expression();
      if (AtSymbol(",")) {
        Error error = diagnostics_.Unexpected(Peek(), "");
        error.report().hint = "Write LIMIT count OFFSET start.";
        throw std::move(error);
      }
    } else if (!query->offset && AcceptWord("offset")) {
      query->offset = Expression();
      if (!AcceptWord("rows")) AcceptWord("row");
    } else if (!query->limit && AtWord("fetch") && (AtWord("first", 1) || AtWord("next", 1))) {
      Take();
      Take();
      query->limit = Primary();
      if (!AcceptWord("rows")) ExpectWord("row");
      query->with_ties = AcceptWords({"with", "ties"});
      if (!query->with_ties && !AcceptWord("only")) Fail("ONLY or WITH TIES");
    } else if (AtLocking(level)) {
      query->locking.push_back(Locking());
    } else {
      return;
    }
  }
}

// FOR UPDATE OF entity is older than locking here, and names the main entity of a view.
bool Parser::AtLocking(Level level) const {
  if (!AtWord("for")) return false;
  if (AtWord("update", 1)) return level == Level::kInner || !AtWord("of", 2);
  return AtWord("share", 1) || (AtWord("key", 1) && AtWord("share", 2)) ||
         (AtWord("no", 1) && AtWord("key", 2) && AtWord("update", 3));
}

ast::Locking Parser::Locking() {
  ast::Locking locking;
  int begin = Begin();
  ExpectWord("for");
  while (!AtWord("update") && !AtWord("share")) locking.strength += Take().text + " ";
  locking.strength += Take().text;
  if (AcceptWord("of")) {
    do {
      locking.sources.push_back(ExpectName("a source of FROM"));
    } while (AcceptSymbol(","));
  }
  if (AcceptWord("nowait")) {
    locking.wait = "nowait";
  } else if (AcceptWords({"skip", "locked"})) {
    locking.wait = "skip locked";
  }
  locking.span = SpanFrom(begin);
  return locking;
}

std::vector<ast::OrderItem> Parser::OrderList() {
  std::vector<ast::OrderItem> items;
  do {
    if (!items.empty() && AtListEnd()) break;
    ast::OrderItem item;
    item.expression = Expression();
    if (AcceptWord("asc")) {
      item.direction = ast::Direction::kAscending;
    } else if (AcceptWord("desc")) {
      item.direction = ast::Direction::kDescending;
    } else if (AtWord("using")) {
      throw diagnostics_.NotSupported(Peek().span, "ORDER BY … USING", "Use ASC or DESC.");
    }
    if (AcceptWords({"nulls", "first"})) {
      item.nulls = ast::NullsOrder::kFirst;
    } else if (AcceptWords({"nulls", "last"})) {
      item.nulls = ast::NullsOrder::kLast;
    }
    items.push_back(std::move(item));
    if (items.size() > kMostColumns) {
      throw diagnostics_.TooManyColumns(items.back().expression->span, "terms in ORDER BY");
    }
  } while (AcceptSymbol(","));
  return items;
}

// The original reads a chain from the right: a UNION b INTERSECT c is a UNION (b INTERSECT c), and
// a INTERSECT b UNION c is a INTERSECT (b UNION c).  It has no EXCEPT: a chain with one can only be
// new, and is read as SQL does, from the left with INTERSECT first.
ast::BodyPtr Parser::Body() {
  struct Link {
    ast::SetOperator operation;
    bool all;
  };
  std::vector<ast::BodyPtr> operands;
  std::vector<Link> links;
  bool sql_order = false;
  operands.push_back(BodyOperand());
  for (;;) {
    Link link{ast::SetOperator::kUnion, false};
    if (AcceptWord("intersect")) {
      link.operation = ast::SetOperator::kIntersect;
    } else if (AcceptWord("except")) {
      link.operation = ast::SetOperator::kExcept;
      sql_order = true;
    } else if (!AcceptWord("union")) {
      break;
    }
    link.all = AcceptWord("all");
    if (!link.all) AcceptWord("distinct");
    links.push_back(link);
    operands.push_back(BodyOperand());
    CountHeight(tallest_ + 1, operands.back()->span);
  }
  auto join = [](ast::BodyPtr left, Link link, ast::BodyPtr right) {
    auto body = std::make_unique<ast::Body>();
    body->kind = ast::BodyKind::kSetOperation;
    body->span = {left->span.begin, right->span.end};
    body->operation = link.operation;
    body->all = link.all;
    body->left = std::move(left);
    body->right = std::move(right);
    return body;
  };
  if (!sql_order) {
    ast::BodyPtr result = std::move(operands.back());
    for (size_t i = links.size(); i-- > 0;) {
      result = join(std::move(operands[i]), links[i], std::move(result));
    }
    return result;
  }
  std::vector<ast::BodyPtr> terms;
  std::vector<Link> term_links;
  terms.push_back(std::move(operands[0]));
  for (size_t i = 0; i < links.size(); ++i) {
    if (links[i].operation == ast::SetOperator::kIntersect) {
      terms.back() = join(std::move(terms.back()), links[i], std::move(operands[i + 1]));
    } else {
      term_links.push_back(links[i]);
      terms.push_back(std::move(operands[i + 1]));
    }
  }
  ast::BodyPtr result = std::move(terms[0]);
  for (size_t i = 0; i < term_links.size(); ++i) {
    result = join(std::move(result), term_links[i], std::move(terms[i + 1]));
  }
  return result;
}

ast::BodyPtr Parser::BodyOperand() {
  int begin = Begin();
  if (AtWord("values")) return Values();
  auto body = std::make_unique<ast::Body>();
  if (AcceptSymbol("(")) {
    body->kind = ast::BodyKind::kQuery;
    body->query = Query();
    ExpectSymbol(")");
  } else {
    if (!AtWord("select")) Fail("SELECT");
    body->select = SelectCore();
  }
  body->span = SpanFrom(begin);
  return body;
}

ast::BodyPtr Parser::Values() {
  auto body = std::make_unique<ast::Body>();
  int begin = Begin();
  ExpectWord("values");
  body->kind = ast::BodyKind::kValues;
  do {
    if (!AtSymbol("(") && !body->rows.empty()) break;
    ExpectSymbol("(");
    std::vector<ast::ExpressionPtr> row;
    do {
      if (AtSymbol(")") && !row.empty()) break;
      if (AtWord("default")) {
        row.push_back(Make(ast::ExpressionKind::kDefault, Begin()));
        Take();
      } else {
        row.push_back(Expression());
      }
    } while (AcceptSymbol(","));
    ExpectSymbol(")");
    if (!body->rows.empty() && body->rows[0].size() != row.size()) {
      throw diagnostics_.ColumnCount(row[0]->span, "VALUES lists must all be the same length");
    }
    body->rows.push_back(std::move(row));
  } while (AcceptSymbol(","));
  body->span = SpanFrom(begin);
  return body;
}

}  // namespace fundb::funql
