// libFuzzer target: any bytes where base/text.h takes text.
#include "base/text.h"

#include "support.h"

using fundb::fuzz::Require;

namespace {

// UTF-8 by decoding it, where base/text.h goes by tables of bytes or the like.
bool Decodes(std::string_view text, int *characters) {
  *characters = 0;
  for (size_t i = 0; i < text.size(); ++*characters) {
    auto byte = [&](size_t at) { return static_cast<unsigned char>(text[at]); };
    unsigned lead = byte(i);
    int more = lead < 0x80       ? 0
               : lead >> 5 == 6  ? 1
               : lead >> 4 == 14 ? 2
               : lead >> 3 == 30 ? 3
                                 : -1;
    if (more < 0 || lead == 0 || i + static_cast<size_t>(more) >= text.size()) return false;
    unsigned point = more == 0 ? lead : lead & (0x3Fu >> more);
    for (int k = 1; k <= more; ++k) {
      unsigned next = byte(i + static_cast<size_t>(k));
      if (next >> 6 != 2) return false;
      point = point << 6 | (next & 0x3F);
    }
    constexpr unsigned kLeast[] = {0, 0x80, 0x800, 0x10000};
    if (point < kLeast[more] || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) {
      return false;
    }
    i += static_cast<size_t>(more) + 1;
  }
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  std::string text(reinterpret_cast<const char *>(data), size);
  int characters = 0;
  bool valid = Decodes(text, &characters);
  Require(fundb::IsValidUtf8(text) == valid, "IsValidUtf8");
  if (valid) Require(fundb::CharacterCount(text) == characters, "CharacterCount");
  std::string quoted = fundb::QuoteIdentifier(text);
  std::string unquoted;
  for (size_t i = 1; i + 1 < quoted.size(); ++i) {
    unquoted += quoted[i];
    if (quoted[i] == '"') Require(quoted[++i] == '"' && i + 1 < quoted.size(), "quotes in pairs");
  }
  Require(quoted.size() >= 2 && quoted.front() == '"' && quoted.back() == '"' && unquoted == text,
          "QuoteIdentifier");
  size_t half = text.find('\n');
  std::string name = text.substr(0, half);
  std::vector<std::string> candidates = {"id", half == text.npos ? "" : text.substr(half + 1)};
  std::string near = fundb::NearestName(name, candidates);
  Require(near.empty() || near == candidates[0] || near == candidates[1], "NearestName");
  return 0;
}
