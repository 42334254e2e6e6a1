// Calls of functions, those with a grammar of their own, and windows.
#include <utility>

#include "funql/parser_state.h"

namespace fundb::funql {

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
