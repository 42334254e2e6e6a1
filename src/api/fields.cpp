#include "api/fields.h"

#include <algorithm>

#include "api/errors.h"
#include "base/text.h"
#include "convert/type.h"

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

}  // namespace

Datum ConvertField(Local<v8::Context> context, const Table &table, int index,
                   Local<v8::Value> value) {
  const Column &column = table.columns[static_cast<size_t>(index)];
  return NamingField(table, column.name, [&] {
    return convert::TypeFor(column.type, column.modifier)
        .FromJs(context, value, {"column", column.name});
  });
}

RowFields ReadRowFields(Local<v8::Context> context, const Table &table, Local<v8::Object> fields,
                        bool ignore_unknown) {
  v8::Isolate *isolate = context->GetIsolate();
  Local<v8::Array> names = js::Check(fields->GetOwnPropertyNames(
      context, static_cast<v8::PropertyFilter>(v8::ONLY_ENUMERABLE | v8::SKIP_SYMBOLS),
      v8::KeyConversionMode::kConvertToString));
  struct Given {
    int column;
    Local<v8::Value> value;
  };
  std::vector<Given> given;
  for (uint32_t i = 0; i < names->Length(); ++i) {
    Local<v8::Value> key = js::Check(names->Get(context, i));
    Local<v8::Value> value = js::Check(fields->Get(context, key));
    if (value->IsUndefined()) continue;
    std::string name = js::ToText(isolate, key.As<v8::String>());
    int column = table.FindColumn(name);
    if (column < 0) {
      if (ignore_unknown) continue;
      throw UnknownField(table, name);
    }
    given.push_back({column, value});
  }
  // In the order of the columns, so that one statement serves every order they are written in.
  std::sort(given.begin(), given.end(),
            [](const Given &a, const Given &b) { return a.column < b.column; });
  RowFields result;
  for (const Given &field : given) {
    const Column &column = table.columns[static_cast<size_t>(field.column)];
    result.columns.push_back(field.column);
    if (field.value->IsNull()) {
      NamingField(table, column.name, [&] {
        convert::TypeFor(column.type, column.modifier).CheckNull({"column", column.name});
      });
      result.values.Add(Datum{0}, true);
    } else {
      result.values.Add(ConvertField(context, table, field.column, field.value));
    }
  }
  return result;
}

}  // namespace fundb::api
