// FROM: entities, subqueries, functions, domains and every form of JOIN.
#include <algorithm>

#include "funql/parser_state.h"

namespace fundb::funql {

namespace {

ast::SourcePtr Joined(ast::JoinKind kind, ast::SourcePtr left, ast::SourcePtr right) {
  auto join = std::make_unique<ast::Source>();
  join->kind = ast::SourceKind::kJoin;
  join->join = kind;
  join->span = {left->span.begin, right->span.end};
  join->left = std::move(left);
  join->right = std::move(right);
  return join;
}

}  // namespace

ast::SourcePtr Parser::FromList() {
  ast::SourcePtr left = JoinedSource();
  while (AcceptSymbol(",")) {
    ast::SourcePtr right = JoinedSource();
    left = Joined(ast::JoinKind::kCross, std::move(left), std::move(right));
    left->comma = true;
    CountHeight(tallest_ + 1, left->span);
  }
  return left;
}

ast::SourcePtr Parser::JoinedSource() {
  Nested nested(this, 1);
  ast::SourcePtr left = SourceOperand();
  for (;;) {
    bool natural = AtWord("natural");
    int ahead = natural ? 1 : 0;
    ast::JoinKind kind = ast::JoinKind::kInner;
    bool cross = false;
    if (AtWord("join", ahead)) {
    } else if (AtWord("inner", ahead)) {
      ++ahead;
    } else if (AtWord("cross", ahead) && !natural) {
      cross = true;
      kind = ast::JoinKind::kCross;
      ++ahead;
    } else if (AtWord("left", ahead) || AtWord("right", ahead) || AtWord("full", ahead)) {
      kind = AtWord("left", ahead)    ? ast::JoinKind::kLeft
             : AtWord("right", ahead) ? ast::JoinKind::kRight
                                      : ast::JoinKind::kFull;
      ++ahead;
      if (AtWord("outer", ahead)) ++ahead;
    } else if (AtWord("outer", ahead)) {
      kind = ast::JoinKind::kFull;  // the original's word for it
      ++ahead;
    } else {
      return left;
    }
    while (ahead-- > 0) Take();
    ExpectWord("join");
    ast::SourcePtr right = SourceOperand();
    ast::SourcePtr join = Joined(kind, std::move(left), std::move(right));
    join->natural = natural;
    if (!natural && !cross) {
      if (AcceptWord("using")) {
        join->using_fields = NameList();
        if (AtWord("as")) {
          throw diagnostics_.NotSupported(Peek().span, "an alias of USING",
                                          "The fields of USING are known by their names alone.");
        }
      } else {
        ExpectWord("on");
        join->on = Expression();
      }
    }
    join->span.end = last_end_;
    CountHeight(tallest_ + 1, join->span);
    left = std::move(join);
  }
}

ast::SourcePtr Parser::SourceOperand() {
  auto source = std::make_unique<ast::Source>();
  int begin = Begin();
  source->lateral = AcceptWord("lateral");
  if (AtSymbol("(")) {
    if (AtParenthesizedQuery()) {
      source->kind = ast::SourceKind::kQuery;
      ExpectSymbol("(");
      source->query = Query();
      ExpectSymbol(")");
      SourceAlias(source.get());
      source->span = SpanFrom(begin);
      return source;
    }
    Nested nested(this, 1);
    Take();
    ast::SourcePtr inner = FromList();
    ExpectSymbol(")");
    return inner;
  }
  if (AtWords({"domain", "of"})) {
    bool lateral = source->lateral;
    source = DomainSource();
    source->lateral = lateral;
    source->span = SpanFrom(begin);
    return source;
  }
  if (AtWords({"rows", "from"}) && AtSymbol("(", 2)) {
    throw diagnostics_.NotSupported(Peek().span, "ROWS FROM",
                                    "Join the functions WITH ORDINALITY.");
  }
  int name_length = AtSymbol(".", 1) ? 3 : 1;
  if (AtName() && AtSymbol("(", name_length) && !AtWord("only")) {
    source->kind = ast::SourceKind::kFunction;
    source->function = FunctionCall();
    source->ordinality = AcceptWords({"with", "ordinality"});
    SourceAlias(source.get());
    source->span = SpanFrom(begin);
    return source;
  }
  source->only = AcceptWord("only");
  source->entity = ExpectQualifiedName("an entity");
  source->privileged = AcceptWords({"with", "superuser", "role"});
  SourceAlias(source.get());
  if (AtWord("tablesample")) {
    throw diagnostics_.NotSupported(Peek().span, "TABLESAMPLE",
                                    "Take a part of the rows with WHERE random() < 0.1.");
  }
  source->span = SpanFrom(begin);
  return source;
}

void Parser::SourceAlias(ast::Source *source) {
  if (AcceptWord("as")) {
    // f(…) AS (a int, b text) has no name at all.
    if (!AtSymbol("(")) source->alias = ExpectLabel("a name");
  } else if (AtBareAlias()) {
    source->alias = ExpectName("a name");
  } else {
    return;
  }
  if (AtSymbol("(")) ColumnAliases(source);
}

void Parser::ColumnAliases(ast::Source *source) {
  bool definitions =
      source->kind == ast::SourceKind::kFunction && !AtSymbol(",", 2) && !AtSymbol(")", 2);
  if (!definitions) {
    // Only a list of definitions may do without a name: f(…) AS (a int).
    if (source->alias.text.empty()) Fail("a name");
    source->column_aliases = NameList();
    return;
  }
  ExpectSymbol("(");
  do {
    ast::ColumnDefinition definition;
    definition.name = ExpectName("a name");
    definition.type = Type();
    source->definitions.push_back(std::move(definition));
  } while (AcceptSymbol(","));
  ExpectSymbol(")");
}

// DOMAIN OF (field | FIELD entity.field | TYPE type) AS name
ast::SourcePtr Parser::DomainSource() {
  auto source = std::make_unique<ast::Source>();
  source->kind = ast::SourceKind::kDomain;
  ExpectWord("domain");
  ExpectWord("of");
  // The parentheses of the grammar may be left out.
  bool parenthesized = AcceptSymbol("(");
  if (AtWord("field") && AtName(1)) {
    Take();
    source->domain = ast::DomainKind::kFieldOfEntity;
    ast::Name first = ExpectName("an entity");
    ExpectSymbol(".");
    ast::Name second = ExpectLabel("a field");
    source->entity.span = {first.span.begin, second.span.end};
    if (AcceptSymbol(".")) {
      source->entity.schema = std::move(first);
      source->entity.name = std::move(second);
      source->field = ExpectLabel("a field");
    } else {
      source->entity.name = std::move(first);
      source->field = std::move(second);
    }
  } else if (AtWord("type")) {
    Take();
    source->domain = ast::DomainKind::kType;
    source->type = Type();
  } else {
    source->domain_field = FieldReference();
  }
  if (parenthesized) ExpectSymbol(")");
  source->privileged = AcceptWords({"with", "superuser", "role"});
  SourceAlias(source.get());
  return source;
}

}  // namespace fundb::funql
