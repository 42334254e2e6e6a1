#include "funql/parser.h"

#include <algorithm>
#include <iterator>
#include <unordered_set>

#include "funql/keywords.h"
#include "funql/lexer.h"
#include "funql/parser_state.h"

namespace fundb::funql {

ast::Statement ParseStatement(const Diagnostics &diagnostics, Steps *steps) {
  Parser parser(diagnostics, steps);
  ast::Statement statement = parser.Statement();
  parser.ExpectEnd();
  return statement;
}

ast::ExpressionPtr ParseExpressionText(const Diagnostics &diagnostics, Steps *steps) {
  Parser parser(diagnostics, steps);
  ast::ExpressionPtr expression = parser.Expression();
  parser.ExpectEnd();
  return expression;
}

ast::TypeName ParseTypeText(const Diagnostics &diagnostics, Steps *steps) {
  Parser parser(diagnostics, steps);
  ast::TypeName type = parser.Type();
  parser.ExpectEnd();
  return type;
}

Parser::Parser(const Diagnostics &diagnostics, Steps *steps)
    : diagnostics_(diagnostics), steps_(*steps), tokens_(Tokenize(diagnostics, steps)) {}

// ---- tokens -------------------------------------------------------------------------------------

const Token &Parser::Peek(int ahead) const {
  return tokens_[std::min(at_ + static_cast<size_t>(ahead), tokens_.size() - 1)];
}

const Token &Parser::Take() {
  steps_.Count();
  const Token &token = Peek();
  last_end_ = token.span.end;
  if (at_ + 1 < tokens_.size()) ++at_;
  return token;
}

bool Parser::AcceptWord(std::string_view word) {
  if (!AtWord(word)) return false;
  Take();
  return true;
}

bool Parser::AcceptSymbol(std::string_view symbol) {
  if (!AtSymbol(symbol)) return false;
  Take();
  return true;
}

bool Parser::AtWords(std::initializer_list<std::string_view> words) const {
  int ahead = 0;
  for (std::string_view word : words) {
    if (!AtWord(word, ahead++)) return false;
  }
  return true;
}

bool Parser::AcceptWords(std::initializer_list<std::string_view> words) {
  if (!AtWords(words)) return false;
  for (size_t i = 0; i < words.size(); ++i) Take();
  return true;
}

void Parser::ExpectWord(std::string_view word) {
  if (AcceptWord(word)) return;
  std::string upper(word);
  std::transform(upper.begin(), upper.end(), upper.begin(),
                 [](char c) { return static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c); });
  Fail(upper);
}

void Parser::ExpectSymbol(std::string_view symbol) {
  if (!AcceptSymbol(symbol)) Fail("\"" + std::string(symbol) + "\"");
}

void Parser::ExpectEnd() {
  if (Peek().kind != TokenKind::kEnd) FailBehindAll();
}

// ---- names --------------------------------------------------------------------------------------

bool Parser::AtName(int ahead) const {
  const Token &token = Peek(ahead);
  if (token.kind == TokenKind::kQuotedName) return true;
  return token.kind == TokenKind::kWord && !IsReservedWord(token.text);
}

bool Parser::AtBareAlias() const {
  const Token &token = Peek();
  if (token.kind == TokenKind::kQuotedName) return true;
  return AtName() && !BeginsClause(token.text);
}

ast::Name Parser::ExpectName(std::string_view what) {
  if (!AtName()) {
    // Where the query goes on the name is missing; elsewhere the word is meant to be one.
    if (Peek().kind == TokenKind::kWord && !GoesOn(Peek().text)) FailAtReserved();
    Fail(what);
  }
  const Token &token = Take();
  return {token.text, token.span};
}

ast::Name Parser::ExpectLabel(std::string_view what) {
  const Token &token = Peek();
  if (token.kind != TokenKind::kWord && token.kind != TokenKind::kQuotedName) Fail(what);
  Take();
  return {token.text, token.span};
}

