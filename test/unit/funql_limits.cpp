// How large a query may be, and that a compile serves interrupts whatever it is given.
#include <doctest/doctest.h>

#include <chrono>
#include <functional>

#include "funql_support.h"

namespace fundb::funql {
namespace {

// `piece` of 0, 1, 2, … between a head and a tail, with commas.
std::string List(const std::string &head, int count, const std::function<std::string(int)> &piece,
                 const std::string &tail) {
  std::string text = head;
  for (int i = 0; i < count; ++i) text += (i == 0 ? "" : ",") + piece(i);
  return text + tail;
}

std::string List(const std::string &head, int count, const std::string &piece,
                 const std::string &tail) {
  return List(
      head, count, [&piece](int) { return piece; }, tail);
}

// Short, so that many fit into a text.
std::string NameOf(int number) {
  std::string name = "$z";
  for (; number > 0; number /= 26) name += static_cast<char>('a' + number % 26);
  return name;
}

std::string Arguments(int count) {
  return List(
      "{", count, [](int i) { return NameOf(i) + " int"; }, "}: SELECT 1 AS x");
}

// Counts how often it is asked, and fails when it is asked for the last time allowed.
class AskedSchema : public FixtureSchema {
 public:
  explicit AskedSchema(int most) : most_(most) {}
  void CheckInterrupts() const override {
    if (++asked_ >= most_) throw Error(sqlstate::kQueryCanceled, "canceled");
  }
  int asked() const { return asked_; }

