// What the tests of the language share: one compile as readable text, errors as text with a caret.
#pragma once

#include <string>

#include "base/error.h"
#include "fixture_schema.h"
#include "funql/funql.h"

namespace fundb::funql {

inline const FixtureSchema &Fixture() {
  static const auto *const schema = new FixtureSchema();
  return *schema;
}

// ERROR: 42703 message, the line with a caret under the place, and the hint.
inline std::string Describe(const Report &report) {
  std::string text = "ERROR " + report.sqlstate + ": " + report.message + "\n";
  if (report.internal_position > 0) {
    size_t line_begin = 0;
    size_t at = 0;
    int left = report.internal_position - 1;
    const std::string &query = report.internal_query;
    std::string indent;
    for (; at < query.size() && left > 0; ++at) {
      if ((static_cast<unsigned char>(query[at]) & 0xC0) == 0x80) continue;
      --left;
      indent += ' ';
      if (query[at] == '\n') {
        line_begin = at + 1;
        indent.clear();
      }
    }
    size_t line_end = query.find('\n', line_begin);
    text += query.substr(line_begin, line_end - line_begin) + "\n" + indent + "^\n";
  }
  if (!report.hint.empty()) text += "HINT: " + report.hint + "\n";
  return text;
}

inline std::string TypeText(const Type &type) {
  return type.IsKnown() ? ValueTypeName(type) + (type.is_array ? "[]" : "") : "?";
}

inline std::string AttributeText(const std::vector<Attribute> &attributes) {
  std::string text;
  for (const Attribute &attribute : attributes) {
    text += " @" + attribute.name + "=";
    text += attribute.position < 0 ? attribute.constant : "#" + std::to_string(attribute.position);
  }
  return text;
}

inline std::string ArgumentText(const Argument &argument) {
  std::string text = " $" + argument.name + " " + TypeText(argument.type);
  if (argument.reference)
    text += " -> " + argument.reference->schema + "." + argument.reference->name;
  for (const std::string &value : argument.enum_values) text += " '" + value + "'";
  if (argument.optional) text += " NULL";
  if (argument.has_default) text += " DEFAULT " + argument.default_text.value_or("NULL");
  return text + AttributeText(argument.attributes);
}

// SQL, then what else the answer says, one line each.
inline std::string Describe(const CompiledQuery &query) {
  std::string text = query.sql + "\n";
  for (const Argument &argument : query.arguments)
    text += "-- argument" + ArgumentText(argument) + "\n";
  for (const Pragma &pragma : query.pragmas)
    text += "-- pragma " + pragma.name + " = " + pragma.value + "\n";
  for (const ResultColumn &column : query.columns) {
    text += "-- column " + column.name + " " + TypeText(column.type);
    if (column.is_main_field) text += " main";
    if (column.reference) text += " -> " + column.reference->schema + "." + column.reference->name;
    if (column.pun >= 0) text += " pun #" + std::to_string(column.pun);
    if (column.origin && column.origin->id_column >= 0) {
      const EntityId &id = query.entity_ids[static_cast<size_t>(column.origin->id_column)];
      text += " of " + id.entity.name;
      for (int position : id.positions) text += " #" + std::to_string(position);
      if (id.table_position >= 0) text += " in #" + std::to_string(id.table_position);
    }
    text += AttributeText(column.attributes) + "\n";
  }
  if (query.main_entity) {
    text += "-- main " + query.main_entity->entity.schema + "." + query.main_entity->entity.name;
    if (query.main_entity->for_insert) text += " for insert";
    for (int position : query.main_entity->positions) text += " #" + std::to_string(position);
    int table = query.main_entity->table_position;
    if (table >= 0) text += " in #" + std::to_string(table);
    text += "\n";
  }
  for (const SubTable &table : query.sub_tables) text += "-- table " + table.entity.name + "\n";
  if (!query.attributes.empty()) text += "-- attributes" + AttributeText(query.attributes) + "\n";
  if (!query.row_attributes.empty()) {
    text += "-- row attributes" + AttributeText(query.row_attributes) + "\n";
  }
  return text;
}

inline bool IsCommandText(const std::string &text) {
  return text.compare(0, 11, "-- command\n") == 0 ||
         text.find("\n-- command\n") != std::string::npos;
}

// A case of a golden file: its text is compiled as a view unless a comment line says `-- command`.
inline std::string CompileToText(const std::string &text) {
  try {
    if (!IsCommandText(text)) return Describe(CompileView(text, Fixture(), CompileOptions()));
    CompiledCommand command = CompileCommand(text, Fixture(), CompileOptions());
    std::string result = command.sql + "\n";
    for (const Argument &argument : command.arguments) {
      result += "-- argument" + ArgumentText(argument) + "\n";
    }
    return result;
  } catch (const Error &error) {
    return Describe(error.report());
  }
}

// The report of a compile that must fail.
inline Report FailureOf(const std::string &text) {
  try {
    CompileView(text, Fixture(), CompileOptions());
  } catch (const Error &error) {
    return error.report();
  }
  return {};
}

inline std::string SqlOf(const std::string &text) {
  return CompileView(text, Fixture(), CompileOptions()).sql;
}

}  // namespace fundb::funql
