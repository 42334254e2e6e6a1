#include "funql/lexer.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "base/text.h"
#include "funql/limits.h"

namespace fundb::funql {

namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsNonAscii(char c) { return static_cast<unsigned char>(c) >= 0x80; }
bool IsLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || IsNonAscii(c);
}
bool IsOperatorCharacter(char c) { return c != '\0' && std::strchr("+-*/<>=~!@#%^&|?", c); }
char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

int DigitValue(char c) {
  if (IsDigit(c)) return c - '0';
  c = Lower(c);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 99;
}

void AppendUtf8(uint32_t code, std::string *text) {
  auto add = [text](uint32_t byte) { text->push_back(static_cast<char>(byte)); };
  if (code < 0x80) {
    add(code);
  } else if (code < 0x800) {
    add(0xC0 | code >> 6), add(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    add(0xE0 | code >> 12), add(0x80 | (code >> 6 & 0x3F)), add(0x80 | (code & 0x3F));
  } else {
    add(0xF0 | code >> 18), add(0x80 | (code >> 12 & 0x3F));
    add(0x80 | (code >> 6 & 0x3F)), add(0x80 | (code & 0x3F));
  }
}

// PostgreSQL's own bound (NAMEDATALEN); a run of millions of such characters takes no longer.
constexpr size_t kMostOperatorBytes = 63;

class Lexer {
 public:
  Lexer(const Diagnostics &diagnostics, Steps *steps)
      : diagnostics_(diagnostics), steps_(*steps), text_(diagnostics.text()) {}

  std::vector<Token> Run() {
    if (text_.size() > kMostTextBytes) throw TextTooLong(std::to_string(text_.size()) + " bytes");
    if (!IsValidUtf8(text_)) throw diagnostics_.InvalidEncoding();
    for (;;) {
      steps_.Count();
      SkipBlanks();
      start_ = at_;
      if (at_ == text_.size()) {
        Push(TokenKind::kEnd, "");
        return std::move(tokens_);
      }
      Next();
    }
  }

 private:
  char Peek(size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  Span Here() const { return {static_cast<int>(start_), static_cast<int>(at_)}; }
  void Push(TokenKind kind, std::string text) {
    tokens_.push_back({kind, std::move(text), Here()});
  }

  void SkipBlanks() {
    for (;;) {
      char c = Peek();
      if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f') {
        ++at_;
      } else if (c == '-' && Peek(1) == '-') {
        while (at_ < text_.size() && text_[at_] != '\n') ++at_;
      } else if (c == '/' && Peek(1) == '*') {
        SkipBlockComment();
      } else {
        return;
      }
    }
  }

  // Comments nest; quotes inside mean nothing.
  void SkipBlockComment() {
    start_ = at_;
    int open = 0;
    do {
      if (at_ >= text_.size()) throw diagnostics_.Unterminated(Here(), "comment");
      if (Peek() == '/' && Peek(1) == '*') {
        ++open, at_ += 2;
      } else if (Peek() == '*' && Peek(1) == '/') {
        --open, at_ += 2;
      } else {
        ++at_;
      }
    } while (open > 0);
  }

  void Next() {
    char c = Peek();
    if (IsLetter(c)) {
      std::string word = Word();
      // e'…' is PostgreSQL's spelling of what every string is here.
      if (word == "e" && Peek() == '\'') return String();
      return Push(TokenKind::kWord, std::move(word));
    }
    if (c == '"') {
      std::string name = QuotedName();
      return Push(TokenKind::kQuotedName, std::move(name));
    }
    if (c == '\'') return String();
    if (IsDigit(c) || (c == '.' && IsDigit(Peek(1)))) return Number();
    if (c == '$') return Dollar();
    if (c == '.') return Dot();
    if (c == ':') {
      at_ += Peek(1) == ':' || Peek(1) == '=' ? 2 : 1;
      return Push(TokenKind::kSymbol, std::string(text_.substr(start_, at_ - start_)));
    }
    if (std::strchr("()[]{},;", c)) {
      ++at_;
      return Push(TokenKind::kSymbol, std::string(1, c));
    }
    if (IsOperatorCharacter(c)) return Operator();
    ++at_;
    throw diagnostics_.InvalidCharacter(Here());
  }

  std::string Word() {
    std::string word;
    while (IsLetter(Peek()) || IsDigit(Peek())) {
      if (IsNonAscii(Peek())) RefuseInvisible();
      word += Lower(Peek());
      ++at_;
    }
    return word;
  }

  // Blanks that only look like ones (no-break space and its kin) would hide in names.
  void RefuseInvisible() {
    std::string_view rest = text_.substr(at_);
    auto second = rest.size() > 1 ? static_cast<unsigned char>(rest[1]) : 0;
    auto third = rest.size() > 2 ? static_cast<unsigned char>(rest[2]) : 0;
    bool invisible = (rest[0] == '\xC2' && second <= 0xA0) ||  // U+0080-00A0
                     (rest[0] == '\xE2' && second == 0x80 && (third < 0x90 || third >= 0xA8)) ||
                     (rest[0] == '\xE3' && second == 0x80 && third == 0x80) ||  // U+3000
                     (rest[0] == '\xEF' && second == 0xBB && third == 0xBF);    // U+FEFF
    if (!invisible) return;
    start_ = at_;
    ++at_;
    throw diagnostics_.InvalidCharacter(Here());
  }

  std::string QuotedName() {
    std::string name;
    size_t begin = at_++;
    for (;;) {
      if (at_ >= text_.size()) {
        start_ = begin;
        throw diagnostics_.Unterminated(Here(), "quoted name");
      }
      char c = text_[at_++];
      if (c == '"') {
        if (Peek() != '"') break;
        ++at_;
      }
      name += c;
    }
    if (name.empty()) throw diagnostics_.EmptyName(Here());
    return name;
  }

  void String() {
    std::string value;
    ++at_;
    for (;;) {
      if (at_ >= text_.size()) throw diagnostics_.Unterminated(Here(), "string");
      char c = text_[at_++];
      if (c == '\\') {
        Escape(&value);
        continue;
      }
      if (c == '\'') {
        if (Peek() != '\'') break;
        ++at_;
      }
      value += c;
    }
    // \xHH and octal escapes can build anything.
    if (!IsValidUtf8(value)) throw diagnostics_.InvalidEscape(Here());
    Push(TokenKind::kString, std::move(value));
  }

  void Escape(std::string *value) {
    if (at_ >= text_.size()) throw diagnostics_.Unterminated(Here(), "string");
    char c = text_[at_++];
    switch (c) {
      case 'b':
        value->push_back('\b');
        return;
      case 'f':
        value->push_back('\f');
        return;
      case 'n':
        value->push_back('\n');
        return;
      case 'r':
        value->push_back('\r');
        return;
      case 't':
        value->push_back('\t');
        return;
      case 'x': {
        uint32_t code = Digits(16, 1, 2);
        value->push_back(static_cast<char>(code));
        return;
      }
      case 'u':
        return Unicode(4, value);
      case 'U':
        return Unicode(8, value);
      default:
        break;
    }
    if (c >= '0' && c <= '7') {
      --at_;
      value->push_back(static_cast<char>(Digits(8, 1, 3)));
      return;
    }
    value->push_back(c);
  }

  uint32_t Digits(int base, int at_least, int at_most) {
    uint32_t code = 0;
    int count = 0;
    while (count < at_most && DigitValue(Peek()) < base) {
      code = code * static_cast<uint32_t>(base) + static_cast<uint32_t>(DigitValue(Peek()));
      ++at_, ++count;
    }
    if (count < at_least) {
      start_ = at_;
      throw diagnostics_.InvalidEscape(Here());
    }
    return code;
  }

  void Unicode(int digits, std::string *value) {
    uint32_t code = Digits(16, digits, digits);
    // A character beyond the first plane may be spelled as two surrogates.
    if (code >= 0xD800 && code < 0xDC00 && Peek() == '\\' && Peek(1) == 'u') {
      at_ += 2;
      uint32_t low = Digits(16, 4, 4);
      if (low < 0xDC00 || low > 0xDFFF) throw diagnostics_.InvalidEscape(Here());
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    }
    if (code > 0x10FFFF) throw diagnostics_.InvalidEscape(Here());
    AppendUtf8(code, value);
  }

  void Number() {
    bool decimal = false;
    while (IsDigit(Peek())) ++at_;
    if (Peek() == '.' && Peek(1) != '.') {
      decimal = true;
      ++at_;
      while (IsDigit(Peek())) ++at_;
    }
    if (Lower(Peek()) == 'e') {
      size_t sign = Peek(1) == '+' || Peek(1) == '-' ? 1 : 0;
      if (IsDigit(Peek(1 + sign))) {
        decimal = true;
        at_ += 1 + sign;
        while (IsDigit(Peek())) ++at_;
      }
    }
    if (IsLetter(Peek())) {
      ++at_;
      throw diagnostics_.JunkAfterNumber(Here());
    }
    Push(decimal ? TokenKind::kDecimal : TokenKind::kInteger,
         std::string(text_.substr(start_, at_ - start_)));
  }

  void Dollar() {
    ++at_;
    TokenKind kind = TokenKind::kArgument;
    if (Peek() == '$') {
      ++at_;
      kind = TokenKind::kGlobal;
    }
    if (Peek() == '"') {
      std::string name = QuotedName();
      return Push(kind, std::move(name));
    }
    if (!IsLetter(Peek())) throw diagnostics_.NameExpectedAfterDollar(Here());
    std::string name = Word();
    Push(kind, std::move(name));
  }

  // `.`, and the attribute accessors `.@` and `.@@`.
  void Dot() {
    ++at_;
    if (Peek() == '@') ++at_;
    if (Peek() == '@' && text_[at_ - 1] == '@') ++at_;
    Push(TokenKind::kSymbol, std::string(text_.substr(start_, at_ - start_)));
  }

  // The longest run of operator characters, by PostgreSQL's rules, with the language's own symbols
  // (=>, !=>, @{) cut out first.
  void Operator() {
    size_t end = at_;
    // Two more: the beginning of a comment, or what makes it too long.
    size_t most = std::min(text_.size(), at_ + kMostOperatorBytes + 2);
    while (end < most && IsOperatorCharacter(text_[end])) ++end;
    std::string_view run = text_.substr(at_, end - at_);
    if (run[0] == '@' && run.size() == 1 && end < text_.size() && text_[end] == '{') {
      at_ += 2;
      return Push(TokenKind::kSymbol, "@{");
    }
    size_t length = run.size();
    for (size_t i = 1; i + 1 < length; ++i) {
      if (run.substr(i, 2) == "--" || run.substr(i, 2) == "/*") length = i;
    }
    if (run.substr(0, 2) == "=>") {
      length = 2;
    } else if (run.substr(0, 3) == "!=>") {
      length = 3;
    } else if (run[0] == '=' && length > 1 && (run[1] == '&' || run[1] == '@')) {
      length = 1;  // @name=&schema.view
    } else if (length > 1 && length == run.size() && run[length - 1] == '@' && end < text_.size() &&
               text_[end] == '{') {
      --length;  // field!@{…}
    }
    // a=-1 is a = (-1), unless the operator holds a character that no arithmetic one has.
    if (run.substr(0, length).find_first_of("~!@#%^&|?") == std::string_view::npos) {
      while (length > 1 && (run[length - 1] == '+' || run[length - 1] == '-')) --length;
    }
    at_ += length;
    if (length > kMostOperatorBytes) throw diagnostics_.LongOperator(Here());
    std::string text(run.substr(0, length));
    if (text == "!=") text = "<>";
    Push(TokenKind::kSymbol, std::move(text));
  }

  const Diagnostics &diagnostics_;
  Steps &steps_;
  std::string_view text_;
  size_t at_ = 0;
  size_t start_ = 0;
  std::vector<Token> tokens_;
};

}  // namespace

std::vector<Token> Tokenize(const Diagnostics &diagnostics, Steps *steps) {
  return Lexer(diagnostics, steps).Run();
}

}  // namespace fundb::funql
