// Runs the golden cases: test/funql/NAME.funql holds queries with an empty line between them, and
// NAME.sql (or NAME.err, when all of them must fail) what each compiles to.  The directory comes
// from FUNDB_TEST_DIR (environment or macro); FUNDB_UPDATE_GOLDEN=1 writes the answers anew.
// The same queries make the round trip: parse, format, parse again, compile to the same SQL.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "funql_support.h"

#ifndef FUNDB_TEST_DIR
#define FUNDB_TEST_DIR "test"
#endif

namespace fundb::funql {
namespace {

std::filesystem::path TestDirectory() {
  const char *given = std::getenv("FUNDB_TEST_DIR");
  return given != nullptr ? given : FUNDB_TEST_DIR;
}

std::string ReadFile(const std::filesystem::path &path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<std::string> Cases(const std::string &text) {
  std::vector<std::string> cases;
  size_t at = 0;
  while (at < text.size()) {
    size_t end = text.find("\n\n", at);
    if (end == std::string::npos) end = text.size();
    std::string one = text.substr(at, end - at);
    while (!one.empty() && one.back() == '\n') one.pop_back();
    if (!one.empty()) cases.push_back(one);
    at = end + 2;
  }
  return cases;
}

std::vector<std::filesystem::path> GoldenFiles() {
  std::vector<std::filesystem::path> files;
  for (const auto &entry : std::filesystem::directory_iterator(TestDirectory() / "funql")) {
    if (entry.path().extension() == ".funql") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

TEST_CASE("golden: every query compiles to what its file says") {
  std::vector<std::filesystem::path> files = GoldenFiles();
  CHECK(files.size() > 5);
  for (std::filesystem::path path : files) {
    CAPTURE(path.string());
    std::vector<std::string> cases = Cases(ReadFile(path));
    std::string answers;
    bool all_fail = true;
    bool any_fails = false;
    for (const std::string &text : cases) {
      std::string answer = CompileToText(text);
      bool fails = answer.compare(0, 6, "ERROR ") == 0;
      all_fail = all_fail && fails;
      any_fails = any_fails || fails;
      if (!answers.empty()) answers += "\n";
      answers += answer;
    }
    // A file is either good or bad: a mixed one hides a query that stopped to compile.
    CHECK(all_fail == any_fails);
    path.replace_extension(all_fail ? ".err" : ".sql");
    if (std::getenv("FUNDB_UPDATE_GOLDEN") != nullptr) {
      std::ofstream(path) << answers;
      continue;
    }
    std::string expected = ReadFile(path);
    if (answers == expected) continue;
    // Show the first case that differs, not the whole file.
    std::vector<std::string> got = Cases(answers);
    std::vector<std::string> wanted = Cases(expected);
    CHECK(got.size() == wanted.size());
    for (size_t i = 0; i < std::min(got.size(), wanted.size()); ++i) {
      CAPTURE(cases[i]);
      CHECK(got[i] == wanted[i]);
    }
  }
}

TEST_CASE("golden: messages to newcomers say what to do next") {
  std::vector<std::string> cases =
      Cases(ReadFile(TestDirectory() / "funql" / "newcomers_bad.funql"));
  CHECK(cases.size() > 150);
  for (const std::string &text : cases) {
    std::string answer = CompileToText(text);
    CAPTURE(answer);
    bool helps = answer.find("\nHINT: ") != std::string::npos ||
                 answer.find(", expected ") != std::string::npos;
    CHECK(helps);
  }
}

TEST_CASE("golden: parse, format and parse again mean the same") {
  for (const std::filesystem::path &path : GoldenFiles()) {
    for (const std::string &text : Cases(ReadFile(path))) {
      std::string compiled = CompileToText(text);
      if (compiled.compare(0, 6, "ERROR ") == 0) continue;
      CAPTURE(text);
      std::string formatted = FormatStatement(text);
      CHECK(FormatStatement(formatted) == formatted);
      std::string prefix = IsCommandText(text) ? "-- command\n" : "";
      CHECK(CompileToText(prefix + formatted) == compiled);
    }
  }
}

}  // namespace
}  // namespace fundb::funql
