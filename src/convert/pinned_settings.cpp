#include "convert/pinned_settings.h"

#include "pg/call.h"

namespace fundb::convert {

namespace {

// PostgreSQL keeps every zone it ever loaded, this one from its start on.
pg_tz *Utc() {
  static pg_tz *zone = pg::Call([] { return pg_tzset("GMT"); });
  return zone;
}

}  // namespace

PinnedSettings::PinnedSettings()
    : date_style_(DateStyle),
      date_order_(DateOrder),
      interval_style_(IntervalStyle),
      extra_float_digits_(extra_float_digits),
      bytea_output_(bytea_output),
      xml_option_(xmloption),
      array_nulls_(Array_nulls),
      time_zone_(session_timezone) {
  pg_tz *utc = Utc();
  DateStyle = USE_ISO_DATES;
  DateOrder = DATEORDER_YMD;
  IntervalStyle = INTSTYLE_POSTGRES;
  extra_float_digits = 1;  // the shortest text that reads back as the same number
  bytea_output = BYTEA_OUTPUT_HEX;
  xmloption = XMLOPTION_CONTENT;  // takes documents as well
  Array_nulls = true;
  session_timezone = utc;
}

PinnedSettings::~PinnedSettings() {
  DateStyle = date_style_;
  DateOrder = date_order_;
  IntervalStyle = interval_style_;
  extra_float_digits = extra_float_digits_;
  bytea_output = bytea_output_;
  xmloption = xml_option_;
  Array_nulls = array_nulls_;
  session_timezone = time_zone_;
}

}  // namespace fundb::convert
