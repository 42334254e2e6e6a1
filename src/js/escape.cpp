#include "js/escape.h"

#include <vector>

#include "js/source_text.h"

namespace fundb::js {

namespace {

enum class Kind { kWord, kString, kMark };

struct Token {
  Kind kind;
  std::string_view text;
};
using Tokens = std::vector<Token>;

template <size_t kCount>
bool IsAmong(std::string_view text, const std::string_view (&list)[kCount]) {
  for (std::string_view each : list) {
    if (each == text) return true;
  }
  return false;
}

// Splits the text; false for what it does not know: templates, slashes that are no comment's
// (regular expressions), escapes, names that are no ASCII.  Numbers come out as words and marks.
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
    Kind kind = Kind::kMark;
    if (IsNameCharacter(c)) {
      while (end < text.size() && IsNameCharacter(text[end])) ++end;
      kind = Kind::kWord;
    } else if (c == '"' || c == '\'') {
      end = text.find(c, end);
      if (end == text.npos) return false;
      ++end;
      kind = Kind::kString;
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

class Scan {
 public:
  explicit Scan(const Tokens &tokens) : tokens_(tokens) {}

  bool KeepsNothing() {
    return ReadHead() && HasNoFunctions() && FindViews() && UsesAreKnown(event_, Use::kEvent) &&
           UsesAreKnown(args_, Use::kArgs) && ViewUsesAreKnown();
  }

  // For a text that keeps nothing.
  void Collect(ParameterUses *uses) const {
    for (size_t at = body_; at < tokens_.size(); ++at) {
      if (!args_.empty() && IsUse(at, args_) && Is(at + 1, ".")) Add(at, at + 2, &uses->args);
      if (!IsUse(at, event_)) continue;
      uses->reads_event = true;
      if (!IsViewDeclaration(at)) {
        Add(at, at + 4, Is(at + 2, "new") ? &uses->new_row : &uses->old_row);
      }
    }
    for (size_t view : views_) {
      std::string_view name = tokens_[view].text;
      auto *row = Is(view + 4, "new") ? &uses->new_row : &uses->old_row;
      for (size_t at = body_; at < tokens_.size(); ++at) {
        if (at != view && IsUse(at, name)) Add(at, at + 2, row);
      }
    }
  }

 private:
  enum class Use { kEvent, kArgs, kView };

  bool Is(size_t at, std::string_view text) const {
    return at < tokens_.size() && tokens_[at].kind != Kind::kString && tokens_[at].text == text;
  }
  bool IsName(size_t at) const {
    if (at >= tokens_.size() || tokens_[at].kind != Kind::kWord) return false;
    char first = tokens_[at].text[0];
    return first < '0' || first > '9';
  }

  bool IsNumber(size_t at) const { return tokens_[at].kind == Kind::kWord && !IsName(at); }

  // [async] function [name] (event, args) {   or   [async] (event, args) => {
  bool ReadHead() {
    size_t at = 0;
    if (Is(at, "async")) ++at;
    bool is_arrow = !Is(at, "function");
    if (!is_arrow) ++at;
    if (!is_arrow && IsName(at)) ++at;
    if (!Is(at, "(") || !IsName(at + 1)) return false;
    event_ = tokens_[at + 1].text;
    at += 2;
    if (Is(at, ",") && IsName(at + 1)) {
      args_ = tokens_[at + 1].text;
      at += 2;
    }
    if (!Is(at, ")")) return false;
    ++at;
    if (is_arrow && !Is(at++, "=>")) return false;
    if (!Is(at, "{") || !Is(tokens_.size() - 1, "}")) return false;
    body_ = at;
    return event_ != args_;
  }

  // Nothing that is run later, by another, or that reaches parameters without naming them.
  bool HasNoFunctions() {
    constexpr std::string_view kRefused[] = {"=>",    "function", "class", "async",
                                             "await", "yield",    "eval",  "arguments",
                                             "with",  "delete",   "super"};
    constexpr std::string_view kBeforeBlock[] = {";", "}", "else", "try", "finally", "do"};
    constexpr std::string_view kHeads[] = {"if", "for", "while", "switch"};
    std::vector<size_t> open;
    std::vector<bool> opens_block(tokens_.size());
    partner_.resize(tokens_.size());
    enclosing_.resize(tokens_.size(), kNone);
    std::vector<size_t> &partner = partner_;
    for (size_t at = body_; at < tokens_.size(); ++at) {
      const Token &token = tokens_[at];
      if (!open.empty()) enclosing_[at] = open.back();
      if (token.kind == Kind::kString) continue;
      if (IsAmong(token.text, kRefused)) return false;
      if (token.text == "{") {
        bool is_block =
            at == body_ || opens_block[at - 1] || Is(at - 1, ")") ||
            (tokens_[at - 1].kind != Kind::kString && IsAmong(tokens_[at - 1].text, kBeforeBlock));
        // What stands before a block's parentheses must be a statement's word, and that a
        // statement's and no method's name.
        if (at != body_ && Is(at - 1, ")")) {
          size_t word = partner[at - 1];
          if (word < body_ + 2) return false;
          --word;
          if (tokens_[word].kind != Kind::kWord) return false;
          size_t before = word - 1;
          if (Is(word, "catch")) {
            if (!Is(before, "}")) return false;
          } else if (!IsAmong(tokens_[word].text, kHeads) ||
                     !(opens_block[before] || Is(before, ";") || Is(before, "}") ||
                       Is(before, ")") || Is(before, "else"))) {
            return false;
          }
        }
        opens_block[at] = is_block;
        open.push_back(at);
      } else if (token.text == "(" || token.text == "[") {
        open.push_back(at);
      } else if (token.text == ")" || token.text == "]" || token.text == "}") {
        if (open.empty()) return false;
        partner[at] = open.back();
        partner[open.back()] = at;
        std::string_view opening = tokens_[open.back()].text;
        std::string_view wanted = token.text == ")" ? "(" : token.text == "]" ? "[" : "{";
        if (opening != wanted) return false;
        open.pop_back();
        // The body ends with the text.
        if (open.empty() && at + 1 != tokens_.size()) return false;
      }
    }
    return open.empty();
  }

  // const row = event.new;
  bool IsViewDeclaration(size_t event) const {
    return event >= body_ + 3 && Is(event - 1, "=") && IsName(event - 2) &&
           (Is(event - 3, "const") || Is(event - 3, "let") || Is(event - 3, "var")) &&
           Is(event + 1, ".") && (Is(event + 2, "new") || Is(event + 2, "old")) &&
           Is(event + 3, ";");
  }

  bool FindViews() {
    for (size_t at = body_; at < tokens_.size(); ++at) {
      if (!IsUse(at, event_) || !IsViewDeclaration(at)) continue;
      std::string_view name = tokens_[at - 2].text;
      if (name == event_ || name == args_) return false;
      views_.push_back(at - 2);
    }
    return true;
  }

  // The name as a variable, not as a property behind a dot.
  bool IsUse(size_t at, std::string_view name) const {
    if (!Is(at, name) || Is(at - 1, "?.")) return false;
    // The dot may end a number: "1.", a new line, the name.
    return !Is(at - 1, ".") || IsNumber(at - 2);
  }

  // Whether `.name` at a dot is read or assigned, and not called with the object as `this`.
  bool IsColumn(size_t dot) const {
    if (!Is(dot, ".") || !IsName(dot + 1) || Is(dot + 1, "__proto__")) return false;
    // Whoever resolves a promise with the object calls this.
    if (Is(dot + 1, "then")) return false;
    size_t next = dot + 2;
    // (args.f)() is such a call, too.
    while (Is(next, ")")) ++next;
    return !Is(next, "(") && !Is(next, "?.");
  }

  bool IsKnownUse(size_t at, Use use) const {
    switch (use) {
      case Use::kArgs:
        if (Is(at - 1, "return") && (Is(at + 1, ";") || Is(at + 1, "}"))) {
          return !Is(at - 2, ".") && !Is(at - 2, "?.");
        }
        return IsColumn(at + 1);
      case Use::kEvent:
        if (IsViewDeclaration(at)) return true;
        return Is(at + 1, ".") && (Is(at + 2, "new") || Is(at + 2, "old")) && IsColumn(at + 3);
      case Use::kView:
        return IsColumn(at + 1);
    }
    return false;
  }

  bool UsesAreKnown(std::string_view name, Use use) const {
    if (name.empty()) return true;
    for (size_t at = body_; at < tokens_.size(); ++at) {
      if (IsUse(at, name) && !IsKnownUse(at, use)) return false;
    }
    return true;
  }

  bool ViewUsesAreKnown() const {
    for (size_t view : views_) {
      std::string_view name = tokens_[view].text;
      for (size_t at = body_; at < tokens_.size(); ++at) {
        if (!IsUse(at, name) || at == view) continue;
        if (!IsKnownUse(at, Use::kView)) return false;
      }
    }
    return true;
  }

  // What stands behind a property, or behind a pattern: `=` alone, `+=`, `>>>=`, `??=`, …
  enum class Assignment { kNone, kPlain, kCompound };
  Assignment AssignmentAt(size_t at) const {
    if (Is(at, "=")) return Is(at + 1, "=") ? Assignment::kNone : Assignment::kPlain;
    constexpr std::string_view kOperators[] = {"+", "-", "*", "%", "&", "|", "^", "<", ">", "?"};
    constexpr std::string_view kComparisons[] = {"<", ">"};
    size_t end = at;
    while (end < tokens_.size() && tokens_[end].kind == Kind::kMark &&
           IsAmong(tokens_[end].text, kOperators)) {
      ++end;
    }
    // x <= y and x >= y
    if (end == at + 1 && IsAmong(tokens_[at].text, kComparisons)) return Assignment::kNone;
    return end > at && Is(end, "=") ? Assignment::kCompound : Assignment::kNone;
  }

  // The text of a mark twice, as in ++, may also be two marks: a + +b.
  bool IsTwice(size_t at, std::string_view mark) const { return Is(at, mark) && Is(at + 1, mark); }

  // Whether the brackets around it are those of a pattern, which assigns: [a.b, {c: a.d}] = e.
  bool IsInPattern(size_t at) const {
    for (size_t open = enclosing_[at]; open != kNone; open = enclosing_[open]) {
      size_t next = partner_[open] + 1;
      while (Is(next, ")")) ++next;
      bool is_iterated = Is(next, "of") || Is(next, "in");
      if (!Is(open, "(") && (is_iterated || AssignmentAt(next) == Assignment::kPlain)) return true;
    }
    return false;
  }

  // `object`: where the use of a parameter or view begins; `name`: the property.
  void Add(size_t object, size_t name, std::vector<NamedProperty> *to) const {
    NamedProperty found{std::string(tokens_[name].text), true, false};
    size_t next = name + 1;
    while (Is(next, ")")) ++next;
    size_t before = object - 1;
    while (Is(before, "(")) --before;
    switch (AssignmentAt(next)) {
      case Assignment::kPlain:
        found.is_read = false;
        found.is_written = true;
        break;
      case Assignment::kCompound:
        found.is_written = true;
        break;
      case Assignment::kNone:
        found.is_written = IsTwice(next, "+") || IsTwice(next, "-") || IsTwice(before - 1, "+") ||
                           IsTwice(before - 1, "-") || Is(next, "of") || Is(next, "in") ||
                           IsInPattern(object);
    }
    for (NamedProperty &known : *to) {
      if (known.name != found.name) continue;
      known.is_read |= found.is_read;
      known.is_written |= found.is_written;
      return;
    }
    to->push_back(std::move(found));
  }

  static constexpr size_t kNone = static_cast<size_t>(-1);

  const Tokens &tokens_;
  size_t body_ = 0;
  // Of a bracket of the body, the other one of the pair.
  std::vector<size_t> partner_;
  // Of each token of the body, the innermost bracket that it stands in; kNone for the first.
  std::vector<size_t> enclosing_;
  std::string_view event_;
  std::string_view args_;
  // Where names for event.new and event.old are declared.
  std::vector<size_t> views_;
};

}  // namespace

ParameterUses FindUses(std::string_view function) {
  ParameterUses uses;
  Tokens tokens;
  if (!Split(function, &tokens) || tokens.empty()) return uses;
  Scan scan(tokens);
  uses.keeps_nothing = scan.KeepsNothing();
  if (uses.keeps_nothing) scan.Collect(&uses);
  return uses;
}

}  // namespace fundb::js
