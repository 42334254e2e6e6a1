#include "js/async_word.h"

#include "js/source_text.h"

namespace fundb::js {

namespace {

constexpr size_t kNone = std::string_view::npos;

bool HasOnce(std::string_view text, std::string_view part) {
  size_t found = text.find(part);
  return found != kNone && text.find(part, found + 1) == kNone;
}

// How often `name` stands in the text between other characters than a name's.  Such as are no ASCII
// count as others: so a name is found more often, not less.
int CountName(std::string_view text, std::string_view name) {
  int count = 0;
  for (size_t at = text.find(name); at != kNone; at = text.find(name, at + 1)) {
    size_t end = at + name.size();
    if (at > 0 && IsNameCharacter(text[at - 1])) continue;
    if (end < text.size() && IsNameCharacter(text[end])) continue;
    ++count;
  }
  return count;
}

// Whether what follows `head` is code, outside of all brackets.  Slashes that are no comment's
// (regular expressions), templates and odd characters are left alone: false.
bool EndsInCode(std::string_view head) {
  size_t depth = 0;
  for (size_t at = 0; at < head.size(); ++at) {
    switch (head[at]) {
      case '(':
      case '[':
      case '{':
        ++depth;
        break;
      case ')':
      case ']':
      case '}':
        if (depth == 0) return false;
        --depth;
        break;
      case '`':
      case '\\':
        return false;
      case '#':
        if (at == 0) return false;  // a line for the shell
        break;
      case '\'':
      case '"': {
        char quote = head[at++];
        while (at < head.size() && head[at] != quote) {
          if (head[at] == '\n' || head[at] == '\r') return false;
          at += head[at] == '\\' ? 2 : 1;
        }
        if (at >= head.size()) return false;
        break;
      }
      case '/': {
        std::string_view rest = head.substr(at);
        if (rest.substr(0, 2) == "//") {
          at = head.find_first_of("\r\n", at);
        } else if (rest.substr(0, 2) == "/*") {
          at = head.find("*/", at + 2);
          if (at != kNone) ++at;
        } else {
          return false;
        }
        if (at == kNone) return false;
        break;
      }
      default:
        break;
    }
  }
  return depth == 0;
}

// The word that starts at `*at`, with the blanks behind it; false when it is another.
bool TakeWord(std::string_view text, std::string_view word, size_t *at) {
  if (text.substr(*at, word.size()) != word) return false;
  *at += word.size();
  size_t end = *at;
  while (*at < text.size() && IsBlank(text[*at])) ++*at;
  return *at > end;
}

// Whether the function at `rest`, behind the word "function", has no name, or one that nothing else
// in the text says.
bool IsNeverNamed(std::string_view source, std::string_view rest) {
  while (!rest.empty() && IsBlankOrLineEnd(rest[0])) {
    rest.remove_prefix(1);
  }
  size_t length = 0;
  while (length < rest.size() && IsNameCharacter(rest[length])) ++length;
  std::string_view name = rest.substr(0, length);
  rest.remove_prefix(length);
  while (!rest.empty() && IsBlank(rest[0])) rest.remove_prefix(1);
  if (rest.empty() || rest[0] != '(') return false;  // a generator, a comment, another alphabet
  if (name.size() > kLongestName) return false;
  return name.empty() || CountName(source, name) == 1;
}

}  // namespace

size_t FindNeedlessAsync(std::string_view source) {
  if (!HasOnce(source, "async") || Has(source, "await")) return kNone;
  // A second export could give the function away, an import bring anything in.
  if (!HasOnce(source, "export") || Has(source, "import")) return kNone;
  // What is returned is asked for `then`: a script's own accessor would see who asks.
  if (Has(source, "then") || Has(source, "Proxy")) return kNone;
  // Names written with escapes, and the line ends that are no ASCII.
  if (Has(source, "\\u") || Has(source, "\u2028") || Has(source, "\u2029")) return kNone;
  size_t at = source.find("export");
  if (at > 0 && IsNameCharacter(source[at - 1])) return kNone;
  if (!EndsInCode(source.substr(0, at))) return kNone;
  if (!TakeWord(source, "export", &at) || !TakeWord(source, "default", &at)) return kNone;
  size_t found = at;
  constexpr std::string_view kFunction = "function";
  if (!TakeWord(source, "async", &at) || source.substr(at, kFunction.size()) != kFunction) {
    return kNone;
  }
  std::string_view rest = source.substr(at + kFunction.size());
  if (rest.empty() || IsNameCharacter(rest[0])) return kNone;
  return IsNeverNamed(source, rest) ? found : kNone;
}

}  // namespace fundb::js
