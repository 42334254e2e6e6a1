// js/parameters: what a handler can see of its arguments.
#include "js/parameters.h"

#include "js_fixture.h"

using fundb::js::FindUsedParameters;
using fundb::js::Realm;
using fundb::js::UsedParameters;
using fundb::js::test::World;

namespace {

// "event args", "event", "args" or "".
std::string Used(World &world, const std::string &handler) {
  v8::HandleScope handles(world.isolate());
  Realm &realm = world.realm();
  v8::Local<v8::Function> function =
      realm.LoadHandler("triggers/o/s/t/x.mjs", "export default " + handler);
  UsedParameters used = FindUsedParameters(realm.context(), function);
  std::string text;
  if (used.first) text = "event";
  if (used.second) text += text.empty() ? "args" : " args";
  return text;
}

}  // namespace

TEST_CASE("parameters that the text does not name are not used") {
  World world;
  CHECK(Used(world, "async function handle(event, args) { return true; }").empty());
  CHECK(Used(world, "async function handle(event, args) { return args; }") == "args");
  CHECK(Used(world, "function (event, args) { return event.time == 'BEFORE'; }") == "event");
  CHECK(Used(world, "async (e, a) => { a.x = e.new.y; return a; }") == "event args");
  CHECK(Used(world, "async (\n  event,\n  args,\n) => true").empty());
  CHECK(Used(world, "function handle() { return true; }").empty());
  CHECK(Used(world, "(event) => true").empty());
  CHECK(Used(world, "({ async handle(event, args) { return args; } }).handle") == "args");
  CHECK(Used(world, "async (event, args) => () => () => args") == "args");
}

TEST_CASE("whatever could reach a parameter another way uses all") {
  World world;
  const char *const handlers[] = {
      "function (event, args) { return arguments[0]; }",
      "function () { return arguments[1]; }",
      "(event, args) => { return ar\\u0067s; }",
      "(event, args) => eval('args')",
      "(event, args, more = event) => more",
      "(event, {t1}) => t1 == 1",
      "(...all) => all.length == 2",
      "(event, args /* , last */) => true",
      "event => true",
      "(function (event, args) { return true; }).bind(null)",
      "Object.is",
      "(ev\\u0065nt, args) => true",
      "(évent, args) => true",
  };
  for (const char *handler : handlers) {
    CAPTURE(handler);
    CHECK(Used(world, handler) == "event args");
  }
  // A name that would take long to look for.
  CHECK(Used(world, "(" + std::string(200, 'a') + ", args) => true").empty());
  CHECK(Used(world, "(" + std::string(201, 'a') + ", args) => true") == "event args");
}
