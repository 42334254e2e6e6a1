// The texts of rules as a session keeps them: each once, for all partitions of its table and all
// tables that inherit it, and counted, since nothing else counts them.  C++ regime.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

namespace fundb::catalog {

// What rules take for as long as it lives.
class RuleBytes {
 public:
  RuleBytes() = default;
  explicit RuleBytes(size_t bytes) { Add(bytes); }
  ~RuleBytes() { all_ -= own_; }
  RuleBytes(const RuleBytes &) = delete;
  RuleBytes &operator=(const RuleBytes &) = delete;

  void Add(size_t bytes) noexcept {
    own_ += bytes;
    all_ += bytes;
  }
  // Of the session.
  static size_t All() noexcept { return all_; }

 private:
  static size_t all_;
  size_t own_ = 0;
};

// The text of the rule of that id: one that is kept already, if it is the same.  Shared by the
// tables that the rule is for.
std::shared_ptr<const std::string> KeepRuleText(int id, std::string text);

}  // namespace fundb::catalog
