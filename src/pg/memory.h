// A memory context as a scope.  C++ regime.
#pragma once

#include "pg/call.h"

namespace fundb::pg {

// Switches to a context and back.
class MemoryScope {
 public:
  explicit MemoryScope(MemoryContext context) : previous_(MemoryContextSwitchTo(context)) {}
  ~MemoryScope() { MemoryContextSwitchTo(previous_); }
  MemoryScope(const MemoryScope &) = delete;
  MemoryScope &operator=(const MemoryScope &) = delete;

 private:
  MemoryContext previous_;
};

}  // namespace fundb::pg
