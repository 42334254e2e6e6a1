#include "js/handles.h"

#include <cstdint>
#include <cstring>
#include <limits>
#include <vector>

#include "base/error.h"

namespace fundb::js {

namespace {

bool IsAscii(const char *data, size_t size) {
  constexpr uint64_t kHighBits = 0x8080808080808080u;
  size_t i = 0;
  for (; i + 8 <= size; i += 8) {
    uint64_t word;
    std::memcpy(&word, data + i, 8);
    if ((word & kHighBits) != 0) return false;
  }
  for (; i < size; ++i) {
    if ((static_cast<unsigned char>(data[i]) & 0x80) != 0) return false;
  }
  return true;
}

v8::Local<v8::String> Make(v8::Isolate *isolate, std::string_view utf8, v8::NewStringType type) {
  if (utf8.empty()) return v8::String::Empty(isolate);
  v8::MaybeLocal<v8::String> result;
  if (utf8.size() <= static_cast<size_t>(std::numeric_limits<int>::max())) {
    int size = static_cast<int>(utf8.size());
    result = IsAscii(utf8.data(), utf8.size())
                 ? v8::String::NewFromOneByte(
                       isolate, reinterpret_cast<const uint8_t *>(utf8.data()), type, size)
                 : v8::String::NewFromUtf8(isolate, utf8.data(), type, size);
  }
  v8::Local<v8::String> string;
  if (!result.ToLocal(&string)) {
    throw Error("54000", "text of " + std::to_string(utf8.size()) +
                             " bytes is too long for a JavaScript string");
  }
  return string;
}

void AppendCodePoint(uint32_t c, std::string *out) {
  if (c < 0x80) {
    *out += static_cast<char>(c);
  } else if (c < 0x800) {
    *out += static_cast<char>(0xC0 | (c >> 6));
    *out += static_cast<char>(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    *out += static_cast<char>(0xE0 | (c >> 12));
    *out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    *out += static_cast<char>(0x80 | (c & 0x3F));
  } else {
    *out += static_cast<char>(0xF0 | (c >> 18));
    *out += static_cast<char>(0x80 | ((c >> 12) & 0x3F));
    *out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    *out += static_cast<char>(0x80 | (c & 0x3F));
  }
}

void AppendLatin1(const std::string &latin1, std::string *out) {
  for (char c : latin1) AppendCodePoint(static_cast<unsigned char>(c), out);
}

constexpr uint32_t kReplacement = 0xFFFD;

bool AppendUtf16(const std::vector<uint16_t> &units, std::string *out) {
  bool lone = false;
  for (size_t i = 0; i < units.size(); ++i) {
    uint32_t c = units[i];
    if (c >= 0xD800 && c <= 0xDFFF) {
      bool is_pair =
          c <= 0xDBFF && i + 1 < units.size() && units[i + 1] >= 0xDC00 && units[i + 1] <= 0xDFFF;
      if (is_pair) {
        c = 0x10000 + ((c - 0xD800) << 10) + (units[++i] - 0xDC00u);
      } else {
        c = kReplacement;
        lone = true;
      }
    }
    AppendCodePoint(c, out);
  }
  return lone;
}

}  // namespace

v8::Local<v8::String> NewString(v8::Isolate *isolate, std::string_view utf8) {
  return Make(isolate, utf8, v8::NewStringType::kNormal);
}

v8::Local<v8::String> NewName(v8::Isolate *isolate, std::string_view utf8) {
  return Make(isolate, utf8, v8::NewStringType::kInternalized);
}

TextFlaws AppendUtf8(v8::Isolate *isolate, v8::Local<v8::String> string, std::string *out) {
  TextFlaws flaws;
  int length = string->Length();
  if (length == 0) return flaws;
  size_t start = out->size();
  if (string->IsOneByte()) {
    out->resize(start + length);
    auto *target = reinterpret_cast<uint8_t *>(&(*out)[start]);
    string->WriteOneByte(isolate, target, 0, length, v8::String::NO_NULL_TERMINATION);
    flaws.has_nul = std::memchr(target, 0, length) != nullptr;
    if (!IsAscii(out->data() + start, length)) {
      std::string latin1 = out->substr(start);
      out->resize(start);
      AppendLatin1(latin1, out);
    }
    return flaws;
  }
  // Not through Utf8Value: it hides lone surrogates, and it may hold null.
  std::vector<uint16_t> units(length);
  string->Write(isolate, units.data(), 0, length, v8::String::NO_NULL_TERMINATION);
  out->reserve(start + length + length / 2);
  flaws.has_lone_surrogate = AppendUtf16(units, out);
  flaws.has_nul = std::memchr(out->data() + start, 0, out->size() - start) != nullptr;
  return flaws;
}

Utf8 ToUtf8(v8::Isolate *isolate, v8::Local<v8::String> string) {
  Utf8 result;
  TextFlaws flaws = AppendUtf8(isolate, string, &result.text);
  result.has_lone_surrogate = flaws.has_lone_surrogate;
  result.has_nul = flaws.has_nul;
  return result;
}

std::string ToText(v8::Isolate *isolate, v8::Local<v8::String> string) {
  std::string text;
  AppendUtf8(isolate, string, &text);
  return text;
}

std::string ToShortText(v8::Isolate *isolate, v8::Local<v8::String> string, int most_units,
                        TextPart part) {
  int length = string->Length();
  if (length <= most_units) return ToText(isolate, string);
  std::vector<uint16_t> units(most_units);
  bool is_end = part == TextPart::kEnd;
  string->Write(isolate, units.data(), is_end ? length - most_units : 0, most_units,
                v8::String::NO_NULL_TERMINATION);
  // A pair may not be cut in two.
  auto is_half = [](uint16_t unit, uint16_t half) { return (unit & 0xfc00) == half; };
  if (is_end && is_half(units.front(), 0xdc00)) units.erase(units.begin());
  if (!is_end && is_half(units.back(), 0xd800)) units.pop_back();
  std::string text;
  if (is_end) text += "…";
  AppendUtf16(units, &text);
  if (!is_end) text += "…";
  return text;
}

bool IsTooLongToPrint(v8::Local<v8::Value> value) {
  constexpr int kMostWords = 8192;
  return value->IsBigInt() && value.As<v8::BigInt>()->WordCount() > kMostWords;
}

Names::Names(v8::Isolate *isolate, std::initializer_list<const char *> texts)
    : isolate_(isolate), eternals_(new v8::Eternal<v8::String>[texts.size()]) {
  v8::HandleScope handles(isolate);
  size_t i = 0;
  for (const char *text : texts) eternals_[i++].Set(isolate, NewName(isolate, text));
}

v8::Local<v8::Function> NewFunction(v8::Local<v8::Context> context, v8::FunctionCallback callback,
                                    v8::Local<v8::Value> data, const char *name, int arity) {
  v8::Local<v8::Function> function =
      Check(v8::Function::New(context, callback, data, arity, v8::ConstructorBehavior::kThrow));
  function->SetName(NewName(context->GetIsolate(), name));
  return function;
}

}  // namespace fundb::js
