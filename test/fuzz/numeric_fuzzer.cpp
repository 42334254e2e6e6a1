// libFuzzer target: any bytes as the stored form of a numeric, and as a double.  A double that is
// given out has the digits that were stored; a double's shortest text is that double.
#include "convert/numeric_digits.h"

#include <cmath>
#include <cstring>
#include <vector>

#include "support.h"

using fundb::fuzz::Require;

namespace {

// The stored number as text, by long multiplication as one learns it at school.
std::string Digits(const std::vector<int> &groups) {
  std::string digits;
  for (int group : groups) {
    char text[16];
    std::snprintf(text, sizeof text, "%04d", group);
    digits += text;
  }
  return digits;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  // A copy of its own size: reading behind it is seen.
  std::vector<char> bytes(data, data + size);
  double number = 0;
  bool exact = fundb::convert::NumericToDouble(bytes.data(), bytes.size(), &number);
  // PostgreSQL's digits are below 10,000; others only show that nothing goes wrong.
  if (exact && std::isfinite(number) && size >= 2) {
    uint16_t header;
    std::memcpy(&header, data, sizeof header);
    bool is_short = (header & 0x8000) != 0;
    size_t begin = is_short ? 2 : 4;
    int weight = header & 0x3F;
    if (is_short && (header & 0x40) != 0) weight -= 64;
    if (!is_short) {
      int16_t stored;
      std::memcpy(&stored, data + 2, sizeof stored);
      weight = stored;
    }
    std::vector<int> groups;
    for (size_t at = begin; at + 2 <= size; at += 2) {
      int16_t group;
      std::memcpy(&group, data + at, sizeof group);
      if (group < 0 || group > 9999) return 0;
      groups.push_back(group);
    }
    std::string text = "0." + Digits(groups) + "e" + std::to_string(4 * (weight + 1));
    bool negative = is_short ? (header & 0x2000) != 0 : (header & 0xC000) == 0x4000;
    double expected = std::strtod(text.c_str(), nullptr);
    Require(number == (negative ? -expected : expected), "the nearest double");
  }
  if (size >= sizeof number) {
    std::memcpy(&number, data, sizeof number);
    if (std::isfinite(number)) {
      fundb::convert::ShortestText text;
      fundb::convert::WriteShortest(number, &text);
      Require(std::strtod(text.characters, nullptr) == number, "the shortest text is the number");
    }
  }
  return 0;
}
