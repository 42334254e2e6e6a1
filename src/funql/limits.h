// How large a query may become.  Its depth is bounded by the parser (kMaxNesting).
#pragma once

#include <cstddef>

namespace fundb::funql {

// Of a text.  Compiling takes up to 300 MB for this much, mostly for kMostExpressions nodes in each
// stage.
inline constexpr size_t kMostTextBytes = size_t{1} << 20;
// PostgreSQL numbers the parameters of a statement with 16 bits.
inline constexpr size_t kMostArguments = 65535;
// PostgreSQL's own bound for the terms of SELECT, ORDER BY and GROUP BY (MaxTupleAttributeNumber).
// It compares each with all before, and serves no cancel meanwhile.
inline constexpr size_t kMostColumns = 1664;
// PostgreSQL compares each name of a WITH or WINDOW with all others, without a look at cancels.
inline constexpr size_t kMostNames = 5000;
// Rows that arrows lead to, each a join: as many as FROM can have sources.
inline constexpr size_t kMostArrows = 250;
// What * and NATURAL stand for counts too.  Each takes some hundred bytes in every stage, until the
// compile ends: 300 MB at most.  Longer lists belong into arguments.
inline constexpr size_t kMostExpressions = 250'000;

// Merged columns of types that only PostgreSQL knows, each counted with all that it is merged from:
// its planner takes up to 1 kB for each in each join, 130 MB for 60 joins.
inline constexpr size_t kMostMergedPieces = 2000;
// Of a common table, and of all in a statement that have any.  Each copy is planned for itself, and
// a stack of tables that use the one before twice would be 2^n of them; what would be more is
// computed once.  A stack of 32 takes some 30 MB.
inline constexpr size_t kMostCopies = 32;
inline constexpr size_t kMostCopiesTogether = 200;

}  // namespace fundb::funql