ast::QualifiedName Parser::ExpectQualifiedName(std::string_view what) {
  int begin = Begin();
  ast::QualifiedName result;
  result.name = ExpectName(what);
  if (AcceptSymbol(".")) {
    result.schema = std::move(result.name);
    result.name = ExpectLabel(what);
  }
  result.span = SpanFrom(begin);
  return result;
}

std::vector<ast::Name> Parser::NameList() {
  ExpectSymbol("(");
  std::vector<ast::Name> names;
  do {
    if (AtSymbol(")") && !names.empty()) break;
    names.push_back(ExpectName("a name"));
  } while (AcceptSymbol(","));
  ExpectSymbol(")");
  return names;
}

bool Parser::AtListEnd() const {
  constexpr std::string_view kEnds[] = {"for",    "from",  "group", "intersect", "limit",
                                        "offset", "order", "union", "where"};
  const Token &token = Peek();
  if (token.kind == TokenKind::kEnd || token.IsSymbol(")") || token.IsSymbol(";")) return true;
  return token.kind == TokenKind::kWord &&
         std::binary_search(std::begin(kEnds), std::end(kEnds), token.text);
}

// ---- trees --------------------------------------------------------------------------------------

ast::ExpressionPtr Parser::Make(ast::ExpressionKind kind, int begin) {
  if (++made_ > kMostExpressions) throw diagnostics_.TooLarge({begin, begin}, kMostExpressions);
  auto node = std::make_unique<ast::Expression>();
  node->kind = kind;
  node->span = {begin, begin};
  return node;
}

ast::ExpressionPtr Parser::Finish(ast::ExpressionPtr node) {
  int below = node->query ? node->query->height : 0;
  auto count = [&below](const ast::ExpressionPtr &child) {
    if (child) below = std::max(below, child->height);
  };
  for (const ast::ExpressionPtr &arg : node->args) count(arg);
  if (node->call) {
    for (const ast::OrderItem &item : node->call->order) count(item.expression);
    for (const ast::OrderItem &item : node->call->within_group) count(item.expression);
    count(node->call->filter);
    if (node->call->over) {
      for (const ast::ExpressionPtr &part : node->call->over->partition) count(part);
      for (const ast::OrderItem &item : node->call->over->order) count(item.expression);
      count(node->call->over->start_offset);
      count(node->call->over->end_offset);
    }
  }
  node->height = below + 1;
  if (node->span.end < last_end_) node->span.end = last_end_;
  CountHeight(node->height, node->span);
  return node;
}

void Parser::CountHeight(int height, Span span) {
  if (height > kMaxNesting) throw diagnostics_.NestedTooDeeply(span);
  tallest_ = std::max(tallest_, height);
}

// ---- statements ---------------------------------------------------------------------------------

ast::Statement Parser::Statement() {
  ast::Statement statement;
  if (AtSymbol("{")) Arguments(&statement);
  Pragmas(&statement);
  int begin = Begin();
  if (AtWord("with")) statement.with = WithClause();
  if (AtWord("insert")) {
    InsertCommand(&statement);
  } else if (AtWord("update")) {
    UpdateCommand(&statement);
  } else if (AtWord("delete")) {
    DeleteCommand(&statement);
  } else {
    if (!AtQuery() && !AtSymbol("(")) NoStatement();
    statement.query = std::make_unique<ast::Query>();
    statement.query->with = std::move(statement.with);
    Nested nested(this, kQueryLevels);
    QueryTail(statement.query.get(), Level::kTop);
    statement.query->span = SpanFrom(begin);
    MainEntity(&statement);
  }
  // The original allows no semicolon here; it does no harm.
  AcceptSymbol(";");
  return statement;
}

void Parser::NoStatement() const {
  if (AtWord("merge")) {
    throw diagnostics_.NotSupported(Peek().span, "MERGE",
                                    "Use INSERT … ON CONFLICT, or UPDATE and INSERT.");
  }
  if (AtWord("table")) {
    throw diagnostics_.NotSupported(Peek().span, "TABLE", "Write SELECT * FROM and the entity.");
  }
  Fail("SELECT, INSERT, UPDATE or DELETE");
}

