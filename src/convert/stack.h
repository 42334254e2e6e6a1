// Whether recursion must end here, by PostgreSQL's limit.  To be asked wherever types or values are
// gone into, since both nest as deep as whoever makes them likes.
#pragma once

namespace fundb::convert {

bool StackIsTooDeep() noexcept;

// With PostgreSQL's error, 54001.
void CheckStackDepth();

}  // namespace fundb::convert
