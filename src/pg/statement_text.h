// The text of the statement that is being executed, parsed again: what is lost in a plan stands in
// it.  C++ regime.
#pragma once

#include "pg/postgres.h"

struct EState;

namespace fundb::pg {

// The part of the source text that is the statement; null when the plan was not made from text
// (rewrite rules, stored bodies of functions).
const char *StatementText(const struct EState *state, int *length) noexcept;

// Whether the text has the word, which is in lower case, in any case; inside of others too.
bool HasWord(const char *text, int length, const char *word) noexcept;

// The raw parse trees of the statement's text, or where that is not known of the whole source text;
// NIL when it is no SQL.  Parsed once for all triggers of the statement; lives as long as the
// execution.
List *ParsedStatement(struct EState *state);

}  // namespace fundb::pg
