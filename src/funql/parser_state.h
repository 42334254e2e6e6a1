// The parser's inside, shared by the parser_*.cpp files only: one class whose methods are the
// productions of the grammar (docs/funql.md).
#pragma once

#include <initializer_list>
#include <string_view>
#include <utility>
#include <vector>

#include "funql/ast.h"
#include "funql/diagnostics.h"
#include "funql/limits.h"
#include "funql/steps.h"
#include "funql/token.h"

namespace fundb::funql {

// Every level costs a few hundred bytes of C stack in each stage, and PostgreSQL's own stack bound
// may be as low as 2 MB while rules nest 16 deep.  People and generators stay far below.
inline constexpr int kMaxNesting = 250;
// Binary(kPositionOperand) reads what binds more than IN, for position(a IN b).
inline constexpr int kPositionOperand = 7;
// A subquery passes through this many times the frames of an expression.
inline constexpr int kQueryLevels = 4;

class Parser {
 public:
  Parser(const Diagnostics &diagnostics, Steps *steps);

  // parser.cpp
  ast::Statement Statement();
  void ExpectEnd();

  // parser_expression.cpp
  ast::ExpressionPtr Expression();
  // parser_type.cpp
  ast::TypeName Type();

 private:
  class Nested;  // counts recursion while it lives

  // ---- tokens
  const Token &Peek(int ahead = 0) const;
  bool AtWord(std::string_view word, int ahead = 0) const { return Peek(ahead).IsWord(word); }
  bool AtSymbol(std::string_view symbol, int ahead = 0) const {
    return Peek(ahead).IsSymbol(symbol);
  }
  const Token &Take();
  bool AcceptWord(std::string_view word);
  bool AcceptSymbol(std::string_view symbol);
  // All of them, one behind the other, or nothing.
  bool AcceptWords(std::initializer_list<std::string_view> words);
  bool AtWords(std::initializer_list<std::string_view> words) const;
  void ExpectWord(std::string_view word);
  void ExpectSymbol(std::string_view symbol);
  // Behind a comma: the list is over, the comma was one too many, which the original allows.
  bool AtListEnd() const;
  // parser_hints.cpp
  [[noreturn]] void Fail(std::string_view expected = "") const;
  [[noreturn]] void FailAtReserved() const;
  [[noreturn]] void FailBehindAll() const;
  [[noreturn]] void FailInArguments() const;
  Span SpanFrom(int begin) const { return {begin, last_end_}; }
  int Begin() const { return Peek().span.begin; }

  // ---- names
  bool AtName(int ahead = 0) const;
  ast::Name ExpectName(std::string_view what);
  // Behind `.`, `=>` and AS every word is a name.
  ast::Name ExpectLabel(std::string_view what);
  ast::QualifiedName ExpectQualifiedName(std::string_view what);
  std::vector<ast::Name> NameList();
  // An alias without AS: any name that cannot begin what may follow.
  bool AtBareAlias() const;

  // ---- statements (parser.cpp, parser_command.cpp)
  void Arguments(ast::Statement *statement);
  void Pragmas(ast::Statement *statement);
  void MainEntity(ast::Statement *statement);
  void InsertCommand(ast::Statement *statement);
  void OnConflict(ast::Insert *insert);
  void UpdateCommand(ast::Statement *statement);
  void DeleteCommand(ast::Statement *statement);
  void CommandTarget(ast::Statement *statement);
  std::vector<ast::Assignment> Assignments();
  ast::ExpressionPtr AssignedElement(const ast::Name &field);
  void RefuseReturning();
  [[noreturn]] void NoStatement() const;

