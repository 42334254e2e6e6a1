// Dates and times as ISO 8601 text: what scripts read and write.  Plain C++; knows nothing of types
// and settings.
#pragma once

#include <cstdint>
#include <string_view>

namespace fundb::convert {

struct IsoTime {
  bool has_date = false;
  bool has_time = false;
  bool has_zone = false;
  int year = 0;  // astronomical: 0 is 1 BC
  int month = 1;
  int day = 1;
  int hour = 0;
  int minute = 0;
  int second = 0;
  int microsecond = 0;  // rounded; 1,000,000 when .9999999 was rounded up
  int zone = 0;         // seconds east of Greenwich
};

// Reads
//   2024-03-10          12024-03-10        +012024-03-10 (as Date.toISOString writes it)
//   0044-03-15 BC       -000043-03-15      0000-01-01 (both 1 BC and the like)
//   12:30   12:30:05.5   24:00:00          with a zone: Z  +02  +02:00  -0330  +01:23:45
//   2024-03-10T12:30:05.123456+02:00       2024-03-10 12:30:05 BC
// Blanks around it are skipped.  False for anything else; days are checked against the month, hours
// and so on against the clock.
bool ParseIso(std::string_view text, IsoTime *result);

}  // namespace fundb::convert
