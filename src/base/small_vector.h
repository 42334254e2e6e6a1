// A vector of plain values that allocates nothing for the first few.  For what is made for every
// call: two allocations are as long as the conversion of a value.  Standard C++ only.
#pragma once

#include <array>
#include <cstddef>
#include <type_traits>
#include <vector>

namespace fundb {

template <typename T, size_t kFew>
class SmallVector {
  static_assert(std::is_trivially_destructible_v<T>, "values are left behind, not destroyed");

 public:
  void push_back(const T &value) {
    if (size_ < kFew) {
      few_[size_] = value;
    } else {
      // One behind the other, as callers take the address of the first.
      if (size_ == kFew) many_.assign(few_.begin(), few_.end());
      many_.push_back(value);
    }
    ++size_;
  }
  void clear() { size_ = 0; }

  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  T *data() { return size_ <= kFew ? few_.data() : many_.data(); }
  const T *data() const { return size_ <= kFew ? few_.data() : many_.data(); }
  T &operator[](size_t i) { return data()[i]; }
  const T &operator[](size_t i) const { return data()[i]; }
  T *begin() { return data(); }
  T *end() { return data() + size_; }
  const T *begin() const { return data(); }
  const T *end() const { return data() + size_; }

 private:
  size_t size_ = 0;
  std::array<T, kFew> few_ = {};
  std::vector<T> many_;
};

}  // namespace fundb
