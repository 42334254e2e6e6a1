#include "funql/keywords.h"

#include <algorithm>
#include <iterator>

namespace fundb::funql {

namespace {

// Words that cannot be names without quotes, sorted.  The original reserves more; here those are
// names wherever they cannot be anything else.
constexpr std::string_view kReserved[] = {
    "all",   "and",      "any",    "array",     "as",     "asc",     "case",  "default", "delete",
    "desc",  "distinct", "else",   "end",       "false",  "for",     "from",  "group",   "ilike",
    "in",    "inner",    "insert", "intersect", "into",   "is",      "join",  "lateral", "left",
    "like",  "limit",    "not",    "null",      "offset", "on",      "only",  "or",      "order",
    "outer", "right",    "row",    "select",    "set",    "similar", "some",  "then",    "to",
    "true",  "union",    "update", "using",     "values", "when",    "where", "with"};

// More words that cannot be an alias without AS, because they begin what may follow; sorted.
constexpr std::string_view kNotBareAlias[] = {
    "at",     "between", "collate",   "cross",     "except",      "fetch",   "filter",
    "full",   "having",  "inherited", "isnull",    "natural",     "notnull", "nulls",
    "oftype", "over",    "overlaps",  "returning", "tablesample", "window",  "within"};

// Sorted.
constexpr std::string_view kGoesOn[] = {"as",  "from",  "join",  "on",     "select",
                                        "set", "union", "using", "values", "where"};

template <size_t N>
bool Contains(const std::string_view (&words)[N], std::string_view word) {
  return std::binary_search(std::begin(words), std::end(words), word);
}

}  // namespace

bool IsReservedWord(std::string_view word) { return Contains(kReserved, word); }

bool BeginsClause(std::string_view word) { return Contains(kNotBareAlias, word); }

bool GoesOn(std::string_view word) { return Contains(kGoesOn, word); }

}  // namespace fundb::funql
