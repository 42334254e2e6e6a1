// Writes JSON text piece by piece, for descriptions that are made once and parsed by V8, which
// nobody can interrupt: longer ones are an error (54000).  Standard C++ only.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace fundb::api {

class JsonWriter {
 public:
  JsonWriter &BeginObject() { return Begin('{'); }
  JsonWriter &EndObject() { return End('}'); }
  JsonWriter &BeginArray() { return Begin('['); }
  JsonWriter &EndArray() { return End(']'); }
  JsonWriter &Key(std::string_view name) {
    Separate();
    Quote(name);
    text_ += ':';
    needs_comma_ = false;
    return *this;
  }
  JsonWriter &Text(std::string_view value) {
    Separate();
    Quote(value);
    return *this;
  }
  JsonWriter &Bool(bool value) { return Raw(value ? "true" : "false"); }
  JsonWriter &Number(long value) { return Raw(std::to_string(value)); }
  JsonWriter &Null() { return Raw("null"); }
  // A piece that is JSON already.
  JsonWriter &Raw(std::string_view json) {
    Separate();
    text_ += json;
    return *this;
  }

  const std::string &text() const { return text_; }

 private:
  static constexpr size_t kMostBytes = 16 * 1024 * 1024;

  JsonWriter &Begin(char bracket) {
    Separate();
    text_ += bracket;
    needs_comma_ = false;
    return *this;
  }
  JsonWriter &End(char bracket) {
    text_ += bracket;
    needs_comma_ = true;
    return *this;
  }
  void Separate() {
    if (text_.size() > kMostBytes) {
      throw Error(sqlstate::kLimitExceeded, "a description takes more than 16 MB")
          .Detail("Labels of enums are written for each field that has the type.");
    }
    if (needs_comma_) text_ += ',';
    needs_comma_ = true;
  }
  void Quote(std::string_view value) {
    static constexpr char kHex[] = "0123456789abcdef";
    text_ += '"';
    for (char c : value) {
      if (c == '"' || c == '\\') {
        text_ += '\\';
        text_ += c;
      } else if (static_cast<unsigned char>(c) < 0x20) {
        text_ += "\\u00";
        text_ += kHex[(c >> 4) & 0xf];
        text_ += kHex[c & 0xf];
      } else {
        text_ += c;
      }
    }
    text_ += '"';
  }

  std::string text_;
  bool needs_comma_ = false;
};

}  // namespace fundb::api
