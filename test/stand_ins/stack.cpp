// Stands in for convert/stack.cpp, which asks the server, where converters run without one.
#include "convert/stack.h"

namespace fundb::convert {

bool StackIsTooDeep() noexcept {
  static thread_local const char *const base =
      static_cast<const char *>(__builtin_frame_address(0));
  constexpr long kBytes = 400 * 1024;
  const char *here = static_cast<const char *>(__builtin_frame_address(0));
  return base - here > kBytes || here - base > kBytes;
}

}  // namespace fundb::convert
