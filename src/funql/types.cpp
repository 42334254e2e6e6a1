#include "funql/types.h"

#include "base/text.h"
#include "funql/funql.h"

namespace fundb::funql {

namespace {

struct Builtin {
  const char *name;
  uint32_t oid;
  uint32_t array_oid;
  char category;
  // What a value of the type is called in FunQL, or null: the type's own name.
  const char *value_name;
};

// pg_type.dat; these oids never change.
constexpr Builtin kBuiltins[] = {
    {"bool", 16, 1000, 'B', "bool"},
    {"bytea", 17, 1001, 'U', nullptr},
    {"name", 19, 1003, 'S', "string"},
    {"int8", 20, 1016, 'N', "int"},
    {"int2", 21, 1005, 'N', "int"},
    {"int4", 23, 1007, 'N', "int"},
    {"text", 25, 1009, 'S', "string"},
    {"oid", 26, 1028, 'N', "int"},
    {"tid", 27, 1010, 'U', nullptr},
    {"xid", 28, 1011, 'U', nullptr},
    {"json", 114, 199, 'U', "json"},
    {"float4", 700, 1021, 'N', "decimal"},
    {"float8", 701, 1022, 'N', "decimal"},
    {"bpchar", 1042, 1014, 'S', "string"},
    {"varchar", 1043, 1015, 'S', "string"},
    {"date", 1082, 1182, 'D', "date"},
    {"time", 1083, 1183, 'D', nullptr},
    {"timestamp", 1114, 1115, 'D', "localdatetime"},
    {"timestamptz", 1184, 1185, 'D', "datetime"},
    {"interval", 1186, 1187, 'T', "interval"},
    {"timetz", 1266, 1270, 'D', nullptr},
    {"numeric", 1700, 1231, 'N', "decimal"},
    {"uuid", 2950, 2951, 'U', "uuid"},
    {"jsonb", 3802, 3807, 'U', "json"},
    {"regclass", 2205, 2210, 'N', nullptr},
};

struct Synonym {
  const char *name;
  const char *catalog;
};

// The language's names first, then SQL's.  `json` is jsonb, as it always was in FunQL.
constexpr Synonym kSynonyms[] = {
    {"int", "int4"},
    {"decimal", "numeric"},
    {"string", "text"},
    {"datetime", "timestamptz"},
    {"json", "jsonb"},
    {"uvref", "jsonb"},
    {"integer", "int4"},
    {"smallint", "int2"},
    {"bigint", "int8"},
    {"real", "float4"},
    {"float", "float8"},
    {"boolean", "bool"},
    {"localdatetime", "timestamp"},
};

std::vector<Type> MakeTypes() {
  std::vector<Type> types;
  for (const Builtin &builtin : kBuiltins) {
    Type type;
    type.schema = "pg_catalog";
    type.name = builtin.name;
    type.oid = builtin.oid;
    type.category = builtin.category;
    types.push_back(std::move(type));
  }
  return types;
}

const std::vector<Type> &Types() {
  // Leaked on purpose: no destructor may run at exit.
  static const auto *const types = new std::vector<Type>(MakeTypes());
  return *types;
}

const Builtin *FindBuiltin(const Type &type) {
  if (type.schema != "pg_catalog") return nullptr;
  for (const Builtin &builtin : kBuiltins) {
    if (type.name == builtin.name) return &builtin;
  }
  return nullptr;
}

}  // namespace

const Type *CatalogType(std::string_view name) {
  for (const Type &type : Types()) {
    if (type.name == name) return &type;
  }
  return nullptr;
}

const Type *BuiltinType(std::string_view name) {
  for (const Synonym &synonym : kSynonyms) {
    if (name == synonym.name) return CatalogType(synonym.catalog);
  }
  return CatalogType(name);
}

Type ArrayOf(const Type &element) {
  Type array = element;
  array.is_array = true;
  const Builtin *builtin = FindBuiltin(element);
  array.oid = builtin != nullptr ? builtin->array_oid : 0;
  return array;
}

Type CommonType(const std::vector<const Type *> &types) {
  auto is_same = [](const Type &a, const Type &b) {
    return a.schema == b.schema && a.name == b.name && a.is_array == b.is_array;
  };
  bool same = !types.empty() && types[0]->IsKnown();
  bool lacks_operators = false;
  // Of strings, text wins.
  bool is_text = false;
  Type common = same ? *types[0] : Type();
  for (const Type *type : types) {
    same = same && is_same(*type, common);
    if (same && type->modifiers != common.modifiers) common.modifiers.clear();
    lacks_operators = lacks_operators || type->lacks_operators;
    is_text = is_text || is_same(*type, *CatalogType("text"));
  }
  if (same) return common;
  Type none;
  none.lacks_operators = lacks_operators && !is_text;
  return none;
}

std::vector<std::string> BuiltinTypeNames() {
  std::vector<std::string> names;
  for (const Synonym &synonym : kSynonyms) names.emplace_back(synonym.name);
  for (const Builtin &builtin : kBuiltins) names.emplace_back(builtin.name);
  return names;
}

std::string ValueTypeName(const Type &type) {
  const Builtin *builtin = FindBuiltin(type);
  if (builtin != nullptr && builtin->value_name != nullptr) return builtin->value_name;
  return type.category == 'E' ? "enum" : type.name;
}

std::string Type::Sql() const {
  std::string sql = QuoteIdentifier(schema) + "." + QuoteIdentifier(name);
  for (size_t i = 0; i < modifiers.size(); ++i) {
    sql += (i == 0 ? "(" : ", ") + std::to_string(modifiers[i]);
  }
  if (!modifiers.empty()) sql += ")";
  if (is_array) sql += "[]";
  return sql;
}

const Field *Entity::FindField(std::string_view field_name) const {
  for (const Field &field : fields) {
    if (field.name == field_name) return &field;
  }
  return nullptr;
}

std::string Entity::MainFieldName() const {
  if (!main_field.empty()) return main_field;
  return key.size() == 1 ? key[0] : std::string();
}

}  // namespace fundb::funql
