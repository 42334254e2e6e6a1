#include "funql/token_hints.h"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "base/text.h"
#include "funql/keywords.h"

namespace fundb::funql {

namespace {

constexpr char kArguments[] =
    "Arguments are declared in front of the query and begin with $: { $x int }: SELECT $x AS x.";
constexpr char kCase[] = "Write CASE WHEN … THEN … ELSE … END.";

// The tokens around an error: 0 is the one that could not be read, -1 the one in front of it.
class Place {
 public:
  Place(const std::vector<Token> &tokens, size_t at) : tokens_(tokens), at_(at) {}

  const Token &operator[](int offset) const {
    static const Token kNothing;
    auto index = static_cast<std::ptrdiff_t>(at_) + offset;
    if (index < 0) return kNothing;
    return tokens_[std::min(static_cast<size_t>(index), tokens_.size() - 1)];
  }
  bool Word(int offset, std::string_view word) const { return (*this)[offset].IsWord(word); }
  bool Symbol(int offset, std::string_view symbol) const {
    return (*this)[offset].IsSymbol(symbol);
  }
  bool Word(int offset) const { return (*this)[offset].kind == TokenKind::kWord; }
  bool Number(int offset) const {
    TokenKind kind = (*this)[offset].kind;
    return kind == TokenKind::kInteger || kind == TokenKind::kDecimal;
  }
  // Is it written anywhere in front of the place?
  template <typename F>
  bool Before(F &&is) const {
    return std::any_of(tokens_.begin(), tokens_.begin() + static_cast<std::ptrdiff_t>(at_), is);
  }
  size_t at() const { return at_; }

