// A layout made of plain data, for the tests of the language that need no server.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "funql/schema.h"
#include "funql/types.h"

namespace fundb::funql {

class FixtureSchema : public Schema {
 public:
  FixtureSchema() {
    Type status;
    status.schema = "shop";
    status.name = "status";
    status.oid = 90001;
    status.category = 'E';
    types_["shop.status"] = status;
    labels_["status"] = {"new", "paid", "sent"};
    AddType("inet", 869, 'I');
    AddType("bit", 1560, 'V');
    AddType("varbit", 1562, 'V');

    Add("public", "users", "id int4 key, name text", "name");
    Add("base", "people", "id int4 key, name text, user int4, boss int4, born date, city int4",
        "name",
        {{{"boss"}, "base", "people", {"id"}},
         {{"user"}, "public", "users", {"id"}},
         {{"city"}, "base", "cities", {"id"}}});
    Add("base", "cities", "id int4 key, name text, country text", "name");
    Add("base", "ways", "id int4 key, person int4, kind text, value text", "",
        {{{"person"}, "base", "people", {"id"}}});
    Add("pm", "actions",
        "id int4 key, subject text, client int4, created_person int4, "
        "modified_datetime timestamptz, done bool, data jsonb, tags text[]",
        "subject",
        {{{"client"}, "base", "people", {"id"}}, {{"created_person"}, "base", "people", {"id"}}});
    Add("pm", "events", "id int4 key, action int4, start timestamptz, finish timestamptz", "",
        {{{"action"}, "pm", "actions", {"id"}}});
    Add("shop", "customers", "id int4 key, name text, city int4, rating numeric", "name",
        {{{"city"}, "base", "cities", {"id"}}});
    Add("shop", "orders",
        "id int4 key, number text, customer int4, state text, status shop.status, "
        "created timestamptz, total numeric, order int4",
        "number", {{{"customer"}, "shop", "customers", {"id"}}});
    Add("shop", "lines",
        "order int4 key, line int4 key, product int4, qty int4, price numeric, "
        "sum numeric generated",
        "", {{{"order"}, "shop", "orders", {"id"}}, {{"product"}, "shop", "products", {"id"}}});
    Add("shop", "products", "id int4 key, name text, price numeric", "name");
    Add("shop", "deliveries", "id int4 key, order int4, line int4, at date, secret text hidden", "",
        {{{"order", "line"}, "shop", "lines", {"order", "line"}}});
    Add("shop", "pieces", "id int4 key, a int4, b int4", "",
        {{{"a", "b"}, "shop", "lines", {"order", "line"}},
         {{"b", "a"}, "shop", "lines", {"order", "line"}}});
    Add("hr", "animals", "id int4 key, name text", "name");
    Add("hr", "dogs", "id int4 key, name text, breed text", "name");
    Add("hr", "puppies", "id int4 key, name text, breed text, born date", "name");
    Add("hr", "keepers", "id int4 key, animal int4", "", {{{"animal"}, "hr", "animals", {"id"}}});
    Add("hr", "feedings", "id int4 key, keeper int4", "",
        {{{"keeper"}, "hr", "keepers", {"id"}}, {{"keeper"}, "hr", "keepers", {"id"}}});
    Add("hr", "notes", "body text", "");
    Add("hr", "collars", "id int4 key, dog text", "", {{{"dog"}, "hr", "dogs", {"name"}}});
    Add("shop", "marks", "id int4 key, price numeric", "",
        {{{"price"}, "shop", "lines", {"price"}}});
    Find("hr", "animals").children = {{"hr", "dogs"}};
    Find("hr", "dogs").children = {{"hr", "puppies"}};
    Add("shop", "totals", "customer int4, total numeric", "",
        {{{"customer"}, "shop", "customers", {"id"}}});
    Find("shop", "totals").kind = EntityKind::kView;
    Add("shop", "visits", "day date key, number int4", "");
    Find("shop", "visits").kind = EntityKind::kPartitioned;

    for (const char *name :
         {"sum", "avg", "min", "max", "count", "bool_and", "every", "string_agg", "array_agg",
          "jsonb_agg", "jsonb_object_agg", "percentile_cont", "mode"}) {
      AddFunction("pg_catalog", name).is_aggregate = true;
    }
    for (const char *name : {"row_number", "rank", "lag", "lead", "first_value", "ntile"}) {
      AddFunction("pg_catalog", name).is_window = true;
    }
    for (const char *name : {"to_char",
                             "abs",
                             "round",
                             "trunc",
                             "ceil",
                             "upper",
                             "lower",
                             "length",
                             "substr",
                             "ltrim",
                             "rtrim",
                             "btrim",
                             "split_part",
                             "replace",
                             "left",
                             "right",
                             "strpos",
                             "age",
                             "date_part",
                             "date_trunc",
                             "isfinite",
                             "now",
                             "generate_series",
                             "unnest",
                             "jsonb_array_elements",
                             "jsonb_each",
                             "extract",
                             "timezone",
                             "position",
                             "substring",
                             "overlay",
                             "overlaps",
                             "mod",
                             "random",
                             "row_to_json",
                             "to_jsonb",
                             "format",
                             "concat",
                             "jsonb_to_recordset",
                             "make_interval",
                             "array_length",
                             "cardinality",
                             "date",
                             "md5",
                             "chr",
                             "power"}) {
      AddFunction("pg_catalog", name).is_function = true;
    }
    AddFunction("shop", "discount").is_function = true;
    AddFunction("shop", "pair").is_function = true;
    AddFunction("shop", "secret").usable = false;
  }

