// The current values of the extension's settings, as plain data.  extension/settings.cpp defines
// them.
#pragma once

#include <string>

namespace fundb {

struct Settings {
  int max_depth = 16;       // nested rules
  int heap_limit_mb = 256;  // MB of JavaScript memory per session
  int rule_timeout_ms = 0;  // ms per rule call, 0 = off
  int direct_after = 100;   // calls of a handler with objects before those with columns, -1 = never
  bool ignore_unknown_fields = false;
  bool enabled = true;
  bool prestart = true;   // when preloaded: an engine in the postmaster, for all sessions
  std::string user_name;  // empty = unset, as for all strings here
  std::string user_id;
  std::string lang;
};

}  // namespace fundb