 private:
  const std::vector<Token> &tokens_;
  size_t at_;
};

template <size_t N>
bool Contains(const std::string_view (&words)[N], std::string_view word) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

// One letter is missing, too much, another one, or two neighbours have changed places.
bool IsSlip(std::string_view a, std::string_view b) {
  size_t begin = 0;
  while (begin < std::min(a.size(), b.size()) && a[begin] == b[begin]) ++begin;
  std::string_view x = a.substr(begin);
  std::string_view y = b.substr(begin);
  if (x.empty() && y.empty()) return false;
  if (x.size() == y.size()) {
    if (x.substr(1) == y.substr(1)) return true;
    return x.size() > 1 && x[0] == y[1] && x[1] == y[0] && x.substr(2) == y.substr(2);
  }
  return x.size() > y.size() ? x.substr(1) == y : x == y.substr(1);
}

// The keyword that a name was meant to be; "" for none.
std::string Keyword(const Token &token) {
  constexpr std::string_view kWords[] = {
      "select", "from",   "where",  "group",    "having", "order", "limit",     "offset",
      "join",   "left",   "right",  "inner",    "cross",  "union", "intersect", "except",
      "values", "insert", "update", "delete",   "and",    "desc",  "between",   "ilike",
      "like",   "then",   "else",   "distinct", "nulls"};
  constexpr std::string_view kOther[][2] = {{"orderby", "ORDER BY"},   {"groupby", "GROUP BY"},
                                            {"ascending", "ASC"},      {"descending", "DESC"},
                                            {"leftjoin", "LEFT JOIN"}, {"isnot", "IS NOT"}};
  if (token.kind != TokenKind::kWord) return "";
  for (const auto &[written, meant] : kOther) {
    if (token.text == written) return std::string(meant);
  }
  if (token.text.size() < 3 || IsReservedWord(token.text) || BeginsClause(token.text)) return "";
  for (std::string_view word : kWords) {
    if (IsSlip(token.text, word)) return Upper(std::string(word));
  }
  return "";
}

// Can an operand end with it, so that a keyword may follow?
bool EndsOperand(const Token &token) {
  switch (token.kind) {
    case TokenKind::kEnd:
      return false;
    case TokenKind::kWord:
      return !IsReservedWord(token.text) || token.text == "end" || token.text == "null";
    case TokenKind::kSymbol:
      return token.text == ")" || token.text == "]" || token.text == "}" || token.text == "*";
    default:
      return true;
  }
}

std::string Misspelled(const Place &place) {
  for (int offset : {0, -1}) {
    // Behind a point or AS any word is a name.
    if (place.Symbol(offset - 1, ".") || place.Word(offset - 1, "as")) continue;
    // WHERE line 5: there it was read as a field, not as what follows one.
    if (offset < 0 && !EndsOperand(place[offset - 1])) continue;
    std::string keyword = Keyword(place[offset]);
    if (!keyword.empty()) return "Perhaps you meant " + keyword + ".";
  }
  return "";
}

// A clause or a part of one that other databases write in another way.
std::string OtherSql(const Place &place) {
  if (place.Word(-1, "top") && place.Number(0)) {
    return "Write LIMIT " + place[0].text + " at the end of the query.";
  }
  if (place.Word(0, "fetch")) return "Write FETCH FIRST 5 ROWS ONLY, or LIMIT 5.";
  if (place.Word(0, "natural")) return "Write NATURAL JOIN.";
  if (place.Word(0, "on") && place.Word(1, "duplicate")) {
    return "Write ON CONFLICT (…) DO UPDATE SET ….";
  }
  if (place.Word(0, "on")) {
    return "ON belongs to JOIN; behind a comma or CROSS JOIN the condition goes to WHERE.";
  }
  if (place.Word(-2, "for") && place.Word(-1, "update") && place.Word(0)) {
    return "Name the sources with OF: FOR UPDATE OF source.";
  }
  if (place.Word(-3, "over") && place.Word(-2, "partition") && place.Word(-1, "by")) {
    return "The window stands in parentheses: OVER (PARTITION BY …).";
  }
  return "";
}

std::string Subquery(const Place &place) {
  if (place.Word(-1, "exists")) {
    return "The subquery stands in parentheses: EXISTS (SELECT … FROM …).";
  }
  if (!place.Word(0, "select")) return "";
  if (place.Word(-3, "with") && place.Symbol(-1, "(")) return "Write WITH name AS (SELECT …).";
  constexpr std::string_view kBefore[] = {"from", "join", "in", "as", "any", "all", "and", "or"};
  bool inside = place.Word(-1) && Contains(kBefore, place[-1].text);
  if (inside || place.Symbol(-1, ",") || place.Symbol(-1, "=")) {
    return "A subquery stands in parentheses.";
  }
  return "";
}

std::string Condition(const Place &place) {
  if (place.Word(-1, "in") && !place.Symbol(0, "(")) {
    return "A list stands in parentheses: IN (1, 2).  An array is asked with = ANY ($ids).";
  }
  if (place.Word(-2, "in") && place.Symbol(-1, "(") && place.Symbol(0, ")")) {
    return "IN needs a value; = ANY ($ids) may be given an empty array.";
  }
  if (place.Word(-1, "is") || (place.Word(-2, "is") && place.Word(-1, "not"))) {
    return "IS is for NULL, TRUE, FALSE and UNKNOWN; values are compared with = and <>.";
  }
  if (place.Word(0, "not") && place.Word(1, "null")) return "Write IS NOT NULL.";
  if (place.Symbol(0, "!")) return "Negation is written NOT.";
  constexpr std::string_view kComparisons[] = {"=", "<>", "<", ">", "<=", ">="};
  bool compares = place[0].kind == TokenKind::kSymbol && Contains(kComparisons, place[0].text);
  if (compares && place.Before([](const Token &token) {
        return token.IsSymbol("&&") || token.IsSymbol("||");
      })) {
    return "Conditions are joined by AND and OR.";
  }
  return "";
}

std::string Names(const Place &place) {
  constexpr std::string_view kNext[] = {"from", "where", "group", "order", "limit"};
  if (place.Word(-2, "as") && place.Word(-1) && Contains(kNext, place[-1].text)) {
    return "A name is missing behind AS.";
  }
  if (place.Word(-2, "as") && place.Word(-1) && place.Word(0)) {
    return "Perhaps a comma is missing; a name of several words stands in double quotes.";
  }
  bool dangling = place.Symbol(-3, "=>") || place.Symbol(-3, ".");
  if (dangling && place.Word(-2, "from") && place.Symbol(0, ".")) {
    return "The name of a field is missing behind " + place[-3].text + " in front of FROM.";
  }
  if (place.Word(-1, "as") && place[0].kind == TokenKind::kString) {
    return "A name that is no plain word stands in double quotes.";
  }
  bool name_wanted = place.Word(-1, "from") || place.Word(-1, "join") || place.Symbol(-1, ".");
  if (place.Symbol(0, "[") && name_wanted)
    return "A name that needs quotes stands in double quotes.";
  if (place.Symbol(0, ".") && place.Symbol(-2, ".")) {
    return "An entity is written schema.entity, the field of a row it refers to reference=>field.";
  }
  if (place.Symbol(0, ".") && place.Word(-1) && !place.Word(-1, "select") &&
      !place.Before([](const Token &token) { return token.IsWord("from"); })) {
    return "FROM is missing in front of \"" + place[-1].text + "\".";
  }
  return "";
}

std::string Expressions(const Place &place) {
  constexpr std::string_view kUnits[] = {"year",   "years",   "month",  "months", "week",
                                         "weeks",  "day",     "days",   "hour",   "hours",
                                         "minute", "minutes", "second", "seconds"};
  if (place.Word(-1, "interval") && place.Number(0)) {
    std::string unit = place.Word(1) && Contains(kUnits, place[1].text) ? place[1].text : "days";
    return "The amount is a string: interval '" + place[0].text + " " + unit + "'.";
  }
  if (place.Word(-1) && place.Number(-2) && Contains(kUnits, place[-1].text)) {
    return "Write interval '" + place[-2].text + " " + place[-1].text + "'.";
  }
  bool is_if = place.Word(-1, "if") || place.Word(-2, "if");
  bool ternary =
      place.Symbol(0, ":") && place.Before([](const Token &token) { return token.IsSymbol("?"); });
  if (is_if || ternary) return kCase;
  bool called = place.Word(-2, "array") && place.Symbol(-1, "(");
  if (called || place.Word(0, "array")) return "An array is written ARRAY[1, 2].";
  bool comment = place[0].kind == TokenKind::kSymbol &&
                 (place[0].text[0] == '#' || place[0].text.compare(0, 2, "//") == 0);
  if (comment) return "A comment begins with --.";
  return "";
}

std::string ArgumentBlock(const Place &place) {
  if (place.at() == 1 && place.Symbol(-1, "(") && place[0].kind == TokenKind::kArgument) {
    return "The block of arguments stands in braces: { $x int }: SELECT …";
  }
  if (place.Symbol(0, ":") && place[-1].kind == TokenKind::kArgument) {
    return "The type stands directly behind the name: { $x int }.";
  }
  if (place.Word(-2, "enum") && place.Symbol(-1, "(")) {
    return "The values are strings: enum('a', 'b').";
  }
  if (place.Word(0, "array") && place[-1].kind == TokenKind::kArgument) {
    return "An array's type is written array(int) or int[].";
  }
  bool named = place.Word(1) || place[1].kind == TokenKind::kArgument;
  if (place.Symbol(0, ":") && named) return kArguments;
  if (place.Symbol(-1, "?") || place.Symbol(0, "?")) return kArguments;
  if (place.Symbol(0, "{") && place.Symbol(-1, "{")) return kArguments;
  return "";
}

// Only what comes too late to be told at its own place.
std::string Earlier(const Place &place) {
  auto is_equality = [](const Token &token) {
    return token.IsSymbol("==") || token.IsSymbol("===");
  };
  return place.Before(is_equality) ? "Equality is written =." : "";
}

}  // namespace

std::string HintAt(const std::vector<Token> &tokens, size_t at) {
  Place place(tokens, at);
  for (auto *recognize :
       {Misspelled, OtherSql, Subquery, Condition, Names, ArgumentBlock, Expressions, Earlier}) {
    std::string hint = recognize(place);
    if (!hint.empty()) return hint;
  }
  return "";
}

std::string HintInArguments(const std::vector<Token> &tokens, size_t at) {
  Place place(tokens, at);
  if (place.Word(-1, "reference")) return "Write reference(schema.entity).";
  if (place.Symbol(0, "=")) return "A value for an argument that is left out is written DEFAULT.";
  if (place.Word(0, "not") || place.Word(0, "required")) {
    return "An argument must be given unless NULL or a DEFAULT stands behind its type.";
  }
  if (place.Word(0, "optional")) return "An argument that may be left out is declared NULL.";
  return "";
}

}  // namespace fundb::funql