  const Entity *FindEntity(std::optional<std::string_view> schema,
                           std::string_view name) const override {
    const Entity *found = nullptr;
    for (const auto &[key, entity] : entities_) {
      if (entity.name != name || (schema && entity.schema != *schema)) continue;
      if (found != nullptr) return nullptr;
      found = &entity;
    }
    return found;
  }
  std::vector<std::string> SchemaNames() const override {
    return {"base", "hr", "pm", "public", "shop"};
  }
  std::vector<std::string> EntityNames(std::string_view schema) const override {
    std::vector<std::string> names;
    for (const auto &[key, entity] : entities_) {
      if (entity.schema == schema) names.push_back(entity.name);
    }
    return names;
  }
  const Type *FindType(std::optional<std::string_view> schema,
                       std::string_view name) const override {
    std::string prefix = schema ? std::string(*schema) : "pg_catalog";
    auto found = types_.find(prefix + "." + std::string(name));
    return found == types_.end() ? nullptr : &found->second;
  }
  const std::vector<std::string> *EnumLabels(const Type &type) const override {
    auto found = labels_.find(type.name);
    return found == labels_.end() ? nullptr : &found->second;
  }
  const Function *FindFunction(std::optional<std::string_view> schema,
                               std::string_view name) const override {
    std::string prefix = schema ? std::string(*schema) : "pg_catalog";
    auto found = functions_.find(prefix + "." + std::string(name));
    return found == functions_.end() ? nullptr : &found->second;
  }
  std::vector<std::string> FunctionNames() const override {
    std::vector<std::string> names;
    for (const auto &[key, function] : functions_) names.push_back(function.name);
    return names;
  }
  bool UserViewExists(std::string_view schema, std::string_view name) const override {
    return schema == "pm" && name == "actions_table";
  }

 private:
  struct Key {
    std::vector<std::string> fields;
    std::string schema;
    std::string name;
    std::vector<std::string> target;
  };

  Entity &Find(const std::string &schema, const std::string &name) {
    return entities_.at(schema + "." + name);
  }

  void AddType(const std::string &name, uint32_t oid, char category) {
    Type &type = types_["pg_catalog." + name];
    type.schema = "pg_catalog";
    type.name = name;
    type.oid = oid;
    type.category = category;
  }

  Function &AddFunction(const std::string &schema, const std::string &name) {
    Function &function = functions_[schema + "." + name];
    function.schema = schema;
    function.name = name;
    return function;
  }

  // "name type [key|generated|hidden], …"
  void Add(const std::string &schema, const std::string &name, const std::string &fields,
           const std::string &main_field, const std::vector<Key> &references = {}) {
    Entity entity;
    entity.schema = schema;
    entity.name = name;
    entity.oid = 50000 + static_cast<uint32_t>(entities_.size());
    entity.main_field = main_field;
    size_t at = 0;
    while (at < fields.size()) {
      size_t end = fields.find(", ", at);
      if (end == std::string::npos) end = fields.size();
      AddField(fields.substr(at, end - at), &entity);
      at = end + 2;
    }
    for (const Key &key : references) {
      Reference reference;
      reference.constraint = name;
      for (const std::string &field : key.fields) reference.constraint += "_" + field;
      reference.constraint += "_fkey";
      reference.fields = key.fields;
      reference.target = {key.schema, key.name};
      reference.target_fields = key.target;
      entity.references.push_back(std::move(reference));
    }
    entities_[schema + "." + name] = std::move(entity);
  }

  void AddField(const std::string &text, Entity *entity) {
    Field field;
    size_t space = text.find(' ');
    field.name = text.substr(0, space);
    std::string rest = text.substr(space + 1);
    size_t flag = rest.find(' ');
    std::string type = rest.substr(0, flag);
    std::string word = flag == std::string::npos ? "" : rest.substr(flag + 1);
    if (word == "key") entity->key.push_back(field.name);
    field.nullable = word != "key";
    field.generated = word == "generated";
    field.readable = word != "hidden";
    bool array = type.size() > 2 && type.substr(type.size() - 2) == "[]";
    if (array) type.resize(type.size() - 2);
    const Type *builtin = BuiltinType(type);
    field.type = builtin != nullptr ? *builtin : types_.at(type);
    if (array) field.type = ArrayOf(field.type);
    entity->fields.push_back(std::move(field));
  }

  std::map<std::string, Entity> entities_;
  std::map<std::string, Type> types_;
  std::map<std::string, std::vector<std::string>> labels_;
  std::map<std::string, Function> functions_;
};

}  // namespace fundb::funql