 private:
  int most_;
  mutable int asked_ = 0;
};

std::string StateOf(const std::string &text, const Schema &schema) {
  try {
    CompileView(text, schema, CompileOptions());
  } catch (const Error &error) {
    return error.report().sqlstate;
  }
  return "";
}

double SecondsOf(const std::function<void()> &work) {
  auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

TEST_CASE("arguments: as many as PostgreSQL has parameters") {
  CHECK(StateOf(Arguments(65535), Fixture()) == "");
  std::string text = Arguments(65536);
  Report report = FailureOf(text);
  CHECK(report.sqlstate == "54023");
  CHECK(report.message == "query declares more than 65535 arguments");
  CHECK(report.internal_position == static_cast<int>(text.rfind('$')) + 1);
  CHECK(report.hint.find("one array") != std::string::npos);
}

TEST_CASE("columns: as many as PostgreSQL has, with those that nobody sees") {
  CHECK(StateOf(List("SELECT ", 1664, "1", ""), Fixture()) == "");
  CHECK(FailureOf(List("SELECT ", 1665, "1", "")).message ==
        "query has more than 1664 result columns");
  CHECK(StateOf(List("SELECT ", 1665, "1", ""), Fixture()) == "54011");
  CHECK(StateOf(List("SELECT ", 1665, "@a = id", ", id FROM shop.orders"), Fixture()) == "54011");
  CHECK(StateOf(List("SELECT id FROM shop.orders ORDER BY ", 1665, "1 + 1", ""), Fixture()) ==
        "54011");
  CHECK(StateOf(List("SELECT 1 AS x FROM shop.orders GROUP BY ", 1665, "id", ""), Fixture()) ==
        "54011");
}

TEST_CASE("names: what PostgreSQL compares with all others, or joins to them") {
  auto name = [](int i) { return NameOf(i).substr(1); };
  auto with = [&](int count) {
    return List(
        "WITH ", count, [&](int i) { return name(i) + " AS (SELECT 1 AS a)"; }, " SELECT 1 AS x");
  };
  CHECK(StateOf(with(5000), Fixture()) == "");
  CHECK(FailureOf(with(5001)).message == "query has more than 5000 entries in WITH");
  CHECK(FailureOf(List(
                      "SELECT 1 AS x FROM shop.orders WINDOW ", 5001,
                      [&](int i) { return name(i) + " AS ()"; }, ""))
            .message == "query has more than 5000 entries in WINDOW");
  // Each source is followed once more; the same row again costs nothing.
  auto arrows = [](int rows) {
    std::string text =
        "SELECT 1 AS x FROM base.people p0 JOIN base.people p1 ON TRUE WHERE 1 IN (1";
    std::string chain = "boss";
    for (int i = 0; i < rows / 2; ++i) {
      text += ", p0." + chain + "=>id, p0." + chain + "=>name, p1." + chain + "=>id";
      chain += "=>boss";
    }
    return text + (rows % 2 == 0 ? ")" : ", p0.city=>id)");
  };
  CHECK(StateOf(arrows(250), Fixture()) == "");
  CHECK(StateOf(arrows(251), Fixture()) == "54000");
  CHECK(FailureOf(arrows(251)).message == "query has more than 250 different rows behind =>");
}

TEST_CASE("expressions: long lists, and short texts that stand for much, are refused") {
  Report report = FailureOf(List("SELECT 1 AS x WHERE 1 IN (", 250'000, "1", ")"));
  CHECK(report.sqlstate == "54000");
  CHECK(report.message == "query holds or stands for more than 250000 expressions");
  CHECK(report.hint.find("instead of *") != std::string::npos);
  CHECK(StateOf(List("SELECT 1 AS x WHERE 1 IN (", 249'000, "1", ")"), Fixture()) == "");
  // Eight fields each.
  CHECK(StateOf(
            List("SELECT 1 AS x WHERE TRUE IN (", 30'000, "EXISTS(SELECT * FROM shop.orders)", ")"),
            Fixture()) == "54000");
}

TEST_CASE("operators: one has 63 characters at most, and a run of them takes no time") {
  std::string longest(63, '@');
  CHECK(SqlOf("SELECT 1 " + longest + " 1 AS x") == "SELECT 1 " + longest + " 1 AS \"x\"");
  CHECK(FailureOf("SELECT 1 @" + longest + " 1 AS x").message == "operator is too long");
  CHECK(FailureOf("SELECT 1 " + std::string(100'000, '@') + " 1 AS x").internal_position == 10);
  CHECK(SqlOf("SELECT 1 " + longest + "-- comment\n 1 AS x") ==
        "SELECT 1 " + longest + " 1 AS \"x\"");
  CHECK(SecondsOf([] {
          CHECK(StateOf("SELECT " + std::string(3000, '+') + "1 AS x", Fixture()) == "54001");
          CHECK(StateOf("SELECT " + std::string(1'000'000, '(') + "1 AS x", Fixture()) == "54001");
        }) < 10);
}

TEST_CASE("speed: nothing is compared with all that stands before it") {
  // Each took from ten seconds to minutes.
  CHECK(SecondsOf([] { StateOf(Arguments(65535), Fixture()); }) < 5);
  std::string used = List(
      "{", 30'000, [](int i) { return NameOf(i) + " int"; }, "}: SELECT 1 AS x WHERE 1 IN (");
  used = List(
      used, 90'000, [](int i) { return NameOf(i % 30'000); }, ")");
  CHECK(SecondsOf([&] { CHECK(StateOf(used, Fixture()) == ""); }) < 5);
  // Aliases of one name: orders, orders__2, …
  std::string tables = "WITH " + List(
                                     "", 5000,
                                     [](int i) {
                                       return NameOf(i).substr(1) +
                                              " AS (SELECT 1 AS a FROM shop.orders, shop.orders o)";
                                     },
                                     " SELECT 1 AS x");
  CHECK(SecondsOf([&] { CHECK(StateOf(tables, Fixture()) == ""); }) < 5);
  // The nearest of very many names.
  CHECK(SecondsOf([&] {
          CHECK(StateOf(Arguments(65535) + ", $nosuchargumentatall AS y", Fixture()) == "42704");
        }) < 5);
}

TEST_CASE("interrupts: every stage asks, and what the schema throws ends the compile") {
  const std::string texts[] = {
      Arguments(20'000),
      List("SELECT id FROM shop.orders WHERE id IN (", 20'000, "id", ")"),
      List("SELECT id FROM shop.orders WHERE id IN (", 5000, "customer=>name", ")"),
      List("SELECT id FROM shop.orders WHERE id IN (", 2000, "(SELECT id FROM shop.lines)", ")"),
      List("SELECT id, ", 5000, "@a = 1", " FROM shop.orders"),
      List("SELECT [", 20'000, "1", "] AS x"),
      "SELECT " + std::string(100'000, '(') + "1 AS x",
  };
  for (const std::string &text : texts) {
    CAPTURE(text.substr(0, 60));
    AskedSchema patient(1'000'000);
    std::string state = StateOf(text, patient);
    CHECK(state != "57014");
    CHECK(patient.asked() >= 5);
    for (int most = 1; most <= patient.asked(); ++most) {
      CHECK(StateOf(text, AskedSchema(most)) == "57014");
    }
  }
}

}  // namespace
}  // namespace fundb::funql
