#include "funql/resolver.h"

#include <algorithm>

#include "base/text.h"
#include "funql/resolver_state.h"
#include "funql/types.h"

namespace fundb::funql {

namespace {

// PostgreSQL cuts longer identifiers (NAMEDATALEN), and two cut aliases might become one.
constexpr size_t kMaxIdentifierBytes = 63;

std::string Cut(std::string name, size_t bytes) {
  if (name.size() <= bytes) return name;
  name.resize(bytes);
  while (!name.empty() && !IsValidUtf8(name)) name.pop_back();
  return name;
}

// PostgreSQL's text form of one array element.
std::string ArrayElement(const std::string &text) {
  std::string quoted = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\"";
}

}  // namespace

std::unique_ptr<bound::Statement> Resolve(const ast::Statement &statement, const Schema &schema,
                                          const CompileOptions &options,
                                          const Diagnostics &diagnostics, Purpose purpose,
                                          Steps *steps) {
  auto result = std::make_unique<bound::Statement>();
  Resolver resolver(schema, options, diagnostics, result.get(), steps);
  if (purpose == Purpose::kView) {
    resolver.View(statement);
  } else {
    resolver.Command(statement);
  }
  resolver.RenameWholeRows();
  resolver.CountCopies();
  return result;
}

void Resolver::View(const ast::Statement &statement) {
  if (statement.kind != ast::StatementKind::kQuery) {
    throw diagnostics_->At(statement.target.span, sqlstate::kSyntaxError,
                           "a user view must be a query",
                           "INSERT, UPDATE and DELETE are for runCommand.");
  }
  Arguments(statement);
  Pragmas(statement);
  const ast::Query *top = statement.query.get();
  while (top->body->kind == ast::BodyKind::kQuery && top->order.empty() && !top->limit &&
         !top->offset) {
    top = top->body->query.get();
  }
  if (top->body->kind == ast::BodyKind::kSelect) top_select_ = &top->body->select;
  statement_.query = Query(*statement.query, nullptr, Naming::kUnique);
  Describe(statement_.query.get(), statement);
  if (!options_.chunk.IsEmpty()) ChunkWrap(&statement_);
}

void Resolver::Pragmas(const ast::Statement &statement) {
  for (const ast::Pragma &pragma : statement.pragmas) {
    // Others are ignored, as in the original: a query must not change what it likes.
    if (pragma.name.text.compare(0, 7, "enable_") != 0) continue;
    result_.pragmas.push_back({pragma.name.text, pragma.value});
  }
}

void Resolver::Arguments(const ast::Statement &statement) {
  for (const ast::Argument &declared : statement.arguments) {
    steps_.Count();
    Argument argument;
    argument.name = declared.name.text;
    argument.type = ArgumentType(declared.type, &argument);
    argument.optional = declared.optional;
    if (declared.default_value) {
      argument.has_default = true;
      argument.default_text = ConstantText(*declared.default_value, argument.type);
      CheckEnumDefault(*declared.default_value, argument.enum_values);
    }
    for (const ast::Attribute &attribute : declared.attributes) {
      if (!IsConstant(*attribute.value)) continue;
      Attribute constant;
      constant.name = attribute.name.text;
      constant.internal = attribute.internal;
      constant.constant = JsonConstant(*attribute.value);
      argument.attributes.push_back(std::move(constant));
    }
    argument_index_.emplace(argument.name, static_cast<int>(result_.arguments.size()));
    result_.arguments.push_back(std::move(argument));
  }
}

// A default, or each element of one, is among the values.
void Resolver::CheckEnumDefault(const ast::Expression &value,
                                const std::vector<std::string> &labels) const {
  if (labels.empty() || value.kind == ast::ExpressionKind::kNull) return;
  steps_.Count(labels.size());
  if (value.kind == ast::ExpressionKind::kArray) {
    for (const ast::ExpressionPtr &element : value.args) CheckEnumDefault(*element, labels);
    return;
  }
  if (value.kind == ast::ExpressionKind::kString &&
      std::find(labels.begin(), labels.end(), value.text) != labels.end()) {
    return;
  }
  throw diagnostics_->At(value.span, sqlstate::kInvalidParameter,
                         "the default is not a value of the enum");
}

Type Resolver::ArgumentType(const ast::TypeName &type, Argument *argument) {
  if (type.kind == ast::TypeKind::kReference) {
    const Entity &entity = FindEntity(type.name);
    if (entity.key.size() != 1) {
      throw diagnostics_->NotSupported(type.span,
                                       "a reference to an entity without a key of one field",
                                       "Declare one argument for each field of the key.");
    }
    argument->reference = EntityName{entity.schema, entity.name};
    const Type &key = entity.FindField(entity.key[0])->type;
    return type.is_array ? ArrayOf(key) : key;
  }
  if (type.kind == ast::TypeKind::kEnum) {
    argument->enum_values = type.labels;
    const Type &text = *CatalogType("text");
    return type.is_array ? ArrayOf(text) : text;
  }
  Type result = ResolveType(type);
  if (const std::vector<std::string> *labels = schema_.EnumLabels(result)) {
    argument->enum_values = *labels;
  }
  return result;
}

Type Resolver::ResolveType(const ast::TypeName &type) {
  if (type.kind != ast::TypeKind::kNamed) {
    throw diagnostics_->At(
        type.span, sqlstate::kDatatypeMismatch,
        type.kind == ast::TypeKind::kEnum ? "cannot cast to an enum" : "cannot cast to a reference",
        "Cast to the type of the stored value, such as int or string.");
  }
  const std::string &name = type.name.name.text;
  const std::string &schema = type.name.schema.text;
  const Type *found = type.exact ? nullptr : BuiltinType(name);
  if (type.exact && (schema.empty() || schema == "pg_catalog")) found = CatalogType(name);
  if (found == nullptr) {
    found = schema.empty() ? schema_.FindType(std::nullopt, name) : schema_.FindType(schema, name);
  }
  if (found == nullptr) {
    std::string shown = schema.empty() ? name : schema + "." + name;
    throw diagnostics_->UnknownType(type.span, shown, BuiltinTypeNames());
  }
  Type result = type.is_array ? ArrayOf(*found) : *found;
  result.modifiers = type.modifiers;
  if (!type.exact && name == "interval") result.modifiers = IntervalModifiers(type);
  return result;
}

// PostgreSQL's grammar turns DAY TO SECOND (3) into two numbers, a set of fields and a precision;
// a quoted type name takes the numbers.
std::vector<int> Resolver::IntervalModifiers(const ast::TypeName &type) const {
  // The bits are those of PostgreSQL's intervals: MONTH 1, YEAR 2, DAY 3, HOUR 10, …
  struct Fields {
    const char *words;
    int bits;
  };
  constexpr int kYear = 1 << 2, kMonth = 1 << 1, kDay = 1 << 3, kHour = 1 << 10, kMinute = 1 << 11,
                kSecond = 1 << 12, kAll = 0x7FFF;
  constexpr Fields kFields[] = {{"year", kYear},
                                {"month", kMonth},
                                {"day", kDay},
                                {"hour", kHour},
                                {"minute", kMinute},
                                {"second", kSecond},
                                {"year to month", kYear | kMonth},
                                {"day to hour", kDay | kHour},
                                {"day to minute", kDay | kHour | kMinute},
                                {"day to second", kDay | kHour | kMinute | kSecond},
                                {"hour to minute", kHour | kMinute},
                                {"hour to second", kHour | kMinute | kSecond},
                                {"minute to second", kMinute | kSecond}};
  if (type.fields.empty() && type.modifiers.empty()) return {};
  std::vector<int> modifiers = {kAll};
  if (!type.fields.empty()) {
    auto found =
        std::find_if(std::begin(kFields), std::end(kFields),
                     [&type](const Fields &fields) { return type.fields == fields.words; });
    if (found == std::end(kFields)) {
      throw diagnostics_->At(type.span, sqlstate::kSyntaxError,
                             "\"" + type.fields + "\" is no range of interval fields");
    }
    modifiers[0] = found->bits;
  }
  modifiers.insert(modifiers.end(), type.modifiers.begin(), type.modifiers.end());
  return modifiers;
}

const Entity &Resolver::FindEntity(const ast::QualifiedName &name) {
  std::string schema = name.schema.text;
  if (schema.empty()) schema = options_.default_schema;
  if (schema.empty()) {
    const Entity *guess = schema_.FindEntity(std::nullopt, name.name.text);
    throw diagnostics_->EntityWithoutSchema(
        name.span, name.name.text, guess == nullptr ? "" : guess->schema + "." + guess->name);
  }
  if (const Entity *entity = schema_.FindEntity(schema, name.name.text)) return *entity;
  std::vector<std::string> schemas = schema_.SchemaNames();
  if (std::find(schemas.begin(), schemas.end(), schema) == schemas.end()) {
    throw diagnostics_->UnknownSchema(name.span, schema, schemas);
  }
  throw diagnostics_->UnknownEntity(name.span, schema, name.name.text, schema_.EntityNames(schema));
}

const Entity &Resolver::FindTarget(const Reference &reference, Span span) {
  const Entity *entity = schema_.FindEntity(reference.target.schema, reference.target.name);
  if (entity != nullptr) return *entity;
  // The foreign key exists, so the table does: the role may not see it.
  throw diagnostics_->NoPrivilege(span, "entity",
                                  reference.target.schema + "." + reference.target.name);
}

std::optional<std::string> Resolver::ConstantText(const ast::Expression &value, const Type &type) {
  switch (value.kind) {
    case ast::ExpressionKind::kNull:
      return std::nullopt;
    case ast::ExpressionKind::kBoolean:
    case ast::ExpressionKind::kInteger:
    case ast::ExpressionKind::kDecimal:
      return value.text;
    case ast::ExpressionKind::kString:
      return value.text;
    case ast::ExpressionKind::kOperator:
      return "-" + *ConstantText(*value.args[0], type);
    case ast::ExpressionKind::kArray: {
      std::string text = "{";
      for (const ast::ExpressionPtr &arg : value.args) {
        if (text.size() > 1) text += ",";
        std::optional<std::string> element = ConstantText(*arg, type);
        if (arg->kind == ast::ExpressionKind::kArray) {
          text += *element;
        } else {
          text += element ? ArrayElement(*element) : "NULL";
        }
      }
      return text + "}";
    }
    default:
      return JsonConstant(value);
  }
}

int Resolver::AddParameter(ParameterKind kind, int index, const Type &type) {
  std::vector<Parameter> &parameters = result_.parameters;
  auto [known, is_new] =
      parameter_index_.emplace(std::pair(kind, index), static_cast<int>(parameters.size()));
  if (!is_new) return known->second;
  Parameter parameter;
  parameter.kind = kind;
  parameter.index = index;
  parameter.type = type;
  parameters.push_back(std::move(parameter));
  return known->second;
}

void Resolver::EndDepth() {
  auto ended = depths_.find(depth_);
  if (ended != depths_.end()) {
    for (const std::string &alias : ended->second.aliases) aliases_.erase(alias);
    depths_.erase(ended);
  }
  --depth_;
}

std::string Resolver::NewAlias(const std::string &wanted, int depth) {
  std::string alias = Cut(wanted, kMaxIdentifierBytes);
  DepthAliases &own = depths_[depth];
  if (!aliases_.emplace(alias, depth).second) {
    // Smaller numbers are taken as long as this depth lasts.
    int &number = own.numbers.emplace(alias, 1).first->second;
    do {
      steps_.Count();
      std::string suffix = "__" + std::to_string(++number);
      alias = Cut(wanted, kMaxIdentifierBytes - suffix.size()) + suffix;
    } while (!aliases_.emplace(alias, depth).second);
  }
  own.aliases.push_back(alias);
  all_aliases_.insert(alias);
  return alias;
}

bound::ExpressionPtr Resolver::Make(bound::ExpressionKind kind, Span span) const {
  steps_.Count();
  if (++made_ > kMostExpressions) throw diagnostics_->TooLarge(span, kMostExpressions);
  auto node = std::make_unique<bound::Expression>();
  node->kind = kind;
  node->position = in_chunk_ ? -1 : span.begin;
  return node;
}

bound::ExpressionPtr Resolver::MakeColumn(bound::Table *table, const bound::ColumnInfo &info,
                                          Span span) const {
  bound::ExpressionPtr node = Make(bound::ExpressionKind::kColumn, span);
  node->table = table;
  node->text = info.name;
  node->type = info.type;
  node->info = info;
  return node;
}

}  // namespace fundb::funql
