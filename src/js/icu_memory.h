// ICU, on which V8's Intl stands, takes memory that V8 does not know of: an Intl.DateTimeFormat
// looks as small to it as any object and takes 56 kB.
#pragma once

#include <cstdint>

namespace fundb::js {

// Makes ICU count what it takes in this process, from now on.  Does nothing where there is no
// shared ICU.
void CountIcuMemory() noexcept;

// Bytes taken since and not given back.  From any thread.
int64_t IcuBytes() noexcept;

}  // namespace fundb::js
