// libFuzzer target: what a script throws, given as JSON: an object with the properties of an error,
// or an Error that they are assigned to.  Whatever they are, a report of PostgreSQL's form leaves.
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "support.h"

using fundb::fuzz::Require;
using fundb::fuzz::World;
namespace js = fundb::js;

namespace {

constexpr char kThrower[] = R"js(export default function thrower(text, plain) {
  const given = JSON.parse(text);
  if (plain || typeof given !== 'object' || given === null) throw given;
  throw Object.assign(new Error(given.message), given);
})js";

// NUL is no part of valid text for PostgreSQL; it is cut off where a report becomes PostgreSQL's.
bool IsText(std::string text) {
  text.erase(std::remove(text.begin(), text.end(), '\0'), text.end());
  return fundb::IsValidUtf8(text);
}

void Check(const fundb::Report &report) {
  Require(report.sqlstate.size() == 5, "five characters of SQLSTATE");
  for (char c : report.sqlstate) {
    Require((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'), "characters of SQLSTATE");
  }
  std::string state_class = report.sqlstate.substr(0, 2);
  Require(state_class != "00" && state_class != "01" && state_class != "02", "a class of errors");
  Require(!report.message.empty(), "a message");
  for (const std::string *text :
       {&report.message, &report.detail, &report.hint, &report.context, &report.schema,
        &report.table, &report.column, &report.datatype, &report.constraint, &report.user_data}) {
    Require(IsText(*text), "text");
  }
  Require(report.user_data.empty() || nlohmann::json::accept(report.user_data), "JSON as data");
  Require(report.rules.empty() && report.internal_query.empty() && report.internal_position == 0,
          "what only an error of the server has");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  std::string_view text(reinterpret_cast<const char *>(data), size);
  js::Realm &realm = World::Get().realm();
  v8::Isolate *isolate = realm.isolate();
  for (bool plain : {false, true}) {
    v8::HandleScope handles(isolate);
    try {
      v8::Local<v8::Value> arguments[2] = {js::NewString(isolate, text),
                                           v8::Boolean::New(isolate, plain)};
      js::RunOptions options;
      options.timeout_ms = 1000;
      js::Run(realm, realm.LoadHandler("triggers/a/b/c/thrower.mjs", kThrower), 2, arguments,
              options);
      Require(false, "an error comes");
    } catch (const fundb::Error &error) {
      Check(error.report());
    }
  }
  return 0;
}
