// Characters and words of a script's text, for the files that look into it.  Standard C++ only.
#pragma once

#include <cstddef>
#include <string_view>

namespace fundb::js {

// ASCII only: a name with other characters comes out in parts.
inline bool IsNameCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '$';
}

// Between words of one line.
inline bool IsBlank(char c) { return c == ' ' || c == '\t'; }

inline bool IsBlankOrLineEnd(char c) { return IsBlank(c) || c == '\n' || c == '\r'; }

// Names that are looked for in a text are not longer: to find a long one takes as long as text and
// name multiplied, which a script could use to keep a session busy.
constexpr size_t kLongestName = 200;

// Anywhere, also within a longer word.
inline bool Has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace fundb::js
