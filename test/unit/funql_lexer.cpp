// Tokens: what the golden queries cannot show because a parser stands behind them.
#include "funql/lexer.h"

#include <doctest/doctest.h>

#include "base/error.h"

namespace fundb::funql {
namespace {

// Tokens as text, separated by blanks.
std::string Tokens(std::string_view text) {
  Diagnostics diagnostics(text);
  Steps steps(nullptr);
  std::string result;
  for (const Token &token : Tokenize(diagnostics, &steps)) {
    if (token.kind == TokenKind::kEnd) break;
    if (!result.empty()) result += ' ';
    result += token.kind == TokenKind::kString       ? "'" + token.text + "'"
              : token.kind == TokenKind::kArgument   ? "$" + token.text
              : token.kind == TokenKind::kGlobal     ? "$$" + token.text
              : token.kind == TokenKind::kQuotedName ? "\"" + token.text + "\""
                                                     : token.text;
  }
  return result;
}

std::string Failure(std::string_view text) {
  try {
    Tokens(text);
  } catch (const Error &error) {
    return error.report().sqlstate + " " + error.report().message;
  }
  return "";
}

TEST_CASE("lexer: names fold to lower case, quoted names and non-ASCII letters do not") {
  CHECK(Tokens("Abc \"Abc\" \"a\"\"b\" _x1 ИМЯ $Arg $\"Arg\" $$User_ID") ==
        "abc \"Abc\" \"a\"b\" _x1 ИМЯ $arg $Arg $$user_id");
}

TEST_CASE("lexer: operators end where PostgreSQL ends them") {
  CHECK(Tokens("a=-1") == "a = - 1");
  CHECK(Tokens("a<-1") == "a < - 1");
  CHECK(Tokens("a->-1") == "a -> - 1");
  CHECK(Tokens("a@-1") == "a @- 1");
  CHECK(Tokens("a*--comment\n1") == "a * 1");
  CHECK(Tokens("a+/*comment*/1") == "a + 1");
  CHECK(Tokens("a!=b<>c") == "a <> b <> c");
  CHECK(Tokens("a#>>b?|c") == "a #>> b ?| c");
}

TEST_CASE("lexer: the language's own symbols are cut out of operators") {
  CHECK(Tokens("a=>b!=>c!") == "a => b !=> c !");
  CHECK(Tokens("a=>\"b\"=>c") == "a => \"b\" => c");
  CHECK(Tokens("@x=&s.v") == "@ x = & s . v");
  CHECK(Tokens("x@{a=1}") == "x @{ a = 1 }");
  CHECK(Tokens("x!@{a=1}") == "x ! @{ a = 1 }");
  CHECK(Tokens("e.@@a f.@a t.x") == "e .@@ a f .@ a t . x");
  CHECK(Tokens("a::int b:=1 {c:2}") == "a :: int b := 1 { c : 2 }");
}

TEST_CASE("lexer: numbers") {
  CHECK(Tokens("1 1.5 3. .5 1e3 1.5E-3") == "1 1.5 3. .5 1e3 1.5E-3");
  CHECK(Failure("12ab") == "42601 a letter must not follow a number directly");
  CHECK(Failure("2e") == "42601 a letter must not follow a number directly");
}

TEST_CASE("lexer: strings know both C escapes and doubled quotes") {
  CHECK(Tokens(R"('it''s' 'it\'s' 'a\\b' '\101\x41\u0416')") == "'it's' 'it's' 'a\\b' 'AAЖ'");
  CHECK(Tokens(R"('\ud83d\ude00' '\U0001F600')") == "'😀' '😀'");
  CHECK(Tokens("'two\nlines'") == "'two\nlines'");
  CHECK(Tokens("e'x' E'y'") == "'x' 'y'");
}

TEST_CASE("lexer: no string holds what a database cannot store") {
  CHECK(Failure(R"('\0')").substr(0, 5) == "22021");
  CHECK(Failure(R"('\xff')").substr(0, 5) == "22021");
  CHECK(Failure(R"('\ud800')").substr(0, 5) == "22021");
  CHECK(Failure(R"('\U00110000')").substr(0, 5) == "22021");
  CHECK(Failure(std::string_view("SELECT \0", 8)).substr(0, 5) == "22021");
  CHECK(Failure("'\xc3'").substr(0, 5) == "22021");
}

TEST_CASE("lexer: comments nest, and quotes in them mean nothing") {
  CHECK(Tokens("a /* don't /* nest */ 'x */ b -- it's\nc") == "a b c");
  CHECK(Failure("a /* /* */") == "42601 unterminated comment");
}

TEST_CASE("lexer: blanks that only look like blanks are refused") {
  // They would hide inside a name.
  CHECK(Failure("a\u00a0b").substr(0, 5) == "42601");
  CHECK(Failure("\ufeffa").substr(0, 5) == "42601");
  CHECK(Failure("a\u200bb").substr(0, 5) == "42601");
  CHECK(Failure("a`b").substr(0, 5) == "42601");
}

}  // namespace
}  // namespace fundb::funql
