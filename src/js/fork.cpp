#include "js/fork.h"

#include <sys/mman.h>

#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <cstring>

namespace fundb::js {

bool ShareWithChildren() noexcept {
  std::FILE *maps = std::fopen("/proc/self/smaps", "re");
  if (maps == nullptr) return false;
  char line[512];
  uintptr_t start = 0;
  uintptr_t end = 0;
  bool seen_flags = false;
  bool done = true;
  while (std::fgets(line, sizeof line, maps) != nullptr) {
    uintptr_t from;
    uintptr_t to;
    if (std::sscanf(line, "%" SCNxPTR "-%" SCNxPTR " ", &from, &to) == 2) {
      start = from;
      end = to;
    } else if (std::strncmp(line, "VmFlags:", 8) == 0) {
      seen_flags = true;
      // "dc" (don't copy) as a word of its own.
      if (std::strstr(line, " dc") != nullptr &&
          madvise(reinterpret_cast<void *>(start), end - start, MADV_DOFORK) != 0) {
        done = false;
      }
    }
  }
  std::fclose(maps);
  return done && seen_flags;
}

}  // namespace fundb::js
