// getEntityInfo: the layout of an entity as one object.  V8 and PostgreSQL.

#include "api/json_text.h"
#include "api/natives.h"
#include "api/request.h"
#include "api/tables.h"
#include "api/view_info.h"
#include "catalog/entity_settings.h"
#include "catalog/schema_adapter.h"

namespace fundb::api {

namespace {

using v8::Local;

bool HasOnField(const Table &table, const std::string &field, AclMode right) {
  int index = table.FindColumn(field);
  if (index < 0) return false;
  int16 number = table.columns[static_cast<size_t>(index)].number;
  return HasRight(table, 0, right) || HasRight(table, number, right);
}

void WriteFields(const Table &table, const funql::Entity &entity,
                 const catalog::SchemaAdapter &schema, JsonWriter *json) {
  json->BeginObject();
  for (const funql::Field &field : entity.fields) {
    json->Key(field.name).BeginObject();
    json->Key("fieldType");
    WriteFieldType(field.type, ReferenceOf(entity, field.name), schema, json);
    json->Key("valueType");
    WriteValueType(field.type, json);
    json->Key("isNullable").Bool(field.nullable);
    json->Key("isImmutable").Bool(field.generated);
    json->Key("access").BeginObject();
    json->Key("select").Bool(field.readable);
    json->Key("insert").Bool(HasOnField(table, field.name, ACL_INSERT));
    json->Key("update").Bool(HasOnField(table, field.name, ACL_UPDATE)).EndObject();
    json->Key("hasUpdateTriggers").Bool(table.fires_on_update).EndObject();
  }
  json->EndObject();
}

void WriteKeys(const Table &table, JsonWriter *json) {
  json->BeginObject();
  for (const auto &key : table.keys) {
    if (!key->flaw.empty()) continue;
    json->Key(key->name).BeginObject().Key("fields").BeginArray();
    for (int column : key->columns) json->Text(table.columns[static_cast<size_t>(column)].name);
    json->EndArray().Key("isAlternateKey").Bool(key.get() != table.primary_key).EndObject();
  }
  json->EndObject();
}

std::string Describe(const Table &table) {
  catalog::SchemaAdapter schema;
  const funql::Entity &entity = *schema.FindEntity(table.ref.schema, table.ref.name);
  JsonWriter json;
  json.BeginObject();
  json.Key("columnFields");
  WriteFields(table, entity, schema, &json);
  json.Key("computedFields").BeginObject().EndObject();
  json.Key("uniqueConstraints");
  WriteKeys(table, &json);
  json.Key("key").BeginArray();
  for (const std::string &field : entity.key) json.Text(field);
  json.EndArray();
  std::string main_field = entity.MainFieldName();
  if (!main_field.empty()) json.Key("mainField").Text(main_field);
  json.Key("children").BeginArray();
  for (const funql::EntityName &child : entity.children) {
    json.BeginObject().Key("ref");
    WriteEntityName(child, &json);
    json.Key("direct").Bool(true).EndObject();
  }
  json.EndArray();
  json.Key("root");
  WriteEntityName({entity.schema, entity.name}, &json);
  json.Key("isAbstract").Bool(false);
  json.Key("isFrozen")
      .Bool(catalog::FindEntitySettings(table.oid, entity.schema, entity.name).is_frozen);
  json.Key("access").BeginObject();
  json.Key("select").Bool(HasRight(table, 0, ACL_SELECT));
  json.Key("insert").Bool(HasRight(table, 0, ACL_INSERT));
  json.Key("update").Bool(HasRight(table, 0, ACL_UPDATE));
  json.Key("delete").Bool(HasRight(table, 0, ACL_DELETE)).EndObject();
  json.Key("hasInsertTriggers").Bool(table.fires_on_insert);
  json.Key("hasUpdateTriggers").Bool(table.fires_on_update);
  json.Key("hasDeleteTriggers").Bool(table.fires_on_delete);
  return json.EndObject().text();
}

class InfoRequest final : public ApiRequest {
 public:
  explicit InfoRequest(const NativeInfo &info)
      : ApiRequest(info.GetIsolate()), ref_(EntityArgument(info, 0)) {}

 protected:
  Local<v8::Value> Do(Local<v8::Context> context) override {
    std::string text = Describe(*api().tables().Find(ref_));
    return js::Check(v8::JSON::Parse(context, js::NewString(context->GetIsolate(), text)));
  }

 private:
  EntityRef ref_;
};

}  // namespace

void GetEntityInfo(const NativeInfo &info) {
  js::Callback(info, [&] { Enqueue(info, std::make_unique<InfoRequest>(info)); });
}

}  // namespace fundb::api
