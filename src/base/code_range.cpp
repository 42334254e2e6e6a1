#include "base/code_range.h"

#include <link.h>
#include <ucontext.h>

namespace fundb {

CodeRange CodeAround(uintptr_t address) noexcept {
  struct Search {
    uintptr_t address;
    CodeRange found;
  } search = {address, {}};
  dl_iterate_phdr(
      [](dl_phdr_info *object, size_t, void *data) {
        auto *wanted = static_cast<Search *>(data);
        for (int i = 0; i < object->dlpi_phnum; ++i) {
          const ElfW(Phdr) &part = object->dlpi_phdr[i];
          if (part.p_type != PT_LOAD || (part.p_flags & PF_X) == 0) continue;
          CodeRange range;
          range.start = object->dlpi_addr + part.p_vaddr;
          range.end = range.start + part.p_memsz;
          if (!range.Holds(wanted->address)) continue;
          wanted->found = range;
          return 1;
        }
        return 0;
      },
      &search);
  return search.found;
}

uintptr_t ProgramCounter([[maybe_unused]] const void *context) noexcept {
#if defined(__x86_64__)
  return static_cast<uintptr_t>(
      static_cast<const ucontext_t *>(context)->uc_mcontext.gregs[REG_RIP]);
#elif defined(__aarch64__)
  return static_cast<uintptr_t>(static_cast<const ucontext_t *>(context)->uc_mcontext.pc);
#else
  return 0;
#endif
}

uintptr_t StackPointer([[maybe_unused]] const void *context) noexcept {
#if defined(__x86_64__)
  return static_cast<uintptr_t>(
      static_cast<const ucontext_t *>(context)->uc_mcontext.gregs[REG_RSP]);
#elif defined(__aarch64__)
  return static_cast<uintptr_t>(static_cast<const ucontext_t *>(context)->uc_mcontext.sp);
#else
  return 0;
#endif
}

}  // namespace fundb
