// Types and functions by name, for the query language.  C++ regime.

#include <algorithm>

#include "catalog/function_shapes.h"
#include "catalog/schema_adapter.h"
#include "pg/call.h"
#include "pg/encoding.h"

extern "C" {
#include "catalog/pg_aggregate.h"
#include "catalog/pg_enum.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_proc.h"
#include "parser/parse_type.h"
#include "utils/catcache.h"
#include "utils/typcache.h"
}

namespace fundb::catalog {

namespace {

// Where to look for a name.
std::vector<Oid> SearchedSchemas(std::optional<std::string_view> schema) {
  if (!schema) return TrustedSchemas();
  std::string name(*schema);
  Oid id = pg::Call([&] { return get_namespace_oid(pg::ToServer(name), true); });
  return OidIsValid(id) ? std::vector<Oid>{id} : std::vector<Oid>();
}

// The data type modifier of those types whose modifier the language can write.
std::vector<int> Modifiers(Oid type, int32 modifier) {
  if (modifier < 0) return {};
  switch (type) {
    case VARCHAROID:
    case BPCHAROID:
      return {modifier - static_cast<int>(VARHDRSZ)};
    case NUMERICOID: {
      int32 packed = modifier - static_cast<int>(VARHDRSZ);
      // The scale is a signed number of 11 bits.
      return {(packed >> 16) & 0xffff, ((packed & 0x7ff) ^ 1024) - 1024};
    }
    case BITOID:
    case VARBITOID:
    case TIMEOID:
    case TIMETZOID:
    case TIMESTAMPOID:
    case TIMESTAMPTZOID:
      return {modifier};
    default:
      return {};
  }
}

bool IsUsable(Oid type) {
  return pg::Call([&] { return pg_type_aclcheck(type, GetUserId(), ACL_USAGE) == ACLCHECK_OK; });
}

char TypeKind(Oid type) {
  return pg::Call([&] { return get_typtype(type); });
}

// All functions of one name in one schema; null when there are none.
std::unique_ptr<funql::Function> ReadFunctions(Oid schema, const std::string &name) {
  CatCList *list = pg::Call(
      [&] { return SearchSysCacheList1(PROCNAMEARGSNSP, CStringGetDatum(pg::ToServer(name))); });
  std::unique_ptr<funql::Function> function;
  Oid result = InvalidOid;
  bool is_one_result = true;
  for (int i = 0; i < list->n_members; ++i) {
    auto *form = reinterpret_cast<Form_pg_proc>(GETSTRUCT(&list->members[i]->tuple));
    if (form->pronamespace != schema || form->prokind == PROKIND_PROCEDURE) continue;
    if (function == nullptr) {
      function = std::make_unique<funql::Function>();
      function->usable = false;
      result = form->prorettype;
    }
    function->is_function = function->is_function || form->prokind == PROKIND_FUNCTION;
    function->is_aggregate = function->is_aggregate || form->prokind == PROKIND_AGGREGATE;
    function->is_window = function->is_window || form->prokind == PROKIND_WINDOW;
    is_one_result = is_one_result && form->prorettype == result;
    function->shapes.push_back(ShapeOf(&list->members[i]->tuple));
    Oid id = form->oid;
    if (!function->usable &&
        pg::Call([&] { return pg_proc_aclcheck(id, GetUserId(), ACL_EXECUTE) == ACLCHECK_OK; })) {
      function->usable = true;
    }
  }
  pg::Call([&] { ReleaseSysCacheList(list); });
  if (function != nullptr) {
    function->name = name;
    function->schema = pg::FromServer(pg::Call([&] { return get_namespace_name(schema); }));
    // Polymorphic results depend on the arguments.
    if (is_one_result && TypeKind(result) != TYPTYPE_PSEUDO) {
      function->result = DescribeType(result, -1);
    }
  }
  return function;
}

Oid fundb_type_schema(Oid type) {
  HeapTuple tuple = SearchSysCache1(TYPEOID, ObjectIdGetDatum(type));
  if (!HeapTupleIsValid(tuple)) elog(ERROR, "cache lookup failed for type %u", type);
  Oid schema = reinterpret_cast<Form_pg_type>(GETSTRUCT(tuple))->typnamespace;
  ReleaseSysCache(tuple);
  return schema;
}

}  // namespace

funql::Type DescribeType(Oid type, int32 modifier) {
  struct Facts {
    const char *schema;
    const char *name;
    char category;
    Oid element;
    Oid base_schema;  // 0 unless it is, or is made of, a type of its own
  };
  Facts facts = pg::Call([&] {
    Oid element = get_element_type(type);
    Oid named = OidIsValid(element) ? element : type;
    HeapTuple tuple = SearchSysCache1(TYPEOID, ObjectIdGetDatum(named));
    if (!HeapTupleIsValid(tuple)) elog(ERROR, "cache lookup failed for type %u", named);
    auto *form = reinterpret_cast<Form_pg_type>(GETSTRUCT(tuple));
    Facts found = {get_namespace_name(form->typnamespace), pstrdup(NameStr(form->typname)),
                   form->typcategory, element, InvalidOid};
    ReleaseSysCache(tuple);
    Oid base = getBaseType(named);
    // Others (enums, ranges, composites) go by operators of pg_catalog.
    if (get_typtype(base) == TYPTYPE_BASE) found.base_schema = fundb_type_schema(base);
    return found;
  });
  funql::Type described;
  described.schema = pg::FromServer(facts.schema);
  described.name = pg::FromServer(facts.name);
  described.oid = type;
  described.is_array = OidIsValid(facts.element);
  described.category = facts.category;
  if (OidIsValid(facts.base_schema) && facts.base_schema != PG_CATALOG_NAMESPACE) {
    const std::vector<Oid> &searched = TrustedSchemas();
    described.lacks_operators =
        std::find(searched.begin(), searched.end(), facts.base_schema) == searched.end();
  }
  described.modifiers = Modifiers(described.is_array ? facts.element : type, modifier);
  return described;
}

Oid TypeId(const funql::Type &type) {
  if (type.oid != 0 || !type.IsKnown()) return type.oid;
  return pg::Call([&] {
    Oid schema =
        get_namespace_oid(type.schema.empty() ? "pg_catalog" : pg::ToServer(type.schema), true);
    Oid id = GetSysCacheOid2(TYPENAMENSP, Anum_pg_type_oid,
                             CStringGetDatum(pg::ToServer(type.name)), ObjectIdGetDatum(schema));
    return type.is_array && OidIsValid(id) ? get_array_type(id) : id;
  });
}

int32 TypeModifier(const funql::Type &type) {
  if (type.modifiers.empty()) return -1;
  std::string sql = type.Sql();
  return pg::Call([&] {
    Oid id;
    int32 modifier;
    parseTypeString(pg::ToServer(sql), &id, &modifier, false);
    return modifier;
  });
}

const funql::Type *SchemaAdapter::FindType(std::optional<std::string_view> schema,
                                           std::string_view name) const {
  Name key(schema ? std::string(*schema) : std::string(), std::string(name));
  auto known = types_.find(key);
  if (known != types_.end()) return known->second.get();
  for (Oid place : SearchedSchemas(schema)) {
    Oid id = pg::Call([&] {
      return GetSysCacheOid2(TYPENAMENSP, Anum_pg_type_oid,
                             CStringGetDatum(pg::ToServer(key.second)), ObjectIdGetDatum(place));
    });
    if (!OidIsValid(id) || !IsUsable(id)) continue;
    // Array types have names of their own (_int4), which are nobody's business.
    if (OidIsValid(pg::Call([&] { return get_element_type(id); }))) continue;
    auto type = std::make_unique<funql::Type>(DescribeType(id, -1));
    return types_.emplace(key, std::move(type)).first->second.get();
  }
  return nullptr;
}

const std::vector<std::string> *SchemaAdapter::EnumLabels(const funql::Type &type) const {
  Oid id = TypeId(type);
  if (type.is_array) id = pg::Call([&] { return get_element_type(id); });
  if (!OidIsValid(id) || TypeKind(id) != TYPTYPE_ENUM) return nullptr;
  auto known = labels_.find(id);
  if (known != labels_.end()) return known->second.get();
  auto labels = std::make_unique<std::vector<std::string>>();
  CatCList *list =
      pg::Call([&] { return SearchSysCacheList1(ENUMTYPOIDNAME, ObjectIdGetDatum(id)); });
  std::vector<std::pair<float, std::string>> ordered;
  for (int i = 0; i < list->n_members; ++i) {
    auto *form = reinterpret_cast<Form_pg_enum>(GETSTRUCT(&list->members[i]->tuple));
    ordered.emplace_back(form->enumsortorder, pg::FromServer(NameStr(form->enumlabel)));
  }
  pg::Call([&] { ReleaseSysCacheList(list); });
  std::sort(ordered.begin(), ordered.end());
  for (auto &label : ordered) labels->push_back(std::move(label.second));
  return labels_.emplace(id, std::move(labels)).first->second.get();
}

const funql::Function *SchemaAdapter::FindFunction(std::optional<std::string_view> schema,
                                                   std::string_view name) const {
  Name key(schema ? std::string(*schema) : std::string(), std::string(name));
  auto known = functions_.find(key);
  if (known != functions_.end()) return known->second.get();
  for (Oid place : SearchedSchemas(schema)) {
    std::unique_ptr<funql::Function> function = ReadFunctions(place, key.second);
    if (function == nullptr) continue;
    return functions_.emplace(key, std::move(function)).first->second.get();
  }
  return nullptr;
}

}  // namespace fundb::catalog
