#include "js/icu_memory.h"

#include <dlfcn.h>
#include <link.h>
#include <malloc.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>

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

// The names of loaded libraries, which last as long as those do.  A server may have more than one:
// its own and libnode's.
struct Libraries {
  static constexpr int kMost = 8;
  const char *paths[kMost];
  int count = 0;
};

Libraries LoadedLibraries() noexcept {
  Libraries libraries;
  dl_iterate_phdr(
      [](dl_phdr_info *object, size_t, void *data) noexcept {
        auto *found = static_cast<Libraries *>(data);
        if (std::strstr(object->dlpi_name, kLibrary) != nullptr && found->count < found->kMost) {
          found->paths[found->count++] = object->dlpi_name;
        }
        return 0;
      },
      &libraries);
  return libraries;
}

}  // namespace

void CountIcuMemory() noexcept {
  Libraries libraries = LoadedLibraries();
  for (int i = 0; i < libraries.count; ++i) {
    const char *path = libraries.paths[i];
    long version = std::strtol(std::strstr(path, kLibrary) + std::strlen(kLibrary), nullptr, 10);
    void *library = dlopen(path, RTLD_NOW | RTLD_NOLOAD);
    if (library == nullptr) continue;
    char name[64];
    std::snprintf(name, sizeof name, "u_setMemoryFunctions_%ld", version);
    void *function = dlsym(library, name);
    int status = 0;
    if (function != nullptr) {
      reinterpret_cast<SetMemoryFunctions>(function)(nullptr, Allocate, Reallocate, Free, &status);
    }
    dlclose(library);
  }
}

int64_t IcuBytes() noexcept { return bytes_taken.load(std::memory_order_relaxed); }

}  // namespace fundb::js
