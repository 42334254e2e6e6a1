// How much memory the process has taken from the system.
#pragma once

#include <cstdint>

namespace fundb::js {

// Bytes that are the process's own and may be written, in use or not, swapped out or not; -1 when
// the system does not tell.  From any thread; allocates nothing.
int64_t PrivateBytes() noexcept;

}  // namespace fundb::js
