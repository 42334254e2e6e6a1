#include "api/keys.h"

#include <utility>

#include "api/errors.h"
#include "api/fields.h"
#include "base/text.h"
#include "convert/type.h"
#include "js/errors.h"
#include "js/object_forms.h"
#include "js/plain_object.h"
#include "js/realm.h"
#include "js/run.h"

namespace fundb::api {

namespace {

using v8::Local;

// A value that is an object in JavaScript but one value in SQL.
bool IsPlainObject(Local<v8::Value> value) {
  return value->IsObject() && !value->IsArray() && !value->IsDate() &&
         !value->IsArrayBufferView() && !value->IsArrayBuffer() && !value->IsProxy();
}

bool HasColumn(const Table &table, const UniqueKey &key, std::string_view name) {
  for (int column : key.columns) {
    if (table.columns[static_cast<size_t>(column)].name == name) return true;
  }
  return false;
}

Local<v8::Value> Get(Local<v8::Context> context, Local<v8::Object> object,
                     const std::string &name) {
  return js::Check(object->Get(context, js::NewName(context->GetIsolate(), name)));
}

std::string FieldList(const Table &table, const UniqueKey &key) {
  std::string list;
  for (int column : key.columns) {
    list += (list.empty() ? "" : ", ") + Quoted(table.columns[static_cast<size_t>(column)].name);
  }
  return list;
}

void AddValue(Local<v8::Context> context, const Table &table, int column, Local<v8::Value> value,
              pg::Parameters *values) {
  const std::string &name = table.columns[static_cast<size_t>(column)].name;
  if (value->IsNullOrUndefined()) {
    throw ArgumentError(sqlstate::kInvalidParameter, name,
                        "field " + Quoted(name) + " of the key " +
                            (value->IsNull() ? "must not be null" : "is required"),
                        true);
  }
  values->Add(ConvertField(context, table, column, value));
}

// Objects of one form that were found to have names of a key only.  Without a key: those of the
// form {alt, keys}.
struct CheckedForm {
  uint64_t table = 0;
  const UniqueKey *key = nullptr;
};

struct CheckedForms {
  js::ObjectForms<CheckedForm> forms;
};

Error UnknownName(const Table &table, const UniqueKey *key, const std::string &name) {
  Error error =
      RequestError(sqlstate::kUndefinedColumn,
                   (key == nullptr ? "an alternative key" : "key " + Quoted(key->name)) +
                       " of entity " + Quoted(table.ref.Text()) + " has no field " + Quoted(name),
                   "Write {alt: \"name\", keys: {…}}.");
  if (key != nullptr) {
    std::vector<std::string> names;
    for (int column : key->columns) {
      names.push_back(table.columns[static_cast<size_t>(column)].name);
    }
    std::string nearest = NearestName(name, names);
    error.Hint(nearest.empty() ? "Its fields are " + FieldList(table, *key) + "."
                               : "Perhaps you meant field " + Quoted(nearest) + ".");
  }
  error.report().schema = table.ref.schema;
  error.report().table = table.ref.name;
  error.report().column = name;
  return error;
}

// What is no field of the key would say something else about the row, and nobody would look.
void CheckNames(Local<v8::Context> context, const Table &table, const UniqueKey *key,
                Local<v8::Object> object) {
  auto &forms = js::Realm::From(context).attachments().Of<CheckedForms>().forms;
  const CheckedForm *known = forms.Find(object, [&](const CheckedForm &checked) {
    return checked.key == key && (key == nullptr || checked.table == table.serial);
  });
  if (known != nullptr) return;
  Local<v8::Array> names = js::Check(object->GetOwnPropertyNames(
      context, static_cast<v8::PropertyFilter>(v8::ONLY_ENUMERABLE | v8::SKIP_SYMBOLS),
      v8::KeyConversionMode::kConvertToString));
  bool is_exact = true;
  for (uint32_t i = 0; i < names->Length(); ++i) {
    js::Engine::From(context->GetIsolate()).CheckInterrupts();
    Local<v8::Value> member = js::Check(names->Get(context, i));
    std::string name = js::ToText(context->GetIsolate(), member.As<v8::String>());
    bool is_known = key == nullptr ? name == "alt" || name == "keys" : HasColumn(table, *key, name);
    if (is_known) continue;
    if (!js::Check(object->Get(context, member))->IsUndefined()) {
      throw UnknownName(table, key, name);
    }
    is_exact = false;
  }
  if (is_exact && names->Length() != 0 && forms.IsWorthwhile(object)) {
    forms.Keep(context, object, names, {key == nullptr ? 0 : table.serial, key});
  }
}

RowKey ReadFromObject(Local<v8::Context> context, const Table &table, const UniqueKey &key,
                      Local<v8::Object> object, bool ignore_unknown) {
  if (!ignore_unknown) CheckNames(context, table, &key, object);
  RowKey result;
  result.key = &key;
  for (int column : key.columns) {
    Local<v8::Value> value = Get(context, object, table.columns[static_cast<size_t>(column)].name);
    AddValue(context, table, column, value, &result.values);
  }
  return result;
}

const UniqueKey &FindKey(const Table &table, const std::string &name) {
  std::vector<std::string> names;
  for (const auto &key : table.keys) {
    if (key->name != name) {
      if (key->flaw.empty()) names.push_back(key->name);
      continue;
    }
    if (key->flaw.empty()) return *key;
    throw RequestError(sqlstate::kUndefinedObject, "index " + Quoted(name) + " of entity " +
                                                       Quoted(table.ref.Text()) +
                                                       " is not an alternative key")
        .Detail("The index " + key->flaw + ".");
  }
  std::string nearest = NearestName(name, names);
  throw RequestError(
      sqlstate::kUndefinedObject,
      "unique constraint " + Quoted(name) + " of entity " + Quoted(table.ref.Text()) +
          " does not exist",
      nearest.empty() ? "" : "Perhaps you meant constraint " + Quoted(nearest) + ".");
}

const UniqueKey &PrimaryKey(const Table &table) {
  if (table.primary_key != nullptr) return *table.primary_key;
  throw RequestError(
      sqlstate::kInvalidParameter, "entity " + Quoted(table.ref.Text()) + " has no primary key",
      "Name a unique constraint, as in {alt: \"name\", keys: {…}}, or use FunDB.runCommand.");
}

// Whether a plain object is taken for the key's fields: unless it has one, which itself holds
// objects.
bool TakesFields(const Table &table, const UniqueKey &key) {
  if (key.columns.size() > 1) return true;
  Oid type = table.columns[static_cast<size_t>(key.columns[0])].type;
  return pg::Call([&] {
    Oid base = getBaseType(type);
    return base != JSONBOID && !type_is_rowtype(base);
  });
}

// {alt, keys}: unless `alt` is a field of the primary key, or the object is a value of it.
bool IsAlternative(const Table &table, Local<v8::Value> alt, Local<v8::Value> keys) {
  if (!alt->IsString()) return false;
  if (table.primary_key == nullptr) return true;
  if (HasColumn(table, *table.primary_key, "alt")) return false;
  return keys->IsObject() || TakesFields(table, *table.primary_key);
}

}  // namespace

RowKey ReadRowKey(Local<v8::Context> context, const Table &table, Local<v8::Value> value,
                  bool ignore_unknown) {
  js::WatchedScope watched(js::Engine::From(context->GetIsolate()));
  v8::Isolate *isolate = context->GetIsolate();
  bool is_plain = IsPlainObject(value);
  if (is_plain) {
    Local<v8::Object> object = value.As<v8::Object>();
    Local<v8::Value> alt = Get(context, object, "alt");
    Local<v8::Value> keys = Get(context, object, "keys");
    if (IsAlternative(table, alt, keys)) {
      if (!js::HasFields(context, keys)) {
        throw CallError(
            "keys of an alternative key must be an object with fields of its own, not " +
            js::Describe(isolate, keys))
            .Hint("Write {alt: \"name\", keys: {…}}.");
      }
      const UniqueKey &key = FindKey(table, js::ToText(isolate, alt.As<v8::String>()));
      if (!ignore_unknown) CheckNames(context, table, nullptr, object);
      return ReadFromObject(context, table, key, keys.As<v8::Object>(), ignore_unknown);
    }
  }
  const UniqueKey &key = PrimaryKey(table);
  if (is_plain && TakesFields(table, key)) {
    return ReadFromObject(context, table, key, value.As<v8::Object>(), ignore_unknown);
  }
  if (key.columns.size() > 1) {
    throw CallError("the key of entity " + Quoted(table.ref.Text()) + " must be an object, not " +
                    js::Describe(isolate, value))
        .Hint("Its fields are " + FieldList(table, key) + ".");
  }
  RowKey result;
  result.key = &key;
  AddValue(context, table, key.columns[0], value, &result.values);
  return result;
}

Local<v8::Value> KeyToJs(Local<v8::Context> context, const Table &table, const UniqueKey &key,
                         const pg::Parameters &values) {
  v8::Isolate *isolate = context->GetIsolate();
  Local<v8::Object> object;
  for (size_t i = 0; i < key.columns.size(); ++i) {
    if (values.nulls[i] == 'n') return v8::Null(isolate);
    const Column &column = table.columns[static_cast<size_t>(key.columns[i])];
    Local<v8::Value> value =
        convert::TypeFor(column.type, column.modifier).ToJs(context, values.values[i]);
    if (key.columns.size() == 1) return value;
    if (object.IsEmpty()) object = v8::Object::New(isolate);
    js::Check(object->CreateDataProperty(context, js::NewName(isolate, column.name), value));
  }
  return object;
}

pg::Parameters KeyOfResult(const Table &table, const UniqueKey &key, uint64_t row) {
  pg::Parameters values;
  for (size_t i = 0; i < key.columns.size(); ++i) {
    int number = static_cast<int>(i) + 1;
    if (pg::TypeAt(number) != table.columns[static_cast<size_t>(key.columns[i])].type) {
      throw EntityChanged(table.ref.Text());
    }
    bool is_null = false;
    Datum value = pg::CopyAt(row, number, &is_null);
    values.Add(value, is_null);
  }
  return values;
}

std::string KeyCondition(const Table &table, const UniqueKey &key, std::vector<Oid> *types) {
  std::string condition;
  for (size_t i = 0; i < key.columns.size(); ++i) {
    const Column &column = table.columns[static_cast<size_t>(key.columns[i])];
    types->push_back(column.type);
    std::string parameter = "$" + std::to_string(types->size());
    condition += i == 0 ? "" : " AND ";
    condition += key.equalities[i].Of(QuoteIdentifier(column.name), parameter);
  }
  return condition;
}

std::string RowCondition(const Table &table, const RowKey &key, std::vector<Oid> *types) {
  std::string condition = KeyCondition(table, *key.key, types);
  if (key.also != nullptr) condition += " AND " + KeyCondition(table, *key.also, types);
  return condition;
}

std::string RowStatementName(const char *what, const RowKey &key, const std::vector<int> &columns) {
  std::string of = std::string(what) + (key.is_only ? " only" : "");
  std::string name = StatementName(of.c_str(), key.key, columns);
  if (key.also != nullptr) (name += '\0') += key.also->name;
  return name;
}

std::string OwnRows(const Table &table) {
  return (table.kind == RELKIND_RELATION ? "ONLY " : "") + table.QualifiedName();
}

std::string RowSource(const Table &table, const RowKey &key) {
  return key.is_only ? OwnRows(table) : table.QualifiedName();
}

Error SeveralRows(const Table &table, const RowKey &key) {
  return RequestError("21000", "key " + Quoted(key.key->name) + " names several rows of entity " +
                                   Quoted(table.ref.Text()))
      .Detail("Tables that inherit from it repeat the key.")
      .Hint("Name the table that holds the row.");
}

std::string KeyColumns(const Table &table, const UniqueKey &key) {
  std::string list;
  for (int column : key.columns) {
    list += (list.empty() ? "" : ", ") +
            QuoteIdentifier(table.columns[static_cast<size_t>(column)].name);
  }
  return list;
}

RowKey StoredKey(Table &table, RowKey &key) {
  const UniqueKey *primary = table.primary_key;
  auto plan = table.Statement(StatementName("resolve", key.key), [&](std::vector<Oid> *types) {
    return "SELECT " + KeyColumns(table, *primary) + " FROM " + table.QualifiedName() + " WHERE " +
           KeyCondition(table, *key.key, types);
  });
  uint64_t count = pg::Execute(*plan, key.values, false, 2);
  if (count == 0) throw EntryNotFound(table.ref.Text());
  if (count > 1) throw SeveralRows(table, key);
  RowKey result = {primary, KeyOfResult(table, *primary, 0)};
  // A result takes 8 kB, and there may be one for each of very many rows.
  pg::Call([] { SPI_freetuptable(SPI_tuptable); });
  return result;
}

RowKey ResolveToPrimary(Table &table, RowKey key) {
  if (table.primary_key == nullptr || key.key == table.primary_key) return key;
  return StoredKey(table, key);
}

RowKey ResolveToWrite(Table &table, RowKey key) {
  RowKey resolved = ResolveToPrimary(table, key);
  if (resolved.key == key.key) return resolved;
  resolved.also = key.key;
  for (size_t i = 0; i < key.values.values.size(); ++i) {
    resolved.values.Add(key.values.values[i], key.values.nulls[i] == 'n');
  }
  return resolved;
}

}  // namespace fundb::api
