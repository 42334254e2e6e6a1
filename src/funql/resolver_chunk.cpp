// The page of a result that getUserView asked for: the query becomes the source of an outer one.
#include <algorithm>

#include "funql/parser.h"
#include "funql/resolver_state.h"
#include "funql/types.h"

namespace fundb::funql {

namespace {

// The query that says in which order the rows come, seen through parentheses.
const bound::Query &OrderedQuery(const bound::Query &query) {
  const bound::Query *inner = &query;
  while (inner->order.empty() && inner->body->kind == bound::BodyKind::kQuery) {
    inner = inner->body->query.get();
  }
  return *inner;
}

// Whether LIMIT or OFFSET stand in it, seen through parentheses: PostgreSQL would take those
// written behind the parentheses for its own.
bool IsLimited(const bound::Query &query) {
  const bound::Query *inner = &query;
  while (!inner->limit && !inner->offset && inner->body->kind == bound::BodyKind::kQuery) {
    inner = inner->body->query.get();
  }
  return inner->limit || inner->offset;
}

bool IsColumn(const bound::Expression &expression) {
  return expression.kind == bound::ExpressionKind::kColumn;
}

}  // namespace

// SELECT … FROM (the query) WHERE condition LIMIT … OFFSET …
void Resolver::ChunkWrap(bound::Statement *statement) {
  auto limit = [this](ParameterKind kind) {
    bound::ExpressionPtr node = Make(bound::ExpressionKind::kParameter, {-1, -1});
    node->type = *CatalogType("int8");
    node->index = AddParameter(kind, 0, node->type);
    return node;
  };
  const Chunk &chunk = options_.chunk;
  bound::Query *query = statement->query.get();
  bool wrap = !chunk.where.empty() || chunk.search_words > 0 || IsLimited(*query);
  if (wrap) {
    auto outer = std::make_unique<bound::Query>();
    outer->body = std::make_unique<bound::Body>();
    bound::Select &select = outer->body->select;
    auto source = std::make_unique<bound::Source>();
    source->kind = bound::SourceKind::kQuery;
    source->table.alias = NewAlias("chunk");
    // The hidden columns have names as well: __main_id, __pun__…
    std::vector<bound::ColumnInfo> columns = query->columns;
    for (size_t i = 0; i < columns.size(); ++i) {
      columns[i].type =
          i < chunk.column_types.size() ? chunk.column_types[i] : ResolvedType(columns[i]);
      columns[i].untyped = false;
    }
    bound::Body *body = TopBody(query);
    if (body->kind == bound::BodyKind::kSelect) {
      for (size_t i = columns.size(); i < body->select.items.size(); ++i) {
        columns.push_back(InfoOf(*body->select.items[i].expression));
        columns.back().name = body->select.items[i].name;
      }
    }
    Scope scope;
    ScopeItem item;
    item.name = "result";
    item.table = &source->table;
    item.columns = columns;
    scope.items.push_back(std::move(item));
    for (const bound::ColumnInfo &column : columns) {
      AddItem(MakeColumn(&source->table, column, {-1, -1}), column, outer->body.get());
    }
    auto condition = Make(bound::ExpressionKind::kAnd, {-1, -1});
    if (!chunk.where.empty()) condition->args.push_back(ChunkWhere(&scope));
    if (chunk.search_words > 0) {
      size_t visible = result_.columns.size();
      std::vector<bound::ColumnInfo> searched(
          columns.begin(), columns.begin() + static_cast<std::ptrdiff_t>(visible));
      for (const ResultColumn &column : result_.columns) {
        if (column.pun > column.position)
          searched.push_back(columns[static_cast<size_t>(column.pun)]);
      }
      condition->args.push_back(ChunkSearch(searched, &source->table));
    }
    if (condition->args.size() == 1) {
      select.where = std::move(condition->args[0]);
    } else if (!condition->args.empty()) {
      select.where = std::move(condition);
    }
    source->query = std::move(statement->query);
    // A join need not keep the order that its left side has.
    if (!source->table.arrows.empty()) KeepOrder(source.get(), outer.get());
    select.from = std::move(source);
    outer->columns = std::move(columns);
    statement->query = std::move(outer);
    query = statement->query.get();
  }
  if (chunk.has_limit) query->limit = limit(ParameterKind::kChunkLimit);
  if (chunk.has_offset) query->offset = limit(ParameterKind::kChunkOffset);
}

// The outer query takes over the order of the inner one.
void Resolver::KeepOrder(bound::Source *source, bound::Query *outer) {
  if (OrderedQuery(*source->query).order.empty()) return;
  if (OrderByColumns(source, outer)) return;
  // SELECT …, row_number() OVER () AS __order FROM (the query): the rows are numbered as they come.
  auto numbered = std::make_unique<bound::Query>();
  numbered->body = std::make_unique<bound::Body>();
  auto inner = std::make_unique<bound::Source>();
  inner->kind = bound::SourceKind::kQuery;
  inner->table.alias = NewAlias("ordered");
  for (const bound::Item &item : outer->body->select.items) {
    bound::ColumnInfo column;
    column.name = item.name;
    AddItem(MakeColumn(&inner->table, column, {-1, -1}), column, numbered->body.get());
  }
  bound::ExpressionPtr number = Make(bound::ExpressionKind::kCall, {-1, -1});
  number->call = std::make_unique<bound::Call>();
  number->call->schema = "pg_catalog";
  number->call->name = "row_number";
  number->call->over = std::make_unique<bound::Window>();
  bound::Select &select = numbered->body->select;
  bound::ColumnInfo order;
  order.name =
      select.items[static_cast<size_t>(AddHidden(&select, std::move(number), "__order"))].name;
  inner->query = std::move(source->query);
  select.from = std::move(inner);
  source->query = std::move(numbered);
  bound::OrderItem item;
  item.expression = MakeColumn(&source->table, order, {-1, -1});
  outer->order.push_back(std::move(item));
}

// Where the query orders by plain columns, so can the outer one: PostgreSQL may then join first.
bool Resolver::OrderByColumns(bound::Source *source, bound::Query *outer) {
  bound::Query &query = *source->query;
  bound::Select &select = query.body->select;
  if (query.body->kind != bound::BodyKind::kSelect || select.distinct ||
      select.items.size() + query.order.size() > kMostColumns) {
    return false;
  }
  for (const bound::OrderItem &item : query.order) {
    bool output = item.expression->kind == bound::ExpressionKind::kOutputName;
    if (!output && !IsColumn(*item.expression)) return false;
  }
  for (const bound::OrderItem &item : query.order) {
    const bound::Expression &expression = *item.expression;
    bound::ColumnInfo column;
    column.name = expression.text;
    if (IsColumn(expression)) {
      int position = ColumnPosition(&select, expression.table, expression.text, "__order");
      column.name = select.items[static_cast<size_t>(position)].name;
    }
    bound::OrderItem same;
    same.expression = MakeColumn(&source->table, column, {-1, -1});
    same.direction = item.direction;
    same.nulls = item.nulls;
    outer->order.push_back(std::move(same));
  }
  // Functions may tell in which order they are called, and so may LIMIT and locks.
  bool needless = !query.limit && !query.offset && query.locking.empty() &&
                  select.distinct_on.empty() &&
                  std::all_of(select.items.begin(), select.items.end(),
                              [](const bound::Item &item) { return IsColumn(*item.expression); });
  if (needless) query.order.clear();
  return true;
}

bound::ExpressionPtr Resolver::ChunkWhere(Scope *scope) {
  const Diagnostics *query_diagnostics = diagnostics_;
  for (const ChunkArgument &given : options_.chunk.arguments) {
    steps_.Count();
    Diagnostics type_diagnostics(given.type);
    diagnostics_ = &type_diagnostics;
    Argument argument;
    argument.name = given.name;
    argument.type = ArgumentType(ParseTypeText(type_diagnostics, &steps_), &argument);
    chunk_index_.emplace(given.name, static_cast<int>(chunk_arguments_.size()));
    chunk_arguments_.push_back(std::move(argument));
  }
  Diagnostics diagnostics(options_.chunk.where);
  diagnostics_ = &diagnostics;
  in_chunk_ = true;
  ast::ExpressionPtr expression = ParseExpressionText(diagnostics, &steps_);
  bound::ExpressionPtr result = Expression(*expression, scope);
  in_chunk_ = false;
  diagnostics_ = query_diagnostics;
  return result;
}

// Every word in some column: text columns hold it, numbers are equal to it.
bound::ExpressionPtr Resolver::ChunkSearch(const std::vector<bound::ColumnInfo> &columns,
                                           bound::Table *table) {
  const Type &text = *CatalogType("text");
  auto call = [&text](const char *name, bound::ExpressionPtr argument) {
    auto node = std::make_unique<bound::Expression>();
    node->kind = bound::ExpressionKind::kCall;
    node->type = text;
    node->call = std::make_unique<bound::Call>();
    node->call->schema = "pg_catalog";
    node->call->name = name;
    node->args.push_back(std::move(argument));
    return node;
  };
  auto all = Make(bound::ExpressionKind::kAnd, {-1, -1});
  for (int word = 0; word < options_.chunk.search_words; ++word) {
    auto any = Make(bound::ExpressionKind::kOr, {-1, -1});
    for (const bound::ColumnInfo &column : columns) {
      bool number = column.type.category == 'N';
      bool string = column.type.category == 'S' || column.type.category == 'E';
      if (column.type.is_array || (!number && !string)) continue;
      bound::ExpressionPtr parameter = Make(bound::ExpressionKind::kParameter, {-1, -1});
      parameter->type = text;
      parameter->index = AddParameter(ParameterKind::kSearchWord, word, text);
      bound::ExpressionPtr value = Make(bound::ExpressionKind::kCast, {-1, -1});
      value->type = text;
      value->args.push_back(MakeColumn(table, column, {-1, -1}));
      bound::ExpressionPtr test = Make(bound::ExpressionKind::kOperator, {-1, -1});
      if (number) {
        test->text = "=";
        test->args.push_back(std::move(value));
        test->args.push_back(std::move(parameter));
      } else {
        test->text = ">";
        bound::ExpressionPtr found = call("strpos", call("lower", std::move(value)));
        found->args.push_back(call("lower", std::move(parameter)));
        bound::ExpressionPtr zero = Make(bound::ExpressionKind::kInteger, {-1, -1});
        zero->text = "0";
        test->args.push_back(std::move(found));
        test->args.push_back(std::move(zero));
      }
      any->args.push_back(std::move(test));
    }
    if (any->args.empty()) {
      any->kind = bound::ExpressionKind::kBoolean;
      any->text = "false";
    } else if (any->args.size() == 1) {
      any = std::move(any->args[0]);
    }
    all->args.push_back(std::move(any));
  }
  return all->args.size() == 1 ? std::move(all->args[0]) : std::move(all);
}

}  // namespace fundb::funql
