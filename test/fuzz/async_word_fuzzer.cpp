// libFuzzer target: the text of a rule's module.  One whose `async` is found needless does and ends
// the same with it; a comment that says "await" keeps the word.
#include "js/async_word.h"

#include "support.h"

using fundb::fuzz::Require;
using fundb::fuzz::World;
namespace js = fundb::js;

namespace {

constexpr char kName[] = "triggers/a/b/c/fuzzed.mjs";
constexpr char kTimedOut[] = "timed out";

std::string Outcome(const std::string &source) {
  js::Realm &realm = World::Get().realm();
  v8::HandleScope handles(realm.isolate());
  std::string outcome;
  try {
    js::RunOptions options;
    options.timeout_ms = 20;
    v8::Local<v8::Function> handler = realm.LoadHandler(kName, source, options.timeout_ms);
    options.stands_for_async = realm.StandsForAsync(kName);
    v8::Local<v8::Value> result = js::Run(realm, handler, 0, nullptr, options);
    outcome = js::Text(realm.context(), result);
  } catch (const fundb::Error &error) {
    const fundb::Report &report = error.report();
    outcome = report.sqlstate;
    // The comment may stand in another one that has no end.
    if (report.sqlstate != fundb::sqlstate::kSyntaxError) {
      outcome += " " + report.message + "\n" + report.context;
    }
    bool is_cut_short = report.sqlstate.compare(0, 2, "57") == 0 ||
                        report.sqlstate.compare(0, 2, "53") == 0 ||
                        report.sqlstate.compare(0, 2, "54") == 0;
    if (is_cut_short) outcome = kTimedOut;
  }
  realm.ForgetEverything();
  return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  std::string source(reinterpret_cast<const char *>(data), size);
  size_t found = js::FindNeedlessAsync(source);
  if (found == std::string::npos) return 0;
  Require(source.compare(found, 5, "async") == 0, "the word is there");
  // Figures of time and chance differ anyway.
  for (const char *word : {"Date", "random", "stack"}) {
    if (source.find(word) != std::string::npos) return 0;
  }
  std::string without = Outcome(source);
  std::string with = Outcome(source + "\n// await");
  if (without == kTimedOut || with == kTimedOut) return 0;
  Require(without == with, "async is needless");
  return 0;
}
