// What FunDB asks the session it lives in.  Implemented by extension/, so that nothing in here
// needs a global.
#pragma once

#include <optional>
#include <string>

#include "base/settings.h"

#include "pg/postgres.h"

namespace fundb::api {

// The rule whose code is running.
struct RunningRule {
  std::string schema;  // the owning namespace
  std::string name;
  std::string entity_schema;
  std::string entity_name;
  std::string owner;  // the name of the role that last wrote the rule
};

class Environment {
 public:
  virtual ~Environment() = default;

  virtual const Settings &settings() const = 0;

  // The innermost running rule; nothing when none runs.
  virtual std::optional<RunningRule> running_rule() const = 0;
};

}  // namespace fundb::api
