// Names in messages: how they are shown, and what a hint suggests for one that does not exist.
#include <doctest/doctest.h>

#include "base/report.h"
#include "base/text.h"

namespace fundb {
namespace {

TEST_CASE("near names: two letters that changed places are one step") {
  const std::vector<std::string> fields = {"id", "qty", "price", "product"};
  CHECK(NearestName("qyt", fields) == "qty");
  CHECK(NearestName("ytq", fields).empty());
  CHECK(NearestName("pirce", fields) == "price");
  CHECK(NearestName("prodcut", fields) == "product");
  CHECK(NearestName("lenght", {"height", "length"}) == "length");
}

TEST_CASE("quoted names are cut between characters when they are long") {
  CHECK(Quoted("a\"b") == "\"a\"b\"");
  const std::string most(kMostQuotedBytes, 'x');
  CHECK(Quoted(most) == "\"" + most + "\"");
  CHECK(Quoted(most + "y") == "\"" + most + "…\"");
  CHECK(Quoted(most.substr(1) + "ä") == "\"" + most.substr(1) + "…\"");
}

TEST_CASE("names of a report are cut in the same way") {
  Report report;
  report.column = std::string(kMostQuotedBytes + 1, 'x');
  CHECK(HasLongNames(report));
  ShortenNames(&report);
  CHECK(report.column == std::string(kMostQuotedBytes, 'x') + "…");
  report = Report();
  report.message = std::string(kMostQuotedBytes + 1, 'x');
  report.argument = "name";
  CHECK(!HasLongNames(report));
}

TEST_CASE("near names: of very many, and of long ones, without taking long") {
  std::vector<std::string> names(500'000, std::string(60, 'a') + "bcd");
  CHECK(NearestName(std::string(60, 'c') + "bcd", names).empty());
  names[1] = "total";
  CHECK(NearestName("totla", names) == "total");
  // The longest that is near enough, on both sides.
  CHECK(NearestName("description", {"descr"}).empty());
  CHECK(NearestName("description", {"descript"}) == "descript");
  CHECK(NearestName("descript", {"description"}) == "description");
}

TEST_CASE(
    "near names: letters of the other case are half a step, and half of a name must be right") {
  CHECK(NearestName("Total", {"total", "totals"}) == "total");
  CHECK(NearestName("ID", {"uid", "id"}) == "id");
  CHECK(NearestName("x", {"qty"}).empty());
  CHECK(NearestName("ab", {"cd"}).empty());
  CHECK(NearestName("", {"a"}).empty());
  CHECK(NearestName("abcdefghij", {"klmnopqrst"}).empty());
}

}  // namespace
}  // namespace fundb
