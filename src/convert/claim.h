// What PostgreSQL's functions keep between calls (prepared checks of a domain, what an input
// function looked up) serves one call at a time.  A check may run SQL that fires a rule whose row
// has the same type: the call within must not touch what the one around it is using.
#pragma once

namespace fundb::convert {

// Claims such state for as long as it lives, unless somebody has it already.
class Claim {
 public:
  explicit Claim(bool *in_use) : in_use_(*in_use ? nullptr : in_use) {
    if (in_use_ != nullptr) *in_use_ = true;
  }
  ~Claim() {
    if (in_use_ != nullptr) *in_use_ = false;
  }
  Claim(const Claim &) = delete;
  Claim &operator=(const Claim &) = delete;

  // False: work with a state of your own.
  bool holds() const { return in_use_ != nullptr; }

 private:
  bool *in_use_;
};

}  // namespace fundb::convert
