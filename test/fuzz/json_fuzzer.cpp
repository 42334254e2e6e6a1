// libFuzzer target: any bytes as JSON text that a script parses and hands back, and as a whole
// number.  What is written is what JSON.stringify writes, or is refused for what it would lose.
#include "convert/json_writer.h"

#include <charconv>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "convert/integer.h"
#include "support.h"

using fundb::fuzz::Require;
using fundb::fuzz::World;
namespace js = fundb::js;

namespace {

std::string Stringified(v8::Local<v8::Context> context, v8::Local<v8::Value> value) {
  v8::Local<v8::String> text;
  Require(v8::JSON::Stringify(context, value).ToLocal(&text), "can be stringified");
  return js::ToText(context->GetIsolate(), text);
}

void TryJson(v8::Local<v8::Context> context, v8::Local<v8::String> text) {
  v8::TryCatch caught(context->GetIsolate());
  v8::Local<v8::Value> value;
  if (!v8::JSON::Parse(context, text).ToLocal(&value)) return;
  std::string out = "before:";
  fundb::convert::JsonRefusal refusal{};
  bool written = fundb::convert::JsonWriter(context).Write(value, &out, &refusal);
  Require(out.compare(0, 7, "before:") == 0, "appends");
  if (!written) {
    // Text that no database can hold, too deep for this stack, or 1e400.
    std::string state = refusal.sqlstate;
    bool infinite = refusal.detail.find("Infinity") != std::string::npos;
    Require(state == "22021" || state == "54001" || (state == "22P02" && infinite),
            "the reason of a refusal");
    return;
  }
  out.erase(0, 7);
  Require(fundb::IsValidUtf8(out), "UTF-8");
  Require(nlohmann::json::accept(out), "is JSON");
  v8::Local<v8::Value> again;
  Require(v8::JSON::Parse(context, js::NewString(context->GetIsolate(), out)).ToLocal(&again),
          "is JSON to V8");
  Require(Stringified(context, again) == Stringified(context, value), "says the same");
}

void TryInteger(v8::Isolate *isolate, v8::Local<v8::String> string, std::string_view text) {
  int64_t number = 0;
  auto read = fundb::convert::ReadInteger(isolate, string, &number);
  constexpr std::string_view kBlanks = " \t\n\v\f\r";
  size_t begin = text.find_first_not_of(kBlanks);
  if (begin == text.npos) return Require(read == fundb::convert::IntegerRead::kNotWhole, "blank");
  std::string_view digits = text.substr(begin, text.find_last_not_of(kBlanks) + 1 - begin);
  if (digits.size() > 1 && digits[0] == '+' && digits[1] != '-') digits.remove_prefix(1);
  int64_t expected = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), expected);
  bool whole = end == digits.data() + digits.size();
  if (read == fundb::convert::IntegerRead::kDone) {
    Require(whole && error == std::errc() && number == expected, "the number");
  } else if (read == fundb::convert::IntegerRead::kOutOfRange) {
    Require(whole && error == std::errc::result_out_of_range, "out of range");
  } else {
    Require(!whole || error == std::errc::invalid_argument || text.size() > 64, "no whole number");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  std::string_view text(reinterpret_cast<const char *>(data), size);
  js::Realm &realm = World::Get().realm();
  js::RealmScope scope(realm);
  v8::Local<v8::String> string = js::NewString(realm.isolate(), text);
  TryInteger(realm.isolate(), string, text);
  try {
    TryJson(scope.context(), string);
  } catch (const js::Pending &) {
    Require(false, "nothing is pending");
  }
  return 0;
}