  // ---- queries (parser_query.cpp)
  bool AtQuery(int ahead = 0) const;
  // At `(`: does a query stand in these parentheses, however many there are?
  bool AtParenthesizedQuery() const;
  ast::With WithClause();
  ast::QueryPtr Query();
  // What stands behind the body.  At the top, FOR UPDATE OF names the main entity.
  enum class Level { kTop, kInner };
  void QueryTail(ast::Query *query, Level level);
  bool AtLocking(Level level) const;
  ast::Locking Locking();
  std::vector<ast::OrderItem> OrderList();
  ast::BodyPtr Body();
  ast::BodyPtr BodyOperand();
  ast::BodyPtr Values();
  // ---- one SELECT (parser_select.cpp)
  ast::Select SelectCore();
  ast::Item SelectItem();
  ast::Attribute AttributeDefinition(bool allow_mapping);
  ast::ExpressionPtr Mapping();
  std::vector<ast::Attribute> AttributeBlock();
  ast::ExpressionPtr GroupingElement();

  // ---- FROM (parser_source.cpp)
  ast::SourcePtr FromList();
  ast::SourcePtr JoinedSource();
  ast::SourcePtr SourceOperand();
  ast::SourcePtr DomainSource();
  void SourceAlias(ast::Source *source);
  void ColumnAliases(ast::Source *source);

  // ---- expressions (parser_expression.cpp, parser_primary.cpp)
  ast::ExpressionPtr Binary(int minimum);
  ast::ExpressionPtr Prefix();
  ast::ExpressionPtr Postfix(ast::ExpressionPtr left);
  ast::ExpressionPtr WordOperator(ast::ExpressionPtr left, int minimum, bool *done);
  ast::ExpressionPtr IsOperator(ast::ExpressionPtr left);
  ast::ExpressionPtr Comparison(ast::ExpressionPtr left, const std::string &op, int power);
  ast::ExpressionPtr Subscript(ast::ExpressionPtr base);
  ast::ExpressionPtr Primary();
  std::vector<ast::ExpressionPtr> ExpressionList(std::string_view closing);
  ast::ExpressionPtr Literal();
  ast::ExpressionPtr WordPrimary();
  ast::ExpressionPtr Parenthesized();
  ast::ExpressionPtr CaseExpression(bool match_on);
  ast::ExpressionPtr CastExpression();
  ast::ExpressionPtr ArrayExpression();
  ast::ExpressionPtr JsonObject();
  ast::ExpressionPtr JsonArray();
  ast::ExpressionPtr FieldReference();
  ast::ExpressionPtr TypedLiteral();
  // DAY TO SECOND and its kin, behind INTERVAL.
  void IntervalFields(ast::TypeName *type);
  // ---- calls (parser_call.cpp)
  ast::ExpressionPtr FunctionCall();
  void CallArguments(ast::Expression *call);
  void CallTail(ast::Call *call);
  bool SpecialCall(ast::Expression *call);
  ast::Window WindowDefinition();
  std::string FrameBound(ast::ExpressionPtr *offset);

  // ---- trees
  ast::ExpressionPtr Make(ast::ExpressionKind kind, int begin);
  // Sets span and height; every node goes through it.
  ast::ExpressionPtr Finish(ast::ExpressionPtr node);
  void CountHeight(int height, Span span);

  const Diagnostics &diagnostics_;
  Steps &steps_;
  std::vector<Token> tokens_;
  size_t at_ = 0;
  int last_end_ = 0;
  int nesting_ = 0;
  size_t made_ = 0;  // expressions
  // The greatest height among the nodes finished since the current query began.
  int tallest_ = 0;
};

class Parser::Nested {
 public:
  Nested(Parser *parser, int levels) : parser_(parser), levels_(levels) {
    parser_->nesting_ += levels_;
    if (parser_->nesting_ > kMaxNesting) {
      throw parser_->diagnostics_.NestedTooDeeply(parser_->Peek().span);
    }
  }
  ~Nested() { parser_->nesting_ -= levels_; }
  Nested(const Nested &) = delete;
  Nested &operator=(const Nested &) = delete;

 private:
  Parser *parser_;
  int levels_;
};

}  // namespace fundb::funql
