#include "api/fields.h"

#include <algorithm>
#include <memory>

#include "api/errors.h"
#include "base/text.h"
#include "convert/type.h"
#include "js/engine.h"
#include "js/object_forms.h"
#include "js/realm.h"
#include "js/run.h"

namespace fundb::api {

namespace {

using v8::Local;

Error UnknownField(const Table &table, const std::string &name) {
  std::vector<std::string> names;
  for (const Column &column : table.columns) names.push_back(column.name);
  std::string nearest = NearestName(name, names);
  Error error = RequestError(
      sqlstate::kUndefinedColumn,
      "field " + Quoted(name) + " of entity " + Quoted(table.ref.Text()) + " does not exist",
      nearest.empty() ? "" : "Perhaps you meant field " + Quoted(nearest) + ".");
  error.report().schema = table.ref.schema;
  error.report().table = table.ref.name;
  error.report().column = name;
  return error;
}

// Whatever goes wrong with one field is an argument error of that name.
template <typename F>
auto NamingField(const Table &table, const std::string &name, F &&convert) {
  try {
    return convert();
  } catch (Error &error) {
    Report &report = error.report();
    if (report.kind.empty()) report.kind = "argument";
    if (report.argument.empty()) report.argument = name;
    if (report.column.empty()) report.column = name;
    if (report.table.empty()) {
      report.schema = table.ref.schema;
      report.table = table.ref.name;
    }
    throw;
  }
}

// A field of an object that a script gave, and the column that it names.
struct Field {
  int column;
  Local<v8::Value> name;
};

// The fields of objects of one form for one table.
struct KeptFields {
  struct Field {
    int column;
    v8::Global<v8::Value> name;
  };
  uint64_t table = 0;
  std::vector<Field> fields;
};

// Shared: to convert a value may run a domain's checks, which may write, which may keep others in
// its place.
struct KnownFields {
  js::ObjectForms<std::shared_ptr<const KeptFields>> forms;
};

Local<v8::Value> NameOf(const Field &field) { return field.name; }
Local<v8::Value> NameOf(const KeptFields::Field &field) { return js::Borrow(field.name); }

// In the order of the columns, so that one statement serves every order they are written in.  Has
// fewer fields than the object when names of no column are ignored.
std::vector<Field> FindFields(Local<v8::Context> context, const Table &table,
                              Local<v8::Object> object, Local<v8::Array> names,
                              bool ignore_unknown) {
  std::vector<Field> fields;
  for (uint32_t i = 0; i < names->Length(); ++i) {
    js::Engine::From(context->GetIsolate()).CheckInterrupts();
    Local<v8::Value> key = js::Check(names->Get(context, i));
    std::string name = js::ToText(context->GetIsolate(), key.As<v8::String>());
    int column = table.FindColumn(name);
    if (column >= 0) {
      fields.push_back({column, key});
    } else if (!ignore_unknown && !js::Check(object->Get(context, key))->IsUndefined()) {
      throw UnknownField(table, name);
    }
  }
  std::sort(fields.begin(), fields.end(),
            [](const Field &a, const Field &b) { return a.column < b.column; });
  return fields;
}

template <typename Fields>
RowFields ConvertFields(Local<v8::Context> context, const Table &table, Local<v8::Object> object,
                        const Fields &fields) {
  RowFields result;
  js::Engine::From(context->GetIsolate())
      .CountTransfer(fields.size() * (sizeof(int) + sizeof(Datum) + sizeof(char)));
  for (const auto &field : fields) {
    Local<v8::Value> value = js::Check(object->Get(context, NameOf(field)));
    if (value->IsUndefined()) continue;
    const Column &column = table.columns[static_cast<size_t>(field.column)];
    result.columns.push_back(field.column);
    if (value->IsNull()) {
      NamingField(table, column.name, [&] {
        convert::TypeFor(column.type, column.modifier).CheckNull({"column", column.name});
      });
      result.values.Add(Datum{0}, true);
    } else {
      result.values.Add(ConvertField(context, table, field.column, value));
    }
  }
  return result;
}

}  // namespace

Datum ConvertField(Local<v8::Context> context, const Table &table, int index,
                   Local<v8::Value> value) {
  const Column &column = table.columns[static_cast<size_t>(index)];
  return NamingField(table, column.name, [&] {
    return convert::TypeFor(column.type, column.modifier)
        .FromJs(context, value, {"column", column.name});
  });
}

RowFields ReadRowFields(Local<v8::Context> context, const Table &table, Local<v8::Object> object,
                        bool ignore_unknown) {
  js::WatchedScope watched(js::Engine::From(context->GetIsolate()));
  auto &forms = js::Realm::From(context).attachments().Of<KnownFields>().forms;
  const auto *found =
      forms.Find(object, [&](const auto &fields) { return fields->table == table.serial; });
  if (found != nullptr) {
    std::shared_ptr<const KeptFields> kept = *found;
    return ConvertFields(context, table, object, kept->fields);
  }

  Local<v8::Array> names = js::Check(object->GetOwnPropertyNames(
      context, static_cast<v8::PropertyFilter>(v8::ONLY_ENUMERABLE | v8::SKIP_SYMBOLS),
      v8::KeyConversionMode::kConvertToString));
  std::vector<Field> fields = FindFields(context, table, object, names, ignore_unknown);
  RowFields result = ConvertFields(context, table, object, fields);
  if (fields.size() == names->Length() && forms.IsWorthwhile(object)) {
    auto keep = std::make_shared<KeptFields>();
    keep->table = table.serial;
    for (const Field &field : fields) {
      keep->fields.push_back(
          {field.column, v8::Global<v8::Value>(context->GetIsolate(), field.name)});
    }
    forms.Keep(context, object, names, std::move(keep));
  }
  return result;
}

}  // namespace fundb::api
