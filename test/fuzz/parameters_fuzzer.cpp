// libFuzzer target: the text of a handler.  A parameter that is taken for unused is never reached:
// proxies in its place see no access, and the handler gives none of them back.
#include "js/parameters.h"

#include "support.h"

using fundb::fuzz::Require;
using fundb::fuzz::World;
namespace js = fundb::js;

namespace {

constexpr const char *kHeads[] = {
    "(event, args) => ",
    "function (event, args) ",
    "async function handle(event, args) ",
    "async (a, b, c) => ",
    "e => ",
    "function* g(e, $) ",
    "function (event, args = event) ",
    "function ({source}, ...args) ",
    "(e/*)*/, a) => ",
};

// Hands out proxies that note every access.
constexpr char kWatch[] = R"js(export default function watch(handler, call) {
  const touched = [false, false];
  const watched = touched.map((_, number) => new Proxy(function () {}, new Proxy({}, {
    get: (target, trap) => { touched[number] = true; return undefined; },
  })));
  let result;
  try { result = call(handler, watched[0], watched[1]); } catch (error) { result = error; }
  for (let i = 0; i < 2; ++i) if (result === watched[i]) touched[i] = true;
  return touched[0] * 1 + touched[1] * 2;
})js";
constexpr char kCall[] = "export default function call(f, a, b) { return f(a, b); }";

void Try(js::Realm &realm, const std::string &source) {
  v8::Isolate *isolate = realm.isolate();
  v8::HandleScope handles(isolate);
  js::RunOptions options;
  options.timeout_ms = 20;
  v8::Local<v8::Function> handler = realm.LoadHandler("triggers/a/b/c/fuzzed.mjs", source, 20);
  js::UsedParameters used = js::FindUsedParameters(realm.context(), handler);
  v8::Local<v8::Value> arguments[2] = {handler,
                                       realm.LoadHandler("triggers/a/b/c/call.mjs", kCall)};
  v8::Local<v8::Value> result =
      js::Run(realm, realm.LoadHandler("triggers/a/b/c/watch.mjs", kWatch), 2, arguments, options);
  int touched = result->Int32Value(realm.context()).FromMaybe(0);
  Require(used.first || (touched & 1) == 0, "the first parameter is unused");
  Require(used.second || (touched & 2) == 0, "the second parameter is unused");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size < 2) return 0;
  constexpr size_t kCount = sizeof kHeads / sizeof kHeads[0];
  std::string source = "export default ";
  source += kHeads[data[0] % kCount];
  source.append(reinterpret_cast<const char *>(data) + 1, size - 1);
  js::Realm &realm = World::Get().realm();
  try {
    Try(realm, source);
  } catch (const fundb::Error &error) {
    Require(!error.report().message.empty(), "a message");
  }
  // The text is kept by name: only the last one counts.
  realm.ForgetEverything();
  return 0;
}
