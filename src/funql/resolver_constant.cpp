// Constants as JSON, and the types that follow from an expression's shape.
#include <algorithm>
#include <cstdio>

#include "funql/resolver_state.h"
#include "funql/types.h"

namespace fundb::funql {

namespace {

std::string JsonString(const std::string &text) {
  std::string json = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') {
      json += '\\';
      json += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escaped[8];
      std::snprintf(escaped, sizeof escaped, "\\u%04x", static_cast<unsigned>(c));
      json += escaped;
    } else {
      json += c;
    }
  }
  return json + "\"";
}

// JSON allows neither `3.` nor `.5` nor leading zeros.
std::string JsonNumber(std::string text) {
  size_t digits = text.find_first_not_of('0');
  if (digits == std::string::npos || text[digits] < '0' || text[digits] > '9') {
    text = "0" + (digits == std::string::npos ? "" : text.substr(digits));
  } else {
    text = text.substr(digits);
  }
  size_t point = text.find('.');
  if (point == std::string::npos) return text;
  if (point + 1 == text.size() || text[point + 1] < '0' || text[point + 1] > '9') {
    text.insert(point + 1, "0");
  }
  return text;
}

}  // namespace

bound::ExpressionPtr Resolver::UserView(const ast::QualifiedName &name, Span span) {
  const std::string &schema = name.schema.text.empty() ? options_.default_schema : name.schema.text;
  if (!schema_.UserViewExists(schema, name.name.text)) {
    throw diagnostics_->UnknownUserView(name.span, schema, name.name.text);
  }
  bound::ExpressionPtr node = Make(bound::ExpressionKind::kJson, span);
  node->text =
      "{\"schema\": " + JsonString(schema) + ", \"name\": " + JsonString(name.name.text) + "}";
  node->type = *CatalogType("jsonb");
  return node;
}

bool Resolver::IsConstant(const ast::Expression &value) const {
  switch (value.kind) {
    case ast::ExpressionKind::kNull:
    case ast::ExpressionKind::kBoolean:
    case ast::ExpressionKind::kInteger:
    case ast::ExpressionKind::kDecimal:
    case ast::ExpressionKind::kString:
    case ast::ExpressionKind::kUserView:
      return true;
    case ast::ExpressionKind::kOperator: {
      if (value.args.size() != 1 || value.text != "-") return false;
      ast::ExpressionKind kind = value.args[0]->kind;
      return kind == ast::ExpressionKind::kInteger || kind == ast::ExpressionKind::kDecimal;
    }
    case ast::ExpressionKind::kArray:
    case ast::ExpressionKind::kJsonArray:
    case ast::ExpressionKind::kJsonObject:
      return std::all_of(value.args.begin(), value.args.end(),
                         [this](const ast::ExpressionPtr &arg) { return IsConstant(*arg); });
    default:
      return false;
  }
}

std::string Resolver::JsonConstant(const ast::Expression &value) {
  switch (value.kind) {
    case ast::ExpressionKind::kNull:
      return "null";
    case ast::ExpressionKind::kBoolean:
      return value.text;
    case ast::ExpressionKind::kInteger:
    case ast::ExpressionKind::kDecimal:
      return value.text[0] == '-' ? "-" + JsonNumber(value.text.substr(1)) : JsonNumber(value.text);
    case ast::ExpressionKind::kOperator:
      return "-" + JsonConstant(*value.args[0]);
    case ast::ExpressionKind::kString:
      return JsonString(value.text);
    case ast::ExpressionKind::kUserView:
      return UserView(value.entity, value.span)->text;
    default:
      break;
  }
  bool object = value.kind == ast::ExpressionKind::kJsonObject;
  std::string json = object ? "{" : "[";
  for (size_t i = 0; i < value.args.size(); ++i) {
    if (i > 0) json += ", ";
    if (object) json += JsonString(value.keys[i]) + ": ";
    json += JsonConstant(*value.args[i]);
  }
  return json + (object ? "}" : "]");
}

// ---- types --------------------------------------------------------------------------------------

