// A subtransaction as a scope: rolled back unless Commit() was called.  C++ regime.
#pragma once

#include "pg/call.h"

namespace fundb::pg {

class Subtransaction {
 public:
  // Errors: those of BeginInternalSubTransaction (too many, parallel mode).
  Subtransaction();
  ~Subtransaction();
  Subtransaction(const Subtransaction &) = delete;
  Subtransaction &operator=(const Subtransaction &) = delete;

  // Errors: those of releasing; the subtransaction is then rolled back by the destructor.
  void Commit();

 private:
  MemoryContext context_;
  ResourceOwner owner_;
  int level_;
  bool open_ = false;
};

// Runs `body` in a subtransaction.  An Error out of it is rethrown after the rollback, and then no
// longer needs one, so JavaScript may catch it.
template <typename F>
auto InSubtransaction(F &&body) -> decltype(body()) {
  try {
    Subtransaction subtransaction;
    if constexpr (std::is_void_v<decltype(body())>) {
      body();
      subtransaction.Commit();
      return;
    } else {
      auto result = body();
      subtransaction.Commit();
      return result;
    }
  } catch (Error &error) {
    error.report().needs_rollback = false;
    throw;
  }
}

}  // namespace fundb::pg
