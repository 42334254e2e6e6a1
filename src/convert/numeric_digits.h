// The digits of PostgreSQL's numeric as a double, as far as that loses nothing, and back.  Plain
// C++; knows nothing of types and settings.
#pragma once

#include <cstddef>

namespace fundb::convert {

// True when the shortest decimal form of *result is the same number as the stored one.  Special
// values (NaN, infinities) are doubles too.  `bytes` is what follows the varlena header.
bool NumericToDouble(const char *bytes, size_t size, double *result);

// The shortest form as JavaScript has it.  PostgreSQL's own differs where a double lies exactly
// between two decimals: it shows 1e23 as 9.999999999999999e+22.  Scientific, since the plain form
// spells out whole numbers to the last digit.
struct ShortestText {
  char characters[32];
};

void WriteShortest(double number, ShortestText *text);

}  // namespace fundb::convert
