#include "convert/stack.h"

#include "pg/call.h"

#include "pg/postgres.h"

namespace fundb::convert {

bool StackIsTooDeep() noexcept { return stack_is_too_deep(); }

void CheckStackDepth() {
  // The common case without a jump buffer.
  if (stack_is_too_deep()) pg::Call([] { check_stack_depth(); });
}

}  // namespace fundb::convert
