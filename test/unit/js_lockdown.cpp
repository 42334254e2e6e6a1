// js/lockdown: what a new realm lacks, what cannot be changed, and what ordinary code may still do.
#include "js/lockdown.h"

#include "js_fixture.h"

using fundb::Report;
using fundb::js::LogLevel;
using fundb::js::test::World;

TEST_CASE("code from strings and foreign machinery are off") {
  World world;
  for (const char *source :
       {"eval('1')", "new Function('return 1')", "(() => {}).constructor('return 1')",
        "(async () => {}).constructor('return 1')", "(function* () {}).constructor('return 1')",
        "Reflect.construct(Function, ['return 1'])", "(0, eval)('1')",
        "Function.prototype.constructor('return 1')"}) {
    CAPTURE(source);
    Report report = world.FailureOfBody(std::string("return ") + source + ";");
    CHECK(report.message == "code from strings (eval, new Function) is not allowed");
  }
  CHECK(world.Body("return ['WebAssembly', 'SharedArrayBuffer', 'Atomics', 'gc', 'process',"
                   "'require', 'setTimeout', 'fetch', 'ShadowRealm', 'fundb:lock']"
                   ".filter(name => name in globalThis);") == "[]");
}

TEST_CASE("no built-in object can be changed") {
  World world;
  // Walks everything that code can reach, by properties, prototypes and syntax.
  CHECK(world.Body(R"(
    const open = [];
    const seen = new Set();
    const walk = (value, path) => {
      if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return;
      if (seen.has(value)) return;
      seen.add(value);
      if (Object.isExtensible(value)) open.push(path + ' is extensible');
      for (const key of Reflect.ownKeys(value)) {
        const property = Object.getOwnPropertyDescriptor(value, key);
        const name = path + '.' + String(key);
        if (property.configurable) open.push(name + ' is configurable');
        if (property.writable) open.push(name + ' is writable');
        walk(property.value, name);
        walk(property.get, name + '.get');
        walk(property.set, name + '.set');
      }
      walk(Object.getPrototypeOf(value), path + '.__proto__');
    };
    walk(globalThis, 'globalThis');
    const segments = new Intl.Segmenter().segment('a');
    const made = {
      generator: (function* () {})(), asyncGenerator: (async function* () {})(),
      array: [][Symbol.iterator](), map: new Map()[Symbol.iterator](),
      set: new Set()[Symbol.iterator](), string: ''[Symbol.iterator](),
      regexp: 'a'.matchAll(/a/g), segments, segment: segments[Symbol.iterator](),
      promise: Promise.resolve(), error: new RangeError(), typed: new Float64Array(),
      asyncFunction: async () => {},
    };
    for (const [name, value] of Object.entries(made)) {
      let prototype = Object.getPrototypeOf(value);
      if (name.endsWith('enerator')) prototype = Object.getPrototypeOf(prototype);
      walk(prototype, name);
    }
    return open;
  )") == "[]");
}

TEST_CASE("tampering fails loudly") {
  World world;
  for (const char *source :
       {"Array.prototype.map = null",
        "Array.prototype.mine = 1",
        "Object.prototype.mine = 1",
        "Object.prototype.toString = null",
        "Object.prototype.__proto__ = {a: 1}",
        "Object.setPrototypeOf(Object.prototype, {a: 1})",
        "Promise.prototype.then = null",
        "RegExp.prototype.exec = null",
        "globalThis.mine = 1",
        "delete globalThis.Map",
        "globalThis.Map = null",
        "Math.max = null",
        "console.log = null",
        "later.x = 1",
        "Error.prepareStackTrace = () => 1",
        "Error.stackTraceLimit = 1",
        "JSON.parse = null",
        "Object.defineProperty(Array.prototype, 'push', {value: null})",
        "delete Array.prototype.push",
        "Array.prototype[0] = 1",
        "Object.prototype[0] = 1",
        "Array.prototype.length = 5",
        "Array.prototype[Symbol.iterator] = null",
        "Object.getPrototypeOf([][Symbol.iterator]()).next = null",
        "Object.getPrototypeOf(async () => {}).x = 1",
        "Reflect.set(Object.prototype, 'toString', 1) || x()",
        "Object.getOwnPropertyDescriptor(Object.prototype, 'toString').set.call(Object.prototype, "
        "1)",
        "Object.getOwnPropertyDescriptor(Object.prototype, 'toString').set.call(5, 1)"}) {
    CAPTURE(source);
    CHECK(world.FailureOfBody(source).sqlstate == "38000");
  }
}

TEST_CASE("an own property may shadow a frozen one") {
  World world;
  CHECK(world.Body(R"(
    class NotFound extends Error {
      constructor(message) { super(message); this.name = 'NotFound'; this.message = 'm'; }
    }
    const error = new NotFound('x');
    return [error.name, error.message, String(error), Object.keys(error), error instanceof Error];
  )") == R"(["NotFound","m","NotFound: m",["name"],true])");
  CHECK(world.Body("const o = {}; o.toString = () => 'mine'; o.valueOf = () => 4;"
                   "return `${o}` + (o + 1);") == "mine5");
  CHECK(world.Body("const counts = {}; for (const word of ['constructor', 'a', 'toString', "
                   "'constructor']) counts[word] = (Object.hasOwn(counts, word) ? counts[word] : "
                   "0) + 1; return counts;") == R"({"constructor":2,"a":1,"toString":1})");
  CHECK(
      world.Body("function Foo() {} function Bar() {} Bar.prototype = Object.create(Foo.prototype);"
                 "Bar.prototype.constructor = Bar; Bar.prototype.toString = () => 'bar';"
                 "return [new Bar().constructor === Bar, `${new Bar()}`];") == R"([true,"bar"])");
  CHECK(world.Body("const f = () => 1; f.call = 2; f.toString = () => 'f'; f.constructor = 3;"
                   "return [f.call, `${f}`, f.constructor];") == R"([2,"f",3])");
  CHECK(world.Body("const a = [1]; a.map = 5; const m = new Map(); m.get = 6; const d = new Date();"
                   "d.getTime = 7; const p = Promise.resolve(); p.catch = 8; const t = new "
                   "Uint8Array(1); t.map = 9; return [a.map, m.get, d.getTime, p.catch, t.map];") ==
        "[5,6,7,8,9]");
  // What was shadowed is an ordinary property.
  CHECK(world.Body("const o = {}; o.toString = 1; o.toString = 2;"
                   "const d = Object.getOwnPropertyDescriptor(o, 'toString'); delete o.toString;"
                   "return [d, typeof o.toString];") ==
        R"([{"value":2,"writable":true,"enumerable":true,"configurable":true},"function"])");
  // JSON and literals define, they do not assign.
  CHECK(world.Body("return JSON.parse('{\"constructor\":1,\"toString\":2,\"__proto__\":3}');") ==
        R"({"constructor":1,"toString":2,"__proto__":3})");
  CHECK(world.Body("const o = Object.assign({}, {constructor: 1, valueOf: 2}); return o;") ==
        R"({"constructor":1,"valueOf":2})");
  CHECK(world.Body("class A { toString() { return 'A'; } } class B extends Array { map() { return "
                   "1; } } return `${new A()}` + new B().map();") == "A1");
}

TEST_CASE("a shadowing assignment obeys the receiver") {
  World world;
  CHECK(world.FailureOfBody("const o = Object.freeze({}); o.toString = 1;").sqlstate == "38000");
  CHECK(world.Body("const target = {}; Reflect.set({}, 'toString', 1, target); return target;") ==
        R"({"toString":1})");
  CHECK(world.Body("const target = {toString: 0}; Reflect.set({}, 'toString', 1, target);"
                   "return target;") == R"({"toString":1})");
}

TEST_CASE("ordinary code works in a locked realm") {
  World world;
  CHECK(world.Body(R"(
    const [a, ...rest] = [3, 1, 2];
    const { x, ...others } = { x: 1, y: 2, z: 3 };
    const sum = rest.concat(a).sort().map(n => n * 2).reduce((p, n) => p + n, 0);
    const words = 'a, b ,c'.split(/\s*,\s*/).join('|').replace(/[a-c]/g, c => c.toUpperCase());
    const found = [...'x1y22'.matchAll(/\d+/g)].map(m => m[0]);
    const map = new Map(Object.entries(others));
    function* gen() { yield* [1, 2]; }
    class Base { #p = 1; static s = 2; get p() { return this.#p; } }
    class Derived extends Base { constructor() { super(); this.q = super.p + Base.s; } }
    const promised = await Promise.all([1, later(2), (async () => 3)()]);
    const big = JSON.stringify({ n: 12345678901234567890n });
    const date = new Date(0).toISOString();
    const nested = structure({ a: [1, { b: 2 }] });
    function structure(o) { return JSON.parse(JSON.stringify(o)); }
    let label = ''; for await (const v of (async function* () { yield 'l'; })()) label += v;
    return [a, rest, others, sum, words, found, [...map.keys()], [...gen()], new Derived().q,
      promised, big, date, nested, label, Array.from({ length: 2 }, (_, i) => i),
      new Intl.NumberFormat('en').format(1234.5), Object.groupBy === undefined];
  )") == R"([3,[1,2],{"y":2,"z":3},12,"A|B|C",["1","22"],["y","z"],[1,2],3,[1,2,3],)"
         R"("{\"n\":\"12345678901234567890\"}","1970-01-01T00:00:00.000Z",{"a":[1,{"b":2}]},)"
         R"("l",[0,1],"1,234.5",true])");
}

TEST_CASE("of a long message to console the beginning is shown") {
  World world;
  world.Body("console.log('a'.repeat(2e6)); console.log('\u00e4'.repeat(2e6));");
  REQUIRE(world.host.log.size() == 2);
  CHECK(world.host.log[0].second == std::string(1'000'000, 'a') + "…");
  CHECK(world.host.log[1].second.size() == 2'000'000 + std::string_view("…").size());
}

TEST_CASE("console writes to the host's log") {
  World world;
  world.Body(
      "console.log('a', 1, null, undefined, {b: [1n]}); console.warn('w');"
      "console.error(Symbol('s')); console.debug(() => 1); console.info('i');"
      "const o = {}; o.o = o; console.log(o, [1, [2]]);");
  REQUIRE(world.host.log.size() == 6);
  CHECK(world.host.log[0].second == R"(a 1 null undefined {"b":["1"]})");
  CHECK(world.host.log[0].first == LogLevel::kNotice);
  CHECK(world.host.log[1].first == LogLevel::kWarning);
  CHECK(world.host.log[2].second == "Symbol(s)");
  CHECK(world.host.log[2].first == LogLevel::kWarning);
  CHECK(world.host.log[3].first == LogLevel::kDebug);
  CHECK(world.host.log[4].first == LogLevel::kNotice);
  CHECK(world.host.log[5].second == "[object Object] [1,[2]]");
}

TEST_CASE("realms do not see each other") {
  World world;
  world.source.texts["lib/a/state.mjs"] = "export const state = { hits: 0 };";
  const char *source = "import { state } from 'a/state'; export default () => ++state.hits;";
  CHECK(world.Call(source, {}, 10) == "1");
  CHECK(world.Call(source, {}, 10) == "2");
  CHECK(world.Call(source, {}, 20) == "1");

  // Their built-ins are different objects.
  v8::HandleScope handles(world.isolate());
  auto array_of = [&](uint32_t role) {
    auto &realm = world.realm(role);
    v8::Local<v8::Function> f =
        realm.LoadHandler("triggers/o/s/t/y.mjs", "export default () => Array.prototype;");
    return fundb::js::Run(realm, f, 0, nullptr, fundb::js::RunOptions{});
  };
  CHECK_FALSE(array_of(10)->StrictEquals(array_of(20)));
}

TEST_CASE("what a regular expression matched last is nobody else's business") {
  World world;
  CHECK(world.Body("return /(s)ecret/.test('a secret');") == "true");
  CHECK(world.Body("return [RegExp.input, RegExp.lastMatch, RegExp.$1, RegExp['$`']].map("
                   "(x) => x === undefined);") == "[true,true,true,true]");
  CHECK(world.Body("return Reflect.ownKeys(RegExp).map(String);") ==
        R"js(["length","name","prototype","Symbol(Symbol.species)"])js");
  CHECK(world.FailureOfBody("RegExp.input = 'changed';").sqlstate == "38000");
}

TEST_CASE("V8's protectors are intact after a realm was made") {
  // Their loss would show as slowness only.  A species lookup is observable through a getter that
  // counts, so compare with a constructor that is looked up.
  World world;
  CHECK(world.Body("class A extends Array {} const a = A.from([1, 2]);"
                   "return [a.map(x => x) instanceof A, [1].map(x => x) instanceof A];") ==
        "[true,false]");
}
