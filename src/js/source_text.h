// Characters and words of a script's text, for the files that look into it.  Standard C++ only.
#pragma once

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

// Anywhere, also within a longer word.
inline bool Has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace fundb::js
