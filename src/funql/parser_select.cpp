// One SELECT: its results, their attributes, GROUP BY, HAVING and WINDOW.
#include "funql/parser_state.h"

namespace fundb::funql {

ast::Select Parser::SelectCore() {
  ast::Select select;
  ExpectWord("select");
  if (AcceptWord("distinct")) {
    select.distinct = true;
    if (AtWord("on") && AtSymbol("(", 1)) {
      Take();
      Take();
      select.distinct_on = ExpressionList(")");
    }
  } else {
    AcceptWord("all");
  }
  do {
    if (!select.items.empty() && AtListEnd()) break;
    select.items.push_back(SelectItem());
  } while (AcceptSymbol(","));
  if (AtWord("into")) {
    throw diagnostics_.NotSupported(Peek().span, "SELECT INTO",
                                    "INSERT INTO … SELECT is for runCommand.");
  }
  if (AcceptWord("from")) select.from = FromList();
  if (AcceptWord("where")) select.where = Expression();
  if (AcceptWord("group")) {
    ExpectWord("by");
    select.group_distinct = AcceptWord("distinct");
    if (!select.group_distinct) AcceptWord("all");
    do {
      // Words that are names elsewhere, but not with a value behind them.
      bool end = AtListEnd() || AtWord("having") || AtWord("window") || AtWord("except");
      if (!select.group_by.empty() && end) break;
      select.group_by.push_back(GroupingElement());
      if (select.group_by.size() > kMostColumns) {
        throw diagnostics_.TooManyColumns(select.group_by.back()->span, "terms in GROUP BY");
      }
    } while (AcceptSymbol(","));
  }
  if (AcceptWord("having")) select.having = Expression();
  if (AcceptWord("window")) {
    do {
      ast::Name name = ExpectName("a name");
      ExpectWord("as");
      ast::Window window = WindowDefinition();
      window.name = std::move(name);
      select.windows.push_back(std::move(window));
      if (select.windows.size() > kMostNames) {
        throw diagnostics_.TooMany(select.windows.back().name.span, "entries in WINDOW",
                                   kMostNames);
      }
    } while (AcceptSymbol(","));
  }
  return select;
}

ast::ExpressionPtr Parser::GroupingElement() {
  Nested nested(this, 1);
  int begin = Begin();
  bool sets = AtWords({"grouping", "sets"});
  if (sets || ((AtWord("rollup") || AtWord("cube")) && AtSymbol("(", 1))) {
    ast::ExpressionPtr node = Make(ast::ExpressionKind::kGrouping, begin);
    node->word = sets ? "grouping sets" : Peek().text;
    Take();
    if (sets) Take();
    ExpectSymbol("(");
    do {
      if (AtSymbol(")") && !node->args.empty()) break;
      node->args.push_back(GroupingElement());
    } while (AcceptSymbol(","));
    ExpectSymbol(")");
    return Finish(std::move(node));
  }
  if (AtSymbol("(") && AtSymbol(")", 1)) {
    ast::ExpressionPtr node = Make(ast::ExpressionKind::kGrouping, begin);
    Take();
    Take();
    return Finish(std::move(node));
  }
  return Expression();
}

ast::Item Parser::SelectItem() {
  ast::Item item;
  int begin = Begin();
  if (AtSymbol("@") && AtName(1) && AtSymbol("=", 2)) {
    Take();
    item.kind = ast::ItemKind::kAttribute;
    item.attribute = AttributeDefinition(false);
    item.span = SpanFrom(begin);
    return item;
  }
  bool star =
      AtSymbol("*") || (AtName() && AtSymbol(".", 1) &&
                        (AtSymbol("*", 2) || (AtName(2) && AtSymbol(".", 3) && AtSymbol("*", 4))));
  if (star) {
    item.kind = ast::ItemKind::kStar;
    while (!AtSymbol("*")) {
      item.star.push_back(ExpectName("a name"));
      ExpectSymbol(".");
    }
    Take();
    item.span = SpanFrom(begin);
    return item;
  }
  item.expression = Expression();
  if (AcceptWord("as")) {
    item.alias = ExpectLabel("a name");
  } else if (AtBareAlias()) {
    item.alias = ExpectName("a name");
  }
  if (AtSymbol("@{")) item.attributes = AttributeBlock();
  item.span = SpanFrom(begin);
  return item;
}

std::vector<ast::Attribute> Parser::AttributeBlock() {
  ExpectSymbol("@{");
  std::vector<ast::Attribute> attributes;
  while (!AtSymbol("}")) {
    attributes.push_back(AttributeDefinition(true));
    if (!AcceptSymbol(",")) break;
  }
  ExpectSymbol("}");
  return attributes;
}

ast::Attribute Parser::AttributeDefinition(bool allow_mapping) {
  ast::Attribute attribute;
  attribute.name = ExpectLabel("the name of an attribute");
  ExpectSymbol("=");
  attribute.internal = AcceptWord("internal");
  if (AcceptWords({"per", "row"})) {
    attribute.dependency = ast::AttributeDependency::kPerRow;
  } else if (AcceptWord("single")) {
    attribute.dependency = ast::AttributeDependency::kSingle;
  } else if (AcceptWord("const")) {
    attribute.dependency = ast::AttributeDependency::kConst;
  }
  bool array = AtWords({"array", "mapping"});
  bool mapping = AtWord("mapping") && (AtWord("when", 1) || AtWord("else", 1) || AtWord("end", 1));
  if (allow_mapping && (array || mapping)) {
    if (array) Take();
    attribute.value = Mapping();
  } else {
    attribute.value = Expression();
  }
  return attribute;
}

ast::ExpressionPtr Parser::Mapping() {
  ast::ExpressionPtr node = Make(ast::ExpressionKind::kMapping, Begin());
  ExpectWord("mapping");
  while (AcceptWord("when")) {
    node->args.push_back(Literal());
    ExpectWord("then");
    node->args.push_back(Literal());
  }
  if (AcceptWord("else")) {
    node->has_else = true;
    node->args.push_back(Literal());
  }
  ExpectWord("end");
  return Finish(std::move(node));
}

}  // namespace fundb::funql
