// Whether recursion must end here: PostgreSQL's limit, without its error.
#pragma once

namespace fundb::convert {

bool StackIsTooDeep() noexcept;

}  // namespace fundb::convert
