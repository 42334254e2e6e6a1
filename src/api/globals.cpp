#include "api/globals.h"

#include "base/text.h"
#include "catalog/schema_adapter.h"
#include "pg/acl.h"
#include "pg/encoding.h"
#include "pg/relation.h"
#include "pg/spi.h"

extern "C" {
#include "utils/timestamp.h"
#include "utils/typcache.h"
}

namespace fundb::api {

namespace {

constexpr const char *kDefaultLanguage = "en-US";

// Where users are kept: the application's own table, by these names.
struct UsersTable {
  Oid owner = InvalidOid;
  std::string key;
  Oid name_type = InvalidOid;
  std::string name_operator;  // OPERATOR("pg_catalog".=)
};

std::string KeyField(const funql::Entity &entity) {
  if (entity.key.size() == 1) return entity.key[0];
  return entity.FindField("id") != nullptr ? "id" : "";
}

std::string EqualityOperator(Oid type) {
  struct Names {
    const char *schema;
    const char *name;
  };
  Names names = pg::Call([&] {
    TypeCacheEntry *entry = lookup_type_cache(type, TYPECACHE_EQ_OPR);
    if (!OidIsValid(entry->eq_opr)) return Names{nullptr, nullptr};
    Oid function_schema = get_func_namespace(get_opcode(entry->eq_opr));
    return Names{get_namespace_name(function_schema), get_opname(entry->eq_opr)};
  });
  if (names.name == nullptr || names.schema == nullptr) return "";
  return "OPERATOR(" + QuoteIdentifier(pg::FromServer(names.schema)) + "." + names.name + ")";
}

std::optional<UsersTable> FindUsersTable() {
  Oid relation = catalog::FindEntityId("public", "users");
  if (!OidIsValid(relation)) return std::nullopt;
  char kind = pg::Call([&] { return get_rel_relkind(relation); });
  // A view would run its owner's functions; only a table is a list of users.
  if (kind != RELKIND_RELATION && kind != RELKIND_PARTITIONED_TABLE) return std::nullopt;
  std::unique_ptr<funql::Entity> entity = catalog::ReadEntity(relation);
  const funql::Field *name = entity->FindField("name");
  UsersTable table;
  table.key = KeyField(*entity);
  if (name == nullptr || table.key.empty()) return std::nullopt;
  table.name_type = name->type.oid;
  table.name_operator = EqualityOperator(table.name_type);
  if (table.name_operator.empty()) return std::nullopt;
  pg::OpenRelation opened(relation, AccessShareLock);
  table.owner = opened->rd_rel->relowner;
  return table;
}

// With the rights of the table's owner: knowing who one is needs no right to see all users.
std::optional<std::string> FindUserId(const std::string &user) {
  std::optional<UsersTable> table = FindUsersTable();
  if (!table) return std::nullopt;
  pg::RoleScope owner(table->owner, SECURITY_LOCAL_USERID_CHANGE | SECURITY_RESTRICTED_OPERATION);
  pg::SpiSession spi;
  pg::Plan plan;
  pg::SafeSearchPath path;
  plan.Prepare("SELECT " + QuoteIdentifier(table->key) +
                   " FROM \"public\".\"users\" WHERE \"name\" " + table->name_operator + " $1",
               {table->name_type});
  pg::Parameters parameters;
  parameters.Add(pg::Call([&] {
    Oid input;
    Oid parameter;
    getTypeInputInfo(table->name_type, &input, &parameter);
    return OidInputFunctionCall(input, const_cast<char *>(pg::ToServer(user)), parameter, -1);
  }));
  if (pg::Execute(plan, parameters, true, 1) == 0) return std::nullopt;
  return pg::TextAt(0, 1);
}

}  // namespace

std::string CurrentUserName(const Settings &settings) {
  if (!settings.user_name.empty()) return pg::FromServer(settings.user_name.c_str());
  const char *name = pg::Call([] { return GetUserNameFromId(GetSessionUserId(), true); });
  return pg::FromServer(name);
}

std::optional<std::string> GlobalText(funql::ParameterKind kind, const Settings &settings) {
  switch (kind) {
    case funql::ParameterKind::kUser:
      return CurrentUserName(settings);
    case funql::ParameterKind::kUserId:
      if (!settings.user_id.empty()) return pg::FromServer(settings.user_id.c_str());
      return FindUserId(CurrentUserName(settings));
    case funql::ParameterKind::kLang:
      return settings.lang.empty() ? kDefaultLanguage : pg::FromServer(settings.lang.c_str());
    case funql::ParameterKind::kTransactionTime:
      return pg::Call([] { return timestamptz_to_str(GetCurrentTransactionStartTimestamp()); });
    case funql::ParameterKind::kTransactionId:
      return std::to_string(
          pg::Call([] { return U64FromFullTransactionId(GetTopFullTransactionId()); }));
    default:
      return std::nullopt;
  }
}

}  // namespace fundb::api
