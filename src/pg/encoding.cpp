#include "pg/encoding.h"

#include "pg/call.h"

namespace fundb::pg {

namespace {

bool IsAscii(const char *text) {
  for (; *text != '\0'; ++text) {
    if (static_cast<unsigned char>(*text) >= 0x80) return false;
  }
  return true;
}

// One question mark for each character of several bytes, as far as one can tell.
std::string AsciiOf(const char *text) {
  std::string ascii;
  for (; *text != '\0'; ++text) {
    auto byte = static_cast<unsigned char>(*text);
    if (byte < 0x80) {
      ascii += *text;
    } else if ((byte & 0xc0) != 0x80) {
      ascii += '?';
    }
  }
  return ascii;
}

}  // namespace

std::string FromServer(const char *text) {
  if (text == nullptr) return std::string();
  if (IsServerUtf8() || IsAscii(text)) return text;
  char *utf8 =
      Call([&] { return pg_server_to_any(text, static_cast<int>(strlen(text)), PG_UTF8); });
  std::string result = utf8;
  if (utf8 != text) CallQuietly([&] { pfree(utf8); });
  return result;
}

const char *ToServer(const std::string &text) {
  if (IsServerUtf8() || IsAscii(text.c_str())) return text.c_str();
  return pg_any_to_server(text.c_str(), static_cast<int>(text.size()), PG_UTF8);
}

std::string FromServerForced(const char *text) {
  if (text == nullptr) return std::string();
  try {
    return FromServer(text);
  } catch (const Error &) {
    return AsciiOf(text);
  }
}

std::string ToServerForced(std::string text) {
  if (IsServerUtf8() || IsAscii(text.c_str())) return text;
  const char *converted = nullptr;
  if (CallQuietly([&] { converted = ToServer(text); })) return converted;
  // Each character by itself; no more of them than a message that somebody reads has.
  constexpr int kMostCharacters = 1000;
  std::string result;
  int tried = 0;
  for (size_t at = 0; at < text.size();) {
    size_t end = at + 1;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) ++end;
    std::string character = text.substr(at, end - at);
    at = end;
    if (IsAscii(character.c_str())) {
      result += character;
    } else if (++tried <= kMostCharacters &&
               CallQuietly([&] { converted = ToServer(character); })) {
      result += converted;
    } else {
      result += '?';
    }
  }
  return result;
}

}  // namespace fundb::pg
