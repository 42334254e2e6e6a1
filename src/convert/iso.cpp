#include "convert/iso.h"

namespace fundb::convert {

namespace {

// More digits than any year of PostgreSQL or JavaScript has.
constexpr int kMostYearDigits = 7;
constexpr int kFractionDigits = 6;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsBlank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

bool IsLeap(int year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

int DaysOf(int year, int month) {
  static constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && IsLeap(year) ? 29 : kDays[month - 1];
}

class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {
    while (!rest_.empty() && IsBlank(rest_.front())) rest_.remove_prefix(1);
    while (!rest_.empty() && IsBlank(rest_.back())) rest_.remove_suffix(1);
  }

  bool Read(IsoTime *result) {
    // A time has its colon at the third place, a date never.
    if (rest_.size() > 2 && rest_[2] == ':') {
      return ReadTime(result) && ReadZone(result) && rest_.empty();
    }
    if (!ReadDate(result)) return false;
    if (TakeAny("Tt") || (rest_.size() > 1 && rest_[0] == ' ' && IsDigit(rest_[1]) && Take(' '))) {
      if (!ReadTime(result) || !ReadZone(result)) return false;
    }
    if (!ReadEra(result)) return false;
    return rest_.empty() && result->day <= DaysOf(result->year, result->month);
  }

 private:
  bool Take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool TakeAny(std::string_view set) {
    return !rest_.empty() && set.find(rest_.front()) != std::string_view::npos &&
           Take(rest_.front());
  }

  // Exactly two digits, at most `most`.
  bool TwoDigits(int most, int *number) {
    if (rest_.size() < 2 || !IsDigit(rest_[0]) || !IsDigit(rest_[1])) return false;
    *number = (rest_[0] - '0') * 10 + (rest_[1] - '0');
    rest_.remove_prefix(2);
    return *number <= most;
  }

  bool ReadDate(IsoTime *result) {
    result->has_date = true;
    signed_ = !rest_.empty() && (rest_[0] == '-' || rest_[0] == '+');
    bool negative = signed_ && rest_[0] == '-';
    if (signed_) rest_.remove_prefix(1);
    int digits = 0;
    for (; !rest_.empty() && IsDigit(rest_[0]); rest_.remove_prefix(1)) {
      if (++digits > kMostYearDigits) return false;
      result->year = result->year * 10 + (rest_[0] - '0');
    }
    // Two-digit years are nobody's guess; the signed form has six digits.
    if (digits < (signed_ ? 6 : 4)) return false;
    if (negative) result->year = -result->year;
    return Take('-') && TwoDigits(12, &result->month) && result->month >= 1 && Take('-') &&
           TwoDigits(31, &result->day) && result->day >= 1;
  }

  bool ReadTime(IsoTime *result) {
    result->has_time = true;
    if (!TwoDigits(24, &result->hour) || !Take(':') || !TwoDigits(59, &result->minute)) {
      return false;
    }
    // A leap second is the first second of the next minute, as in PostgreSQL.
    if (Take(':') && (!TwoDigits(60, &result->second) || !ReadFraction(result))) return false;
    return result->hour < 24 ||
           (result->minute == 0 && result->second == 0 && result->microsecond == 0);
  }

  bool ReadFraction(IsoTime *result) {
    if (!TakeAny(".,")) return true;
    int digits = 0;
    bool up = false;
    for (; !rest_.empty() && IsDigit(rest_[0]); rest_.remove_prefix(1)) {
      if (digits < kFractionDigits) {
        result->microsecond = result->microsecond * 10 + (rest_[0] - '0');
      } else if (digits == kFractionDigits) {
        up = rest_[0] >= '5';
      }
      ++digits;
    }
    if (digits == 0) return false;
    for (; digits < kFractionDigits; ++digits) result->microsecond *= 10;
    if (up) ++result->microsecond;
    return true;
  }

  bool ReadZone(IsoTime *result) {
    if (TakeAny("Zz")) {
      result->has_zone = true;
      return true;
    }
    if (rest_.empty() || (rest_[0] != '+' && rest_[0] != '-')) return true;
    result->has_zone = true;
    bool west = rest_[0] == '-';
    rest_.remove_prefix(1);
    int hours;
    int minutes = 0;
    int seconds = 0;
    // PostgreSQL's limit; no zone was ever that far.
    if (!TwoDigits(15, &hours)) return false;
    if (Take(':')) {
      if (!TwoDigits(59, &minutes)) return false;
      if (Take(':') && !TwoDigits(59, &seconds)) return false;
    } else if (!rest_.empty() && IsDigit(rest_[0]) && !TwoDigits(59, &minutes)) {
      return false;
    }
    result->zone = hours * 3600 + minutes * 60 + seconds;
    if (west) result->zone = -result->zone;
    return true;
  }

  // " BC" turns 44 into the year 44 before the year 1.
  bool ReadEra(IsoTime *result) {
    if (rest_.empty()) return true;
    if (rest_ != " BC" && rest_ != " bc") return false;
    rest_ = std::string_view();
    if (signed_ || result->year < 1) return false;
    result->year = 1 - result->year;
    return true;
  }

  std::string_view rest_;
  bool signed_ = false;
};

}  // namespace

bool ParseIso(std::string_view text, IsoTime *result) {
  *result = IsoTime();
  return Reader(text).Read(result);
}

}  // namespace fundb::convert