namespace {

// As PostgreSQL reads a whole number: the smallest of the types that holds it.
const char *IntegerType(const std::string &text) {
  bool is_negative = text[0] == '-';
  size_t first = text.find_first_not_of('0', is_negative ? 1 : 0);
  std::string digits = first == std::string::npos ? "0" : text.substr(first);
  auto fits = [&digits](const std::string &largest) {
    return digits.size() != largest.size() ? digits.size() < largest.size() : digits <= largest;
  };
  if (fits(is_negative ? "2147483648" : "2147483647")) return "int4";
  return fits(is_negative ? "9223372036854775808" : "9223372036854775807") ? "int8" : "numeric";
}

bool IsUntyped(const bound::Expression &value) {
  return value.kind == bound::ExpressionKind::kString || value.kind == bound::ExpressionKind::kNull;
}

}  // namespace

// Of a column of a query that is a part of no set operation.
Type Resolver::ResolvedType(const bound::ColumnInfo &column) {
  return column.untyped ? *CatalogType("text") : column.type;
}

// Of values of which one is chosen.  Constants without a type take that of the others.
Type Resolver::ChoiceType(const std::vector<const bound::Expression *> &values) const {
  std::vector<const Type *> types;
  bool has_untyped = false;
  for (const bound::Expression *value : values) {
    steps_.Count();
    if (IsUntyped(*value)) {
      has_untyped = true;
    } else {
      types.push_back(&value->type);
    }
  }
  if (types.empty()) return *CatalogType("text");
  return has_untyped ? BesideUntyped(CommonType(types)) : CommonType(types);
}

// What values of a type become beside a constant without one: of a domain the type below it, which
// PostgreSQL knows.
Type Resolver::BesideUntyped(const Type &type) {
  if (type.category == 'E' || type.schema == "pg_catalog") return type;
  Type none;
  none.lacks_operators = type.lacks_operators;
  return none;
}

// NULLIF is of the type that its first value has where the two are compared.
Type Resolver::NullIfType(const bound::Expression &first, const bound::Expression &second) const {
  Type type = ChoiceType({&first, &second});
  bool own_comparison =
      type.category == 'E' || (type.schema == "pg_catalog" && type.name != "varchar");
  if (own_comparison && !IsUntyped(first)) return type;
  Type none;
  none.lacks_operators = type.lacks_operators;
  return none;
}

// What follows from the shape alone.  PostgreSQL decides the rest when it prepares the statement.
Type Resolver::ResultType(const bound::Expression &node) const {
  using Kind = bound::ExpressionKind;
  switch (node.kind) {
    case Kind::kInteger:
      return *CatalogType(IntegerType(node.text));
    case Kind::kDecimal:
      return *CatalogType("numeric");
    case Kind::kBoolean:
    case Kind::kAnd:
    case Kind::kOr:
    case Kind::kNot:
    case Kind::kQuantified:
    case Kind::kIs:
    case Kind::kDistinctFrom:
    case Kind::kBetween:
    case Kind::kLike:
    case Kind::kIn:
    case Kind::kExists:
      return *CatalogType("bool");
    case Kind::kOperator: {
      const std::string &op = node.text;
      bool comparison =
          op == "=" || op == "<>" || op == "<" || op == "<=" || op == ">" || op == ">=";
      if (comparison) return *CatalogType("bool");
      if (op == "->>" || op == "#>>") return *CatalogType("text");
      return {};
    }
    case Kind::kJsonObject:
    case Kind::kJsonArray:
      return *CatalogType("jsonb");
    case Kind::kCase: {
      std::vector<const bound::Expression *> values;
      size_t end = node.args.size() - (node.has_else ? 1 : 0);
      for (size_t at = node.has_operand ? 2 : 1; at < end; at += 2) {
        values.push_back(node.args[at].get());
      }
      if (node.has_else) values.push_back(node.args.back().get());
      // Without ELSE there is a NULL.
      return node.has_else ? ChoiceType(values) : BesideUntyped(ChoiceType(values));
    }
    case Kind::kCollate:
      return node.args[0]->type;
    case Kind::kSubscript: {
      Type element = node.args[0]->type;
      if (!element.is_array) return {};
      // With a slice before it, PostgreSQL takes it for one as well.
      const bound::Expression *base = node.args[0].get();
      while (base->kind == Kind::kSubscript && !base->parenthesized) base = base->args[0].get();
      if (base->kind == Kind::kSlice && !base->parenthesized) return element;
      element.is_array = false;
      element.oid = 0;
      return element;
    }
    case Kind::kSlice: {
      const bound::Expression *base = node.args[0].get();
      while (base->kind == Kind::kSubscript && !base->parenthesized) base = base->args[0].get();
      return base->type;
    }
    default:
      return {};
  }
}

}  // namespace fundb::funql
