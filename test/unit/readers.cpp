// What of convert/ reads and writes values without a server.
#include <cmath>
#include <cstdint>
#include <cstring>

#include "convert/integer.h"
#include "convert/iso.h"
#include "convert/json_writer.h"
#include "convert/numeric_digits.h"
#include "js_fixture.h"

namespace fundb::convert {

namespace {

bool Parses(const char *text) {
  IsoTime time;
  return ParseIso(text, &time);
}

// The stored form of a numeric: header words, then digits to the base 10,000.
std::string Stored(std::initializer_list<int> words) {
  std::string bytes;
  for (int word : words) {
    auto value = static_cast<uint16_t>(word);
    bytes.append(reinterpret_cast<const char *>(&value), sizeof value);
  }
  return bytes;
}

std::string Shown(const std::string &bytes) {
  // A copy of its own size: a sanitizer sees what reads behind it.
  std::vector<char> copy(bytes.begin(), bytes.end());
  double number = 0;
  if (!NumericToDouble(copy.data(), copy.size(), &number)) return "not exact";
  ShortestText text;
  WriteShortest(number, &text);
  return text.characters;
}

}  // namespace

TEST_CASE("iso: what is a date or a time, and what is none") {
  IsoTime time;
  REQUIRE(ParseIso(" 0044-03-15 BC ", &time));
  CHECK(time.year == -43);
  REQUIRE(ParseIso("2024-02-29T23:59:60.9999995-03:30", &time));
  CHECK(time.second == 60);
  CHECK(time.microsecond == 1000000);
  CHECK(time.zone == -12600);
  for (const char *text : {"2023-02-29", "24-01-01", "2024-13-01", "2024-00-10", "24:00:01",
                           "12:60", "2024-01-01T", "2024-01-01 BC BC", "12:30+16", "+2024-01-01",
                           "12:30:05.", "-000043-01-01 BC", "", " ", "12345678-01-01"}) {
    CAPTURE(text);
    CHECK(!Parses(text));
  }
}

TEST_CASE("numeric: digits as a double, cut short or broken too") {
  CHECK(Shown(Stored({0x8000, 5})) == "5e+00");
  CHECK(Shown(Stored({0xA000, 5})) == "-5e+00");
  CHECK(Shown(Stored({0x807F, 5000})) == "5e-01");  // weight -1
  CHECK(Shown(Stored({0x0000, 0, 12})) == "1.2e+01");
  CHECK(Shown(Stored({0x8004, 1234, 5678, 9012, 3456, 7890})) == "not exact");
  CHECK(Shown(Stored({0xC000})) == "nan");
  CHECK(Shown("") == "not exact");
  CHECK(Shown("\x01") == "not exact");
  CHECK(Shown(Stored({0x0000})) == "not exact");
  CHECK(Shown(Stored({0x0000, 0}) + "\x01") == "0e+00");
}

TEST_CASE("integer: numbers, BigInts and digits, and nothing else") {
  js::test::World world;
  v8::HandleScope handles(world.isolate());
  auto read = [&](const char *code) {
    js::Realm &realm = world.realm();
    v8::Local<v8::Function> handler =
        realm.LoadHandler("triggers/a/b/c/x.mjs", std::string("export default () => ") + code);
    v8::Local<v8::Value> value = js::Run(realm, handler, 0, nullptr, {});
    int64_t number = 0;
    switch (ReadInteger(world.isolate(), value, &number)) {
      case IntegerRead::kDone:
        return std::to_string(number);
      case IntegerRead::kOutOfRange:
        return std::string("out of range");
      default:
        return std::string("not whole");
    }
  };
  CHECK(read("' -9223372036854775808 '") == "-9223372036854775808");
  CHECK(read("'9223372036854775808'") == "out of range");
  CHECK(read("2 ** 63") == "out of range");
  CHECK(read("-(2n ** 63n)") == "-9223372036854775808");
  CHECK(read("'+-1'") == "not whole");
  CHECK(read("'1e3'") == "not whole");
  CHECK(read("1.5") == "not whole");
  CHECK(read("'\\u0661'") == "not whole");
  CHECK(read("''") == "not whole");
}

TEST_CASE("json: what would be lost is refused, all else is JSON.stringify's") {
  js::test::World world;
  js::RealmScope scope(world.realm());
  auto write = [&](const char *code) {
    v8::Local<v8::String> text = js::NewString(world.isolate(), code);
    v8::Local<v8::Value> value = js::Check(v8::JSON::Parse(scope.context(), text));
    std::string out;
    JsonRefusal refusal{};
    return JsonWriter(scope.context()).Write(value, &out, &refusal) ? out : refusal.detail;
  };
  CHECK(write(R"({"b":[1,-0,"\u0001\"\\/"],"a":{"__proto__":1,"toJSON":2}})") ==
        R"({"b":[1,0,"\u0001\"\\/"],"a":{"__proto__":1,"toJSON":2}})");
  CHECK(write("[1e400]") == "Infinity at index 0");
  CHECK(write(R"({"a":"\u0000"})") == "a string with a NUL character at key \"a\"");
  CHECK(write(R"({"\ud800":1})").find("half of a surrogate pair") != std::string::npos);
}

}  // namespace fundb::convert
