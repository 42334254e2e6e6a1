// FROM, and the joins and subselects that arrows become.
#include "funql/compiler_state.h"

namespace fundb::funql {

using sql::Keyword;
using sql::List;
using sql::Name;
using sql::Operator;
using sql::Parentheses;
using sql::Qualified;
using sql::Sequence;
using sql::Tight;

sql::Node Compiler::NamedEntity(const EntityName &name, bool only, const std::string &alias) {
  sql::Node node;
  if (only) node.children.push_back(Keyword("ONLY"));
  node.children.push_back(Qualified(name.schema, name.name));
  node.children.push_back(Keyword("AS"));
  node.children.push_back(Name(alias));
  return node;
}

// By the comparison that the key or the reference is made with: a search for `=` might not find it,
// and an arrow leads to the row that the foreign key means.
void Compiler::KeyEquals(const std::vector<OperatorName> &operators, size_t number,
                         sql::Node column, sql::Node value, Words *out) {
  auto operand = [out](sql::Node node, const Type &type) {
    if (type.IsKnown()) {
      node = Tight(Parentheses(std::move(node)), Operator("::"), sql::TypeName(type));
    }
    out->push_back(std::move(node));
  };
  bool is_exact = number < operators.size() && !operators[number].schema.empty();
  const OperatorName exact = is_exact ? operators[number] : OperatorName();
  operand(std::move(column), exact.left);
  sql::Node name = Operator(exact.name);
  out->push_back(is_exact ? Tight(Keyword("OPERATOR"),
                                  Parentheses(Name(exact.schema), Operator("."), std::move(name)))
                          : std::move(name));
  operand(std::move(value), exact.right);
}

void Compiler::ArrowJoins(const bound::Table &table, Words *out) {
  for (const auto &arrow : table.arrows) {
    steps_.Count();
    const Entity &target = *arrow->table.entity;
    // A foreign key speaks of the table's own rows: a child table may hold the same key again, and
    // an arrow must not multiply rows.
    bool only = target.kind == EntityKind::kTable && !target.children.empty();
    out->push_back(Keyword("LEFT JOIN"));
    out->push_back(NamedEntity({target.schema, target.name}, only, arrow->table.alias));
    out->push_back(Keyword("ON"));
    for (size_t i = 0; i < arrow->columns.size(); ++i) {
      if (i > 0) out->push_back(Keyword("AND"));
      sql::Node source = Qualified(table.alias, arrow->columns[i]);
      sql::Node key = Qualified(arrow->table.alias, arrow->reference->target_fields[i]);
      const std::vector<OperatorName> &operators = arrow->reference->operators;
      // `=` goes either way.
      if (operators.empty()) std::swap(source, key);
      KeyEquals(operators, i, std::move(key), std::move(source), out);
    }
    ArrowJoins(arrow->table, out);
  }
}

sql::Node Compiler::ArrowQuery(const bound::Expression &node) {
  const Entity &target = *node.start->entity;
  bool only = target.kind == EntityKind::kTable && !target.children.empty();
  Words out;
  out.push_back(Keyword("SELECT"));
  out.push_back(Expression(*node.args.back()));
  out.push_back(Keyword("FROM"));
  out.push_back(NamedEntity({target.schema, target.name}, only, node.start->alias));
  ArrowJoins(*node.start, &out);
  out.push_back(Keyword("WHERE"));
  for (size_t i = 0; i < node.keys.size(); ++i) {
    if (i > 0) out.push_back(Keyword("AND"));
    KeyEquals(*node.operators, i, Qualified(node.start->alias, node.keys[i]),
              Operand(*node.args[i]), &out);
  }
  sql::Node query;
  query.children = std::move(out);
  return Parentheses(std::move(query));
}

sql::Node Compiler::Leaf(const bound::Source &source) {
  sql::Node node;
  if (source.kind == bound::SourceKind::kEntity) {
    node = NamedEntity(source.entity, source.only, source.table.alias);
  } else {
    if (source.lateral) node.children.push_back(Keyword("LATERAL"));
    if (source.kind == bound::SourceKind::kQuery) {
      node.children.push_back(Parentheses(Query(*source.query)));
    } else if (source.kind == bound::SourceKind::kCommonTable) {
      node.children.push_back(Name(source.common_table));
    } else {
      node.children.push_back(Expression(*source.function));
      if (source.ordinality) node.children.push_back(Keyword("WITH ORDINALITY"));
    }
    node.children.push_back(Keyword("AS"));
    node.children.push_back(Name(source.table.alias));
  }
  if (!source.definitions.empty()) {
    sql::Node list = List();
    for (const bound::ColumnDefinition &definition : source.definitions) {
      list.children.push_back(Sequence(Name(definition.name), sql::TypeName(definition.type)));
    }
    node.children.push_back(Parentheses(std::move(list)));
  } else if (!source.column_aliases.empty()) {
    node.children.push_back(NameList(source.column_aliases));
  } else if (source.query && !source.query->column_names.empty()) {
    node.children.push_back(NameList(source.query->column_names));
  }
  node.position = source.position;
  return node;
}

sql::Node Compiler::Source(const bound::Source &source, Side side) {
  if (source.kind != bound::SourceKind::kJoin) {
    sql::Node leaf = Leaf(source);
    if (source.table.arrows.empty()) return leaf;
    Words out;
    out.push_back(std::move(leaf));
    ArrowJoins(source.table, &out);
    sql::Node joined;
    joined.children = std::move(out);
    return side == Side::kLeft ? std::move(joined) : Parentheses(std::move(joined));
  }
  const char *word = "JOIN";
  switch (source.join) {
    case bound::JoinKind::kInner:
      break;
    case bound::JoinKind::kLeft:
      word = "LEFT JOIN";
      break;
    case bound::JoinKind::kRight:
      word = "RIGHT JOIN";
      break;
    case bound::JoinKind::kFull:
      word = "FULL JOIN";
      break;
    case bound::JoinKind::kCross:
      word = "CROSS JOIN";
      break;
  }
  sql::Node node = Sequence(Source(*source.left, Side::kLeft), Keyword(word),
                            Source(*source.right, Side::kRight));
  if (source.on) {
    node.children.push_back(Keyword("ON"));
    node.children.push_back(Expression(*source.on));
  }
  return side == Side::kLeft ? std::move(node) : Parentheses(std::move(node));
}

}  // namespace fundb::funql
