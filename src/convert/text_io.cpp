#include "convert/text_io.h"

#include <cstring>

#include "js/engine.h"
#include "js/handles.h"
#include "js/large_value.h"

#include "convert/postgres_values.h"

namespace fundb::convert {

namespace {

constexpr char kSurrogateHint[] =
    "Text in the database consists of whole characters other than NUL.";

bool IsAscii(const char *bytes, size_t size) {
  uint64_t seen = 0;
  size_t i = 0;
  for (; i + 8 <= size; i += 8) {
    uint64_t word;
    std::memcpy(&word, bytes + i, 8);
    seen |= word;
  }
  for (; i < size; ++i) seen |= static_cast<unsigned char>(bytes[i]);
  return (seen & 0x8080808080808080u) == 0;
}

char *Allocate(v8::Isolate *isolate, size_t size) {
  if (!AllocSizeIsValid(size)) {
    throw Error("54000", "text is too long for the database").Detail("The limit is 1 GB.");
  }
  js::Engine::From(isolate).CountTransfer(size);
  return pg::Call([&] { return static_cast<char *>(palloc(size)); });
}

// V8 writes half a pair as three bytes starting with ED A0..BF, which no character does.
bool HasLoneSurrogate(const char *text, size_t size) {
  const char *end = text + size;
  while (text < end) {
    text = static_cast<const char *>(std::memchr(text, 0xed, static_cast<size_t>(end - text)));
    if (text == nullptr) return false;
    if (text + 1 < end && static_cast<unsigned char>(text[1]) >= 0xa0) return true;
    ++text;
  }
  return false;
}

// Latin-1 with `high` bytes over 0x7f, spread out to UTF-8 in a new block.
ServerText Widen(v8::Isolate *isolate, const ServerText &narrow, size_t high, size_t header) {
  size_t size = narrow.size + high;
  char *block = Allocate(isolate, header + size + 1);
  char *out = block + header;
  for (size_t i = 0; i < narrow.size; ++i) {
    auto c = static_cast<unsigned char>(narrow.text[i]);
    if (c < 0x80) {
      *out++ = static_cast<char>(c);
    } else {
      *out++ = static_cast<char>(0xc0 | (c >> 6));
      *out++ = static_cast<char>(0x80 | (c & 0x3f));
    }
  }
  pg::CallQuietly([&] { pfree(narrow.block); });
  return {block, block + header, size};
}

ServerText ToUtf8(const Refused &refused, v8::Local<v8::String> string, size_t header) {
  v8::Isolate *isolate = refused.isolate;
  ServerText result;
  bool has_lone_surrogate = false;
  if (string->IsOneByte()) {
    result.size = static_cast<size_t>(string->Length());
    result.block = Allocate(isolate, header + result.size + 1);
    result.text = result.block + header;
    string->WriteOneByte(isolate, reinterpret_cast<uint8_t *>(result.text), 0,
                         static_cast<int>(result.size), v8::String::NO_NULL_TERMINATION);
    if (!IsAscii(result.text, result.size)) {
      size_t high = 0;
      for (size_t i = 0; i < result.size; ++i) {
        high += static_cast<unsigned char>(result.text[i]) >> 7;
      }
      result = Widen(isolate, result, high, header);
    }
  } else {
    result.size = static_cast<size_t>(string->Utf8Length(isolate));
    result.block = Allocate(isolate, header + result.size + 1);
    result.text = result.block + header;
    string->WriteUtf8(isolate, result.text, -1, nullptr, v8::String::NO_NULL_TERMINATION);
    has_lone_surrogate = HasLoneSurrogate(result.text, result.size);
  }
  if (has_lone_surrogate) {
    Refuse(refused, sqlstate::kBadCharacter, kSurrogateHint,
           "The string holds half of a surrogate pair.");
  }
  if (std::memchr(result.text, 0, result.size) != nullptr) {
    Refuse(refused, sqlstate::kBadCharacter, kSurrogateHint, "The string holds a NUL character.");
  }
  result.text[result.size] = '\0';
  return result;
}

v8::Local<v8::String> NewText(v8::Isolate *isolate, const char *bytes, size_t size) {
  if (size <= static_cast<size_t>(v8::String::kMaxLength) && IsAscii(bytes, size)) {
    return js::Check(v8::String::NewFromOneByte(isolate, reinterpret_cast<const uint8_t *>(bytes),
                                                v8::NewStringType::kNormal,
                                                static_cast<int>(size)));
  }
  if (GetDatabaseEncoding() == PG_UTF8) return js::NewString(isolate, {bytes, size});
  char *utf8 = pg::Call([&] { return pg_server_to_any(bytes, static_cast<int>(size), PG_UTF8); });
  if (utf8 == bytes) return js::NewString(isolate, {bytes, size});
  v8::Local<v8::String> result = js::NewString(isolate, utf8);
  pg::CallQuietly([&] { pfree(utf8); });
  return result;
}

}  // namespace

v8::Local<v8::String> TextToJs(v8::Isolate *isolate, const char *bytes, size_t size) {
  js::LargeValueScope large(isolate, size);
  v8::Local<v8::String> text = NewText(isolate, bytes, size);
  large.Finish();
  return text;
}

ServerText JsToText(const Refused &refused, v8::Local<v8::String> string, size_t header) {
  if (GetDatabaseEncoding() == PG_UTF8) return ToUtf8(refused, string, header);
  ServerText utf8 = ToUtf8(refused, string, header);
  if (IsAscii(utf8.text, utf8.size)) return utf8;
  char *converted = CallInput(refused, "", [&] {
    return pg_any_to_server(utf8.text, static_cast<int>(utf8.size), PG_UTF8);
  });
  if (converted == utf8.text) return utf8;
  size_t size = std::strlen(converted);
  char *block = Allocate(refused.isolate, header + size + 1);
  std::memcpy(block + header, converted, size + 1);
  pg::CallQuietly([&] {
    pfree(converted);
    pfree(utf8.block);
  });
  return {block, block + header, size};
}

v8::Local<v8::String> StringOf(const Refused &refused, v8::Local<v8::Context> context,
                               Booleans booleans, std::string_view hint) {
  v8::Local<v8::Value> value = refused.value;
  if (value->IsString()) return value.As<v8::String>();
  if (js::IsTooLongToPrint(value)) Refuse(refused, sqlstate::kNumberOutOfRange, hint);
  // Primitives: no user code behind ToString.
  if (value->IsNumber() || value->IsBigInt() ||
      (value->IsBoolean() && booleans == Booleans::kAccepted)) {
    return js::Check(value->ToString(context));
  }
  Refuse(refused, sqlstate::kDatatypeMismatch, hint);
}

}  // namespace fundb::convert
