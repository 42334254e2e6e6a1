#include "funql/format.h"

#include <algorithm>
#include <iterator>

#include "base/text.h"
#include "funql/diagnostics.h"
#include "funql/funql.h"
#include "funql/parser.h"

namespace fundb::funql {

namespace {

using Kind = ast::ExpressionKind;

// Words that mean something to the parser somewhere; a name spelled like one is quoted.  Sorted.
constexpr std::string_view kWords[] = {
    "all",      "and",        "any",       "array",  "as",        "asc",       "at",
    "between",  "by",         "case",      "cast",   "collate",   "const",     "cross",
    "cube",     "default",    "delete",    "desc",   "distinct",  "domain",    "e",
    "else",     "end",        "escape",    "except", "exists",    "false",     "fetch",
    "field",    "filter",     "first",     "for",    "from",      "full",      "group",
    "grouping", "having",     "ilike",     "in",     "inherited", "inner",     "insert",
    "internal", "intersect",  "into",      "is",     "isnull",    "join",      "last",
    "lateral",  "left",       "like",      "limit",  "mapping",   "match",     "materialized",
    "natural",  "not",        "notnull",   "null",   "nulls",     "of",        "offset",
    "oftype",   "on",         "only",      "or",     "order",     "outer",     "over",
    "overlaps", "overriding", "partition", "per",    "range",     "recursive", "returning",
    "right",    "rollup",     "row",       "rows",   "select",    "set",       "similar",
    "single",   "some",       "symmetric", "then",   "to",        "trim",      "true",
    "type",     "union",      "update",    "using",  "values",    "variadic",  "when",
    "where",    "window",     "with",      "within"};

bool IsPlain(const std::string &name) {
  if (name.empty() || (name[0] >= '0' && name[0] <= '9')) return false;
  bool simple = std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
  return simple && !std::binary_search(std::begin(kWords), std::end(kWords), name);
}

std::string Named(const std::string &name) { return IsPlain(name) ? name : QuoteIdentifier(name); }
std::string Named(const ast::Name &name) { return Named(name.text); }
std::string Named(const ast::QualifiedName &name) {
  return (name.schema.text.empty() ? "" : Named(name.schema) + ".") + Named(name.name);
}

std::string Names(const std::vector<ast::Name> &names) {
  std::string text;
  for (const ast::Name &name : names) text += (text.empty() ? "(" : ", ") + Named(name);
  return text + ")";
}

std::string Upper(std::string word) {
  for (char &c : word) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return word;
}

// FunQL always reads backslashes as escapes, and needs no prefix to do so.
std::string String(const std::string &text) {
  std::string quoted = "'";
  for (char c : text) {
    if (c == '\'' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "'";
}

std::string TypeText(const ast::TypeName &type) {
  std::string text;
  if (type.kind == ast::TypeKind::kReference) {
    text = "reference(" + Named(type.name) + ")";
  } else if (type.kind == ast::TypeKind::kEnum) {
    for (const std::string &label : type.labels)
      text += (text.empty() ? "enum(" : ", ") + String(label);
    text += ")";
  } else if (type.exact) {
    const std::string &schema = type.name.schema.text;
    if (!schema.empty()) text = QuoteIdentifier(schema) + ".";
    text += QuoteIdentifier(type.name.name.text);
  } else {
    text = type.name.name.text;
  }
  for (size_t i = 0; i < type.modifiers.size(); ++i) {
    text += (i == 0 ? "(" : ", ") + std::to_string(type.modifiers[i]);
  }
  if (!type.modifiers.empty()) text += ")";
  return type.is_array ? text + "[]" : text;
}

class Formatter {
 public:
  std::string Statement(const ast::Statement &statement);

 private:
  std::string Expression(const ast::Expression &node);
  std::string Operand(const ast::Expression &node);
  std::string List(const std::vector<ast::ExpressionPtr> &list, size_t first = 0);
  std::string Field(const ast::FieldRef &field);
  std::string Predicate(const ast::Expression &node);
  std::string Case(const ast::Expression &node);
  std::string Call(const ast::Expression &node);
  std::string Window(const ast::Window &window);
  std::string OrderList(const std::vector<ast::OrderItem> &items);
  std::string With(const ast::With &with);
  std::string Query(const ast::Query &query);
  std::string Body(const ast::Body &body);
  std::string Select(const ast::Select &select);
  std::string Item(const ast::Item &item);
  std::string Attribute(const ast::Attribute &attribute);
  std::string Attributes(const std::vector<ast::Attribute> &attributes);
  std::string Source(const ast::Source &source, bool right);
  std::string Command(const ast::Statement &statement);
  std::string Assignments(const std::vector<ast::Assignment> &assignments);
};

// ---- expressions --------------------------------------------------------------------------------

std::string Formatter::Operand(const ast::Expression &node) {
  switch (node.kind) {
    case Kind::kNull:
    case Kind::kBoolean:
    case Kind::kInteger:
    case Kind::kDecimal:
    case Kind::kString:
    case Kind::kField:
    case Kind::kQuery:
    case Kind::kExists:
    case Kind::kArrayQuery:
    case Kind::kRow:
    case Kind::kArray:
    case Kind::kJsonObject:
    case Kind::kJsonArray:
    case Kind::kDefault:
    case Kind::kCase:
      if (node.text.empty() || node.text[0] != '-' || node.kind == Kind::kString) {
        return Expression(node);
      }
      break;
    case Kind::kCall:
      if (!node.call->over) return Expression(node);
      break;
    default:
      break;
  }
  return "(" + Expression(node) + ")";
}

std::string Formatter::List(const std::vector<ast::ExpressionPtr> &list, size_t first) {
  std::string text;
  for (size_t i = first; i < list.size(); ++i) {
    if (i > first) text += ", ";
    text += Expression(*list[i]);
  }
  return text;
}

std::string Formatter::Field(const ast::FieldRef &field) {
  std::string text = field.root == ast::RootKind::kArgument ? "$"
                     : field.root == ast::RootKind::kGlobal ? "$$"
                                                            : "";
  for (size_t i = 0; i < field.names.size(); ++i) {
    if (i > 0) text += ".";
    text += Named(field.names[i]);
  }
  for (const ast::Arrow &arrow : field.arrows) {
    text += (arrow.privileged ? "!=>" : "=>") + Named(arrow.field);
  }
  return field.privileged ? text + "!" : text;
}

std::string Formatter::Expression(const ast::Expression &node) {
  switch (node.kind) {
    case Kind::kNull:
      return "NULL";
    case Kind::kBoolean:
      return Upper(node.text);
    case Kind::kInteger:
    case Kind::kDecimal:
      return node.text;
    case Kind::kString:
      return String(node.text);
    case Kind::kField:
      return Field(*node.field);
    case Kind::kOperator:
      if (node.args.size() == 1) return node.text + " " + Operand(*node.args[0]);
      return Operand(*node.args[0]) + " " + node.text + " " + Operand(*node.args[1]);
    case Kind::kAnd:
    case Kind::kOr: {
      std::string text;
      for (const ast::ExpressionPtr &arg : node.args) {
        if (!text.empty()) text += node.kind == Kind::kAnd ? " AND " : " OR ";
        text += Operand(*arg);
      }
      return text;
    }
    case Kind::kNot:
      return "NOT " + Operand(*node.args[0]);
    case Kind::kQuantified:
      return Operand(*node.args[0]) + " " + node.text + " " + Upper(node.word) + " (" +
             (node.query ? Query(*node.query) : Expression(*node.args[1])) + ")";
    case Kind::kIs:
    case Kind::kDistinctFrom:
    case Kind::kBetween:
    case Kind::kLike:
    case Kind::kIn:
    case Kind::kTypeTest:
      return Predicate(node);
    case Kind::kCast:
      return Operand(*node.args[0]) + "::" + TypeText(node.type);
    case Kind::kCase:
    case Kind::kMapping:
      return Case(node);
    case Kind::kFieldAttribute:
      return Expression(*node.args[0]) + ".@" + Named(node.text);
    case Kind::kEntityAttribute:
      return Named(node.entity) + ".@@" + Named(node.text);
    case Kind::kCall:
      return Call(node);
    case Kind::kQuery:
      return "(" + Query(*node.query) + ")";
    case Kind::kExists:
      return "EXISTS (" + Query(*node.query) + ")";
    case Kind::kArrayQuery:
      return "ARRAY(" + Query(*node.query) + ")";
    case Kind::kJsonObject: {
      std::string text = "{";
      for (size_t i = 0; i < node.args.size(); ++i) {
        text += (i > 0 ? ", " : " ") + String(node.keys[i]) + ": " + Expression(*node.args[i]);
      }
      return text + " }";
    }
    case Kind::kJsonArray:
      return "[" + List(node.args) + "]";
    case Kind::kRow:
      return "ROW(" + List(node.args) + ")";
    case Kind::kArray:
      return "ARRAY[" + List(node.args) + "]";
    case Kind::kSubscript:
      return Operand(*node.args[0]) + "[" + Expression(*node.args[1]) + "]";
    case Kind::kSlice:
      return Operand(*node.args[0]) + "[" + (node.args[1] ? Operand(*node.args[1]) : "") + " : " +
             (node.args[2] ? Operand(*node.args[2]) : "") + "]";
    case Kind::kMember:
      // Always in parentheses: a field is kept apart from source.field by them.
      return "(" + Expression(*node.args[0]) + ")." + Named(node.text);
    case Kind::kCollate:
      return Operand(*node.args[0]) + " COLLATE " + Named(node.entity);
    case Kind::kUserView:
      return "&" + Named(node.entity);
    case Kind::kDefault:
      return "DEFAULT";
    case Kind::kGrouping:
      return (node.word.empty() ? "" : Upper(node.word) + " ") + "(" + List(node.args) + ")";
  }
  return "";
}

std::string Formatter::Predicate(const ast::Expression &node) {
  std::string text = Operand(*node.args[0]) + " ";
  std::string negated = node.negated ? "NOT " : "";
  switch (node.kind) {
    case Kind::kIs:
      return text + "IS " + negated + Upper(node.word);
    case Kind::kDistinctFrom:
      return text + "IS " + negated + "DISTINCT FROM " + Operand(*node.args[1]);
    case Kind::kBetween:
      return text + negated + "BETWEEN " + (node.symmetric ? "SYMMETRIC " : "") +
             Operand(*node.args[1]) + " AND " + Operand(*node.args[2]);
    case Kind::kLike:
      text += negated + Upper(node.word) + " " + Operand(*node.args[1]);
      return node.args.size() > 2 ? text + " ESCAPE " + Operand(*node.args[2]) : text;
    case Kind::kIn:
      return text + negated + "IN (" + (node.query ? Query(*node.query) : List(node.args, 1)) + ")";
    default:
      return text + Upper(node.word) + " " + Named(node.entity);
  }
}

std::string Formatter::Case(const ast::Expression &node) {
  std::string text = node.kind == Kind::kMapping ? "MAPPING" : "CASE";
  size_t at = 0;
  if (node.has_operand) text += " " + Operand(*node.args[at++]);
  size_t end = node.args.size() - (node.has_else ? 1 : 0);
  for (; at + 2 <= end; at += 2) {
    text += " WHEN " + Expression(*node.args[at]) + " THEN " + Expression(*node.args[at + 1]);
  }
  if (node.has_else) text += " ELSE " + Expression(*node.args.back());
  return text + " END";
}

std::string Formatter::Call(const ast::Expression &node) {
  const ast::Call &call = *node.call;
  const std::string &name = call.function.name.text;
  bool word = call.function.schema.text.empty() && (name == "left" || name == "right");
  std::string text = word ? name + "(" : Named(call.function) + "(";
  if (call.star) text += "*";
  if (call.distinct) text += "DISTINCT ";
  if (call.all) text += "ALL ";
  for (size_t i = 0; i < node.args.size(); ++i) {
    if (i > 0) text += ", ";
    if (call.variadic && i + 1 == node.args.size()) text += "VARIADIC ";
    if (i < call.argument_names.size() && !call.argument_names[i].empty()) {
      text += Named(call.argument_names[i]) + " := ";
    }
    text += Expression(*node.args[i]);
  }
  if (!call.order.empty()) text += " ORDER BY " + OrderList(call.order);
  text += ")";
  if (!call.within_group.empty())
    text += " WITHIN GROUP (ORDER BY " + OrderList(call.within_group) + ")";
  if (call.filter) text += " FILTER (WHERE " + Expression(*call.filter) + ")";
  if (call.over) {
    text += " OVER ";
    text += call.over->name.text.empty() ? Window(*call.over) : Named(call.over->name);
  }
  return text;
}

std::string Formatter::Window(const ast::Window &window) {
  std::string text;
  auto add = [&text](const std::string &part) { text += (text.empty() ? "" : " ") + part; };
  if (!window.base.text.empty()) add(Named(window.base));
  if (!window.partition.empty()) add("PARTITION BY " + List(window.partition));
  if (!window.order.empty()) add("ORDER BY " + OrderList(window.order));
  if (!window.frame_mode.empty()) {
    auto bound = [this](const std::string &word, const ast::ExpressionPtr &offset) {
      return (offset ? Operand(*offset) + " " : "") + Upper(word);
    };
    std::string start = bound(window.start, window.start_offset);
    add(Upper(window.frame_mode));
    add(window.end.empty() ? start
                           : "BETWEEN " + start + " AND " + bound(window.end, window.end_offset));
    if (!window.exclusion.empty()) add("EXCLUDE " + Upper(window.exclusion));
  }
  return "(" + text + ")";
}

std::string Formatter::OrderList(const std::vector<ast::OrderItem> &items) {
  std::string text;
  for (const ast::OrderItem &item : items) {
    if (!text.empty()) text += ", ";
    text += Expression(*item.expression);
    if (item.direction == ast::Direction::kAscending) text += " ASC";
    if (item.direction == ast::Direction::kDescending) text += " DESC";
    if (item.nulls == ast::NullsOrder::kFirst) text += " NULLS FIRST";
    if (item.nulls == ast::NullsOrder::kLast) text += " NULLS LAST";
  }
  return text;
}

// ---- queries ------------------------------------------------------------------------------------

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
  if (query.limit) text += " LIMIT " + Operand(*query.limit);
  if (query.offset) text += " OFFSET " + Operand(*query.offset);
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

// ---- statements ---------------------------------------------------------------------------------

std::string Formatter::Assignments(const std::vector<ast::Assignment> &assignments) {
  std::string text;
  for (const ast::Assignment &assignment : assignments) {
    if (!text.empty()) text += ", ";
    text += assignment.is_row ? Names(assignment.fields) : Named(assignment.fields[0]);
    text += " = " + Expression(*assignment.value);
  }
  return text;
}

std::string Formatter::Command(const ast::Statement &statement) {
  std::string text = With(statement.with);
  std::string target = (statement.only ? "ONLY " : "") + Named(statement.target);
  if (!statement.target_alias.text.empty()) target += " AS " + Named(statement.target_alias);
  auto where = [this](const ast::ExpressionPtr &condition) {
    return condition ? " WHERE " + Expression(*condition) : std::string();
  };
  if (statement.kind == ast::StatementKind::kUpdate) {
    text += "UPDATE " + target + " SET " + Assignments(statement.update.set);
    if (statement.update.from) text += " FROM " + Source(*statement.update.from, false);
    return text + where(statement.update.where);
  }
  if (statement.kind == ast::StatementKind::kDelete) {
    text += "DELETE FROM " + target;
    if (statement.remove.from) text += " USING " + Source(*statement.remove.from, false);
    return text + where(statement.remove.where);
  }
  const ast::Insert &insert = statement.insert;
  text += "INSERT INTO " + target;
  if (!insert.fields.empty()) text += " " + Names(insert.fields);
  if (!insert.overriding.empty()) text += " OVERRIDING " + Upper(insert.overriding) + " VALUE";
  text += insert.default_values ? " DEFAULT VALUES" : " " + Query(*insert.query);
  if (insert.conflict == ast::ConflictAction::kNone) return text;
  text += " ON CONFLICT";
  if (!insert.conflict_constraint.text.empty()) {
    text += " ON CONSTRAINT " + Named(insert.conflict_constraint);
  }
  if (!insert.conflict_target.empty()) text += " (" + List(insert.conflict_target) + ")";
  text += where(insert.conflict_where);
  if (insert.conflict == ast::ConflictAction::kNothing) return text + " DO NOTHING";
  return text + " DO UPDATE SET " + Assignments(insert.conflict_set) + where(insert.where);
}

std::string Formatter::Statement(const ast::Statement &statement) {
  std::string text;
  for (const ast::Argument &argument : statement.arguments) {
    text += (text.empty() ? "{ $" : ", $") + Named(argument.name) + " " + TypeText(argument.type);
    if (argument.optional) text += " NULL";
    if (argument.default_value) text += " DEFAULT " + Expression(*argument.default_value);
    text += Attributes(argument.attributes);
  }
  if (!text.empty()) text += " }: ";
  for (const ast::Pragma &pragma : statement.pragmas) {
    text += "SET " + Named(pragma.name) + " = " + String(pragma.value) + "; ";
  }
  if (statement.kind != ast::StatementKind::kQuery) return text + Command(statement);
  text += Query(*statement.query);
  if (statement.has_main_entity) {
    text += std::string(" FOR ") + (statement.for_insert ? "INSERT INTO " : "UPDATE OF ") +
            Named(statement.main_entity);
  }
  return text;
}

}  // namespace

std::string Format(const ast::Statement &statement) { return Formatter().Statement(statement); }

std::string FormatStatement(std::string_view text) {
  Diagnostics diagnostics(text);
  return Format(ParseStatement(diagnostics));
}

}  // namespace fundb::funql
