// The settings that change how PostgreSQL writes and reads values, held at fixed values for a
// scope: what JavaScript sees must not depend on DateStyle, TimeZone and their like.
//
// The variables behind the settings are set directly.  A nest level of settings would cost
// microseconds per value, and next to nothing can see the difference: text input and output
// functions of types read these variables and do not set them, and the scope ends on every path.
// Only a range over a domain over dates or times runs other code, the domain's checks.
#pragma once

#include "convert/postgres_values.h"

namespace fundb::convert {

class PinnedSettings {
 public:
  // Throws Error.
  PinnedSettings();
  ~PinnedSettings();
  PinnedSettings(const PinnedSettings &) = delete;
  PinnedSettings &operator=(const PinnedSettings &) = delete;

 private:
  int date_style_;
  int date_order_;
  int interval_style_;
  int extra_float_digits_;
  int bytea_output_;
  int xml_option_;
  bool array_nulls_;
  pg_tz *time_zone_;
};

}  // namespace fundb::convert
