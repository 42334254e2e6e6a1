// What stands between operators: literals, names, CASE, constructors, subqueries.
#include "funql/parser_state.h"

namespace fundb::funql {

ast::ExpressionPtr Parser::Primary() {
  const Token &token = Peek();
  int begin = Begin();
  auto literal = [this, begin](ast::ExpressionKind kind) {
    ast::ExpressionPtr node = Make(kind, begin);
    node->text = Take().text;
    return Finish(std::move(node));
  };
  switch (token.kind) {
    case TokenKind::kInteger:
      return literal(ast::ExpressionKind::kInteger);
    case TokenKind::kDecimal:
      return literal(ast::ExpressionKind::kDecimal);
    case TokenKind::kString:
      return literal(ast::ExpressionKind::kString);
    case TokenKind::kArgument:
    case TokenKind::kGlobal:
      return FieldReference();
    case TokenKind::kWord:
      return WordPrimary();
    case TokenKind::kQuotedName:
      if (AtSymbol("(", 1) || (AtSymbol(".", 1) && AtSymbol("(", 3))) return FunctionCall();
      if (Peek(1).kind == TokenKind::kString) return TypedLiteral();
      return FieldReference();
    case TokenKind::kEnd:
      Fail("an expression");
    case TokenKind::kSymbol:
      break;
  }
  if (token.text == "(") return Parenthesized();
  if (token.text == "{") return JsonObject();
  if (token.text == "[") return JsonArray();
  if (token.text == "&") {
    ast::ExpressionPtr node = Make(ast::ExpressionKind::kUserView, begin);
    Take();
    node->entity = ExpectQualifiedName("a user view");
    return Finish(std::move(node));
  }
  Fail("an expression");
}

ast::ExpressionPtr Parser::WordPrimary() {
  const std::string &word = Peek().text;
  int begin = Begin();
  if (word == "null" || word == "true" || word == "false") {
    ast::ExpressionPtr node =
        Make(word == "null" ? ast::ExpressionKind::kNull : ast::ExpressionKind::kBoolean, begin);
    node->text = Take().text;
    return Finish(std::move(node));
  }
  if (word == "case") return CaseExpression(false);
  if (word == "match" && AtWord("on", 1)) return CaseExpression(true);
  if (word == "array" && (AtSymbol("[", 1) || AtSymbol("(", 1))) return ArrayExpression();
  bool called = AtSymbol("(", 1);
  if (word == "row" && called) {
    ast::ExpressionPtr node = Make(ast::ExpressionKind::kRow, begin);
    Take(), Take();
    if (!AcceptSymbol(")")) node->args = ExpressionList(")");
    return Finish(std::move(node));
  }
  if (word == "exists" && called) {
    Take();
    bool query = AtQuery(1) || AtParenthesizedQuery();
    ExpectSymbol("(");
    if (!query) Fail("SELECT");
    ast::ExpressionPtr node = Make(ast::ExpressionKind::kExists, begin);
    node->query = Query();
    ExpectSymbol(")");
    return Finish(std::move(node));
  }
  if (word == "cast" && called) return CastExpression();
  // interval(3) '1.23456 seconds'
  bool rounded = word == "interval" && Peek(4).kind == TokenKind::kString && AtSymbol(")", 3);
  if (called && rounded) return TypedLiteral();
  if (called && (AtName() || word == "left" || word == "right")) return FunctionCall();
  if (!AtName()) {
    // SELECT FROM, WHERE AND: the word is where it belongs and something else is missing.  Only a
    // word that looks like a name earns the hint about quotes.
    bool structure = word == "from" || word == "where" || word == "and" || word == "or" ||
                     word == "then" || word == "else" || word == "end" || word == "when";
    const Token &next = Peek(1);
    bool like_name = next.kind == TokenKind::kEnd || next.kind == TokenKind::kSymbol ||
                     next.IsWord("as") || next.IsWord("is") || next.IsWord("in") ||
                     next.IsWord("from");
    if (like_name && !structure) FailAtReserved();
    Fail("an expression");
  }
  if (AtSymbol(".", 1) && AtSymbol("(", 3)) return FunctionCall();
  bool zoned = (word == "timestamp" || word == "time") && AtWord("time", 2) && AtWord("zone", 3) &&
               Peek(4).kind == TokenKind::kString;
  bool precise = word == "double" && AtWord("precision", 1) && Peek(2).kind == TokenKind::kString;
  if (Peek(1).kind == TokenKind::kString || zoned || precise) return TypedLiteral();
  return FieldReference();
}

// type 'text', as in interval '1 day'
ast::ExpressionPtr Parser::TypedLiteral() {
  ast::ExpressionPtr node = Make(ast::ExpressionKind::kCast, Begin());
  node->type = Type();
  if (Peek().kind != TokenKind::kString) Fail("a string");
  node->args.push_back(Primary());
  IntervalFields(&node->type);
  return Finish(std::move(node));
}

ast::ExpressionPtr Parser::Parenthesized() {
  int begin = Begin();
  if (AtParenthesizedQuery()) {
    ast::ExpressionPtr node = Make(ast::ExpressionKind::kQuery, begin);
    ExpectSymbol("(");
    node->query = Query();
    ExpectSymbol(")");
    return Finish(std::move(node));
  }
  ExpectSymbol("(");
  ast::ExpressionPtr first = Expression();
  if (AcceptSymbol(")")) {
    first->span = SpanFrom(begin);
    first->parenthesized = true;
    // A field in parentheses is a value: (t).x takes its member, t.x is a field.
    while (first->kind == ast::ExpressionKind::kField && AtSymbol(".")) {
      Take();
      ast::ExpressionPtr member = Make(ast::ExpressionKind::kMember, begin);
      member->text = ExpectLabel("a field").text;
      member->args.push_back(std::move(first));
      first = Finish(std::move(member));
    }
    return first;
  }
  if (!AcceptSymbol(",")) Fail("\",\" or \")\"");
  ast::ExpressionPtr node = Make(ast::ExpressionKind::kRow, begin);
  node->args.push_back(std::move(first));
  for (ast::ExpressionPtr &item : ExpressionList(")")) node->args.push_back(std::move(item));
  return Finish(std::move(node));
}

// CASE [operand] WHEN …, or the original's MATCH ON operand WHEN …
ast::ExpressionPtr Parser::CaseExpression(bool match_on) {
  ast::ExpressionPtr node = Make(ast::ExpressionKind::kCase, Begin());
  Take();
  if (match_on) Take();
  if (!AtWord("when")) {
    node->has_operand = true;
    node->args.push_back(Expression());
  }
  do {
    ExpectWord("when");
    node->args.push_back(Expression());
    ExpectWord("then");
    node->args.push_back(Expression());
  } while (AtWord("when"));
  if (AcceptWord("else")) {
    node->has_else = true;
    node->args.push_back(Expression());
  }
  ExpectWord("end");
  return Finish(std::move(node));
}

ast::ExpressionPtr Parser::CastExpression() {
  ast::ExpressionPtr node = Make(ast::ExpressionKind::kCast, Begin());
  Take();
  ExpectSymbol("(");
  node->args.push_back(Expression());
  ExpectWord("as");
  node->type = Type();
  ExpectSymbol(")");
  return Finish(std::move(node));
}

// ARRAY[…], ARRAY(SELECT …); inside the brackets, brackets mean arrays and not JSON.
ast::ExpressionPtr Parser::ArrayExpression() {
  Nested nested(this, 1);
  ast::ExpressionPtr node = Make(ast::ExpressionKind::kArray, Begin());
  AcceptWord("array");
  if (AtSymbol("(")) {
    node->kind = ast::ExpressionKind::kArrayQuery;
    bool query = AtQuery(1) || AtParenthesizedQuery();
    ExpectSymbol("(");
    if (!query) Fail("SELECT");
    node->query = Query();
    ExpectSymbol(")");
    return Finish(std::move(node));
  }
  ExpectSymbol("[");
  while (!AtSymbol("]")) {
    node->args.push_back(AtSymbol("[") ? ArrayExpression() : Expression());
    if (!AcceptSymbol(",")) break;
  }
  ExpectSymbol("]");
  return Finish(std::move(node));
}

ast::ExpressionPtr Parser::JsonObject() {
  ast::ExpressionPtr node = Make(ast::ExpressionKind::kJsonObject, Begin());
  ExpectSymbol("{");
  while (!AtSymbol("}")) {
    const Token &key = Peek();
    if (key.kind != TokenKind::kWord && key.kind != TokenKind::kQuotedName &&
        key.kind != TokenKind::kString) {
      Fail("a key");
    }
    node->keys.push_back(Take().text);
    ExpectSymbol(":");
    node->args.push_back(Expression());
    if (!AcceptSymbol(",")) break;
  }
  ExpectSymbol("}");
  return Finish(std::move(node));
}

ast::ExpressionPtr Parser::JsonArray() {
  ast::ExpressionPtr node = Make(ast::ExpressionKind::kJsonArray, Begin());
  ExpectSymbol("[");
  while (!AtSymbol("]")) {
    node->args.push_back(Expression());
    if (!AcceptSymbol(",")) break;
  }
  ExpectSymbol("]");
  return Finish(std::move(node));
}

ast::ExpressionPtr Parser::FieldReference() {
  ast::ExpressionPtr node = Make(ast::ExpressionKind::kField, Begin());
  node->field = std::make_unique<ast::FieldRef>();
  ast::FieldRef &field = *node->field;
  const Token &first = Peek();
  if (first.kind == TokenKind::kArgument || first.kind == TokenKind::kGlobal) {
    field.root =
        first.kind == TokenKind::kArgument ? ast::RootKind::kArgument : ast::RootKind::kGlobal;
    field.names.push_back({first.text, first.span});
    Take();
  } else {
    field.names.push_back(ExpectName("a field"));
    while (AtSymbol(".") && field.names.size() < 3) {
      Take();
      // count(t.*) is count(t): the whole row.
      if (field.names.size() == 1 && AcceptSymbol("*")) {
        field.star = true;
        break;
      }
      field.names.push_back(ExpectLabel("a field"));
    }
  }
  while (AtSymbol("=>") || AtSymbol("!=>")) {
    ast::Arrow arrow;
    arrow.privileged = Take().text == "!=>";
    if (Peek().kind != TokenKind::kWord && Peek().kind != TokenKind::kQuotedName) {
      Error error = diagnostics_.Unexpected(Peek(), "a field");
      error.report().hint =
          "Named arguments of functions are written name := value, greater than or equal is >=.";
      throw std::move(error);
    }
    arrow.field = ExpectLabel("a field");
    field.arrows.push_back(std::move(arrow));
    CountHeight(static_cast<int>(field.arrows.size()), arrow.field.span);
  }
  // `a! = b` is a mark of the original and a comparison; who writes `a ! = b` means the contrary.
  if (AtSymbol("!") && AtSymbol("=", 1) && Begin() > last_end_) {
    throw diagnostics_.Inequality(Peek().span);
  }
  field.privileged = AcceptSymbol("!");
  node->span.end = last_end_;
  if (AtSymbol(".@") || AtSymbol(".@@")) {
    ast::ExpressionPtr outer = Make(ast::ExpressionKind::kFieldAttribute, node->span.begin);
    if (Take().text == ".@@") {
      if (field.root != ast::RootKind::kNames || field.names.size() > 2) Fail();
      outer->kind = ast::ExpressionKind::kEntityAttribute;
      outer->entity.name = field.names.back();
      if (field.names.size() == 2) outer->entity.schema = field.names[0];
    } else {
      outer->args.push_back(Finish(std::move(node)));
    }
    outer->text = ExpectLabel("the name of an attribute").text;
    return Finish(std::move(outer));
  }
  return Finish(std::move(node));
}

}  // namespace fundb::funql
