// FunQL text to tokens.  Takes any bytes; throws Error for text that holds no tokens of the
// language.
#pragma once

#include <vector>

#include "funql/diagnostics.h"
#include "funql/steps.h"
#include "funql/token.h"

namespace fundb::funql {

// The last token is always kEnd, placed behind the text.
std::vector<Token> Tokenize(const Diagnostics &diagnostics, Steps *steps);

}  // namespace fundb::funql
