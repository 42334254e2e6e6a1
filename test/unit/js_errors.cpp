// js/errors: what leaves when JavaScript throws, whatever it throws.
#include "js/errors.h"

#include "js_fixture.h"

using fundb::Report;
using fundb::js::Describe;
using fundb::js::RunOptions;
using fundb::js::test::World;

namespace {

bool Has(const std::string &text, const char *part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("an error leaves with its message and its stack") {
  World world;
  Report report = world.FailureOf(
      "function check() {\n  throw new TypeError('wrong');\n}\n"
      "export default function handle() {\n  check();\n}");
  CHECK(report.sqlstate == "38000");
  CHECK(report.message == "wrong");
  CHECK(report.context ==
        "at check (triggers/o/s/t/x.mjs:2:9)\n"
        "at handle (triggers/o/s/t/x.mjs:5:3)");
}

TEST_CASE("the stack goes across await and imports") {
  World world;
  world.source.texts["lib/a/x.mjs"] = "export async function deep() {\n  await 0;\n  null.x;\n}";
  Report report = world.FailureOf(
      "import { deep } from 'a/x';\n"
      "export default async function handle() {\n  await deep();\n}");
  CHECK(report.message == "Cannot read properties of null (reading 'x')");
  CHECK(report.context ==
        "at deep (lib/a/x.mjs:3:8)\n"
        "at async handle (triggers/o/s/t/x.mjs:3:3)");
}

TEST_CASE("a failed request shows where it was awaited") {
  World world;
  Report report = world.FailureOf(
      "async function inner() {\n  await fail('22012', 'division by zero');\n}\n"
      "export default async function handle() {\n  await inner();\n}");
  CHECK(report.sqlstate == "22012");
  CHECK(report.context ==
        "at async inner (triggers/o/s/t/x.mjs:2:3)\n"
        "at async handle (triggers/o/s/t/x.mjs:5:3)");
}

TEST_CASE("properties of a thrown object are honoured") {
  World world;
  Report report = world.FailureOfBody(
      "throw Object.assign(new Error('m'), {sqlstate: 'P0001', detail: 'd', hint: 'h', column: "
      "'c', constraint: 'k', schema: 's', table: 't'});");
  CHECK(report.sqlstate == "P0001");
  CHECK(report.detail == "d");
  CHECK(report.hint == "h");
  CHECK(report.column == "c");
  CHECK(report.constraint == "k");
  CHECK(report.schema == "s");
  CHECK(report.table == "t");
  for (const char *state :
       {"'00000'", "'01000'", "'02000'", "'p0001'", "'P000'", "'P00011'", "5", "null", "'22 12'",
        "{toString() { return '22012' }}", "'57014'", "'57P01'", "'53200'"}) {
    CAPTURE(state);
    CHECK(world.FailureOfBody(std::string("throw {message: 'm', sqlstate: ") + state + "};")
              .sqlstate == "38000");
  }
  report = world.FailureOfBody("throw {message: 'm', detail: 5, hint: null, column: {}};");
  CHECK(report.detail.empty());
  CHECK(report.hint.empty());
  CHECK(report.column.empty());
}

TEST_CASE("anything may be thrown") {
  World world;
  struct {
    const char *thrown;
    const char *message;
  } cases[] = {
      {"'text'", "text"},
      {"5", "5"},
      {"null", "null"},
      {"undefined", "undefined"},
      {"Symbol('s')", "Symbol(s)"},
      {"10n", "10"},
      {"''", "JavaScript error without a message"},
      {"{}", "[object Object]"},
      {"{message: 'plain'}", "plain"},
      {"{message: 5}", "[object Object]"},
      {"{toString() { return 'mine'; }}", "mine"},
      {"{toString() { throw 1; }}", "[object Object]"},
      {"Object.create(null)", "[object Object]"},
      {"new Error()", "Error"},
      {"new RangeError('')", "RangeError"},
      {"() => 1", "() => 1"},
      {"{get message() { throw new Error('from getter'); }}", "[object Object]"},
      {"{get message() { return 'from getter'; }}", "from getter"},
      {"new Proxy({}, {get() { throw 1; }, getPrototypeOf() { throw 1; }})", "[object Object]"},
      {"new Proxy(new Error('in proxy'), {})", "in proxy"},
      {"2n ** 600_000n", "a long BigInt"},
      {"Promise.resolve(1)", "[object Promise]"},
      {"Object.assign(new Error('x'), {stack: 5})", "x"},
      {"Object.defineProperty(new Error('x'), 'stack', {get() { throw 1; }})", "x"},
  };
  for (const auto &c : cases) {
    CAPTURE(c.thrown);
    for (const char *how : {"throw %;", "await 0; throw %;", "Promise.reject(%);",
                            "await later(0); await Promise.reject(%);"}) {
      std::string body = how;
      body.replace(body.find('%'), 1, c.thrown);
      Report report = world.FailureOfBody(body);
      CHECK(report.message == c.message);
      CHECK(report.sqlstate == "38000");
    }
    std::string sync = std::string("export default function () { throw ") + c.thrown + "; }";
    CHECK(world.FailureOf(sync).message == c.message);
  }
}

TEST_CASE("long texts of an error are cut") {
  World world;
  const std::string cut = std::string(1'000'000, 'x') + "…";
  Report report = world.FailureOf(
      "const long = 'x'.repeat(1_000_001);\n"
      "export default function handle() {\n"
      "  throw Object.assign(new Error(long), {detail: long, hint: long, column: long, constraint: "
      "long, schema: long, table: long, userData: long});\n"
      "}");
  CHECK(report.message == cut);
  for (auto field : {&Report::detail, &Report::hint, &Report::column, &Report::constraint,
                     &Report::schema, &Report::table}) {
    CHECK(report.*field == cut);
  }
  // Cut it would be no JSON.
  CHECK(report.user_data.empty());
  // The frames stand behind the message.
  CHECK(report.context == "at handle (triggers/o/s/t/x.mjs:3:23)");
  report = world.FailureOfBody("throw {message: 'm', userData: 'x'.repeat(999_998)};");
  CHECK(report.user_data.size() == 1'000'000);
  CHECK(world.FailureOfBody("throw 'x'.repeat(1_000_001);").message == cut);
  CHECK(world.FailureOfBody("throw '😀'.repeat(500_001);").message.size() == 2'000'003);
  CHECK(world.FailureOfBody("throw 'x' + '😀'.repeat(500_001);").message.size() == 2'000'000);
}

TEST_CASE("a thrown primitive has a place") {
  World world;
  CHECK(world.FailureOf("export default function () {\n  throw 'text';\n}").context ==
        "at triggers/o/s/t/x.mjs:2:3");
}

TEST_CASE("reading an error can be interrupted and starts nothing") {
  World world;
  RunOptions options;
  options.timeout_ms = 50;
  CHECK(world.FailureOfBody("throw {get message() { for (;;); }};", options).sqlstate == "57014");
  CHECK(world.FailureOfBody("throw {get message() { later(1); return 'm'; }};").message ==
        "[object Object]");
  CHECK(world
            .FailureOfBody("throw {get message() { (async () => { await 0; "
                           "console.log('leaked'); })(); return 'm'; }};")
            .message == "m");
  CHECK(world.Body("await later(0); return 1;") == "1");
  CHECK(world.host.log.empty());
}

TEST_CASE("a report leaves verbatim unless its message was changed") {
  World world;
  const char *text = "try { await fail('23505', 'duplicate key'); } catch (e) { % throw e; }";
  auto with = [&](const char *change) {
    std::string body = text;
    return world.FailureOfBody(body.replace(body.find('%'), 1, change));
  };
  Report report = with("e.sqlstate = 'P0001'; e.hint = 'forged';");
  CHECK(report.sqlstate == "23505");
  CHECK(report.hint == "The hint.");
  report = with("e.message = 'mine'; e.hint = 'my hint';");
  CHECK(report.sqlstate == "23505");  // still the object's own property
  CHECK(report.message == "mine");
  CHECK(report.hint == "my hint");
  CHECK(report.detail == "The detail.");
  report = world.FailureOfBody(
      "try { await fail('40001', 'serialization failure'); } catch (e) { e.message = 'mine'; "
      "delete e.sqlstate; throw e; }");
  CHECK(report.sqlstate == "40001");
  CHECK(report.message == "serialization failure");
}

TEST_CASE("all fields of a report go through JavaScript") {
  World world;
  world.nested = [](v8::Local<v8::Context>, std::string) -> v8::Local<v8::Value> {
    Report report;
    report.sqlstate = "22P02";
    report.message = "m\xC3\xA9";
    report.detail = "detail";
    report.hint = "hint";
    report.context = "SQL statement \"select\"";
    report.schema = "schema";
    report.table = "table";
    report.column = "column";
    report.datatype = "datatype";
    report.constraint = "constraint";
    report.internal_query = "select x";
    report.internal_position = 8;
    throw fundb::Error(report);
  };
  Report report = world.FailureOf("export default async function handle() { await nested('x'); }");
  CHECK(report.sqlstate == "22P02");
  CHECK(report.message == "m\xC3\xA9");
  CHECK(report.detail == "detail");
  CHECK(report.hint == "hint");
  CHECK(report.context ==
        "SQL statement \"select\"\n"
        "at async handle (triggers/o/s/t/x.mjs:1:42)");
  CHECK(report.schema == "schema");
  CHECK(report.table == "table");
  CHECK(report.column == "column");
  CHECK(report.datatype == "datatype");
  CHECK(report.constraint == "constraint");
  CHECK(report.internal_query == "select x");
  CHECK(report.internal_position == 8);
  // JavaScript sees nothing of what the object remembers.
  CHECK(world.Body("try { await nested('x'); } catch (e) { return Reflect.ownKeys(e).sort(); }") ==
        R"(["column","constraint","detail","hint","message","schema","sqlstate","stack","table"])");
}

TEST_CASE("deep recursion is an ordinary error") {
  World world;
  CHECK(world.FailureOf("export default function f() { return f() + 1; }").message ==
        "Maximum call stack size exceeded");
  CHECK(world.FailureOfBody("const f = async () => { await f(); }; await f();").message ==
        "Maximum call stack size exceeded");
  CHECK(world
            .FailureOfBody("let o = {}; for (let i = 0; i < 1e5; i++) o = {o};"
                           "return JSON.stringify(o);")
            .message == "Maximum call stack size exceeded");
  CHECK(world.FailureOfBody("return JSON.parse('['.repeat(1e6));").sqlstate == "38000");
  CHECK(world.Body("try { (function f() { f(); })(); } catch (e) { return e.name; }") ==
        "RangeError");
  CHECK(world.FailureOfBody("throw new Error('x'.repeat(100000));").message.size() == 100000);
  // Twice as many calls at each level: only the deadline ends it, at the end of the stack.
  RunOptions options;
  options.timeout_ms = 100;
  CHECK(world.FailureOf("export default function f() { try { f(); } finally { f(); } }", options)
            .sqlstate == "57014");
}

TEST_CASE("values are described without running JavaScript") {
  World world;
  v8::HandleScope handles(world.isolate());
  auto &realm = world.realm();
  v8::Context::Scope entered(realm.context());
  auto describe = [&](const std::string &expression) {
    v8::Local<v8::Function> f =
        realm.LoadHandler("triggers/o/s/t/d.mjs", "export default () => (" + expression + ");");
    v8::Local<v8::Value> value;
    REQUIRE(f->Call(realm.context(), v8::Undefined(world.isolate()), 0, nullptr).ToLocal(&value));
    return Describe(world.isolate(), value);
  };
  CHECK(describe("undefined") == "undefined");
  CHECK(describe("null") == "null");
  CHECK(describe("true") == "a boolean (true)");
  CHECK(describe("1.5") == "a number (1.5)");
  CHECK(describe("5n") == "a BigInt (5n)");
  CHECK(describe("2n ** 1025n") == "a long BigInt");
  CHECK(describe("2n ** 600_000_000n") == "a long BigInt");
  CHECK(describe("'abc'") == "a string (\"abc\")");
  CHECK(describe("'x'.repeat(50)") == "a string (\"" + std::string(40, 'x') + "…\")");
  CHECK(describe("[1]") == "an array");
  CHECK(describe("() => 1") == "a function");
  CHECK(describe("new Date()") == "a Date");
  CHECK(describe("new Map()") == "an object of class Map");
  CHECK(describe("new (class Foo {})()") == "an object of class Foo");
  CHECK(
      describe("(() => { class A { static get name() { return 'x'.repeat(50); } } return new A(); "
               "})()") == "an object of class A");
  CHECK(describe("new (class " + std::string(50, 'x') + " {})()") ==
        "an object of class " + std::string(40, 'x') + "…");
  CHECK(describe("new Proxy({}, {get() { throw 1; }})") == "a proxy");
  CHECK(Has(describe("Promise.resolve(1)"), "promise"));
}

TEST_CASE("text goes in and out unharmed") {
  World world;
  v8::HandleScope handles(world.isolate());
  auto &realm = world.realm();
  auto value_of = [&](const std::string &expression) {
    v8::Local<v8::Function> f =
        realm.LoadHandler("triggers/o/s/t/d.mjs", "export default () => (" + expression + ");");
    v8::Local<v8::Value> value;
    REQUIRE(f->Call(realm.context(), v8::Undefined(world.isolate()), 0, nullptr).ToLocal(&value));
    return fundb::js::ToUtf8(world.isolate(), value.As<v8::String>());
  };
  for (const char *text : {"", "a", "plain ASCII of some length", "caf\xC3\xA9",
                           "\xD0\x9F\xD1\x80\xD0\xB8\xD0\xB2\xD0\xB5\xD1\x82", "\xE2\x82\xAC",
                           "\xF0\x9F\x98\x80 smile"}) {
    v8::Local<v8::String> string = fundb::js::NewString(world.isolate(), text);
    fundb::js::Utf8 back = fundb::js::ToUtf8(world.isolate(), string);
    CHECK(back.text == text);
    CHECK(back.IsStorable());
  }
  CHECK(value_of("'a\\ud800b'").has_lone_surrogate);
  CHECK(value_of("'a\\ud800b'").text ==
        "a\xEF\xBF\xBD"
        "b");
  CHECK(value_of("'\\udc00\\ud800'").has_lone_surrogate);
  CHECK(value_of("'\\ud83d\\ude00'").IsStorable());
  CHECK(value_of("'a\\0b'").has_nul);
  CHECK(value_of("'\\u20ac\\0b'").has_nul);
  CHECK(value_of("'a\\0b'").text.size() == 3);
  CHECK(value_of("'\\xff'").text == "\xC3\xBF");
}
