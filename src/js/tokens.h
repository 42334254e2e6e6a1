// The words and marks of a function's text, for those who look for what it does with a name.
// Standard C++ only.
#pragma once

#include <string_view>
#include <vector>

namespace fundb::js {

struct Token {
  enum Kind { kWord, kString, kMark } kind;
  std::string_view text;
};
using Tokens = std::vector<Token>;

// Splits the text; false for what it does not know: templates, slashes that are no comment's
// (regular expressions), escapes, names that are no ASCII.  Numbers come out as words and marks.
bool Split(std::string_view text, Tokens *tokens);

}  // namespace fundb::js
