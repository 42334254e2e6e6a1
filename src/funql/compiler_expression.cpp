// Expressions as SQL.
#include <algorithm>

#include "base/text.h"
#include "funql/compiler_state.h"
#include "funql/types.h"

namespace fundb::funql {

using sql::Brackets;
using sql::Keyword;
using sql::List;
using sql::Name;
using sql::Number;
using sql::Operator;
using sql::Parentheses;
using sql::Qualified;
using sql::Sequence;
using sql::Tight;
using Kind = bound::ExpressionKind;

namespace {

// PostgreSQL's functions take 100 arguments at most (FUNC_MAX_ARGS); an object has two for each
// key.
constexpr size_t kJsonPieces = 50;

// Needs no parentheses wherever it stands.
bool IsAtomic(const bound::Expression &node) {
  switch (node.kind) {
    case Kind::kNull:
    case Kind::kBoolean:
    case Kind::kString:
    case Kind::kColumn:
    case Kind::kWholeRow:
    case Kind::kOutputName:
    case Kind::kQuery:
    case Kind::kExists:
    case Kind::kArrayQuery:
    case Kind::kArray:
    case Kind::kRow:
    case Kind::kCase:
    case Kind::kParameter:
    case Kind::kArrowQuery:
    case Kind::kSubEntity:
    case Kind::kKeyword:
    case Kind::kJson:
    case Kind::kDefault:
    case Kind::kCast:  // nothing binds more than ::
      return true;
    case Kind::kInteger:
    case Kind::kDecimal:
      return node.text[0] != '-';
    case Kind::kCall:
      return node.call->over == nullptr && !node.call->filter && node.call->within_group.empty();
    case Kind::kJsonObject:
    case Kind::kJsonArray:
      return node.args.size() <= kJsonPieces;
    default:
      return false;
  }
}

sql::Node Cast(sql::Node value, const Type &type) {
  return Tight(std::move(value), Operator("::"), sql::TypeName(type));
}

sql::Node TextCast(std::string_view text, const char *type) {
  return Cast(sql::String(text), *CatalogType(type));
}

}  // namespace

sql::Node Compiler::Operand(const bound::Expression &node) {
  sql::Node compiled = Expression(node);
  return IsAtomic(node) ? std::move(compiled) : Parentheses(std::move(compiled));
}

sql::Node Compiler::Expression(const bound::Expression &node) {
  steps_.Count();
  sql::Node compiled = Unplaced(node);
  // Operators carry the position themselves: PostgreSQL points at them, not at what they join.
  if (node.kind != Kind::kOperator && node.kind != Kind::kQuantified) {
    compiled.position = node.position;
  }
  return compiled;
}

sql::Node Compiler::Unplaced(const bound::Expression &node) {
  switch (node.kind) {
    case Kind::kNull:
      return Keyword("NULL");
    case Kind::kBoolean:
      return Keyword(node.text == "true" ? "TRUE" : "FALSE");
    case Kind::kInteger:
    case Kind::kDecimal:
      return Number(node.text);
    case Kind::kString:
      return sql::String(node.text);
    case Kind::kJson:
      return TextCast(node.text, "jsonb");
    case Kind::kColumn:
      return Qualified(node.table->alias, node.text);
    case Kind::kWholeRow:
      return Name(node.table->alias);
    case Kind::kParameter:
      return Cast(sql::Placeholder(node.index + 1),
                  parameters_[static_cast<size_t>(node.index)].type);
    case Kind::kOutputName:
      return Name(node.text);
    case Kind::kOutputNumber:
      return Number(std::to_string(node.index));
    case Kind::kKeyword:
      return Keyword(Upper(node.text));
    case Kind::kDefault:
      return Keyword("DEFAULT");
    case Kind::kOperator:
    case Kind::kQuantified:
    case Kind::kAnd:
    case Kind::kOr:
    case Kind::kNot:
      return Operation(node);
    case Kind::kIs:
    case Kind::kDistinctFrom:
    case Kind::kBetween:
    case Kind::kLike:
    case Kind::kIn:
      return Predicate(node);
    case Kind::kTypeTest:
      return TypeTest(node);
    case Kind::kCast: {
      sql::Node cast = Operator("::");
      cast.position = node.position;
      return Tight(Operand(*node.args[0]), std::move(cast), sql::TypeName(node.type));
    }
    case Kind::kCase:
      return Case(node);
    case Kind::kCall:
      return Call(node);
    case Kind::kQuery:
      return Parentheses(Query(*node.query));
    case Kind::kExists:
      return Sequence(Keyword("EXISTS"), Parentheses(Query(*node.query)));
    case Kind::kArrayQuery:
      return Sequence(Keyword("ARRAY"), Parentheses(Query(*node.query)));
    case Kind::kJsonObject:
    case Kind::kJsonArray:
      return Json(node);
    case Kind::kRow:
      return Tight(Keyword("ROW"), Parentheses(ExpressionList(node.args, 0)));
    case Kind::kArray:
      return Tight(Keyword("ARRAY"), Brackets(ExpressionList(node.args, 0)));
    case Kind::kSubscript:
    case Kind::kSlice:
      return Subscript(node);
    case Kind::kMember:
      return Tight(Parentheses(Expression(*node.args[0])), Operator("."), Name(node.text));
    case Kind::kCollate:
      return Sequence(Operand(*node.args[0]), Keyword("COLLATE"),
                      Qualified(node.keys[0], node.keys[1]));
    case Kind::kArrowQuery:
      return ArrowQuery(node);
    case Kind::kSubEntity:
      return SubEntity(node);
    case Kind::kGrouping:
      return GroupingElement(node);
  }
  return {};
}

sql::Node Compiler::Operation(const bound::Expression &node) {
  if (node.kind == Kind::kNot) return Sequence(Keyword("NOT"), Operand(*node.args[0]));
  if (node.kind == Kind::kAnd || node.kind == Kind::kOr) {
    sql::Node chain;
    for (const auto &arg : node.args) {
      if (!chain.children.empty()) {
        chain.children.push_back(Keyword(node.kind == Kind::kAnd ? "AND" : "OR"));
      }
      chain.children.push_back(Operand(*arg));
    }
    return chain;
  }
  sql::Node op = Operator(node.text);
  op.position = node.position;
  if (node.kind == Kind::kOperator) {
    if (node.args.size() == 1) return Sequence(std::move(op), Operand(*node.args[0]));
    return Sequence(Operand(*node.args[0]), std::move(op), Operand(*node.args[1]));
  }
  sql::Node right = node.query ? Query(*node.query) : Value(*node.args[1]);
  return Sequence(Operand(*node.args[0]), std::move(op),
                  Keyword(node.word == "any" ? "ANY" : "ALL"), Parentheses(std::move(right)));
}

// x = ANY ($id=>tags) is x = ANY ((SELECT …)::text[]): without the cast PostgreSQL takes the
// parentheses for a subquery and compares x with each whole array; x IN ($id=>name) would be false
// and not NULL without a row.
sql::Node Compiler::Value(const bound::Expression &node) {
  sql::Node compiled = Expression(node);
  bool selects = node.kind == Kind::kArrowQuery || node.kind == Kind::kSubEntity;
  return selects ? Cast(std::move(compiled), node.type) : std::move(compiled);
}

sql::Node Compiler::Predicate(const bound::Expression &node) {
  sql::Node result = Sequence(Operand(*node.args[0]));
  Words &out = result.children;
  auto word = [&out](std::string_view text) { out.push_back(Keyword(text)); };
  switch (node.kind) {
    case Kind::kIs:
      word(node.negated ? "IS NOT" : "IS");
      word(Upper(node.word));
      break;
    case Kind::kDistinctFrom:
      word(node.negated ? "IS NOT DISTINCT FROM" : "IS DISTINCT FROM");
      out.push_back(Operand(*node.args[1]));
      break;
    case Kind::kBetween:
      word(node.negated ? "NOT BETWEEN" : "BETWEEN");
      if (node.symmetric) word("SYMMETRIC");
      out.push_back(Operand(*node.args[1]));
      word("AND");
      out.push_back(Operand(*node.args[2]));
      break;
    case Kind::kLike:
      if (node.negated) word("NOT");
      word(Upper(node.word));
      out.push_back(Operand(*node.args[1]));
      if (node.args.size() > 2) {
        word("ESCAPE");
        out.push_back(Operand(*node.args[2]));
      }
      break;
    default: {
      word(node.negated ? "NOT IN" : "IN");
      sql::Node list = List();
      for (size_t i = 1; i < node.args.size(); ++i) list.children.push_back(Value(*node.args[i]));
      out.push_back(Parentheses(node.query ? Query(*node.query) : std::move(list)));
      break;
    }
  }
  return result;
}

// tableoid IN ('schema.name'::regclass, …); the tableoid of a partitioned table's row is that of
// the partition, or nothing behind an outer join.
sql::Node Compiler::TypeTest(const bound::Expression &node) {
  sql::Node tables = List();
  for (const EntityName &entity : node.entities) {
    std::string name = QuoteIdentifier(entity.schema) + "." + QuoteIdentifier(entity.name);
    tables.children.push_back(TextCast(name, "regclass"));
  }
  sql::Node table = Operand(*node.args[0]);
  if (node.word != "partitioned") {
    return Sequence(std::move(table), Keyword("IN"), Parentheses(std::move(tables)));
  }
  sql::Node ancestors =
      Sequence(Keyword("SELECT"), Tight(Qualified("pg_catalog", "pg_partition_ancestors"),
                                        Parentheses(Operand(*node.args[0]))));
  return Sequence(Keyword("CASE WHEN"), std::move(table), Keyword("IS NOT NULL THEN"),
                  std::move(tables), Keyword("IN"), Parentheses(std::move(ancestors)),
                  Keyword("END"));
}

sql::Node Compiler::Case(const bound::Expression &node) {
  sql::Node result = Sequence(Keyword("CASE"));
  Words &out = result.children;
  size_t at = 0;
  if (node.has_operand) out.push_back(Operand(*node.args[at++]));
  size_t end = node.args.size() - (node.has_else ? 1 : 0);
  for (; at + 2 <= end; at += 2) {
    out.push_back(Keyword("WHEN"));
    out.push_back(Expression(*node.args[at]));
    out.push_back(Keyword("THEN"));
    out.push_back(Expression(*node.args[at + 1]));
  }
  if (node.has_else) {
    out.push_back(Keyword("ELSE"));
    out.push_back(Expression(*node.args.back()));
  }
  out.push_back(Keyword("END"));
  return result;
}

// ---- constructors -------------------------------------------------------------------------------

sql::Node Compiler::Json(const bound::Expression &node) {
  bool object = node.kind == Kind::kJsonObject;
  sql::Node result = Sequence();
  for (size_t first = 0; first == 0 || first < node.args.size(); first += kJsonPieces) {
    sql::Node list = List();
    for (size_t i = first; i < std::min(first + kJsonPieces, node.args.size()); ++i) {
      if (object) list.children.push_back(sql::String(node.keys[i]));
      list.children.push_back(Expression(*node.args[i]));
    }
    if (first > 0) result.children.push_back(Operator("||"));
    result.children.push_back(
        Tight(Qualified("pg_catalog", object ? "jsonb_build_object" : "jsonb_build_array"),
              Parentheses(std::move(list))));
  }
  return result;
}

sql::Node Compiler::Subscript(const bound::Expression &node) {
  const bound::Expression &base = *node.args[0];
  // a[1:2][2:3] slices two dimensions, (a[1:2])[2:3] the first one of the slice.
  bool chain = base.kind == Kind::kSlice || base.kind == Kind::kSubscript;
  bool bare =
      chain ? !base.parenthesized : base.kind == Kind::kColumn || base.kind == Kind::kOutputName;
  sql::Node array = bare ? Expression(base) : Parentheses(Expression(base));
  sql::Node index = Sequence();
  if (node.kind == Kind::kSubscript) {
    index.children.push_back(Expression(*node.args[1]));
  } else {
    if (node.args[1]) index.children.push_back(Operand(*node.args[1]));
    index.children.push_back(Operator(":"));
    if (node.args[2]) index.children.push_back(Operand(*node.args[2]));
  }
  return Tight(std::move(array), Brackets(std::move(index)));
}

// (SELECT {schema, name} FROM pg_class … WHERE oid = tableoid)
sql::Node Compiler::SubEntity(const bound::Expression &node) {
  const bound::Expression &tableoid = *node.args[0];
  // The two names must not hide the table whose tableoid is asked for.
  std::string relation = "relation";
  while (tableoid.table->alias.compare(0, relation.size(), relation) == 0) relation += "_";
  std::string space = relation + "_schema";
  auto column = [](const std::string &table, const char *name) { return Qualified(table, name); };
  sql::Node value = Tight(Qualified("pg_catalog", "jsonb_build_object"),
                          Parentheses(List(sql::String("schema"), column(space, "nspname"),
                                           sql::String("name"), column(relation, "relname"))));
  return Parentheses(Sequence(Keyword("SELECT"), std::move(value), Keyword("FROM"),
                              Qualified("pg_catalog", "pg_class"), Keyword("AS"), Name(relation),
                              Keyword("JOIN"), Qualified("pg_catalog", "pg_namespace"),
                              Keyword("AS"), Name(space), Keyword("ON"), column(space, "oid"),
                              Operator("="), column(relation, "relnamespace"), Keyword("WHERE"),
                              column(relation, "oid"), Operator("="), Expression(tableoid)));
}

}  // namespace fundb::funql
