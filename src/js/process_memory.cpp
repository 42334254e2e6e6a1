#include "js/process_memory.h"

#include <fcntl.h>
#include <unistd.h>

#include <cinttypes>
#include <cstdio>

namespace fundb::js {

int64_t PrivateBytes() noexcept {
  int file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
  if (file < 0) return -1;
  char text[256];
  ssize_t length = read(file, text, sizeof text - 1);
  close(file);
  if (length <= 0) return -1;
  text[length] = '\0';
  // Size, resident, shared, text, library, data and stack, in pages: proc(5).
  int64_t pages;
  if (std::sscanf(text, "%*s %*s %*s %*s %*s %" SCNd64, &pages) != 1) return -1;
  return pages * sysconf(_SC_PAGESIZE);
}

}  // namespace fundb::js
