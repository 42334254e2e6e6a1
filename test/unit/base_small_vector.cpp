// SmallVector: one behind the other, within its own memory and beyond it.
#include <doctest/doctest.h>

#include "base/small_vector.h"

namespace fundb {
namespace {

SmallVector<int, 3> UpTo(int count) {
  SmallVector<int, 3> numbers;
  for (int i = 0; i < count; ++i) numbers.push_back(i);
  return numbers;
}

void CheckUpTo(const SmallVector<int, 3> &numbers, int count) {
  REQUIRE(numbers.size() == static_cast<size_t>(count));
  for (int i = 0; i < count; ++i) CHECK(numbers.data()[i] == i);
  int sum = 0;
  for (int number : numbers) sum += number;
  CHECK(sum == count * (count - 1) / 2);
}

TEST_CASE("small vectors: elements keep their order when the first place is full") {
  for (int count = 0; count < 12; ++count) CheckUpTo(UpTo(count), count);
}

TEST_CASE("small vectors: copies have elements of their own") {
  for (int count : {2, 3, 4, 9}) {
    SmallVector<int, 3> first = UpTo(count);
    SmallVector<int, 3> second = first;
    second[1] = 77;
    CheckUpTo(first, count);
    CHECK(second[1] == 77);
  }
}

TEST_CASE("small vectors: one that was cleared fills again") {
  SmallVector<int, 3> numbers = UpTo(10);
  numbers.clear();
  CHECK(numbers.empty());
  for (int i = 0; i < 5; ++i) numbers.push_back(i);
  CheckUpTo(numbers, 5);
}

}  // namespace
}  // namespace fundb
