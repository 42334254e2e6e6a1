// What golden files cannot show: options of the façade, positions, limits, and attempts to break
// out of quotes.
#include <doctest/doctest.h>

#include <chrono>

#include "funql_support.h"

namespace fundb::funql {
namespace {

CompiledQuery CompileChunk(const std::string &text, const Chunk &chunk) {
  CompileOptions options;
  options.chunk = chunk;
  return CompileView(text, Fixture(), options);
}

std::string Repeat(const std::string &piece, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) text += piece;
  return text;
}

// ---- chunk

TEST_CASE("chunk: a query without its own limit takes the page's") {
  Chunk chunk;
  chunk.has_limit = chunk.has_offset = true;
  CompiledQuery query = CompileChunk("SELECT id FROM shop.orders ORDER BY id", chunk);
  CHECK(query.sql ==
        "SELECT \"orders\".\"id\" FROM \"shop\".\"orders\" AS \"orders\" ORDER BY \"id\" "
        "LIMIT $1::\"pg_catalog\".\"int8\" OFFSET $2::\"pg_catalog\".\"int8\"");
  REQUIRE(query.parameters.size() == 2);
  CHECK(query.parameters[0].kind == ParameterKind::kChunkLimit);
  CHECK(query.parameters[1].kind == ParameterKind::kChunkOffset);
}

TEST_CASE("chunk: a query with its own limit keeps it") {
  Chunk chunk;
  chunk.has_limit = true;
  CompiledQuery query = CompileChunk("SELECT id FROM shop.orders LIMIT 10", chunk);
  CHECK(query.sql ==
        "SELECT \"chunk\".\"id\" FROM (SELECT \"orders\".\"id\" FROM \"shop\".\"orders\" AS "
        "\"orders\" LIMIT 10) AS \"chunk\" LIMIT $1::\"pg_catalog\".\"int8\"");
}

TEST_CASE("chunk: where sees the result columns, the hidden ones too, and its own arguments") {
  Chunk chunk;
  chunk.where = "total > $min AND __main_id <> 5 AND __pun__customer = $name";
  chunk.arguments = {{"min", "decimal"}, {"name", "string"}};
  CompiledQuery query =
      CompileChunk("{ $min int }: SELECT total, customer FROM shop.orders WHERE id > $min", chunk);
  CHECK(query.sql.find("WHERE (\"chunk\".\"total\" > $2::\"pg_catalog\".\"numeric\") AND "
                       "(\"chunk\".\"__main_id\" <> 5) AND "
                       "(\"chunk\".\"__pun__customer\" = $3::\"pg_catalog\".\"text\")") !=
        std::string::npos);
  REQUIRE(query.parameters.size() == 3);
  CHECK(query.parameters[0].kind == ParameterKind::kArgument);
  CHECK(query.parameters[1].kind == ParameterKind::kChunkArgument);
  CHECK(query.parameters[2].index == 1);
  // Visible columns stand where they stood.
  REQUIRE(query.columns.size() == 2);
  CHECK(query.columns[1].position == 1);
  CHECK(query.columns[1].pun == 2);
}

TEST_CASE("chunk: joins of a condition lose no order") {
  Chunk chunk;
  chunk.where = "customer=>name = 'x'";
  auto compile = [&chunk](const std::string &text) { return CompileChunk(text, chunk).sql; };
  // Plain columns: the outer query orders by them, and the inner one need not.
  CHECK(compile("SELECT id, customer, total FROM shop.orders AS o ORDER BY total DESC, created") ==
        "SELECT \"chunk\".\"id\", \"chunk\".\"customer\", \"chunk\".\"total\", "
        "\"chunk\".\"__pun__customer\" FROM (SELECT \"o\".\"id\", \"o\".\"customer\", "
        "\"o\".\"total\", \"o__customer\".\"name\" AS \"__pun__customer\", \"o\".\"created\" AS "
        "\"__order\" FROM \"shop\".\"orders\" AS \"o\" LEFT JOIN \"shop\".\"customers\" AS "
        "\"o__customer\" ON \"o\".\"customer\" = \"o__customer\".\"id\") AS \"chunk\" LEFT JOIN "
        "\"shop\".\"customers\" AS \"chunk__customer\" ON \"chunk\".\"customer\" = "
        "\"chunk__customer\".\"id\" WHERE \"chunk__customer\".\"name\" = 'x' ORDER BY "
        "\"chunk\".\"total\" DESC, \"chunk\".\"__order\"");
  // A LIMIT of its own goes by its own order.
  CHECK(compile("SELECT customer FROM shop.orders ORDER BY customer LIMIT 9")
            .find("ORDER BY \"customer\" LIMIT 9) AS \"chunk\"") != std::string::npos);
  // Anything else: the rows are numbered as they come.
  for (const char *text : {"SELECT id, customer FROM shop.orders ORDER BY abs(total)",
                           "SELECT DISTINCT customer FROM shop.orders ORDER BY customer",
                           "(SELECT customer FROM shop.orders ORDER BY customer DESC) LIMIT 9"}) {
    std::string sql = compile(text);
    CHECK(sql.find("\"pg_catalog\".\"row_number\"() OVER () AS \"__order\" FROM (") !=
          std::string::npos);
    CHECK(sql.find("WHERE \"chunk__customer\".\"name\" = 'x' ORDER BY \"chunk\".\"__order\"") !=
          std::string::npos);
  }
  CHECK(compile("SELECT customer FROM shop.orders").find("ORDER BY") == std::string::npos);
}

TEST_CASE("chunk: where allows neither subqueries nor aggregates nor other names") {
  auto failure = [](const std::string &where) {
    Chunk chunk;
    chunk.where = where;
    try {
      CompileChunk("SELECT total FROM shop.orders", chunk);
    } catch (const Error &error) {
      CHECK(error.report().internal_query == where);
      return error.report().sqlstate;
    }
    return std::string();
  };
  CHECK(failure("total IN (SELECT id FROM shop.orders)") == "0A000");
  CHECK(failure("sum(total) > 1") == "42803");
  CHECK(failure("state = 'x'") == "42703");
  CHECK(failure("total > 1) OR (TRUE") == "42601");
  CHECK(failure("total > $x") == "42704");
}

TEST_CASE("chunk: search looks into text and numbers, and into puns") {
  Chunk chunk;
  chunk.search_words = 2;
  CompiledQuery query = CompileChunk("SELECT id, state, customer, created FROM shop.orders", chunk);
  CHECK(query.sql.find("\"chunk\".\"id\"::\"pg_catalog\".\"text\" = $1") != std::string::npos);
  CHECK(query.sql.find("\"pg_catalog\".\"lower\"(\"chunk\".\"state\"") != std::string::npos);
  CHECK(query.sql.find("\"pg_catalog\".\"lower\"(\"chunk\".\"__pun__customer\"") !=
        std::string::npos);
  CHECK(query.sql.find("\"chunk\".\"created\"::") == std::string::npos);
  REQUIRE(query.parameters.size() == 2);
  CHECK(query.parameters[1].kind == ParameterKind::kSearchWord);
  CHECK(query.parameters[1].index == 1);
}

TEST_CASE(
    "chunk: a search goes with a condition, and finds nothing where nothing can be searched") {
  Chunk chunk;
  chunk.search_words = 1;
  chunk.where = "total > 5";
  CompiledQuery query = CompileChunk("SELECT total, number FROM shop.orders", chunk);
  CHECK(query.sql.find("(\"chunk\".\"total\" > 5) AND (") != std::string::npos);
  chunk.where = "";
  CHECK(CompileChunk("SELECT number FROM shop.orders WHERE id = 1", chunk)
            .sql.find("WHERE \"pg_catalog\".\"strpos\"") != std::string::npos);
  query = CompileChunk("SELECT created AS at FROM (SELECT created FROM shop.orders) x", chunk);
  CHECK(query.sql.find("WHERE FALSE") != std::string::npos);
}

// ---- arguments and options

TEST_CASE("parameters: an argument is one placeholder, unused ones are none") {
  CompiledQuery query = CompileView(
      "{ $a int, $b int, $c string }: SELECT $c AS c, $a AS a, $a + 1 AS d", Fixture(), {});
  REQUIRE(query.parameters.size() == 2);
  CHECK(query.parameters[0].index == 2);
  CHECK(query.parameters[1].index == 0);
  CHECK(query.arguments.size() == 3);
}

TEST_CASE("options: a named view's entities may leave out its schema") {
  CompileOptions options;
  options.default_schema = "shop";
  CHECK(CompileView("SELECT id FROM orders", Fixture(), options).sql ==
        SqlOf("SELECT id FROM shop.orders"));
}

TEST_CASE("rights: no hidden column of what the role may not read") {
  // deliveries.secret may not be read; nothing but the query itself may name it.
  CompiledQuery query = CompileView("SELECT secret FROM shop.deliveries", Fixture(), {});
  CHECK(query.column_count == 2);
}

TEST_CASE("types: FunQL's names of values") {
  CompiledQuery query =
      CompileView("SELECT id, number, created, total, status FROM shop.orders", Fixture(), {});
  CHECK(ValueTypeName(query.columns[0].type) == "int");
  CHECK(ValueTypeName(query.columns[1].type) == "string");
  CHECK(ValueTypeName(query.columns[2].type) == "datetime");
  CHECK(ValueTypeName(query.columns[3].type) == "decimal");
  CHECK(ValueTypeName(query.columns[4].type) == "enum");
}

// ---- positions

TEST_CASE("positions: an error in the SQL is found in the FunQL text") {
  std::string text = "SELECT 'Ж' AS a,\n  total + state AS b FROM shop.orders";
  CompiledQuery query = CompileView(text, Fixture(), {});
  // PostgreSQL points at the operator, 1-based, in characters.
  auto characters = [](const std::string &utf8, size_t bytes) {
    int count = 1;
    for (size_t i = 0; i < bytes; ++i) {
      if ((static_cast<unsigned char>(utf8[i]) & 0xC0) != 0x80) ++count;
    }
    return count;
  };
  int in_sql = characters(query.sql, query.sql.find("+"));
  int in_text = characters(text, text.find("+"));
  CHECK(query.positions.Find(in_sql) == in_text);
  int column_in_sql = characters(query.sql, query.sql.find("\"orders\".\"state\""));
  CHECK(query.positions.Find(column_in_sql) == characters(text, text.find("state")));
  CHECK(query.positions.Find(0) == 0);
}

TEST_CASE("positions: errors count characters, not bytes") {
  Report report = FailureOf("SELECT 'ЖЖЖ' AS a, nosuch FROM shop.orders");
  CHECK(report.sqlstate == "42703");
  CHECK(report.internal_position == 20);
}

// ---- limits

TEST_CASE("nesting: whatever nests too deeply is refused, and nothing overflows the stack") {
  const int many = 20000;
  const std::string deep[] = {
      "SELECT " + Repeat("(", many) + "1" + Repeat(")", many) + " AS x",
      "SELECT " + Repeat("- ", many) + "1 AS x",
      "SELECT " + Repeat("NOT ", many) + "TRUE AS x",
      "SELECT 1" + Repeat(" + 1", many) + " AS x",
      "SELECT 1" + Repeat("::int", many) + " AS x",
      "SELECT tags" + Repeat("[1]", many) + " AS x FROM pm.actions",
      "SELECT " + Repeat("[", many) + " AS x",
      "SELECT " + Repeat("{a:", many) + " AS x",
      "SELECT " + Repeat("ARRAY[", many) + " AS x",
      "SELECT " + Repeat("CASE WHEN ", many) + " AS x",
      "SELECT " + Repeat("abs(", many) + " AS x",
      "SELECT " + Repeat("(SELECT ", many) + " AS x",
      Repeat("(", many) + "SELECT 1 AS x" + Repeat(")", many),
      "SELECT 1 AS x" + Repeat(" UNION SELECT 1", many),
      "SELECT 1 AS x" + Repeat(" EXCEPT SELECT 1", many),
      "SELECT 1 AS x FROM hr.notes" + Repeat(" CROSS JOIN hr.notes", many),
      "SELECT 1 AS x FROM " + Repeat("(", many) + "hr.notes",
      "SELECT boss" + Repeat("=>boss", many) + " AS x FROM base.people",
      "SELECT id FROM shop.orders WHERE " + Repeat("id IN (", many),
      "SELECT 1 AS x GROUP BY " + Repeat("ROLLUP (", many),
      "SELECT x::" + Repeat("array(", many) + " AS x",
  };
  for (const std::string &text : deep) {
    CAPTURE(text.substr(0, 40));
    Report report = FailureOf(text);
    CHECK(report.sqlstate == "54001");
    CHECK(report.message == "query is nested too deeply");
  }
}

TEST_CASE("length: a text that would take all memory is refused") {
  const std::string text = "SELECT 1 AS x";
  const size_t most = size_t{1} << 20;
  CHECK_NOTHROW(SqlOf(text + Repeat(" ", static_cast<int>(most - text.size()))));
  Report report = FailureOf(text + Repeat(" ", static_cast<int>(most - text.size() + 1)));
  CHECK(report.sqlstate == "54000");
  CHECK(report.message == "query text of 1048577 bytes is longer than 1048576");
  CHECK(report.hint.find("arguments") != std::string::npos);
  CHECK(report.internal_query.empty());
}

TEST_CASE("nesting: long is not deep") {
  CHECK(SqlOf("SELECT id FROM shop.orders WHERE id = 1" + Repeat(" OR id = 1", 5000)).size() >
        5000);
  CHECK(SqlOf("SELECT id FROM shop.orders WHERE id IN (1" + Repeat(", 1", 5000) + ")").size() >
        5000);
  CHECK(SqlOf("SELECT " + Repeat("(", 100) + "1" + Repeat(")", 100) + " AS x") ==
        "SELECT 1 AS \"x\"");
}

TEST_CASE("json: objects larger than a function's argument list are built in parts") {
  std::string text = "SELECT { k: 1";
  for (int i = 0; i < 120; ++i) text += ", k" + std::to_string(i) + ": " + std::to_string(i);
  std::string sql = SqlOf(text + " } AS x");
  CHECK(sql.find(") || \"pg_catalog\".\"jsonb_build_object\"(") != std::string::npos);
}

// ---- injection

TEST_CASE("injection: names stay names and strings stay strings") {
  CHECK(SqlOf(R"(SELECT '\'; DROP TABLE x; --' AS a)") == "SELECT '''; DROP TABLE x; --' AS \"a\"");
  CHECK(SqlOf(R"(SELECT '\\\'; DROP TABLE x; --' AS a)") ==
        "SELECT E'\\\\''; DROP TABLE x; --' AS \"a\"");
  CHECK(SqlOf(R"(SELECT 1 AS "a""; DROP TABLE x; --")") ==
        "SELECT 1 AS \"a\"\"; DROP TABLE x; --\"");
  CHECK(SqlOf(R"(SELECT { 'a''; DROP': 1 } AS a)") ==
        "SELECT \"pg_catalog\".\"jsonb_build_object\"('a''; DROP', 1) AS \"a\"");
  CHECK(SqlOf(R"(SELECT id FROM shop.orders AS "o"" , x")").find("AS \"o\"\" , x\"") !=
        std::string::npos);
  CHECK(FailureOf("SELECT 1 AS a; DROP TABLE x").sqlstate == "42601");
  CHECK(FailureOf("SELECT id FROM \"shop.orders\"").sqlstate == "42P01");
  CHECK(FailureOf("SELECT \"id\"\" FROM x\" FROM shop.orders").sqlstate == "42703");
}

TEST_CASE("injection: a pragma is only ever a planner switch") {
  CompiledQuery query = CompileView(
      "SET enable_x = 'on; DROP TABLE x'; SET role = postgres; SELECT 1 AS a", Fixture(), {});
  REQUIRE(query.pragmas.size() == 1);
  CHECK(query.pragmas[0].name == "enable_x");
}

TEST_CASE("names: aliases are unique even where PostgreSQL would cut them") {
  std::string name(70, 'x');
  std::string sql = SqlOf("SELECT a.id FROM shop.orders AS a JOIN shop.orders AS \"" + name +
                          "1\" ON TRUE JOIN shop.orders AS \"" + name + "2\" ON TRUE");
  CHECK(sql.find("\"" + std::string(63, 'x') + "\"") != std::string::npos);
  CHECK(sql.find("\"" + std::string(60, 'x') + "__2\"") != std::string::npos);
}

// ---- speed

TEST_CASE("speed: a query of twenty lines compiles well within a millisecond" *
          doctest::may_fail()) {
  std::string text = "{ $c reference(shop.customers) NULL, $from datetime NULL }:\n";
  text += "SELECT o.id, o.number, o.customer=>name AS customer, o.customer=>city=>name AS city,\n";
  text += "  CASE WHEN o.total > 100 THEN 'big' ELSE 'small' END AS size,\n";
  text += "  sum(l.qty * l.price) AS total\n";
  text += "FROM shop.orders AS o\nLEFT JOIN shop.lines AS l ON l.\"order\" = o.id\n";
  text += "LEFT JOIN shop.products AS p ON p.id = l.product\n";
  text += "WHERE ($c IS NULL OR o.customer = $c)\n AND ($from IS NULL OR o.created >= $from)\n";
  text += Repeat("  AND o.state IN ('new', 'paid') AND o.total BETWEEN 1 AND 5\n", 8);
  text += "GROUP BY o.id, o.number, o.customer=>name, o.customer=>city=>name\n";
  text += "ORDER BY o.id DESC\nLIMIT 10\n";
  const int rounds = 50;
  auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < rounds; ++i) SqlOf(text);
  double each =
      std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count() /
      rounds;
  MESSAGE("milliseconds: " << each);
  CHECK(each < 1.0);
}

}  // namespace
}  // namespace fundb::funql
