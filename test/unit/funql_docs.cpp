// Every example of docs/funql.md (blocks marked funql) compiles, and comes back from format.
#include <doctest/doctest.h>

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

std::string CompileEither(const std::string &text) {
  std::string as_view = CompileToText(text);
  bool command = as_view.find("a user view must be a query") != std::string::npos;
  return command ? CompileToText("-- command\n" + text) : as_view;
}

TEST_CASE("docs: every example of the reference compiles") {
  const char *given = std::getenv("FUNDB_TEST_DIR");
  std::filesystem::path tests = given != nullptr ? given : FUNDB_TEST_DIR;
  std::ifstream file(tests / ".." / "docs" / "funql.md");
  REQUIRE(file.is_open());
  std::string line;
  std::string example;
  bool inside = false;
  int examples = 0;
  while (std::getline(file, line)) {
    if (!inside) {
      inside = line == "```funql";
      example.clear();
      continue;
    }
    if (line != "```") {
      example += line + "\n";
      continue;
    }
    inside = false;
    ++examples;
    CAPTURE(example);
    std::string compiled = CompileEither(example);
    CHECK(compiled.substr(0, 6) != "ERROR ");
    CAPTURE(compiled);
    if (compiled.substr(0, 6) != "ERROR ") {
      CHECK(CompileEither(FormatStatement(example)) == compiled);
    }
  }
  CHECK(examples > 40);
}

}  // namespace
}  // namespace fundb::funql
