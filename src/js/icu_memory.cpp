#include "js/icu_memory.h"

#include <dlfcn.h>
#include <link.h>
#include <malloc.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

namespace fundb::js {

namespace {

std::atomic<int64_t> bytes_taken{0};

void Count(int64_t bytes) noexcept { bytes_taken.fetch_add(bytes, std::memory_order_relaxed); }

int64_t SizeOf(void *memory) noexcept { return static_cast<int64_t>(malloc_usable_size(memory)); }

// ICU's own defaults are malloc and its kin, so what it took before can be given back here.
void *Allocate(const void *, size_t size) {
  void *memory = std::malloc(size);
  Count(SizeOf(memory));
  return memory;
}

void *Reallocate(const void *, void *memory, size_t size) {
  int64_t before = SizeOf(memory);
  void *moved = std::realloc(memory, size);
  if (moved != nullptr) Count(SizeOf(moved) - before);
  return moved;
}

void Free(const void *, void *memory) {
  Count(-SizeOf(memory));
  std::free(memory);
}

// unicode/uclean.h.  Looked up at run time, for its name has the version in it: the one of the
// library that libnode was linked with, which need not be the one whose headers are installed.
using SetMemoryFunctions = void (*)(const void *context, void *(*)(const void *, size_t),
                                    void *(*)(const void *, void *, size_t),
                                    void (*)(const void *, void *), int *status);

constexpr const char *kLibrary = "libicuuc.so.";

// A server may have more than one: its own and libnode's.
std::vector<std::string> LoadedLibraries() {
  std::vector<std::string> paths;
  dl_iterate_phdr(
      [](dl_phdr_info *object, size_t, void *data) noexcept {
        if (std::strstr(object->dlpi_name, kLibrary) != nullptr) {
          static_cast<std::vector<std::string> *>(data)->emplace_back(object->dlpi_name);
        }
        return 0;
      },
      &paths);
  return paths;
}

}  // namespace

void CountIcuMemory() {
  for (const std::string &path : LoadedLibraries()) {
    std::string version = path.substr(path.find(kLibrary) + std::strlen(kLibrary));
    version.resize(std::min(version.size(), version.find('.')));
    void *library = dlopen(path.c_str(), RTLD_NOW | RTLD_NOLOAD);
    if (library == nullptr) continue;
    void *function = dlsym(library, ("u_setMemoryFunctions_" + version).c_str());
    int status = 0;
    if (function != nullptr) {
      reinterpret_cast<SetMemoryFunctions>(function)(nullptr, Allocate, Reallocate, Free, &status);
    }
    dlclose(library);
  }
}

int64_t IcuBytes() noexcept { return bytes_taken.load(std::memory_order_relaxed); }

}  // namespace fundb::js
