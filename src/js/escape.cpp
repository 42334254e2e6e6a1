#include "js/escape.h"

#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "js/tokens.h"

namespace fundb::js {

namespace {

// What is longer, or names more, is not looked at: this runs when a rule is loaded, where nothing
// can cancel it, and a text that is made to take long must not.
constexpr size_t kLongestText = 64 * 1024;
constexpr size_t kMostNames = 200;

template <size_t kCount>
bool IsAmong(std::string_view text, const std::string_view (&list)[kCount]) {
  for (std::string_view each : list) {
    if (each == text) return true;
  }
  return false;
}

class Scan {
 public:
  explicit Scan(const Tokens &tokens) : tokens_(tokens) {}

  bool KeepsNothing() { return ReadHead() && HasNoFunctions() && FindViews() && FindUsesOfNames(); }

  // For a text that keeps nothing.  False when it names too much.
  bool Collect(ParameterUses *uses) const {
    Names args(&uses->args);
    Names new_row(&uses->new_row);
    Names old_row(&uses->old_row);
    for (const Found &found : uses_) {
      if (found.use == Use::kEvent) uses->reads_event = true;
      switch (found.row) {
        case Row::kNone:
          break;
        case Row::kArgs:
          if (Is(found.at + 1, ".")) args.Add(Property(found.at, found.at + 2));
          break;
        case Row::kNew:
        case Row::kOld: {
          Names &names = found.row == Row::kNew ? new_row : old_row;
          names.Add(Property(found.at, found.at + (found.use == Use::kEvent ? 4 : 2)));
          break;
        }
      }
    }
    return args.size() + new_row.size() + old_row.size() <= kMostNames;
  }

 private:
  enum class Use { kEvent, kArgs, kView };
  enum class Row { kNone, kArgs, kNew, kOld };
  // A name that stands for a parameter or a part of it.
  struct Meaning {
    Use use;
    Row row;  // of a view
  };
  // Where it stands in the body, and of which row it names a column.
  struct Found {
    size_t at;
    Use use;
    Row row;
  };

  // A list of properties, each once.
  class Names {
   public:
    explicit Names(std::vector<NamedProperty> *list) : list_(*list) {}
    void Add(NamedProperty found) {
      auto [place, is_new] = places_.emplace(found.name, list_.size());
      if (is_new) {
        list_.push_back(std::move(found));
        return;
      }
      NamedProperty &known = list_[place->second];
      known.is_read |= found.is_read;
      known.is_written |= found.is_written;
    }
    size_t size() const { return list_.size(); }

   private:
    std::vector<NamedProperty> &list_;
    std::unordered_map<std::string, size_t> places_;
  };

  bool Is(size_t at, std::string_view text) const {
    return at < tokens_.size() && tokens_[at].kind != Token::kString && tokens_[at].text == text;
  }
  bool IsName(size_t at) const {
    if (at >= tokens_.size() || tokens_[at].kind != Token::kWord) return false;
    char first = tokens_[at].text[0];
    return first < '0' || first > '9';
  }

  bool IsNumber(size_t at) const { return tokens_[at].kind == Token::kWord && !IsName(at); }

