// js/adapter: a handler called with columns does what it does with objects.
#include "js/adapter.h"

#include "js_fixture.h"

namespace js = fundb::js;
using js::AdapterForm;
using js::AdapterOutcome;
using js::test::World;

namespace {

constexpr char kModule[] = "triggers/o/s/t/x.mjs";

// args: a is given, b given and taken, c and d taken; event.new: a and b; event.old: a.
AdapterForm AllForm() {
  AdapterForm form;
  form.has_args = form.has_event = form.has_new = form.has_old = true;
  form.args = {{"a", true, false}, {"b", true, true}, {"c", false, true}, {"d", false, true}};
  form.new_row = {"a", "b"};
  form.old_row = {"a"};
  return form;
}

// What became of a call with the numbers 1, 2, … as columns: "args: b, c, …" or "result: …".
std::string Outcome(World &world, const std::string &handler, const AdapterForm &form,
                    js::RunOptions options = {}) {
  v8::HandleScope handles(world.isolate());
  js::Realm &realm = world.realm();
  (void)realm.LoadHandler(kModule, "let kept; export default " + handler);
  std::shared_ptr<const js::Adapter> adapter = realm.AdapterOf(kModule, form);
  std::vector<v8::Local<v8::Value>> given;
  auto give = [&] {
    given.push_back(v8::Integer::New(world.isolate(), static_cast<int>(given.size()) + 1));
  };
  for (const AdapterForm::Column &column : form.args) {
    if (column.is_given) give();
  }
  for (size_t i = 0; i < form.new_row.size() + form.old_row.size(); ++i) give();
  AdapterOutcome outcome;
  options.stands_for_async = realm.StandsForAsync(kModule);
  adapter->Run(realm, static_cast<int>(given.size()), given.data(), options, &outcome);
  if (!outcome.is_args) return "result: " + world.Show(realm, outcome.result);
  std::string text = "args:";
  for (v8::Local<v8::Value> value : outcome.taken) {
    text += " " + (value.IsEmpty() ? "-" : world.Show(realm, value));
  }
  return text;
}

std::string Body(World &world, const std::string &body) {
  return Outcome(world, "function (event, args) {" + body + "}", AllForm());
}

}  // namespace

TEST_CASE("columns come in and go out") {
  World world;
  CHECK(Body(world, "return args;") == "args: 2 - -");
  CHECK(Body(world, "args.b = args.a + args.b; return args;") == "args: 3 - -");
  CHECK(Body(world, "args.c = event.new.a; args.d = event.new.b + event.old.a; return args;") ==
        "args: 2 3 9");
  CHECK(Body(world, "args.c = undefined; args.d = null; return args;") == "args: 2 undefined null");
  CHECK(Body(world, "args.c = {x: [1]}; args.d = 'text'; return args;") ==
        "args: 2 {\"x\":[1]} text");
}

TEST_CASE("each call has objects of its own") {
  World world;
  CHECK(Body(world, "args.c = kept; kept = args; return args;") == "args: 2 undefined -");
  CHECK(Body(world, "args.c = kept === args; kept = args; return args;") == "args: 2 false -");
}

TEST_CASE("results other than args are as they are") {
  World world;
  CHECK(Body(world, "return true;") == "result: true");
  CHECK(Body(world, "return false;") == "result: false");
  CHECK(Body(world, "") == "result: undefined");
  CHECK(Body(world, "return null;") == "result: null");
  CHECK(Body(world, "return 5;") == "result: 5");
  CHECK(Body(world, "return {a: args.a};") == "result: {\"a\":1}");
  CHECK(Body(world, "return [args.b];") == "result: [2]");
  CHECK(Body(world, "return later(args.b);") == "result: 2");
  CHECK(Body(world, "return {then(f) { f('thenable'); }};") != "result: thenable");
}

