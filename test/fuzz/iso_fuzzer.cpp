// libFuzzer target: any bytes as an ISO date, time or both.  What is accepted is a day of the
// calendar and a time of the clock, and written out in full it is read as the same again.
#include "convert/iso.h"

#include "support.h"

using fundb::convert::IsoTime;
using fundb::convert::ParseIso;
using fundb::fuzz::Require;

namespace {

std::string Written(const IsoTime &time) {
  char text[96];
  std::string result;
  if (time.has_date) {
    std::snprintf(text, sizeof text, "%c%06d-%02d-%02d", time.year < 0 ? '-' : '+',
                  std::abs(time.year), time.month, time.day);
    result = text;
  }
  if (time.has_time) {
    std::snprintf(text, sizeof text, "%s%02d:%02d:%02d.%06d", time.has_date ? "T" : "", time.hour,
                  time.minute, time.second, time.microsecond);
    result += text;
  }
  if (time.has_zone) {
    int zone = std::abs(time.zone);
    std::snprintf(text, sizeof text, "%c%02d:%02d:%02d", time.zone < 0 ? '-' : '+', zone / 3600,
                  zone / 60 % 60, zone % 60);
    result += text;
  }
  return result;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  IsoTime time;
  if (!ParseIso({reinterpret_cast<const char *>(data), size}, &time)) return 0;
  Require(time.has_date || time.has_time, "a date or a time");
  Require(time.month >= 1 && time.month <= 12, "month");
  Require(time.day >= 1 && time.day <= 31, "day");
  Require(time.hour >= 0 && time.hour <= 24, "hour");
  Require(time.minute >= 0 && time.minute <= 59, "minute");
  Require(time.second >= 0 && time.second <= 60, "second");
  Require(time.microsecond >= 0 && time.microsecond <= 1000000, "microsecond");
  Require(std::abs(time.zone) < 16 * 3600, "zone");
  if (time.microsecond == 1000000) return 0;  // has no text of its own
  IsoTime again;
  Require(ParseIso(Written(time), &again), "can be read again");
  Require(time.year == again.year && time.month == again.month && time.day == again.day &&
              time.hour == again.hour && time.minute == again.minute &&
              time.second == again.second && time.microsecond == again.microsecond &&
              time.zone == again.zone && time.has_zone == again.has_zone,
          "is the same again");
  return 0;
}
