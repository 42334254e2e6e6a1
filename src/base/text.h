// Small helpers for text: quoting as users read it, the nearest of some names, UTF-8.  Standard C++
// only.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fundb {

// A name as errors show it: of longer texts that a script gave for one only the beginning, and "…".
constexpr size_t kMostQuotedBytes = 1000;
std::string Shortened(std::string_view name);

// The same in double quotes for messages, as PostgreSQL's own messages show names (no escaping).
std::string Quoted(std::string_view name);

// A text that may go where NUL ends texts: U+FFFD in its place, or all behind it would be gone
// without a trace.
std::string WithoutNul(std::string text);

// An SQL and FunQL identifier, always quoted, inner quotes doubled: a"b -> "a""b".
std::string QuoteIdentifier(std::string_view name);

// "rows" -> "ROWS"; letters of ASCII only.
std::string Upper(std::string word);

// The candidate within a small edit distance of `name`, or "" when none is near.  Case counts half.
// Of very many candidates the first are looked at.
std::string NearestName(std::string_view name, const std::vector<std::string> &candidates);

// Number of characters (not bytes) of valid UTF-8.
int CharacterCount(std::string_view utf8);

// True when the bytes are well-formed UTF-8 without NUL.
bool IsValidUtf8(std::string_view bytes);

}  // namespace fundb