  // function [name] (event, args) {   or   (event, args) => {
  // No async ones: what they return is a promise, which keeps `args` until it is asked.  (Most have
  // lost the word when they were compiled, see async_word.h.)
  bool ReadHead() {
    size_t at = 0;
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
      if (token.kind == Token::kString) continue;
      if (IsAmong(token.text, kRefused)) return false;
      if (token.text == "{") {
        bool is_block =
            at == body_ || opens_block[at - 1] || Is(at - 1, ")") ||
            (tokens_[at - 1].kind != Token::kString && IsAmong(tokens_[at - 1].text, kBeforeBlock));
        // What stands before a block's parentheses must be a statement's word, and that a
        // statement's and no method's name.
        if (at != body_ && Is(at - 1, ")")) {
          size_t word = partner[at - 1];
          if (word < body_ + 2) return false;
          --word;
          if (tokens_[word].kind != Token::kWord) return false;
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
    if (!open.empty()) return false;
    FindPatterns();
    return true;
  }

  // const row = event.new;
  bool IsViewDeclaration(size_t event) const {
    return event >= body_ + 3 && Is(event - 1, "=") && IsName(event - 2) &&
           (Is(event - 3, "const") || Is(event - 3, "let") || Is(event - 3, "var")) &&
           Is(event + 1, ".") && (Is(event + 2, "new") || Is(event + 2, "old")) &&
           Is(event + 3, ";");
  }

  bool FindViews() {
    meanings_[event_] = {Use::kEvent, Row::kNone};
    if (!args_.empty()) meanings_[args_] = {Use::kArgs, Row::kArgs};
    for (size_t at = body_; at < tokens_.size(); ++at) {
      if (!IsUse(at, event_) || !IsViewDeclaration(at)) continue;
      Row row = Is(at + 2, "new") ? Row::kNew : Row::kOld;
      auto [known, is_new] = meanings_.emplace(tokens_[at - 2].text, Meaning{Use::kView, row});
      // A name of two rows is told apart by blocks, which are not looked at.
      if (!is_new && (known->second.use != Use::kView || known->second.row != row)) return false;
      declarations_.push_back(at - 2);
    }
    return true;
  }

  // The name as a variable, not as a property behind a dot.
  bool IsUse(size_t at, std::string_view name) const { return Is(at, name) && IsVariable(at); }
  bool IsVariable(size_t at) const {
    if (Is(at - 1, "?.")) return false;
    // The dot may end a number: "1.", a new line, the name.
    return !Is(at - 1, ".") || IsNumber(at - 2);
  }

  // Whether `.name` at a dot is read or assigned, and not called with the object as `this`.
  bool IsColumn(size_t dot) const {
    // Whoever resolves a promise with the object calls `then`.  The others each object has, so that
    // it matters whether it has them of its own.
    constexpr std::string_view kRefused[] = {
        "then",           "constructor", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable",
        "toLocaleString", "toString",    "valueOf"};
    if (!Is(dot, ".") || !IsName(dot + 1) || IsAmong(tokens_[dot + 1].text, kRefused)) return false;
    // __proto__, __defineGetter__, …
    if (tokens_[dot + 1].text.substr(0, 2) == "__") return false;
    size_t next = BehindParentheses(dot + 2);
    // (args.f)() is such a call, too.
    return !Is(next, "(") && !Is(next, "?.");
  }

  // What stands behind the parentheses that close at `at`, if any do.
  size_t BehindParentheses(size_t at) const {
    while (Is(at, ")")) ++at;
    return at;
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

  bool FindUsesOfNames() {
    size_t declaration = 0;
    for (size_t at = body_; at < tokens_.size(); ++at) {
      if (tokens_[at].kind != Token::kWord) continue;
      if (declaration < declarations_.size() && declarations_[declaration] == at) {
        ++declaration;
        continue;
      }
      auto meaning = meanings_.find(tokens_[at].text);
      if (meaning == meanings_.end() || !IsVariable(at)) continue;
      auto [use, row] = meaning->second;
      if (!IsKnownUse(at, use)) return false;
      if (use == Use::kEvent && !IsViewDeclaration(at)) {
        row = Is(at + 2, "new") ? Row::kNew : Row::kOld;
      }
      uses_.push_back({at, use, row});
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
    while (end < tokens_.size() && tokens_[end].kind == Token::kMark &&
           IsAmong(tokens_[end].text, kOperators)) {
      ++end;
    }
    // x <= y and x >= y
    if (end == at + 1 && IsAmong(tokens_[at].text, kComparisons)) return Assignment::kNone;
    return end > at && Is(end, "=") ? Assignment::kCompound : Assignment::kNone;
  }

  // The text of a mark twice, as in ++, may also be two marks: a + +b.
  bool IsTwice(size_t at, std::string_view mark) const { return Is(at, mark) && Is(at + 1, mark); }

  // Of each bracket, whether it stands in a pattern, which assigns, or opens one:
  // [a.b, {c: a.d}] = e.
  void FindPatterns() {
    is_pattern_.resize(tokens_.size());
    for (size_t at = body_; at < tokens_.size(); ++at) {
      if (partner_[at] <= at) continue;  // no opening bracket
      if (enclosing_[at] != kNone && is_pattern_[enclosing_[at]]) {
        is_pattern_[at] = true;
      } else if (!Is(at, "(")) {
        size_t next = BehindParentheses(partner_[at] + 1);
        is_pattern_[at] =
            Is(next, "of") || Is(next, "in") || AssignmentAt(next) == Assignment::kPlain;
      }
    }
  }

  // `object`: where the use of a parameter or view begins; `name`: the property.
  NamedProperty Property(size_t object, size_t name) const {
    NamedProperty found{std::string(tokens_[name].text), true, false};
    // Only directly: f(a.b) = 1 is no error before f was called with what a.b holds.
    if (AssignmentAt(name + 1) == Assignment::kPlain) {
      found.is_read = false;
      found.is_written = true;
      return found;
    }
    size_t next = BehindParentheses(name + 1);
    size_t before = object - 1;
    while (Is(before, "(")) --before;
    found.is_written = AssignmentAt(name + 1) != Assignment::kNone ||
                       AssignmentAt(next) != Assignment::kNone || IsTwice(next, "+") ||
                       IsTwice(next, "-") || IsTwice(before - 1, "+") || IsTwice(before - 1, "-") ||
                       Is(next, "of") || Is(next, "in") || is_pattern_[enclosing_[object]];
    return found;
  }

  static constexpr size_t kNone = static_cast<size_t>(-1);

  const Tokens &tokens_;
  size_t body_ = 0;
  // Of a bracket of the body, the other one of the pair.
  std::vector<size_t> partner_;
  // Of each token of the body, the innermost bracket that it stands in; kNone for the first.
  std::vector<size_t> enclosing_;
  std::vector<bool> is_pattern_;
  std::string_view event_;
  std::string_view args_;
  // `event`, `args` and the names for event.new and event.old.
  std::unordered_map<std::string_view, Meaning> meanings_;
  // Where the latter are declared, and all the other places of all names.
  std::vector<size_t> declarations_;
  std::vector<Found> uses_;
};

}  // namespace

ParameterUses FindUses(std::string_view function) {
  ParameterUses uses;
  Tokens tokens;
  if (function.size() > kLongestText || !Split(function, &tokens) || tokens.empty()) return uses;
  Scan scan(tokens);
  if (!scan.KeepsNothing() || !scan.Collect(&uses)) return ParameterUses();
  uses.keeps_nothing = true;
  return uses;
}

}  // namespace fundb::js
