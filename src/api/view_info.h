// The description of a user view's result, as JSON that the prelude parses.  PostgreSQL only; C++
// regime.
#pragma once

#include <string>

#include "api/json_text.h"
#include "api/views.h"

namespace fundb::api {

// The `info` of getUserView.  `view` is compiled and prepared.
std::string DescribeInfo(const CompiledView &view, const funql::Schema &schema);

// Where cells, puns and keys stand in a row of the SQL result, for the prelude's addRows.
std::string DescribeLayout(const funql::CompiledQuery &query);

// {"type":"int"}, {"type":"array","subtype":{…}}; fields also {"type":"reference","entity":{…}} and
// {"type":"enum","values":[…]}.
void WriteValueType(const funql::Type &type, JsonWriter *json);
void WriteFieldType(const funql::Type &type, const funql::EntityName *reference,
                    const funql::Schema &schema, JsonWriter *json);
void WriteEntityName(const funql::EntityName &entity, JsonWriter *json);

// The entity that a field refers to by a foreign key of its own; null when it does not.
const funql::EntityName *ReferenceOf(const funql::Entity &entity, const std::string &field);

}  // namespace fundb::api
