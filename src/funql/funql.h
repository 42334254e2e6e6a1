// The query language as the rest of the extension sees it: FunQL text in, SQL text with numbered
// parameters and a description of the result out.  Pure: neither PostgreSQL nor V8.  Everything
// here throws fundb::Error with internal_query and internal_position set (diagnostics.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "funql/schema.h"

namespace fundb::funql {

// ---- what the caller wants ---------------------------------------------------------------------

// One argument of chunk.where: its name (without $) and its type as FunQL writes it ("int").
struct ChunkArgument {
  std::string name;
  std::string type;
};

// The page of the result that getUserView asked for.  The values themselves are parameters, so one
// compiled text serves every page.
struct Chunk {
  bool has_limit = false;
  bool has_offset = false;
  // A condition over the result columns, "" for none; its own arguments.
  std::string where;
  std::vector<ChunkArgument> arguments;
  // Number of words to search for; all must be found, each in some column.
  int search_words = 0;
  // What the statement without the page says of its columns, for the search; empty: only those of
  // fields and the like are known.
  std::vector<Type> column_types;

  bool IsEmpty() const { return !has_limit && !has_offset && where.empty() && search_words == 0; }
};

struct CompileOptions {
  // Schema of entities written without one (a named view's own); "" = they are refused.
  std::string default_schema;
  Chunk chunk;
};

// ---- what comes back ---------------------------------------------------------------------------

// A value that goes with the result, a column, a row or an argument (`@name = …`).
struct Attribute {
  std::string name;
  bool internal = false;
  // Where to find the value: a hidden column of the SQL result, read per row, or, at -1,
  // `constant`.
  int position = -1;
  // JSON text of a constant value.
  std::string constant;
  Type type;
};

struct Argument {
  std::string name;
  Type type;
  // reference(s.t): the values are keys of that entity.
  std::optional<EntityName> reference;
  // enum('a', 'b'): the only values allowed (also of the elements of an array); empty = any.
  std::vector<std::string> enum_values;
  // NULL was written: null is allowed and is the value when the argument is left out.
  bool optional = false;
  bool has_default = false;
  // The default in PostgreSQL's text form for the type (input function); nothing = NULL.
  std::optional<std::string> default_text;
  // Only constant ones.
  std::vector<Attribute> attributes;
};

enum class ParameterKind {
  kArgument,  // index: into arguments
  kUserId,    // $$user_id
  kUser,      // $$user
  kLang,      // $$lang
  kTransactionTime,
  kTransactionId,
  kChunkLimit,
  kChunkOffset,
  kChunkArgument,  // index: into CompileOptions::chunk.arguments
  kSearchWord,     // index: which word; bound as it is, no wildcards
};

// What to bind to $1, $2, …
struct Parameter {
  ParameterKind kind = ParameterKind::kArgument;
  int index = 0;
  Type type;
};

// Where a result column comes from, when it is a plain field.
struct FieldOrigin {
  EntityName entity;
  std::string field;
  // Index into CompiledQuery::entity_ids: which row's field it is; -1 when not tracked.
  int id_column = -1;
};

struct ResultColumn {
  std::string name;
  // 0-based position in the SQL result.
  int position = 0;
  // Not known for most expressions: take the prepared statement's column type then.
  Type type;
  std::optional<FieldOrigin> origin;
  // True for a field of the main entity.
  bool is_main_field = false;
  // The entity that the column's values are keys of.
  std::optional<EntityName> reference;
  // Position of the column with the referenced row's main field; the column's own position when the
  // key is the main field; -1 = no pun.
  int pun = -1;
  Type pun_type;
  // Per cell.
  std::vector<Attribute> attributes;
};

// Hidden columns with the key of a row that some result columns come from.
struct EntityId {
  EntityName entity;
  std::vector<std::string> key;
  std::vector<int> positions;
  // Position of the oid of the table that the row is stored in (sub_tables); -1 = it is `entity`.
  int table_position = -1;
};

// A table of an inheritance tree.
struct SubTable {
  uint32_t oid = 0;
  EntityName entity;
};

struct MainEntity {
  EntityName entity;
  bool for_insert = false;
  // Names of the key's fields and where they stand in the SQL result; empty = no mainId.
  std::vector<std::string> key;
  std::vector<int> positions;
  // As in EntityId.
  int table_position = -1;
};

// SET name = value before the query; only names that begin with enable_.
struct Pragma {
  std::string name;
  std::string value;
};

// From positions in the SQL text to positions in the FunQL text, both 1-based in characters, as
// PostgreSQL counts them.
class PositionMap {
 public:
  struct Entry {
    int sql = 0;
    int funql = 0;
  };
  // Entries come in ascending order of `sql`.
  void Add(int sql, int funql);
  // The FunQL position of the piece that stands at `sql_position`; 0 when there is none.
  int Find(int sql_position) const;
  const std::vector<Entry> &entries() const { return entries_; }

 private:
  std::vector<Entry> entries_;
};

// A function in FROM of which only the names in the query tell the columns.  PostgreSQL must know
// of no others: whose they are would be a guess.
struct NamedFunction {
  std::string alias;  // in the SQL text
  size_t columns = 0;
};

struct CompiledQuery {
  std::string sql;
  std::vector<Argument> arguments;
  std::vector<Parameter> parameters;
  std::vector<Pragma> pragmas;
  // What the user asked for, in order; hidden columns of the SQL result are not in it.
  std::vector<ResultColumn> columns;
  // Total number of columns of the SQL result.
  int column_count = 0;
  std::vector<EntityId> entity_ids;
  std::optional<MainEntity> main_entity;
  // What the oids at table_position mean.
  std::vector<SubTable> sub_tables;
  // Of the whole result; those with a position are the same in all rows.
  std::vector<Attribute> attributes;
  // PER ROW.
  std::vector<Attribute> row_attributes;
  std::vector<NamedFunction> named_functions;
  PositionMap positions;
};

enum class CommandKind { kSelect, kInsert, kUpdate, kDelete };

struct CompiledCommand {
  CommandKind kind = CommandKind::kSelect;
  std::string sql;
  std::vector<Argument> arguments;
  std::vector<Parameter> parameters;
  std::vector<Pragma> pragmas;
  // The entity that is written; empty for a SELECT.
  EntityName target;
  std::vector<NamedFunction> named_functions;
  PositionMap positions;
};

CompiledQuery CompileView(std::string_view text, const Schema &schema,
                          const CompileOptions &options);

// INSERT, UPDATE, DELETE, or a SELECT whose result nobody reads.  options.chunk must be empty.
CompiledCommand CompileCommand(std::string_view text, const Schema &schema,
                               const CompileOptions &options);

// The language's own name of a type ("int", "string", "datetime", …), else the type's name in the
// database; "array" is told by Type::is_array.
std::string ValueTypeName(const Type &type);

// The text parsed and written again in the one normal form; comments are lost.
std::string FormatStatement(std::string_view text);

}  // namespace fundb::funql
