// Memory contexts as scopes.  C++ regime.
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

// A context that is created and deleted with this object.  Not entered by itself.
class OwnedContext {
 public:
  // `name` must be a literal: PostgreSQL keeps the pointer.
  OwnedContext(MemoryContext parent, const char *name)
      : context_(Call(
            [&] { return AllocSetContextCreateInternal(parent, name, ALLOCSET_SMALL_SIZES); })) {}
  ~OwnedContext() {
    if (context_ != nullptr) MemoryContextDelete(context_);
  }
  OwnedContext(const OwnedContext &) = delete;
  OwnedContext &operator=(const OwnedContext &) = delete;

  MemoryContext get() const { return context_; }
  void Reset() { MemoryContextReset(context_); }

 private:
  MemoryContext context_;
};

}  // namespace fundb::pg
