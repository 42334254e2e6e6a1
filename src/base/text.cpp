#include "base/text.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>

namespace fundb {

std::string Shortened(std::string_view name) {
  if (name.size() <= kMostQuotedBytes) return std::string(name);
  size_t end = kMostQuotedBytes;
  // A character is not cut in two.
  while (end > 0 && (name[end] & 0xc0) == 0x80) --end;
  return std::string(name.substr(0, end)) + "…";
}

std::string Quoted(std::string_view name) { return "\"" + Shortened(name) + "\""; }

std::string WithoutNul(std::string text) {
  constexpr const char *kReplacement = "\xef\xbf\xbd";
  for (size_t at = 0; (at = text.find('\0', at)) != std::string::npos;) {
    text.replace(at, 1, kReplacement);
  }
  return text;
}

std::string QuoteIdentifier(std::string_view name) {
  std::string result = "\"";
  for (char c : name) {
    if (c == '"') result += '"';
    result += c;
  }
  result += '"';
  return result;
}

std::string Upper(std::string word) {
  for (char &c : word) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return word;
}

namespace {

// Edit distance in half steps: a letter of the other case costs 1, any other edit 2, and so do two
// neighbours that changed places (qyt for qty), the commonest slip of all.
// Once it is more than `most`, anything above `most`.
int Distance(std::string_view a, std::string_view b, int most) {
  int difference = 2 * std::abs(static_cast<int>(a.size()) - static_cast<int>(b.size()));
  if (difference > most) return difference;
  std::vector<int> before(b.size() + 1);
  std::vector<int> previous(b.size() + 1);
  std::vector<int> current(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) previous[j] = static_cast<int>(2 * j);
  int least_before = 0;
  for (size_t i = 1; i <= a.size(); ++i) {
    current[0] = static_cast<int>(2 * i);
    int least = current[0];
    for (size_t j = 1; j <= b.size(); ++j) {
      auto x = static_cast<unsigned char>(a[i - 1]);
      auto y = static_cast<unsigned char>(b[j - 1]);
      int change = x == y ? 0 : (std::tolower(x) == std::tolower(y) ? 1 : 2);
      current[j] = std::min({previous[j] + 2, current[j - 1] + 2, previous[j - 1] + change});
      bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) current[j] = std::min(current[j], before[j - 2] + 2);
      least = std::min(least, current[j]);
    }
    // Each value comes from one of the two rows before, and is no less.
    if (least > most && least_before > most) return least;
    least_before = least;
    std::swap(before, previous);
    std::swap(previous, current);
  }
  return previous[b.size()];
}

// Names longer than this are cut before they are compared: the cost is quadratic.
constexpr size_t kComparedBytes = 63;
// Of more candidates, such as the fields of hundreds of sources, only these: it takes milliseconds.
constexpr size_t kMostCandidates = 20'000;

}  // namespace

std::string NearestName(std::string_view name, const std::vector<std::string> &candidates) {
  name = name.substr(0, kComparedBytes);
  // Half of the letters may differ, at most three: PostgreSQL's own rule for column names.
  int best = std::min<int>(6, static_cast<int>(name.size()));
  const std::string *nearest = nullptr;
  size_t count = std::min(candidates.size(), kMostCandidates);
  for (size_t i = 0; i < count; ++i) {
    const std::string &candidate = candidates[i];
    int distance = Distance(name, std::string_view(candidate).substr(0, kComparedBytes), best);
    if (distance < best || (distance == best && nearest == nullptr)) {
      best = distance;
      nearest = &candidate;
    }
  }
  return nearest == nullptr ? std::string() : *nearest;
}

int CharacterCount(std::string_view utf8) {
  int count = 0;
  for (char c : utf8) {
    if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) ++count;
  }
  return count;
}

bool IsValidUtf8(std::string_view bytes) {
  size_t i = 0;
  while (i < bytes.size()) {
    auto c = static_cast<unsigned char>(bytes[i]);
    size_t length = c < 0x80 ? 1 : (c >> 5) == 6 ? 2 : (c >> 4) == 14 ? 3 : (c >> 3) == 30 ? 4 : 0;
    if (c == 0 || length == 0 || i + length > bytes.size()) return false;
    unsigned value = length == 1 ? c : c & (0x7Fu >> length);
    for (size_t k = 1; k < length; ++k) {
      auto next = static_cast<unsigned char>(bytes[i + k]);
      if ((next & 0xC0) != 0x80) return false;
      value = (value << 6) | (next & 0x3Fu);
    }
    if ((length == 2 && value < 0x80) || (length == 3 && value < 0x800) ||
        (length == 4 && value < 0x10000) || value > 0x10FFFF ||
        (value >= 0xD800 && value <= 0xDFFF)) {
      return false;
    }
    i += length;
  }
  return true;
}

}  // namespace fundb
