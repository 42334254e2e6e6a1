// Runs a callable when the scope ends, however it ends.  The callable must not throw.
#pragma once

#include <utility>

namespace fundb {

template <typename F>
class ScopeExit {
 public:
  explicit ScopeExit(F action) : action_(std::move(action)) {}
  ~ScopeExit() { action_(); }
  ScopeExit(const ScopeExit &) = delete;
  ScopeExit &operator=(const ScopeExit &) = delete;

 private:
  F action_;
};

}  // namespace fundb
