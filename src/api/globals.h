// The values of $$user, $$user_id, $$lang, $$transaction_time and $$transaction_id, as they are
// now. PostgreSQL only; C++ regime.
#pragma once

#include <optional>
#include <string>

#include "base/settings.h"
#include "funql/funql.h"

#include "pg/postgres.h"

namespace fundb::api {

// The setting fundb.user_name, else the session user.
std::string CurrentUserName(const Settings &settings);

// The value as text, as PostgreSQL's input functions read it; nothing = NULL.  `kind` is one of the
// globals.  Needs an open SpiSession.
std::optional<std::string> GlobalText(funql::ParameterKind kind, const Settings &settings);

}  // namespace fundb::api
