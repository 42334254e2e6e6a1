// The digits are read from the stored form, which a type's on-disk format keeps the same over all
// versions: a detour by text would cost several times as much.

#include "convert/numeric_digits.h"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>

namespace fundb::convert {

namespace {

// The stored form: a header of one or two 16-bit words, then digits to the base 10,000.
constexpr uint16_t kSignMask = 0xC000;
constexpr uint16_t kNegative = 0x4000;
constexpr uint16_t kShort = 0x8000;
constexpr uint16_t kSpecial = 0xC000;
constexpr uint16_t kSpecialMask = 0xF000;
constexpr uint16_t kPositiveInfinity = 0xD000;
constexpr uint16_t kNegativeInfinity = 0xF000;
constexpr uint16_t kShortNegative = 0x2000;
constexpr uint16_t kShortWeightSign = 0x0040;
constexpr uint16_t kShortWeightMask = 0x003F;

// Any decimal of so many digits survives the way through a double and back.
constexpr int kSafeDigits = 15;
// A double has up to 17 digits in its shortest form; four of the base 10,000 may hold 13 to 16 of
// them, and five or six the rest with zeros around.
constexpr int kMostGroups = 6;
// 10^22 is the last power of ten that is a double.
constexpr int kGreatestExactPower = 22;
constexpr double kPowers[kGreatestExactPower + 1] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                     1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                     1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

// A decimal number: digits × 10^exponent, without zeros at the end of the digits.
struct Decimal {
  unsigned __int128 digits;
  int exponent;
};

Decimal Stripped(unsigned __int128 digits, int exponent) {
  while (digits != 0 && digits % 10 == 0) {
    digits /= 10;
    ++exponent;
  }
  return {digits, digits == 0 ? 0 : exponent};
}

int CountDigits(unsigned __int128 number) {
  int count = 0;
  for (; number != 0; number /= 10) ++count;
  return count;
}

// The digits of a text as `1.5e-07`, which a shortest form never exceeds 17 of.
Decimal ParseShortest(const char *text) {
  unsigned __int128 digits = 0;
  int exponent = 0;
  bool fraction = false;
  for (; *text != '\0'; ++text) {
    if (*text == '.') {
      fraction = true;
    } else if (*text == 'e') {
      exponent += std::atoi(text + 1);
      break;
    } else if (*text >= '0' && *text <= '9') {
      digits = digits * 10 + static_cast<unsigned>(*text - '0');
      exponent -= fraction ? 1 : 0;
    }
  }
  return Stripped(digits, exponent);
}

double Nearest(const Decimal &decimal) {
  char text[64];
  // Without a point: strtod must not depend on the locale's.
  std::snprintf(text, sizeof text, "%llu%019llue%d",
                static_cast<unsigned long long>(decimal.digits / 10000000000000000000ull),
                static_cast<unsigned long long>(decimal.digits % 10000000000000000000ull),
                decimal.exponent);
  return std::strtod(text, nullptr);
}

bool DecimalToDouble(const Decimal &decimal, double *result) {
  int count = CountDigits(decimal.digits);
  if (count <= kSafeDigits && std::abs(decimal.exponent) <= kGreatestExactPower) {
    // Both operands are exact, so one rounding gives the nearest double.
    auto whole = static_cast<double>(static_cast<uint64_t>(decimal.digits));
    *result = decimal.exponent < 0 ? whole / kPowers[-decimal.exponent]
                                   : whole * kPowers[decimal.exponent];
    return true;
  }
  if (count > std::numeric_limits<double>::max_digits10) {
    // A whole number may have more digits than its shortest form has: 2^60 reads
    // 1152921504606846976 and is shown as 1152921504606847000, which is another number.
    return false;
  }
  double nearest = Nearest(decimal);
  if (!std::isfinite(nearest)) return false;
  ShortestText text;
  WriteShortest(nearest, &text);
  Decimal shortest = ParseShortest(text.characters);
  if (shortest.digits != decimal.digits || shortest.exponent != decimal.exponent) return false;
  *result = nearest;
  return true;
}

}  // namespace

void WriteShortest(double number, ShortestText *text) {
  char *end = text->characters + sizeof text->characters - 1;
  *std::to_chars(text->characters, end, number, std::chars_format::scientific).ptr = '\0';
}

bool NumericToDouble(const char *bytes, size_t size, double *result) {
  uint16_t header;
  if (size < sizeof header) return false;
  std::memcpy(&header, bytes, sizeof header);
  if ((header & kSignMask) == kSpecial) {
    uint16_t special = header & kSpecialMask;
    *result = special == kPositiveInfinity   ? std::numeric_limits<double>::infinity()
              : special == kNegativeInfinity ? -std::numeric_limits<double>::infinity()
                                             : std::numeric_limits<double>::quiet_NaN();
    return true;
  }
  bool negative;
  int weight;
  size_t begin = sizeof header;
  if ((header & kShort) != 0) {
    negative = (header & kShortNegative) != 0;
    weight = header & kShortWeightMask;
    if ((header & kShortWeightSign) != 0) weight |= ~static_cast<int>(kShortWeightMask);
  } else {
    int16_t stored_weight;
    if (size < begin + sizeof stored_weight) return false;
    std::memcpy(&stored_weight, bytes + begin, sizeof stored_weight);
    begin += sizeof stored_weight;
    negative = (header & kSignMask) == kNegative;
    weight = stored_weight;
  }
  size_t groups = (size - begin) / sizeof(int16_t);
  if (groups > kMostGroups) return false;
  unsigned __int128 digits = 0;
  for (size_t i = 0; i < groups; ++i) {
    int16_t group;
    std::memcpy(&group, bytes + begin + i * sizeof group, sizeof group);
    digits = digits * 10000 + static_cast<unsigned>(group);
  }
  // The first group stands for group × 10,000^weight.
  int exponent = 4 * (weight - static_cast<int>(groups) + 1);
  if (!DecimalToDouble(Stripped(digits, exponent), result)) return false;
  if (negative) *result = -*result;
  return true;
}

}  // namespace fundb::convert
