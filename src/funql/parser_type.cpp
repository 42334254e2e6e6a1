// Types: the language's own names, and every way PostgreSQL spells its own.
#include <algorithm>

#include "funql/parser_state.h"

namespace fundb::funql {

namespace {

// numeric(10, 2) needs two; no type of PostgreSQL takes more.
constexpr size_t kMaxModifiers = 2;
// The longest modifier that still fits an int.
constexpr size_t kMaxModifierDigits = 9;

bool IsIntervalField(const Token &token) {
  constexpr std::string_view kFields[] = {"year", "month", "day", "hour", "minute", "second"};
  return token.kind == TokenKind::kWord &&
         std::find(std::begin(kFields), std::end(kFields), token.text) != std::end(kFields);
}

}  // namespace

void Parser::IntervalFields(ast::TypeName *type) {
  bool interval = type->kind == ast::TypeKind::kNamed && !type->exact &&
                  type->name.name.text == "interval" && type->fields.empty();
  if (!interval || !IsIntervalField(Peek())) return;
  type->fields = Take().text;
  if (AtWord("to") && IsIntervalField(Peek(1))) {
    Take();
    type->fields += " to " + Take().text;
  }
  bool seconds = type->fields.find("second") != std::string::npos;
  if (seconds && AtSymbol("(") && Peek(1).kind == TokenKind::kInteger && AtSymbol(")", 2)) {
    Take();
    if (Peek().text.size() > 1) Fail("a smaller number");
    type->modifiers = {std::stoi(Take().text)};
    Take();
  }
  type->span.end = last_end_;
}

ast::TypeName Parser::Type() {
  Nested nested(this, 1);
  ast::TypeName type;
  int begin = Begin();
  if (AtWord("array") && AtSymbol("(", 1)) {
    Take();
    Take();
    type = Type();
    if (type.is_array) throw diagnostics_.NotSupported(type.span, "an array of arrays");
    type.is_array = true;
    ExpectSymbol(")");
    type.span = SpanFrom(begin);
    return type;
  }
  if (AtWord("reference") && AtSymbol("(", 1)) {
    Take();
    Take();
    type.kind = ast::TypeKind::kReference;
    type.name = ExpectQualifiedName("an entity");
    ExpectSymbol(")");
  } else if (AtWord("enum") && AtSymbol("(", 1)) {
    Take();
    Take();
    type.kind = ast::TypeKind::kEnum;
    do {
      if (Peek().kind != TokenKind::kString) Fail("a string");
      type.labels.push_back(Take().text);
    } while (AcceptSymbol(",") && !AtSymbol(")"));
    ExpectSymbol(")");
  } else {
    type.exact = Peek().kind == TokenKind::kQuotedName;
    type.name = ExpectQualifiedName("a type");
    if (!type.name.schema.text.empty()) type.exact = true;
    auto modifiers = [this, &type] {
      if (!AtSymbol("(") || Peek(1).kind != TokenKind::kInteger) return;
      Take();
      do {
        if (Peek().kind != TokenKind::kInteger || Peek().text.size() > kMaxModifierDigits ||
            type.modifiers.size() == kMaxModifiers) {
          Fail("a smaller number");
        }
        type.modifiers.push_back(std::stoi(Take().text));
      } while (AcceptSymbol(","));
      ExpectSymbol(")");
    };
    std::string &name = type.name.name.text;
    bool is_time = name == "timestamp" || name == "time";
    if (type.exact) {
      modifiers();
    } else if (name == "double" && AcceptWord("precision")) {
      name = "float8";
    } else if (name == "character" || name == "char") {
      name = AcceptWord("varying") ? "varchar" : "bpchar";
      modifiers();
      if (name == "bpchar" && type.modifiers.empty()) type.modifiers = {1};
    } else if (name == "bit") {
      if (AcceptWord("varying")) name = "varbit";
      modifiers();
      if (name == "bit" && type.modifiers.empty()) type.modifiers = {1};
    } else {
      modifiers();
      IntervalFields(&type);
      if (is_time && AcceptWords({"with", "time", "zone"})) {
        name += "tz";
      } else if (is_time) {
        AcceptWords({"without", "time", "zone"});
      }
    }
  }
  // PostgreSQL does not tell int[] from int[][].
  while (AtSymbol("[")) {
    Take();
    if (Peek().kind == TokenKind::kInteger) Take();
    ExpectSymbol("]");
    type.is_array = true;
  }
  type.span = SpanFrom(begin);
  return type;
}

}  // namespace fundb::funql
