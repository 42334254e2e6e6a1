// What public.entities says of an entity, for whoever asks by name.  C++ regime; reads with the
// rights of the extension's owner, and keeps it until the registry changes.
#pragma once

#include <string>

#include "pg/postgres.h"

namespace fundb::catalog {

struct EntitySettings {
  // The field that stands for a row in front of people; empty = not said.
  std::string main_field;
  bool is_frozen = false;
};

// Defaults for an entity that is not registered.  Needs no open SpiSession.
const EntitySettings &FindEntitySettings(Oid relation, const std::string &schema,
                                         const std::string &name);

}  // namespace fundb::catalog
