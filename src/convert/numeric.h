// PostgreSQL's numeric as a double, as far as that loses nothing.  C++ regime.
#pragma once

#include "pg/postgres.h"

namespace fundb::convert {

// True when the shortest decimal form of *result is the same number as the stored one.  Special
// values (NaN, infinities) are doubles too.  `bytes` is what follows the varlena header.
bool NumericToDouble(const char *bytes, size_t size, double *result);

}  // namespace fundb::convert
