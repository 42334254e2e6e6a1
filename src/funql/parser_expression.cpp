// Operators: precedence climbing over PostgreSQL's levels, which agree with the original's for
// every operator that it has.
#include <algorithm>

#include "funql/parser_state.h"

namespace fundb::funql {

namespace {

enum Power {
  kOrPower = 1,
  kAndPower,
  kNotPower,
  kIsPower,
  kComparisonPower,
  kLikePower,   // LIKE, IN, BETWEEN, OFTYPE
  kOtherPower,  // ||, ->, ~ and every operator that has no level of its own
  kAddPower,
  kMultiplyPower,
  kExponentPower,
  kTimeZonePower,
  kCollatePower,
  kSignPower,
  kSubscriptPower,
  kCastPower,
};

bool IsComparison(const std::string &op) {
  return op == "=" || op == "<>" || op == "<" || op == "<=" || op == ">" || op == ">=";
}

// 0 for a symbol that is no binary operator.
int BinaryPower(const Token &token) {
  const std::string &op = token.text;
  if (IsComparison(op)) return kComparisonPower;
  if (op == "+" || op == "-") return kAddPower;
  if (op == "*" || op == "/" || op == "%") return kMultiplyPower;
  if (op == "^") return kExponentPower;
  if (op == "=>" || op == "!=>" || op == "!" || op == "@{") return 0;
  constexpr std::string_view kCharacters = "+-*/<>=~!@#%^&|?";
  return kCharacters.find(op[0]) == std::string_view::npos ? 0 : kOtherPower;
}

}  // namespace

ast::ExpressionPtr Parser::Expression() { return Binary(kOrPower); }

std::vector<ast::ExpressionPtr> Parser::ExpressionList(std::string_view closing) {
  std::vector<ast::ExpressionPtr> list;
  do {
    if (AtSymbol(closing) && !list.empty()) break;
    list.push_back(Expression());
  } while (AcceptSymbol(","));
  ExpectSymbol(closing);
  return list;
}

ast::ExpressionPtr Parser::Binary(int minimum) {
  Nested nested(this, 1);
  ast::ExpressionPtr left = Prefix();
  // Comparisons and LIKE do not associate: a < b < c is an error, as in both ancestors.
  int not_again = 0;
  for (;;) {
    const Token &token = Peek();
    if (token.kind == TokenKind::kWord) {
      bool done = false;
      left = WordOperator(std::move(left), minimum, &done);
      if (done) return left;
      continue;
    }
    if (token.kind != TokenKind::kSymbol) return left;
    if (token.text == "::" && minimum <= kCastPower) {
      ast::ExpressionPtr node = Make(ast::ExpressionKind::kCast, left->span.begin);
      Take();
      node->type = Type();
      node->args.push_back(std::move(left));
      left = Finish(std::move(node));
      continue;
    }
    if (token.text == "[" && minimum <= kSubscriptPower) {
      left = Subscript(std::move(left));
      continue;
    }
    int power = BinaryPower(token);
    if (power == 0 || power < minimum) return left;
    if (power == kComparisonPower && not_again == power) Fail();
    not_again = power == kComparisonPower ? power : 0;
    std::string op = Take().text;
    left = Comparison(std::move(left), op, power);
  }
}

// An operator with its right side, which may be ANY (…) or ALL (…).
ast::ExpressionPtr Parser::Comparison(ast::ExpressionPtr left, const std::string &op, int power) {
  int op_begin = last_end_ - static_cast<int>(op.size());
  bool any = AtWord("any") || AtWord("some");
  if ((any || AtWord("all")) && AtSymbol("(", 1)) {
    ast::ExpressionPtr node = Make(ast::ExpressionKind::kQuantified, op_begin);
    node->text = op;
    node->word = any ? "any" : "all";
    node->args.push_back(std::move(left));
    Take();
    if (AtQuery(1) || AtParenthesizedQuery()) {
      ExpectSymbol("(");
      node->query = Query();
    } else {
      ExpectSymbol("(");
      node->args.push_back(Expression());
    }
    ExpectSymbol(")");
    return Finish(std::move(node));
  }
  ast::ExpressionPtr node = Make(ast::ExpressionKind::kOperator, op_begin);
  node->text = op;
  node->args.push_back(std::move(left));
  node->args.push_back(Binary(power + 1));
  return Finish(std::move(node));
}

// Operators that are words.  `done`: there is none here, or it binds less than `minimum`.
ast::ExpressionPtr Parser::WordOperator(ast::ExpressionPtr left, int minimum, bool *done) {
  const std::string &word = Peek().text;
  int begin = Begin();
  if (word == "and" || word == "or") {
    int power = word == "and" ? kAndPower : kOrPower;
    if (power < minimum) return *done = true, std::move(left);
    auto kind = word == "and" ? ast::ExpressionKind::kAnd : ast::ExpressionKind::kOr;
    // One node for a whole chain: generated conditions are long, not deep.
    ast::ExpressionPtr node = Make(kind, left->span.begin);
    node->args.push_back(std::move(left));
    const std::string chain = word;
    while (AcceptWord(chain)) node->args.push_back(Binary(power + 1));
    return Finish(std::move(node));
  }
  if (word == "is" || word == "isnull" || word == "notnull") {
    if (kIsPower < minimum) return *done = true, std::move(left);
    return IsOperator(std::move(left));
  }
  if (word == "at" && AtWord("time", 1) && AtWord("zone", 2)) {
    if (kTimeZonePower < minimum) return *done = true, std::move(left);
    Take(), Take(), Take();
    // x AT TIME ZONE z is the function timezone(z, x).
    ast::ExpressionPtr node = Make(ast::ExpressionKind::kCall, begin);
    node->call = std::make_unique<ast::Call>();
    node->call->function.name = {"timezone", {begin, last_end_}};
    node->call->function.span = {begin, last_end_};
    node->args.push_back(Binary(kTimeZonePower + 1));
    node->args.push_back(std::move(left));
    return Finish(std::move(node));
  }
  if (word == "collate") {
    if (kCollatePower < minimum) return *done = true, std::move(left);
    ast::ExpressionPtr node = Make(ast::ExpressionKind::kCollate, begin);
    Take();
    node->entity = ExpectQualifiedName("a collation");
    node->args.push_back(std::move(left));
    return Finish(std::move(node));
  }
  int ahead = word == "not" ? 1 : 0;
  const Token &next = Peek(ahead);
  bool like = next.IsWord("like") || next.IsWord("ilike") ||
              (next.IsWord("similar") && AtWord("to", ahead + 1));
  bool type_test = ahead == 0 && left->kind == ast::ExpressionKind::kField &&
                   (next.IsWord("oftype") || (next.IsWord("inherited") && AtWord("from", 1)));
  bool overlaps = ahead == 0 && next.IsWord("overlaps") && left->kind == ast::ExpressionKind::kRow;
  bool known = like || type_test || overlaps || next.IsWord("in") || next.IsWord("between");
  if (!known || kLikePower < minimum) return *done = true, std::move(left);
  if (ahead == 1) Take();
  const std::string op = Take().text;
  ast::ExpressionPtr node = Make(ast::ExpressionKind::kLike, begin);
  node->negated = ahead == 1;
  if (like) {
    node->word = op;
    if (op == "similar") {
      Take();
      node->word = "similar to";
    } else if ((AtWord("any") || AtWord("some") || AtWord("all")) && AtSymbol("(", 1)) {
      std::string symbol = std::string(node->negated ? "!" : "") + (op == "like" ? "~~" : "~~*");
      return Comparison(std::move(left), symbol, kOtherPower);
    }
    node->args.push_back(std::move(left));
    node->args.push_back(Binary(kOtherPower));
    if (AcceptWord("escape")) node->args.push_back(Binary(kOtherPower));
  } else if (type_test) {
    node->kind = ast::ExpressionKind::kTypeTest;
    node->word = op == "oftype" ? op : "inherited from";
    if (op != "oftype") Take();
    node->args.push_back(std::move(left));
    node->entity = ExpectQualifiedName("an entity");
  } else if (overlaps) {
    node->kind = ast::ExpressionKind::kCall;
    node->call = std::make_unique<ast::Call>();
    node->call->function.name = {"overlaps", {begin, last_end_}};
    node->call->function.span = {begin, last_end_};
    ast::ExpressionPtr right = Binary(kOtherPower);
    if (right->kind != ast::ExpressionKind::kRow) {
      throw diagnostics_.At(right->span, sqlstate::kSyntaxError, "a pair is expected here");
    }
    for (auto *row : {&left, &right}) {
      for (ast::ExpressionPtr &arg : (*row)->args) node->args.push_back(std::move(arg));
    }
  } else if (op == "in") {
    node->kind = ast::ExpressionKind::kIn;
    node->args.push_back(std::move(left));
    bool query = AtQuery(1) || AtParenthesizedQuery();
    ExpectSymbol("(");
    if (query) {
      node->query = Query();
      ExpectSymbol(")");
    } else {
      for (ast::ExpressionPtr &item : ExpressionList(")")) node->args.push_back(std::move(item));
    }
  } else {
    node->kind = ast::ExpressionKind::kBetween;
    node->symmetric = AcceptWord("symmetric");
    if (!node->symmetric) AcceptWord("asymmetric");
    node->args.push_back(std::move(left));
    node->args.push_back(Binary(kOtherPower));
    ExpectWord("and");
    node->args.push_back(Binary(kOtherPower));
  }
  return Finish(std::move(node));
}

ast::ExpressionPtr Parser::IsOperator(ast::ExpressionPtr left) {
  ast::ExpressionPtr node = Make(ast::ExpressionKind::kIs, Begin());
  if (AtWord("isnull") || AtWord("notnull")) {
    node->negated = Take().text == "notnull";
    node->word = "null";
    node->args.push_back(std::move(left));
    return Finish(std::move(node));
  }
  ExpectWord("is");
  node->negated = AcceptWord("not");
  node->args.push_back(std::move(left));
  if (AcceptWords({"distinct", "from"})) {
    node->kind = ast::ExpressionKind::kDistinctFrom;
    node->args.push_back(Binary(kComparisonPower));
    return Finish(std::move(node));
  }
  if (!AtWord("null") && !AtWord("true") && !AtWord("false") && !AtWord("unknown")) {
    Fail("NULL, TRUE, FALSE, UNKNOWN or DISTINCT FROM");
  }
  node->word = Take().text;
  return Finish(std::move(node));
}

ast::ExpressionPtr Parser::Subscript(ast::ExpressionPtr base) {
  ast::ExpressionPtr node = Make(ast::ExpressionKind::kSubscript, base->span.begin);
  ExpectSymbol("[");
  node->args.push_back(std::move(base));
  ast::ExpressionPtr lower;
  if (!AtSymbol(":")) lower = Expression();
  if (AcceptSymbol(":")) {
    node->kind = ast::ExpressionKind::kSlice;
    node->args.push_back(std::move(lower));
    node->args.push_back(AtSymbol("]") ? nullptr : Expression());
  } else {
    node->args.push_back(std::move(lower));
  }
  ExpectSymbol("]");
  return Finish(std::move(node));
}

ast::ExpressionPtr Parser::Prefix() {
  int begin = Begin();
  if (AtWord("not")) {
    Take();
    ast::ExpressionPtr node = Make(ast::ExpressionKind::kNot, begin);
    node->args.push_back(Binary(kNotPower));
    return Finish(std::move(node));
  }
  const Token &token = Peek();
  if (token.kind != TokenKind::kSymbol || token.text == "&" || BinaryPower(token) == 0 ||
      IsComparison(token.text) || token.text == "*") {
    return Postfix(Primary());
  }
  // @id, %s, #id: arguments of other languages, and operators of PostgreSQL in front of a field.
  bool touches = Peek(1).kind == TokenKind::kWord && Peek(1).span.begin == token.span.end;
  constexpr std::string_view kMarks[] = {"@", "%", "#", "?"};
  if (touches && std::find(std::begin(kMarks), std::end(kMarks), token.text) != std::end(kMarks)) {
    throw diagnostics_.ForeignArgument(token.span, token.text, Peek(1).text);
  }
  ast::ExpressionPtr node = Make(ast::ExpressionKind::kOperator, begin);
  node->text = Take().text;
  bool sign = node->text == "-" || node->text == "+";
  node->args.push_back(Binary(sign ? kSignPower : kAddPower));
  return Finish(std::move(node));
}

// (composite).field
ast::ExpressionPtr Parser::Postfix(ast::ExpressionPtr left) {
  while (AtSymbol(".") && left->kind != ast::ExpressionKind::kField) {
    Take();
    ast::ExpressionPtr node = Make(ast::ExpressionKind::kMember, left->span.begin);
    node->text = ExpectLabel("a field").text;
    node->args.push_back(std::move(left));
    left = Finish(std::move(node));
  }
  return left;
}

}  // namespace fundb::funql
