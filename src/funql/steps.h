// How a compile serves interrupts: each stage counts what it does, and every so many steps the
// schema is asked, which may throw (a cancel, a time-out).
#pragma once

#include <cstddef>

#include "funql/schema.h"

namespace fundb::funql {

class Steps {
 public:
  // Null: nobody is to be asked.
  explicit Steps(const Schema *schema) : schema_(schema) {}
  Steps(const Steps &) = delete;
  Steps &operator=(const Steps &) = delete;

  // One token, node or name more, whose costs do not depend on the size of the text.
  void Count() { Count(1); }
  // As many at once, such as names that were compared.
  void Count(size_t steps) {
    count_ += steps;
    if (count_ < kStepsPerCheck) return;
    count_ = 0;
    if (schema_ != nullptr) schema_->CheckInterrupts();
  }

 private:
  // A step takes a microsecond at most, so that some milliseconds pass.
  static constexpr size_t kStepsPerCheck = 5000;

  const Schema *schema_;
  size_t count_ = 0;
};

}  // namespace fundb::funql
