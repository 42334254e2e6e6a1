// What a syntax error probably comes from: hints that look at the tokens around the place.
#include <algorithm>
#include <iterator>

#include "funql/parser_state.h"

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
  bool colon = AtSymbol(":") && AtName(1);
  bool question = at_ > 0 && tokens_[at_ - 1].IsSymbol("?");
  if (colon || question) {
    error.report().hint =
        "Arguments are declared in front of the query and begin with $: { $x int }: SELECT $x AS "
        "x.";
  }
  throw std::move(error);
}

// Something stands behind what could have been the whole.
void Parser::FailBehindAll() const {
  Error error = diagnostics_.Unexpected(Peek(), "");
  if (IsClause(Peek())) {
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
  error.report().hint = "The block of arguments looks so: { $x int, $y string NULL }: SELECT …";
  throw std::move(error);
}

}  // namespace fundb::funql
