// What a syntax error probably comes from: hints that look at the tokens around the place.
#include <algorithm>
#include <iterator>

#include "funql/parser_state.h"
#include "funql/token_hints.h"

namespace fundb::funql {

namespace {

bool IsClause(const Token &token) {
  constexpr std::string_view kClauses[] = {"from",  "where",  "group", "having",
                                           "order", "window", "limit", "offset"};
  return token.kind == TokenKind::kWord &&
         std::find(std::begin(kClauses), std::end(kClauses), token.text) != std::end(kClauses);
}

bool IsValue(const Token &token) {
  return token.kind != TokenKind::kEnd && token.kind != TokenKind::kSymbol;
}

}  // namespace

void Parser::Fail(std::string_view expected) const {
  Error error = diagnostics_.Unexpected(Peek(), expected);
  error.report().hint = HintAt(tokens_, at_);
  throw std::move(error);
}

void Parser::FailAtReserved() const {
  Error error = diagnostics_.ReservedWord(Peek());
  std::string hint = HintAt(tokens_, at_);
  if (!hint.empty()) error.report().hint = std::move(hint);
  throw std::move(error);
}

// Something stands behind what could have been the whole.
void Parser::FailBehindAll() const {
  Error error = diagnostics_.Unexpected(Peek(), "");
  std::string hint = HintAt(tokens_, at_);
  if (!hint.empty()) {
    error.report().hint = std::move(hint);
  } else if (at_ > 0 && tokens_[at_ - 1].IsSymbol(";")) {
    error.report().hint = "A text holds one statement.";
  } else if (IsClause(Peek())) {
    error.report().hint =
        "The clauses come in this order: FROM, WHERE, GROUP BY, HAVING, WINDOW, ORDER BY, LIMIT, "
        "OFFSET.";
  } else if (IsValue(Peek())) {
    error.report().hint = "Perhaps a comma or an operator is missing in front of it.";
  } else if (AtSymbol(")")) {
    error.report().hint = "No parenthesis is open here.";
  }
  throw std::move(error);
}

void Parser::FailInArguments() const {
  Error error = diagnostics_.Unexpected(Peek(), AtSymbol(":") ? "\"}\"" : "\",\" or \"}\"");
  std::string hint = HintInArguments(tokens_, at_);
  error.report().hint =
      hint.empty() ? "The block of arguments looks so: { $x int, $y string NULL }: SELECT …"
                   : std::move(hint);
  throw std::move(error);
}

}  // namespace fundb::funql
