// What stands between operators: literals, names, calls, CASE, constructors, subqueries.
#include <algorithm>

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
      if (field.names.size() == 1 && AcceptSymbol("*")) break;
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

// ---- calls --------------------------------------------------------------------------------------

ast::ExpressionPtr Parser::FunctionCall() {
  ast::ExpressionPtr node = Make(ast::ExpressionKind::kCall, Begin());
  node->call = std::make_unique<ast::Call>();
  ast::Call &call = *node->call;
  bool quoted = Peek().kind == TokenKind::kQuotedName;
  if (AtWord("left") || AtWord("right")) {
    const Token &token = Take();
    call.function.name = {token.text, token.span};
    call.function.span = token.span;
  } else {
    call.function = ExpectQualifiedName("a function");
  }
  ExpectSymbol("(");
  bool plain = !quoted && call.function.schema.text.empty();
  if (plain && SpecialCall(node.get())) return Finish(std::move(node));
  CallArguments(node.get());
  CallTail(&call);
  return Finish(std::move(node));
}

void Parser::CallArguments(ast::Expression *node) {
  ast::Call &call = *node->call;
  if (AcceptSymbol("*")) {
    call.star = true;
    ExpectSymbol(")");
    return;
  }
  if (AcceptWord("distinct")) {
    call.distinct = true;
  } else {
    call.all = AcceptWord("all");
  }
  while (!AtSymbol(")") && !AtWord("order")) {
    if (AcceptWord("variadic")) call.variadic = true;
    std::string name;
    if (AtName() && AtSymbol(":=", 1)) {
      name = Take().text;
      Take();
    }
    call.argument_names.push_back(std::move(name));
    node->args.push_back(Expression());
    if (!AcceptSymbol(",")) break;
  }
  if (AcceptWord("order")) {
    ExpectWord("by");
    call.order = OrderList();
  }
  ExpectSymbol(")");
}

void Parser::CallTail(ast::Call *call) {
  if (AtWord("within") && AtWord("group", 1)) {
    Take(), Take();
    ExpectSymbol("(");
    ExpectWord("order");
    ExpectWord("by");
    call->within_group = OrderList();
    ExpectSymbol(")");
  }
  if (AtWord("filter") && AtSymbol("(", 1)) {
    Take(), Take();
    ExpectWord("where");
    call->filter = Expression();
    ExpectSymbol(")");
  }
  if (AtWord("over") && (AtSymbol("(", 1) || AtName(1))) {
    Take();
    call->over = std::make_unique<ast::Window>();
    if (AtSymbol("(")) {
      *call->over = WindowDefinition();
    } else {
      call->over->name = ExpectName("a window");
      call->over->span = call->over->name.span;
    }
  }
}

// Calls with a grammar of their own, as the plain calls they stand for.  False: it is no such call,
// and nothing but the first argument's tokens was looked at.
bool Parser::SpecialCall(ast::Expression *node) {
  std::string &name = node->call->function.name.text;
  auto &args = node->args;
  auto close = [this, node] {
    ExpectSymbol(")");
    node->call->argument_names.assign(node->args.size(), "");
    return true;
  };
  if (name == "extract" && AtWord("from", 1)) {
    // extract(year FROM x), extract('year' FROM x)
    ast::ExpressionPtr field = Make(ast::ExpressionKind::kString, Begin());
    field->text = Take().text;
    args.push_back(Finish(std::move(field)));
    Take();
    args.push_back(Expression());
    return close();
  }
  if (name == "trim") {
    bool both = AcceptWord("both");
    bool leading = !both && AcceptWord("leading");
    bool trailing = !both && !leading && AcceptWord("trailing");
    name = leading ? "ltrim" : trailing ? "rtrim" : "btrim";
    if (AcceptWord("from")) {
      args.push_back(Expression());
      return close();
    }
    args.push_back(Expression());
    if (AcceptWord("from")) {
      args.push_back(Expression());
      std::swap(args[0], args[1]);
    } else if (AcceptSymbol(",")) {
      args.push_back(Expression());
    }
    return close();
  }
  if (name == "position") {
    // Everything that binds more than IN.
    args.push_back(Binary(kPositionOperand));
    if (AcceptWord("in")) {
      args.push_back(Expression());
      std::swap(args[0], args[1]);
    } else {
      ExpectSymbol(",");
      args.push_back(Expression());
    }
    return close();
  }
  if (name != "substring" && name != "overlay") return false;
  bool overlay = name == "overlay";
  args.push_back(Expression());
  if (AcceptSymbol(",")) {
    do {
      args.push_back(Expression());
    } while (AcceptSymbol(","));
    return close();
  }
  if (overlay && AcceptWord("placing")) args.push_back(Expression());
  if (AcceptWord("from")) {
    args.push_back(Expression());
  } else if (AtWord("for")) {
    ast::ExpressionPtr one = Make(ast::ExpressionKind::kInteger, Begin());
    one->text = "1";
    args.push_back(Finish(std::move(one)));
  }
  if (AcceptWord("for")) args.push_back(Expression());
  return close();
}

// ( [base] [PARTITION BY …] [ORDER BY …] [frame] )
ast::Window Parser::WindowDefinition() {
  ast::Window window;
  int begin = Begin();
  ExpectSymbol("(");
  auto at_frame = [this](int ahead) {
    return AtWord("rows", ahead) || AtWord("range", ahead) || AtWord("groups", ahead);
  };
  // A window may have that name.
  bool partition = AtWord("partition") && !AtSymbol(")", 1) && !AtWord("order", 1) && !at_frame(1);
  if (AtName() && !partition && !at_frame(0)) window.base = ExpectName("a window");
  if (AcceptWord("partition")) {
    ExpectWord("by");
    do {
      window.partition.push_back(Expression());
    } while (AcceptSymbol(","));
  }
  if (AcceptWord("order")) {
    ExpectWord("by");
    window.order = OrderList();
  }
  if (at_frame(0)) {
    window.frame_mode = Take().text;
    if (AcceptWord("between")) {
      window.start = FrameBound(&window.start_offset);
      ExpectWord("and");
      window.end = FrameBound(&window.end_offset);
    } else {
      window.start = FrameBound(&window.start_offset);
    }
    if (AcceptWord("exclude")) {
      if (AcceptWords({"current", "row"})) {
        window.exclusion = "current row";
      } else if (AcceptWords({"no", "others"})) {
        window.exclusion = "no others";
      } else if (AtWord("group") || AtWord("ties")) {
        window.exclusion = Take().text;
      } else {
        Fail("CURRENT ROW, GROUP, TIES or NO OTHERS");
      }
    }
  }
  ExpectSymbol(")");
  window.span = SpanFrom(begin);
  return window;
}

std::string Parser::FrameBound(ast::ExpressionPtr *offset) {
  if (AcceptWords({"current", "row"})) return "current row";
  bool unbounded = AcceptWord("unbounded");
  if (!unbounded) *offset = Expression();
  if (!AtWord("preceding") && !AtWord("following")) Fail("PRECEDING or FOLLOWING");
  return (unbounded ? "unbounded " : "") + Take().text;
}

}  // namespace fundb::funql
