#include "js/tokens.h"

#include "js/source_text.h"

namespace fundb::js {

bool Split(std::string_view text, Tokens *tokens) {
  constexpr std::string_view kBlanks = " \t\n\r\v\f";
  constexpr std::string_view kMarks = "{}()[];,<>=!+-*%&|^~?:.";
  // Comments could end there.
  if (text.find("\u2028") != text.npos || text.find("\u2029") != text.npos) return false;
  for (size_t at = 0; at < text.size();) {
    char c = text[at];
    if (kBlanks.find(c) != kBlanks.npos) {
      ++at;
      continue;
    }
    size_t end = at + 1;
    Token::Kind kind = Token::kMark;
    if (IsNameCharacter(c)) {
      while (end < text.size() && IsNameCharacter(text[end])) ++end;
      kind = Token::kWord;
    } else if (c == '"' || c == '\'') {
      end = text.find(c, end);
      if (end == text.npos) return false;
      ++end;
      kind = Token::kString;
      if (text.substr(at, end - at).find_first_of("\\\r\n") != text.npos) return false;
    } else if (c == '/') {
      std::string_view head = text.substr(at, 2);
      if (head == "//") {
        at = text.find_first_of("\r\n", at);
      } else if (head == "/*") {
        at = text.find("*/", at + 2);
        if (at != text.npos) at += 2;
      } else {
        return false;
      }
      if (at == text.npos) return false;
      continue;
    } else if (text.substr(at, 3) == "...") {
      end = at + 3;
    } else if (text.substr(at, 2) == "?." || text.substr(at, 2) == "=>") {
      end = at + 2;
    } else if (kMarks.find(c) == kMarks.npos) {
      return false;
    }
    tokens->push_back({kind, text.substr(at, end - at)});
    at = end;
  }
  return true;
}

}  // namespace fundb::js
