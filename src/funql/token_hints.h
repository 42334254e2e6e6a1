// What people who know another language wrote: recognized by the tokens around a syntax error.
// Pure.
#pragma once

#include <string>
#include <vector>

#include "funql/token.h"

namespace fundb::funql {

// What to do about a syntax error at tokens[at]; "" where nothing better can be said.  The last
// token is the end.
std::string HintAt(const std::vector<Token> &tokens, size_t at);

// The same within the block of arguments, behind an argument's type.
std::string HintInArguments(const std::vector<Token> &tokens, size_t at);

}  // namespace fundb::funql