// { $name type [NULL] [DEFAULT literal] [@{ … }], … }:
void Parser::Arguments(ast::Statement *statement) {
  ExpectSymbol("{");
  std::unordered_set<std::string_view> names;
  do {
    if (AtSymbol("}")) break;
    if (Peek().kind != TokenKind::kArgument) Fail("an argument such as $id");
    ast::Argument argument;
    const Token &token = Take();
    argument.name = {token.text, token.span};
    if (!names.insert(token.text).second) {
      throw diagnostics_.DuplicateArgument(token.span, token.text);
    }
    if (names.size() > kMostArguments) {
      throw diagnostics_.TooManyArguments(token.span, kMostArguments);
    }
    // The manual of the original shows `$x :: type`.
    AcceptSymbol("::");
    argument.type = Type();
    for (;;) {
      if (AcceptWord("null")) {
        argument.optional = true;
      } else if (AcceptWord("default")) {
        argument.default_value = Literal();
      } else if (AtSymbol("@{")) {
        argument.attributes = AttributeBlock();
      } else {
        break;
      }
    }
    statement->arguments.push_back(std::move(argument));
  } while (AcceptSymbol(","));
  if (!AcceptSymbol("}")) FailInArguments();
  if (!AcceptSymbol(":")) {
    Error error = diagnostics_.Unexpected(Peek(), "\":\"");
    error.report().hint = "A colon stands between the block of arguments and the query.";
    throw std::move(error);
  }
}

// SET name = value;
void Parser::Pragmas(ast::Statement *statement) {
  while (AcceptWord("set")) {
    ast::Pragma pragma;
    pragma.name = ExpectName("the name of a setting");
    if (!AcceptWord("to")) ExpectSymbol("=");
    const Token &value = Peek();
    if (value.kind == TokenKind::kSymbol || value.kind == TokenKind::kEnd) Fail("a value");
    pragma.value = Take().text;
    ExpectSymbol(";");
    statement->pragmas.push_back(std::move(pragma));
  }
}

void Parser::MainEntity(ast::Statement *statement) {
  if (!AcceptWord("for")) return;
  statement->has_main_entity = true;
  if (AcceptWord("insert")) {
    ExpectWord("into");
    statement->for_insert = true;
  } else if (AcceptWord("update")) {
    ExpectWord("of");
  } else {
    Fail("INSERT INTO or UPDATE OF");
  }
  statement->main_entity = ExpectQualifiedName("an entity");
}

// A literal with its sign, or ARRAY[…] of them, or a JSON constant.
ast::ExpressionPtr Parser::Literal() {
  int begin = Begin();
  if (AtSymbol("-") || AtSymbol("+")) {
    std::string sign = Take().text;
    if (Peek().kind != TokenKind::kInteger && Peek().kind != TokenKind::kDecimal) {
      Fail("a number");
    }
    ast::ExpressionPtr number = Primary();
    if (sign == "-") number->text.insert(0, "-");
    number->span.begin = begin;
    return number;
  }
  ast::ExpressionPtr value = Primary();
  auto is_literal = [](const ast::Expression &node, auto &self) -> bool {
    switch (node.kind) {
      case ast::ExpressionKind::kNull:
      case ast::ExpressionKind::kBoolean:
      case ast::ExpressionKind::kInteger:
      case ast::ExpressionKind::kDecimal:
      case ast::ExpressionKind::kString:
      case ast::ExpressionKind::kUserView:
        return true;
      case ast::ExpressionKind::kOperator:
        return node.args.size() == 1 && node.text == "-" && self(*node.args[0], self);
      case ast::ExpressionKind::kArray:
      case ast::ExpressionKind::kJsonArray:
      case ast::ExpressionKind::kJsonObject:
        return std::all_of(node.args.begin(), node.args.end(),
                           [&self](const ast::ExpressionPtr &arg) { return self(*arg, self); });
      default:
        return false;
    }
  };
  if (!is_literal(*value, is_literal)) {
    throw diagnostics_.At(value->span, sqlstate::kSyntaxError, "a constant is expected here",
                          "What is computed belongs into the query itself.");
  }
  return value;
}

}  // namespace fundb::funql
