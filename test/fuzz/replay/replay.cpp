// Runs every fuzz target over its seeds (test/fuzz/seeds/NAME, files in order), and over beginnings
// of each: that the targets compile and hold is tested without a fuzzer.  A target that does not
// hold aborts; what ran is printed.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

// V8 is not instrumented: what it holds looks lost.
extern "C" const char *__asan_default_options() { return "detect_leaks=0"; }

extern "C" {
int async_word_fuzzer(const uint8_t *data, size_t size);
int errors_fuzzer(const uint8_t *data, size_t size);
int escape_fuzzer(const uint8_t *data, size_t size);
int funql_fuzzer(const uint8_t *data, size_t size);
int iso_fuzzer(const uint8_t *data, size_t size);
int json_fuzzer(const uint8_t *data, size_t size);
int numeric_fuzzer(const uint8_t *data, size_t size);
int parameters_fuzzer(const uint8_t *data, size_t size);
int specifier_fuzzer(const uint8_t *data, size_t size);
int text_fuzzer(const uint8_t *data, size_t size);
}

namespace {

struct Target {
  const char *name;
  int (*run)(const uint8_t *data, size_t size);
};

constexpr Target kTargets[] = {
    {"async_word", async_word_fuzzer},
    {"errors", errors_fuzzer},
    {"escape", escape_fuzzer},
    {"funql", funql_fuzzer},
    {"iso", iso_fuzzer},
    {"json", json_fuzzer},
    {"numeric", numeric_fuzzer},
    {"parameters", parameters_fuzzer},
    {"specifier", specifier_fuzzer},
    {"text", text_fuzzer},
};

std::string Read(const std::filesystem::path &path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void Run(const Target &target, const std::string &input) {
  (void)target.run(reinterpret_cast<const uint8_t *>(input.data()), input.size());
}

}  // namespace

int main() {
  int inputs = 0;
  for (const Target &target : kTargets) {
    std::filesystem::path folder = std::string(FUNDB_TEST_DIR) + "/fuzz/seeds/" + target.name;
    std::vector<std::filesystem::path> seeds;
    for (const auto &file : std::filesystem::directory_iterator(folder)) {
      seeds.push_back(file.path());
    }
    if (seeds.empty()) {
      std::printf("%s has no seeds\n", target.name);
      return 1;
    }
    std::sort(seeds.begin(), seeds.end());
    for (const std::filesystem::path &seed : seeds) {
      std::printf("%s %s\n", target.name, seed.filename().c_str());
      std::fflush(stdout);
      std::string input = Read(seed);
      constexpr size_t kParts = 8;
      for (size_t part = 0; part <= kParts; ++part) {
        Run(target, input.substr(0, input.size() * part / kParts));
        ++inputs;
      }
    }
  }
  std::printf("fuzz seeds: %d inputs hold\n", inputs);
  return 0;
}
