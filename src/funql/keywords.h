// Words of the grammar that are no names.  Pure.
#pragma once

#include <string_view>

namespace fundb::funql {

// Needs quotes to be a name.
bool IsReservedWord(std::string_view word);

// Begins what may follow an expression or a source: cannot be an alias without AS.
bool BeginsClause(std::string_view word);

// Goes on with the query where a name should have been.
bool GoesOn(std::string_view word);

}  // namespace fundb::funql
