#include "convert/stack.h"

#include "pg/postgres.h"

namespace fundb::convert {

bool StackIsTooDeep() noexcept { return stack_is_too_deep(); }

}  // namespace fundb::convert
