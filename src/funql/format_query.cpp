// Queries as FunQL: WITH, SELECT, FROM, attributes.
#include "base/text.h"
#include "funql/format_state.h"

namespace fundb::funql {

std::string Formatter::With(const ast::With &with) {
  if (with.tables.empty()) return "";
  std::string text = with.recursive ? "WITH RECURSIVE " : "WITH ";
  bool first = true;
  for (const ast::CommonTable &table : with.tables) {
    if (!first) text += ", ";
    first = false;
    text += Named(table.name);
    if (!table.columns.empty()) text += " " + Names(table.columns);
    text += " AS ";
    if (table.materialized == ast::Materialized::kYes) text += "MATERIALIZED ";
    if (table.materialized == ast::Materialized::kNo) text += "NOT MATERIALIZED ";
    text += "(" + Query(*table.query) + ")";
  }
  return text + " ";
}

std::string Formatter::Query(const ast::Query &query) {
  std::string text = With(query.with) + Body(*query.body);
  if (!query.order.empty()) text += " ORDER BY " + OrderList(query.order);
  if (query.limit && !query.with_ties) text += " LIMIT " + Operand(*query.limit);
  if (query.offset) text += " OFFSET " + Operand(*query.offset);
  if (query.with_ties) text += " FETCH FIRST (" + Expression(*query.limit) + ") ROWS WITH TIES";
  for (const ast::Locking &locking : query.locking) {
    text += " FOR " + Upper(locking.strength);
    for (size_t i = 0; i < locking.sources.size(); ++i) {
      text += (i == 0 ? " OF " : ", ") + Named(locking.sources[i]);
    }
    if (!locking.wait.empty()) text += " " + Upper(locking.wait);
  }
  return text;
}

std::string Formatter::Body(const ast::Body &body) {
  switch (body.kind) {
    case ast::BodyKind::kSelect:
      return Select(body.select);
    case ast::BodyKind::kValues: {
      std::string text;
      for (const auto &row : body.rows)
        text += (text.empty() ? "VALUES (" : ", (") + List(row) + ")";
      return text;
    }
    case ast::BodyKind::kQuery:
      return "(" + Query(*body.query) + ")";
    case ast::BodyKind::kSetOperation:
      break;
  }
  // Parentheses on both sides say how it was read.
  auto side = [this](const ast::Body &part) {
    return part.kind == ast::BodyKind::kSetOperation ? "(" + Body(part) + ")" : Body(part);
  };
  const char *word = body.operation == ast::SetOperator::kUnion       ? " UNION "
                     : body.operation == ast::SetOperator::kIntersect ? " INTERSECT "
                                                                      : " EXCEPT ";
  return side(*body.left) + word + (body.all ? "ALL " : "") + side(*body.right);
}

std::string Formatter::Select(const ast::Select &select) {
  std::string text = "SELECT ";
  if (select.distinct) text += "DISTINCT ";
  if (!select.distinct_on.empty()) text += "ON (" + List(select.distinct_on) + ") ";
  for (size_t i = 0; i < select.items.size(); ++i) {
    if (i > 0) text += ", ";
    text += Item(select.items[i]);
  }
  if (select.from) text += " FROM " + Source(*select.from, false);
  if (select.where) text += " WHERE " + Expression(*select.where);
  if (!select.group_by.empty()) {
    text += std::string(" GROUP BY ") + (select.group_distinct ? "DISTINCT " : "") +
            List(select.group_by);
  }
  if (select.having) text += " HAVING " + Expression(*select.having);
  for (size_t i = 0; i < select.windows.size(); ++i) {
    text += (i == 0 ? " WINDOW " : ", ") + Named(select.windows[i].name) + " AS " +
            Window(select.windows[i]);
  }
  return text;
}

std::string Formatter::Item(const ast::Item &item) {
  if (item.kind == ast::ItemKind::kAttribute) return "@" + Attribute(item.attribute);
  if (item.kind == ast::ItemKind::kStar) {
    std::string text;
    for (const ast::Name &name : item.star) text += Named(name) + ".";
    return text + "*";
  }
  std::string text = Expression(*item.expression);
  if (!item.alias.text.empty()) text += " AS " + Named(item.alias);
  return text + Attributes(item.attributes);
}

std::string Formatter::Attribute(const ast::Attribute &attribute) {
  std::string text = Named(attribute.name) + " = ";
  if (attribute.internal) text += "INTERNAL ";
  if (attribute.dependency == ast::AttributeDependency::kPerRow) text += "PER ROW ";
  if (attribute.dependency == ast::AttributeDependency::kSingle) text += "SINGLE ";
  if (attribute.dependency == ast::AttributeDependency::kConst) text += "CONST ";
  return text + Expression(*attribute.value);
}

std::string Formatter::Attributes(const std::vector<ast::Attribute> &attributes) {
  if (attributes.empty()) return "";
  std::string text;
  for (const ast::Attribute &attribute : attributes) {
    text += (text.empty() ? " @{ " : ", ") + Attribute(attribute);
  }
  return text + " }";
}

std::string Formatter::Source(const ast::Source &source, bool right) {
  std::string text = source.lateral ? "LATERAL " : "";
  switch (source.kind) {
    case ast::SourceKind::kJoin: {
      const char *word = source.join == ast::JoinKind::kLeft    ? "LEFT JOIN "
                         : source.join == ast::JoinKind::kRight ? "RIGHT JOIN "
                         : source.join == ast::JoinKind::kFull  ? "FULL JOIN "
                         : source.join == ast::JoinKind::kCross ? "CROSS JOIN "
                                                                : "JOIN ";
      text = Source(*source.left, false) + (source.natural ? " NATURAL " : " ") + word +
             Source(*source.right, true);
      if (source.on) text += " ON " + Expression(*source.on);
      if (!source.using_fields.empty()) text += " USING " + Names(source.using_fields);
      return right ? "(" + text + ")" : text;
    }
    case ast::SourceKind::kEntity:
      text += (source.only ? "ONLY " : "") + Named(source.entity);
      break;
    case ast::SourceKind::kQuery:
      text += "(" + Query(*source.query) + ")";
      break;
    case ast::SourceKind::kFunction:
      text += Expression(*source.function) + (source.ordinality ? " WITH ORDINALITY" : "");
      break;
    case ast::SourceKind::kDomain:
      text += "DOMAIN OF (";
      if (source.domain == ast::DomainKind::kType) {
        text += "TYPE " + TypeText(source.type);
      } else if (source.domain == ast::DomainKind::kFieldOfEntity) {
        text += "FIELD " + Named(source.entity) + "." + Named(source.field);
      } else {
        text += Expression(*source.domain_field);
      }
      text += ")";
      break;
  }
  if (source.privileged) text += " WITH SUPERUSER ROLE";
  if (!source.alias.text.empty()) text += " AS " + Named(source.alias);
  if (!source.column_aliases.empty()) text += " " + Names(source.column_aliases);
  if (!source.definitions.empty()) {
    if (source.alias.text.empty()) text += " AS";
    for (size_t i = 0; i < source.definitions.size(); ++i) {
      text += (i == 0 ? " (" : ", ") + Named(source.definitions[i].name) + " " +
              TypeText(source.definitions[i].type);
    }
    text += ")";
  }
  return text;
}

}  // namespace fundb::funql
