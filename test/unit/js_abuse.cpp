// Runs the hostile scripts of test/abuse against the engine; see the README there.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "js_fixture.h"

using fundb::Error;
using fundb::js::RunOptions;
using fundb::js::test::World;

namespace {

constexpr int kHeapLimitMb = 32;
// More than any script fills within the short deadline.
constexpr int kLargeHeapMb = 512;
// For what runs for ever, and for what ends by itself or by its memory, be the machine busy.
constexpr int kShortDeadlineMs = 100;
constexpr int kLongDeadlineMs = 60000;

std::string ReadFile(const std::filesystem::path &path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<std::filesystem::path> Scripts() {
  std::vector<std::filesystem::path> paths;
  auto folder = std::filesystem::path(__FILE__).parent_path().parent_path() / "abuse";
  for (const auto &entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".js") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

bool IsAmong(const std::string &outcome, const std::string &alternatives) {
  std::stringstream stream(alternatives);
  std::string one;
  while (std::getline(stream, one, '|')) {
    if (one == outcome) return true;
  }
  return false;
}

// How the script ends: the text of its value, or the SQLSTATE of its error.
std::string Outcome(World &world, const std::string &text, int timeout_ms, std::string *message) {
  RunOptions options;
  options.timeout_ms = timeout_ms;
  try {
    return world.Call(text, options);
  } catch (const Error &error) {
    *message = error.report().message;
    return error.report().sqlstate;
  }
}

}  // namespace

TEST_CASE("hostile scripts end as they should and harm nothing") {
  World world(kHeapLimitMb);
  std::vector<std::filesystem::path> scripts = Scripts();
  CHECK(scripts.size() >= 80);
  for (const auto &path : scripts) {
    std::string name = path.filename().string();
    CAPTURE(name);
    std::string text = ReadFile(path);
    std::string expected = text.substr(0, text.find('\n'));
    const std::string mark = "// expect: ";
    REQUIRE(expected.compare(0, mark.size(), mark) == 0);
    expected.erase(0, mark.size());
    std::string message;
    // What holds on to what it makes reaches either bound, if the other is far away.
    if (expected == "57014,53200") {
      World roomy(kLargeHeapMb);
      CHECK(Outcome(roomy, text, kShortDeadlineMs, &message) == "57014");
      expected = "53200";
    }
    int timeout_ms = expected == "57014" ? kShortDeadlineMs : kLongDeadlineMs;
    std::string outcome = Outcome(world, text, timeout_ms, &message);
    CAPTURE(outcome);
    CAPTURE(message);
    CHECK(IsAmong(outcome, expected));
    if (world.engine().NeedsReplacement()) world.Reset();
    CHECK(world.Body("await later(0); return [1, 2].map(x => x + 1).join();") == "2,3");
  }
}
