#include "funql/format.h"

#include <algorithm>
#include <iterator>

#include "base/text.h"
#include "funql/diagnostics.h"
#include "funql/format_state.h"
#include "funql/funql.h"
#include "funql/parser.h"

namespace fundb::funql {

namespace {

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

}  // namespace

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

// FunQL always reads backslashes as escapes, and needs no prefix to do so.
std::string StringText(const std::string &text) {
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
      text += (text.empty() ? "enum(" : ", ") + StringText(label);
    text += ")";
  } else if (type.exact) {
    const std::string &schema = type.name.schema.text;
    if (!schema.empty()) text = QuoteIdentifier(schema) + ".";
    text += QuoteIdentifier(type.name.name.text);
  } else {
    text = type.name.name.text;
  }
  if (!type.fields.empty()) text += " " + type.fields;
  for (size_t i = 0; i < type.modifiers.size(); ++i) {
    text += (i == 0 ? "(" : ", ") + std::to_string(type.modifiers[i]);
  }
  if (!type.modifiers.empty()) text += ")";
  return type.is_array ? text + "[]" : text;
}

// ---- statements ---------------------------------------------------------------------------------

std::string Formatter::Assignments(const std::vector<ast::Assignment> &assignments) {
  std::string text;
  for (const ast::Assignment &assignment : assignments) {
    if (!text.empty()) text += ", ";
    text += assignment.element  ? Expression(*assignment.element)
            : assignment.is_row ? Names(assignment.fields)
                                : Named(assignment.fields[0]);
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
    text += "SET " + Named(pragma.name) + " = " + StringText(pragma.value) + "; ";
  }
  if (statement.kind != ast::StatementKind::kQuery) return text + Command(statement);
  text += Query(*statement.query);
  if (statement.has_main_entity) {
    text += std::string(" FOR ") + (statement.for_insert ? "INSERT INTO " : "UPDATE OF ") +
            Named(statement.main_entity);
  }
  return text;
}

std::string Format(const ast::Statement &statement) { return Formatter().Statement(statement); }

std::string FormatStatement(std::string_view text) {
  Diagnostics diagnostics(text);
  Steps steps(nullptr);
  return Format(ParseStatement(diagnostics, &steps));
}

}  // namespace fundb::funql