TEST_CASE("one taken column, or none") {
  World world;
  AdapterForm form;
  form.has_args = true;
  form.args = {{"a", false, true}};
  auto call = [&](const std::string &body) {
    return Outcome(world, "function (event, args) {" + body + "}", form);
  };
  CHECK(call("args.a = 5; return args;") == "args: 5");
  CHECK(call("return args;") == "args: -");
  // What it holds is no result.
  CHECK(call("args.a = true; return args;") == "args: true");
  CHECK(call("args.a = undefined; return args;") == "args: undefined");
  CHECK(call("args.a = false; return true;") == "result: true");
  CHECK(call("return event;") == "result: undefined");
  form.args.clear();
  CHECK(call("return args;") == "args:");
  form.has_args = false;
  CHECK(call("return args;") == "result: undefined");
}

TEST_CASE("async functions, with and without the word") {
  World world;
  AdapterForm form = AllForm();
  CHECK(Outcome(world, "async function handle(event, args) { args.c = 1; return args; }", form) ==
        "args: 2 1 -");
  CHECK(Outcome(world, "async function handle(event, args) { return {then: f => f(5)}; }", form) ==
        "result: 5");
}

TEST_CASE("args by way of a promise are args, and no object in which columns are left out") {
  World world;
  AdapterForm form = AllForm();
  CHECK(Outcome(world, "async (event, args) => { args.c = 1; return args; }", form) ==
        "args: 2 1 -");
  CHECK(Outcome(world, "async (event, args) => { await 1; args.b = 5; return args; }", form) ==
        "args: 5 - -");
  CHECK(Body(world, "args.d = undefined; return Promise.resolve(args);") == "args: 2 - undefined");
  CHECK(Body(world, "return new Promise(f => { args.c = 7; f(args); });") == "args: 2 7 -");
  CHECK(Body(world, "return Promise.resolve().then(() => ({a: args.a}));") == "result: {\"a\":1}");
  CHECK(Body(world, "return Promise.resolve(true);") == "result: true");
  AdapterForm one;
  one.has_args = true;
  one.args = {{"a", false, true}};
  CHECK(Outcome(world, "async (event, args) => { args.a = 'x'; return args; }", one) == "args: x");
  one.args.clear();
  CHECK(Outcome(world, "async (event, args) => args", one) == "args:");
  one.has_args = false;
  CHECK(Outcome(world, "async (event, args) => args", one) == "result: undefined");
}

TEST_CASE("errors pass, and the next call is as ever") {
  World world;
  auto message = [&](const std::string &body) -> std::string {
    try {
      return Body(world, body);
    } catch (const fundb::Error &error) {
      CHECK(error.report().context.find("adapter") == std::string::npos);
      return error.report().message;
    }
  };
  CHECK(message("args.c = 1; throw new Error('refused ' + args.a);") == "refused 1");
  CHECK(message("throw 'text';") == "text");
  CHECK(message("return fail('22023', 'failed');") == "failed");
  CHECK(message("return new Promise(() => {});") == "the returned promise never resolved");
  CHECK(message("return args;") == "args: 2 - -");
  js::RunOptions options;
  options.timeout_ms = 20;
  CHECK_THROWS_AS(Outcome(world, "function (event, args) { for (;;); }", AllForm(), options),
                  fundb::Error);
  CHECK(message("return args;") == "args: 2 - -");
}

TEST_CASE("an adapter is made once for a form, and goes with its module") {
  World world;
  v8::HandleScope handles(world.isolate());
  js::Realm &realm = world.realm();
  const std::string source = "export default (event, args) => true";
  (void)realm.LoadHandler(kModule, source);
  std::shared_ptr<const js::Adapter> first = realm.AdapterOf(kModule, AllForm());
  AdapterForm other = AllForm();
  other.has_old = false;
  other.old_row.clear();
  CHECK((realm.AdapterOf(kModule, AllForm()) == first));
  CHECK((realm.AdapterOf(kModule, other) != first));
  realm.ForgetEverything();
  CHECK(first.use_count() == 1);
  CHECK((realm.AdapterOf(kModule, AllForm()) == nullptr));
  (void)realm.LoadHandler(kModule, source);
  CHECK((realm.AdapterOf(kModule, AllForm()) != first));
}
