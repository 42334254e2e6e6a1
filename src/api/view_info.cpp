#include "api/view_info.h"

#include "base/text.h"

extern "C" {
#include "common/cryptohash.h"
#include "common/sha1.h"
}

namespace fundb::api {

namespace {

std::string Sha1(const std::string &text) {
  uint8 digest[SHA1_DIGEST_LENGTH];
  pg::Call([&] {
    pg_cryptohash_ctx *context = pg_cryptohash_create(PG_SHA1);
    if (context == nullptr) elog(ERROR, "out of memory");
    bool done = pg_cryptohash_init(context) >= 0 &&
                pg_cryptohash_update(context, reinterpret_cast<const uint8 *>(text.data()),
                                     text.size()) >= 0 &&
                pg_cryptohash_final(context, digest, sizeof(digest)) >= 0;
    pg_cryptohash_free(context);
    if (!done) elog(ERROR, "could not compute a hash");
  });
  std::string hex;
  for (uint8 byte : digest) {
    hex += "0123456789abcdef"[byte >> 4];
    hex += "0123456789abcdef"[byte & 15];
  }
  return hex;
}

// The type of a column as the prepared statement has it.
funql::Type PreparedType(const CompiledView &view, int position) {
  Oid type = InvalidOid;
  int32 modifier = -1;
  view.plan.ColumnType(position, &type, &modifier);
  return catalog::DescribeType(type, modifier);
}

// The language knows the types of fields and arguments only; PostgreSQL knows all.
funql::Type KnownType(const CompiledView &view, const funql::Type &type, int position) {
  return position < 0 ? type : PreparedType(view, position);
}

// {"name": {"type": …}} of the attributes that are constant, or of those that are not.
void WriteAttributeTypes(const CompiledView &view, const std::vector<funql::Attribute> &attributes,
                         bool constant, JsonWriter *json) {
  json->BeginObject();
  for (const funql::Attribute &attribute : attributes) {
    if (attribute.internal || (attribute.position < 0) != constant) continue;
    json->Key(attribute.name);
    WriteValueType(KnownType(view, attribute.type, attribute.position), json);
  }
  json->EndObject();
}

void WriteField(const funql::FieldOrigin &origin, const funql::Schema &schema, JsonWriter *json) {
  const funql::Entity *entity = schema.FindEntity(origin.entity.schema, origin.entity.name);
  const funql::Field *field = entity == nullptr ? nullptr : entity->FindField(origin.field);
  json->BeginObject();
  if (field != nullptr) {
    json->Key("fieldType");
    WriteFieldType(field->type, ReferenceOf(*entity, field->name), schema, json);
    json->Key("valueType");
    WriteValueType(field->type, json);
    json->Key("isNullable").Bool(field->nullable);
    json->Key("isImmutable").Bool(field->generated);
  }
  json->EndObject();
}

void WriteColumn(const CompiledView &view, const funql::ResultColumn &column,
                 const funql::Schema &schema, JsonWriter *json) {
  json->BeginObject();
  json->Key("name").Text(column.name);
  json->Key("attributeTypes");
  WriteAttributeTypes(view, column.attributes, true, json);
  json->Key("cellAttributeTypes");
  WriteAttributeTypes(view, column.attributes, false, json);
  json->Key("valueType");
  WriteValueType(KnownType(view, column.type, column.position), json);
  if (column.pun >= 0) {
    json->Key("punType");
    WriteValueType(KnownType(view, column.pun_type, column.pun), json);
  }
  if (column.is_main_field && column.origin) {
    json->Key("mainField").BeginObject();
    json->Key("name").Text(column.origin->field);
    json->Key("field");
    WriteField(*column.origin, schema, json);
    json->EndObject();
  }
  json->EndObject();
}

// Of an array, the type of its elements.
void WriteArgumentType(const funql::Argument &argument, const funql::Schema &schema,
                       JsonWriter *json) {
  if (argument.enum_values.empty()) {
    funql::Type type = argument.type;
    type.is_array = false;
    WriteFieldType(type, argument.reference ? &*argument.reference : nullptr, schema, json);
    return;
  }
  json->BeginObject().Key("type").Text("enum").Key("values").BeginArray();
  for (const std::string &value : argument.enum_values) json->Text(value);
  json->EndArray().EndObject();
}

void WriteArguments(const CompiledView &view, const funql::Schema &schema, JsonWriter *json) {
  json->BeginArray();
  for (const funql::Argument &argument : view.query.arguments) {
    schema.CheckInterrupts();
    json->BeginObject();
    json->Key("name").Text(argument.name);
    json->Key("argType");
    if (argument.type.is_array) json->BeginObject().Key("type").Text("array").Key("subtype");
    WriteArgumentType(argument, schema, json);
    if (argument.type.is_array) json->EndObject();
    json->Key("optional").Bool(argument.optional || argument.has_default);
    if (argument.has_default && argument.default_text) {
      json->Key("defaultValue").Text(*argument.default_text);
    }
    json->Key("attributeTypes");
    WriteAttributeTypes(view, argument.attributes, true, json);
    json->EndObject();
  }
  json->EndArray();
}

// Which field each result column is, for columns whose row is tracked.
void WriteDomains(const CompiledView &view, const funql::Schema &schema, JsonWriter *json) {
  json->BeginObject();
  bool is_open = false;
  for (const funql::ResultColumn &column : view.query.columns) {
    if (!column.origin || column.origin->id_column < 0) continue;
    if (!is_open) json->Key("0").BeginObject();
    is_open = true;
    json->Key(column.name).BeginObject();
    json->Key("ref").BeginObject().Key("entity");
    WriteEntityName(column.origin->entity, json);
    json->Key("name").Text(column.origin->field).EndObject();
    json->Key("field");
    WriteField(*column.origin, schema, json);
    json->Key("idColumn").Number(column.origin->id_column).EndObject();
  }
  if (is_open) json->EndObject();
  json->EndObject();
}

// `table`: where the oid of the row's table stands, -1 without one.
void WriteKey(const std::vector<std::string> &names, const std::vector<int> &positions, int table,
              JsonWriter *json) {
  json->BeginObject().Key("names").BeginArray();
  for (const std::string &name : names) json->Text(name);
  json->EndArray().Key("at").BeginArray();
  for (int position : positions) json->Number(position);
  json->EndArray().Key("table").Number(table).EndObject();
}

// {"oid": {"schema": …, "name": …}}, or null when there are none.
void WriteSubTables(const std::vector<funql::SubTable> &tables, JsonWriter *json) {
  if (tables.empty()) {
    json->Null();
    return;
  }
  json->BeginObject();
  for (const funql::SubTable &table : tables) {
    json->Key(std::to_string(table.oid));
    WriteEntityName(table.entity, json);
  }
  json->EndObject();
}

// The attributes that have a position, as [{name, at}], or null when there are none.
void WriteAttributePositions(const std::vector<funql::Attribute> &attributes, JsonWriter *json) {
  bool is_open = false;
  for (const funql::Attribute &attribute : attributes) {
    if (attribute.internal || attribute.position < 0) continue;
    if (!is_open) json->BeginArray();
    is_open = true;
    json->BeginObject().Key("name").Text(attribute.name);
    json->Key("at").Number(attribute.position).EndObject();
  }
  if (is_open) {
    json->EndArray();
  } else {
    json->Null();
  }
}

void WriteConstants(const std::vector<funql::Attribute> &attributes, JsonWriter *json) {
  json->BeginObject();
  for (const funql::Attribute &attribute : attributes) {
    if (attribute.internal || attribute.position >= 0) continue;
    json->Key(attribute.name).Raw(attribute.constant.empty() ? "null" : attribute.constant);
  }
  json->EndObject();
}

}  // namespace

const funql::EntityName *ReferenceOf(const funql::Entity &entity, const std::string &field) {
  for (const funql::Reference &reference : entity.references) {
    if (reference.fields.size() == 1 && reference.fields[0] == field) return &reference.target;
  }
  return nullptr;
}

void WriteEntityName(const funql::EntityName &entity, JsonWriter *json) {
  json->BeginObject().Key("schema").Text(entity.schema).Key("name").Text(entity.name).EndObject();
}

void WriteValueType(const funql::Type &type, JsonWriter *json) {
  if (type.is_array) {
    funql::Type element = type;
    element.is_array = false;
    json->BeginObject().Key("type").Text("array").Key("subtype");
    WriteValueType(element, json);
    json->EndObject();
    return;
  }
  json->BeginObject().Key("type").Text(funql::ValueTypeName(type)).EndObject();
}

void WriteFieldType(const funql::Type &type, const funql::EntityName *reference,
                    const funql::Schema &schema, JsonWriter *json) {
  if (type.is_array) return WriteValueType(type, json);
  if (reference != nullptr) {
    json->BeginObject().Key("type").Text("reference").Key("entity");
    WriteEntityName(*reference, json);
    json->EndObject();
    return;
  }
  const std::vector<std::string> *labels = schema.EnumLabels(type);
  if (labels == nullptr) return WriteValueType(type, json);
  json->BeginObject().Key("type").Text("enum").Key("values").BeginArray();
  for (const std::string &label : *labels) json->Text(label);
  json->EndArray().EndObject();
}

std::string DescribeInfo(const CompiledView &view, const funql::Schema &schema) {
  const funql::CompiledQuery &query = view.query;
  JsonWriter json;
  json.BeginObject();
  json.Key("attributeTypes");
  WriteAttributeTypes(view, query.attributes, true, &json);
  json.Key("rowAttributeTypes");
  WriteAttributeTypes(view, query.row_attributes, false, &json);
  json.Key("arguments");
  WriteArguments(view, schema, &json);
  json.Key("domains");
  WriteDomains(view, schema, &json);
  if (query.main_entity) {
    json.Key("mainEntity").BeginObject().Key("entity");
    WriteEntityName(query.main_entity->entity, &json);
    json.Key("forInsert").Bool(query.main_entity->for_insert).EndObject();
  }
  json.Key("columns").BeginArray();
  for (const funql::ResultColumn &column : query.columns) {
    WriteColumn(view, column, schema, &json);
  }
  json.EndArray();
  json.Key("hash").Text(Sha1(view.text)).EndObject();
  return json.text();
}

std::string DescribeLayout(const funql::CompiledQuery &query) {
  JsonWriter json;
  json.BeginObject();
  json.Key("width").Number(query.column_count);
  json.Key("columns").BeginArray();
  for (const funql::ResultColumn &column : query.columns) {
    json.BeginObject().Key("at").Number(column.position).Key("pun").Number(column.pun);
    json.Key("attributes");
    WriteAttributePositions(column.attributes, &json);
    json.EndObject();
  }
  json.EndArray();
  json.Key("ids");
  if (query.entity_ids.empty()) {
    json.Null();
  } else {
    json.BeginArray();
    for (size_t i = 0; i < query.entity_ids.size(); ++i) {
      json.BeginObject().Key("number").Text(std::to_string(i)).Key("key");
      const funql::EntityId &id = query.entity_ids[i];
      WriteKey(id.key, id.positions, id.table_position, &json);
      json.EndObject();
    }
    json.EndArray();
  }
  json.Key("main");
  if (query.main_entity && !query.main_entity->positions.empty()) {
    const funql::MainEntity &main = *query.main_entity;
    WriteKey(main.key, main.positions, main.table_position, &json);
  } else {
    json.Null();
  }
  json.Key("tables");
  WriteSubTables(query.sub_tables, &json);
  json.Key("rowAttributes");
  WriteAttributePositions(query.row_attributes, &json);
  // What the result as a whole has: constants, and where the first row tells them.
  json.Key("constants").BeginObject().Key("attributes");
  WriteConstants(query.attributes, &json);
  json.Key("columnAttributes").BeginArray();
  for (const funql::ResultColumn &column : query.columns) WriteConstants(column.attributes, &json);
  json.EndArray().Key("argumentAttributes").BeginObject();
  for (const funql::Argument &argument : query.arguments) {
    if (argument.attributes.empty()) continue;
    json.Key(argument.name);
    WriteConstants(argument.attributes, &json);
  }
  json.EndObject().EndObject();
  json.Key("singleAttributes");
  WriteAttributePositions(query.attributes, &json);
  json.EndObject();
  return json.text();
}

}  // namespace fundb::api
