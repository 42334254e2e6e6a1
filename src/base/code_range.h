// Whose code is an address in?  For signal handlers that may act only where the thread was met in,
// or not in, the code of some library.
#pragma once

#include <cstdint>

namespace fundb {

struct CodeRange {
  uintptr_t start = 0;
  uintptr_t end = 0;

  bool Holds(uintptr_t address) const { return address >= start && address < end; }
};

// The executable memory of the program or library that `address` is in; empty when it is in none.
// Not for a signal handler: look before.
CodeRange CodeAround(uintptr_t address) noexcept;

// Where the thread was, from the third argument of a signal handler.  0 on processors for which
// that is not known.
uintptr_t ProgramCounter(const void *context) noexcept;

// Where its stack was; 0 likewise.
uintptr_t StackPointer(const void *context) noexcept;

template <typename Function>
uintptr_t AddressOf(Function *function) {
  return reinterpret_cast<uintptr_t>(function);
}

}  // namespace fundb
