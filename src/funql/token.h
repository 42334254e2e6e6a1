// The pieces that FunQL text is made of.  Keywords are plain words here: what a word means depends
// on where it stands, and most of them may be names as well.
#pragma once

#include <string>
#include <string_view>

#include "base/span.h"

namespace fundb::funql {

enum class TokenKind {
  kEnd,
  kWord,        // unquoted, folded to lower case: a keyword or a name
  kQuotedName,  // "Name", quotes removed
  kInteger,     // digits
  kDecimal,     // digits with a point or an exponent
  kString,      // '…', escapes replaced
  kArgument,    // $name, text without the $
  kGlobal,      // $$name, text without the $$
  kSymbol,      // punctuation and operators
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::string text;
  Span span;

  bool IsWord(std::string_view word) const { return kind == TokenKind::kWord && text == word; }
  bool IsSymbol(std::string_view symbol) const {
    return kind == TokenKind::kSymbol && text == symbol;
  }
};

}  // namespace fundb::funql
