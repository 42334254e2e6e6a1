// Text crosses between PostgreSQL, where it is in the database's encoding, and C++ and JavaScript,
// where it is UTF-8.  In a UTF-8 database, and for ASCII anywhere, nothing is done.  C++ regime,
// except where it says otherwise.
#pragma once

#include <string>

#include "pg/postgres.h"

extern "C" {
#include "mb/pg_wchar.h"
}

namespace fundb::pg {

inline bool IsServerUtf8() { return GetDatabaseEncoding() == PG_UTF8; }

// Null gives an empty string.  Text that is not valid in the database's encoding is an error.
std::string FromServer(const char *text);

// To be called within Call: the text's own characters where nothing is to be done, else new ones in
// the current memory.  A character that the encoding does not have is an error.
const char *ToServer(const std::string &text);

// For messages: what cannot be converted becomes a question mark.
std::string FromServerForced(const char *text);
std::string ToServerForced(std::string text);

}  // namespace fundb::pg
