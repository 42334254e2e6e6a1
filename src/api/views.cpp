#include "api/views.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "api/errors.h"
#include "api/sql_messages.h"
#include "api/view_info.h"

namespace fundb::api {

namespace {

// Each kept view costs some 50 kB, most of it PostgreSQL's plan; but one of a megabyte of text
// costs twenty.
constexpr size_t kMostViews = 500;
constexpr size_t kMostBytes = 32 * 1024 * 1024;
constexpr uint64_t kRecountEvery = 64;
constexpr int kRecent = 4;

void AddPart(std::string_view part, std::string *key) {
  *key += std::to_string(part.size());
  *key += ':';
  *key += part;
}

// What one compiled text depends on besides the database itself.
std::string KeyOf(const std::string &text, const funql::CompileOptions &options, char kind) {
  std::string key(1, kind);
  key += std::to_string(GetUserId());
  const funql::Chunk &chunk = options.chunk;
  key += chunk.has_limit ? 'l' : '-';
  key += chunk.has_offset ? 'o' : '-';
  key += std::to_string(chunk.search_words);
  AddPart(options.default_schema, &key);
  AddPart(chunk.where, &key);
  for (const funql::ChunkArgument &argument : chunk.arguments) {
    AddPart(argument.name, &key);
    AddPart(argument.type, &key);
  }
  key += text;
  return key;
}

std::vector<Oid> TypesOf(const std::vector<funql::Parameter> &parameters) {
  std::vector<Oid> types;
  for (const funql::Parameter &parameter : parameters) {
    Oid type = catalog::TypeId(parameter.type);
    // Only $$user_id has a type that depends on a table which may be missing.
    types.push_back(OidIsValid(type) ? type : static_cast<Oid>(INT4OID));
  }
  return types;
}

// Once PostgreSQL has accepted the statement: it complains of impossible modifiers with the place.
std::vector<ParameterType> WithModifiers(const std::vector<funql::Parameter> &parameters,
                                         const std::vector<Oid> &types) {
  std::vector<ParameterType> result;
  for (size_t i = 0; i < parameters.size(); ++i) {
    result.push_back({types[i], catalog::TypeModifier(parameters[i].type)});
  }
  return result;
}

// Where the error comes from the language itself, it is the asker's mistake.
template <typename F>
auto Compiling(F &&compile) {
  try {
    return compile();
  } catch (Error &error) {
    if (error.report().kind.empty() && !error.report().internal_query.empty()) {
      error.report().kind =
          error.report().sqlstate == sqlstate::kInsufficientPrivilege ? "accessDenied" : "request";
    }
    throw;
  }
}

// A compiled query or command.
template <typename Compiled>
void Prepare(const std::string &text, const Compiled &compiled, CompiledPlan *plan) {
  try {
    plan->Prepare(compiled.sql, TypesOf(compiled.parameters), compiled.named_functions);
  } catch (Error &error) {
    MapToFunql(error.report(), text, compiled.sql, compiled.positions);
    if (error.report().kind.empty() && KindOf(error.report()) == "execution") {
      error.report().kind = "request";
    }
    throw;
  }
}

// The types of a query's columns, where the language alone does not know them all.
std::vector<funql::Type> ColumnTypes(const std::string &text, const funql::CompileOptions &options,
                                     const funql::Schema &schema) {
  funql::CompileOptions whole;
  whole.default_schema = options.default_schema;
  funql::CompiledQuery query = Compiling([&] { return funql::CompileView(text, schema, whole); });
  bool all_known = std::all_of(query.columns.begin(), query.columns.end(),
                               [](const auto &column) { return column.type.IsKnown(); });
  std::vector<funql::Type> types;
  if (all_known) return types;
  CompiledPlan plan;
  Prepare(text, query, &plan);
  for (const funql::ResultColumn &column : query.columns) {
    Oid type = InvalidOid;
    int32 modifier = -1;
    plan.ColumnType(column.position, &type, &modifier);
    types.push_back(catalog::DescribeType(type, modifier));
  }
  return types;
}

}  // namespace

void MapToFunql(Report &report, const std::string &text, const std::string &sql,
                const funql::PositionMap &positions) {
  bool ours = report.internal_query == sql || report.internal_query.empty();
  if (ours) {
    int position = report.internal_query.empty() ? 0 : positions.Find(report.internal_position);
    report.internal_query = text;
    report.internal_position = position;
  }
  // SPI's own context line shows the SQL.
  std::string line = "SQL statement \"" + sql + "\"";
  size_t at = report.context.find(line);
  if (at != std::string::npos) {
    size_t end = at + line.size();
    if (end < report.context.size() && report.context[end] == '\n') ++end;
    report.context.erase(at, end - at);
    while (!report.context.empty() && report.context.back() == '\n') report.context.pop_back();
  }
  // What is raised in a function or rule on the way speaks of their code, and stays as it is.
  if (ours && report.context.empty()) ImproveMessage(&report);
}

Views::Entry *Views::Find(const std::string &key) {
  auto found = index_.find(key);
  if (found == index_.end()) return nullptr;
  Entry &entry = *found->second;
  bool is_current = entry.view != nullptr ? entry.view->IsCurrent() : entry.command->IsCurrent();
  if (!is_current) {
    Drop(found->second);
    return nullptr;
  }
  entries_.splice(entries_.begin(), entries_, found->second);
  return &entry;
}

size_t Views::Entry::Bytes() const {
  // The text twice: it is a part of the key.
  size_t bytes = sizeof(Entry) + 2 * key.capacity();
  if (view != nullptr) {
    const funql::CompiledQuery &query = view->query;
    bytes += query.sql.capacity() + view->info.capacity() + view->layout.capacity();
    bytes += query.positions.entries().size() * sizeof(funql::PositionMap::Entry);
    return bytes + view->plan.Bytes();
  }
  bytes += command->command.sql.capacity();
  bytes += command->command.positions.entries().size() * sizeof(funql::PositionMap::Entry);
  return bytes + command->plan.Bytes();
}

void Views::Drop(std::list<Entry>::iterator entry) {
  bytes_ -= entry->bytes;
  index_.erase(entry->key);
  entries_.erase(entry);
}

// What was kept before takes more once it was planned.  To ask each time would take a third of a
// compile.
void Views::Recount() {
  bytes_ = 0;
  for (Entry &entry : entries_) bytes_ += entry.bytes = entry.Bytes();
}

Views::Entry &Views::Keep(Entry entry) {
  auto known = index_.find(entry.key);
  if (known != index_.end()) Drop(known->second);
  entry.bytes = entry.Bytes();
  bytes_ += entry.bytes;
  entries_.push_front(std::move(entry));
  index_[entries_.front().key] = entries_.begin();
  if (++kept_ % kRecountEvery == 0) {
    Recount();
  } else {
    // Mostly planned since they were kept, and a plan can be a hundred times its text.
    int count = 0;
    for (Entry &recent : entries_) {
      bytes_ -= recent.bytes;
      bytes_ += recent.bytes = recent.Bytes();
      if (++count == kRecent) break;
    }
  }
  // The least recently used go first; the newest stays.
  while (entries_.size() > 1 && (entries_.size() > kMostViews || bytes_ > kMostBytes)) {
    Drop(std::prev(entries_.end()));
  }
  return entries_.front();
}

std::shared_ptr<const CompiledView> Views::Get(const std::string &text,
                                               const funql::CompileOptions &options) {
  std::string key = KeyOf(text, options, 'v');
  if (Entry *known = Find(key)) return known->view;
  static uint64_t last_serial = 0;
  auto view = std::make_shared<CompiledView>();
  catalog::SchemaAdapter schema;
  view->serial = ++last_serial;
  view->text = text;
  funql::CompileOptions known = options;
  if (options.chunk.search_words > 0) known.chunk.column_types = ColumnTypes(text, options, schema);
  view->query = Compiling([&] { return funql::CompileView(text, schema, known); });
  Prepare(text, view->query, &view->plan);
  view->parameter_types = WithModifiers(view->query.parameters, view->plan.types());
  view->info = DescribeInfo(*view, schema);
  view->layout = DescribeLayout(view->query);
  view->dependencies = schema.dependencies();
  return Keep({std::move(key), view, nullptr, 0}).view;
}

std::shared_ptr<const CompiledCommand> Views::GetCommand(const std::string &text) {
  funql::CompileOptions options;
  std::string key = KeyOf(text, options, 'c');
  if (Entry *known = Find(key)) return known->command;
  auto command = std::make_shared<CompiledCommand>();
  catalog::SchemaAdapter schema;
  command->text = text;
  command->command = Compiling([&] { return funql::CompileCommand(text, schema, options); });
  Prepare(text, command->command, &command->plan);
  command->parameter_types = WithModifiers(command->command.parameters, command->plan.types());
  command->dependencies = schema.dependencies();
  return Keep({std::move(key), nullptr, command, 0}).command;
}

}  // namespace fundb::api
