#include "convert/integer.h"

#include <cmath>
#include <string_view>

namespace fundb::convert {

namespace {

// Longer strings can be whole numbers only by a row of zeros or blanks that nobody writes.
constexpr int kLongestText = 64;

bool IsBlank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// Blanks, a sign, digits, blanks: what PostgreSQL reads as an integer.
IntegerRead ParseInteger(std::string_view text, int64_t *result) {
  while (!text.empty() && IsBlank(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsBlank(text.back())) text.remove_suffix(1);
  bool negative = !text.empty() && text.front() == '-';
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
  if (text.empty()) return IntegerRead::kNotWhole;
  int64_t number = 0;
  bool overflow = false;
  for (char c : text) {
    if (c < '0' || c > '9') return IntegerRead::kNotWhole;
    // Downwards, since the least number has no positive counterpart.
    overflow = overflow || __builtin_mul_overflow(number, 10, &number) ||
               __builtin_sub_overflow(number, c - '0', &number);
  }
  if (!negative) overflow = overflow || __builtin_sub_overflow(int64_t{0}, number, &number);
  *result = number;
  return overflow ? IntegerRead::kOutOfRange : IntegerRead::kDone;
}

}  // namespace

IntegerRead ReadInteger(v8::Isolate *isolate, v8::Local<v8::Value> value, int64_t *result) {
  if (value->IsInt32()) {
    *result = value.As<v8::Int32>()->Value();
    return IntegerRead::kDone;
  }
  if (value->IsNumber()) {
    double number = value.As<v8::Number>()->Value();
    if (std::isnan(number) || number != std::trunc(number)) return IntegerRead::kNotWhole;
    // 2^63 itself is the first that does not fit; both limits are doubles.
    if (number < -0x1p63 || number >= 0x1p63) return IntegerRead::kOutOfRange;
    *result = static_cast<int64_t>(number);
    return IntegerRead::kDone;
  }
  if (value->IsBigInt()) {
    bool lossless = false;
    *result = value.As<v8::BigInt>()->Int64Value(&lossless);
    return lossless ? IntegerRead::kDone : IntegerRead::kOutOfRange;
  }
  if (value->IsString()) {
    v8::Local<v8::String> string = value.As<v8::String>();
    if (string->Length() > kLongestText || !string->ContainsOnlyOneByte()) {
      return IntegerRead::kNotWhole;
    }
    uint8_t buffer[kLongestText];
    int length =
        string->WriteOneByte(isolate, buffer, 0, kLongestText, v8::String::NO_NULL_TERMINATION);
    return ParseInteger({reinterpret_cast<char *>(buffer), static_cast<size_t>(length)}, result);
  }
  return IntegerRead::kNotWhole;
}

}  // namespace fundb::convert
