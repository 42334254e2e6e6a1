// js/async_word: which handlers are compiled without `async`, and that nobody can tell.
#include "js/async_word.h"

#include "js_fixture.h"

using fundb::Error;
using fundb::Report;
using fundb::js::FindNeedlessAsync;
using fundb::js::test::World;

namespace {

bool IsNeedless(std::string_view source) { return FindNeedlessAsync(source) != source.npos; }

// All that a call ends with.
std::string Outcome(World &world, const std::string &source) {
  try {
    return "value " + world.Call(source);
  } catch (const Error &error) {
    const Report &report = error.report();
    return report.sqlstate + "\n" + report.message + "\n" + report.detail + "\n" + report.hint +
           "\n" + report.context + "\n" + report.column + "\n" + report.user_data;
  }
}

}  // namespace

TEST_CASE("async is needless where nothing awaits and nobody else can call") {
  CHECK(IsNeedless("export default async function () { return true; }"));
  CHECK(IsNeedless("export default async function(event, args) { return args; }"));
  CHECK(IsNeedless("\nexport default async function handle(event, args) {\n  return args;\n}\n"));
  CHECK(IsNeedless("export default async function handle() { return handled(handler); }"));
  CHECK(IsNeedless("// it's {\nexport default async function () {}"));
  CHECK(
      IsNeedless("/* \" ( ` */ const a = {b: [\"}\", 'it\\'s']}; /**/\n"
                 "export\tdefault  async\tfunction\n  f() { return /[`'\"/*]/; }"));
  const std::string name(200, 'a');
  CHECK(IsNeedless("export default async function " + name + "() {}"));
  // One that would take long to look for.
  CHECK_FALSE(IsNeedless("export default async function " + name + "a() {}"));
  const std::string source = "let n = 0;\nexport default async function f(e, a) { return n++; }";
  CHECK(FindNeedlessAsync(source) == source.find("async"));
}

TEST_CASE("async stays where it could be missed") {
  const char *const sources[] = {
      "export default function () { return true; }",
      "export default async () => true",
      "export default (async function () { return true; })",
      "const f = async function () {}; export default f;",
      "async function f() {} export default f;",
      "export default async function* () { yield 1; }",
      "export default async function *f() { yield 1; }",
      // Awaits, or might.
      "export default async function () { return await 1; }",
      "export default async function () { return true; } // no await",
      // Another async function.
      "export default async function () { return (async () => 1)(); }",
      "const async = 1; export default async function () { return true; }",
      // The function calls itself, or another function does.
      "export default async function f(n) { return n ? f(n - 1) : 0; }",
      "export default async function $(n) { return $ != null; }",
      "const o = {f() { return f; }}; export default async function f() { return o.f()(); }",
      "export default async function f() { return \\u0066; }",
      "export default async function f() { return\u00a0f; }",
      "export default async function f/**/() { return true; }",
      "export default async function \u00e9() { return true; }",
      // It is given to others.
      "export default async function f() {} export {f as g};",
      "import {a} from 'b'; export default async function () { return a(); }",
      // What it returns may see who asks.
      "export default async function () { return {get then() { throw new Error(); }}; }",
      "export default async function () { return new Proxy({}, {}); }",
      // Not certainly code.
      "const a = 'export default async function () {}';",
      "const a = \"export default async function () {}\";",
      "const a = `export default async function () {}`;",
      "const a = `${1}`; export default async function () {}",
      "/* export default async function () {} */ const a = 1;",
      "// export default async function () {}\n",
      "const a = /'/; export default async function () {}",
      "const a = 1 / 2; export default async function () {}",
      "class A { export default async function () {} }",
      "if (true) { export default async function () {} }",
      "} export default async function () {}",
      "'\nexport default async function () {}",
      "' export default async function () {}",
      "'\\' export default async function () {}",
      "#! it's\nexport default async function () {}",
      "// \u2028 ' export default async function () {} '",
      "// \r ' export default async function () {} '",
      "export\ndefault async function () {}",
      "export default\nasync function () {}",
      "export default async\nfunction f() {}",
      "export default async/**/function () {}",
      "export default async functional() {}",
      "an export default async function () {}x export",
      "export default async",
      "export default async function",
      "export default async function f",
      "async",
      "export default async funct",
      "xexport default async function () {}",
      "",
  };
  for (const char *source : sources) {
    CAPTURE(source);
    CHECK_FALSE(IsNeedless(source));
  }
}

TEST_CASE("a handler without async ends as it would with it") {
  const char *const bodies[] = {
      "return true;",
      "",
      "return {a: 1};",
      "return [1, 2];",
      "return this;",
      "return new.target;",
      "return typeof arguments;",
      "return arguments.callee;",
      "return (() => arguments.length)();",
      "throw new Error('one');",
      "throw Object.assign(new TypeError('one'), {sqlstate: '22000', userData: {a: 1}});",
      "throw 'a string';",
      "throw null;",
      "throw undefined;",
      "throw {message: 'an object'};",
      "throw {};",
      "null.a;",
      "try { throw new Error('one'); } finally { return 5; }",
      "try { return 1; } finally { throw new RangeError('two'); }",
      "const f = () => { throw new Error('inner'); }; return [1].map(f);",
      "const e = new Error(); return e.stack;",
      "const e = {}; Error.captureStackTrace(e); return e.stack;",
      "const f = n => f(n + 1); return f(0);",
      "const f = n => { try { return f(n + 1); } catch { return 1; } }; return f(0);",
      // Promises.
      "return Promise.resolve(7);",
      "return Promise.resolve(Promise.resolve(7));",
      "return Promise.reject(new Error('no'));",
      "return Promise.reject('no');",
      "return Promise.reject(undefined);",
      "return new Promise(() => {});",
      "return new Promise(() => { throw new Error('in the executor'); });",
      "return [Promise.reject(new Error('kept'))];",
      "Promise.reject(new Error('nobody listens')); return 1;",
      "Promise.reject(new Error('nobody listens')); throw new Error('mine');",
      "Promise.reject(new Error('nobody listens')); return new Promise(() => {});",
      "Promise.reject(new Error('listens')).catch(() => {}); return 1;",
      "const p = Promise.reject(new Error('given')); return p;",
      // Adopted by its method, whose name is put together so that the text does not show it.
      "return {['th' + 'en'](done) { done(8); }};",
      "return {['th' + 'en'](done, fail) { fail(new Error('asked')); }};",
      "return {['th' + 'en']() { throw new Error('asked'); }};",
      "return {['th' + 'en'](done) { done({['th' + 'en'](d) { d(9); }}); }};",
      "return {['th' + 'en']: 5, a: 1};",
      "let n = 0; const o = {get ['th' + 'en']() { ++n; return undefined; }, get n() { return n; "
      "}};"
      " return o;",
      "const f = () => 1; f['th' + 'en'] = done => done(3); return f;",
      "return class { static ['th' + 'en'](done) { done(4); } };",
      // Requests, run after the function is over.
      "later(1); return 2;",
      "return later(1);",
      "return {a: later(1)};",
      "return fail('23505', 'duplicate');",
      "fail('23505', 'duplicate'); return 1;",
      "fail('23505', 'duplicate'); throw new Error('mine');",
      "fail('57014', 'canceling'); return 1;",
      "return fail('40001', 'serialize');",
      "return later(1).finally(() => { throw new Error('at last'); });",
      // The order of jobs.
      "const o = []; Promise.resolve().finally(() => o.push(1)); "
      "const r = {get all() { return o; }}; later(2).finally(() => o.push(3)); return r;",
      "const o = []; const job = i => Promise.resolve().finally(() => o.push(i)); job(1); "
      "const p = {['th' + 'en'](done) { o.push('asked'); job(2); done(o); }}; job(3); return p;",
      // Syntax.
      "return 1 +;",
      "yield 1;",
      "let a; let a;",
      "return super.x;",
      "with ({}) {}",
  };
  const char *const heads[] = {
      "\nexport default async function handle(event, args) {\n",
      "const n = 1; export default async function () { ",
      "export default async function handle({a = null.b} = {}) { ",
      "export default async function handle(a, a) { ",
      "export default async function handle(yield) { ",
  };
  for (const char *head : heads) {
    for (const char *body : bodies) {
      World world;
      std::string source = std::string(head) + body + "\n}";
      CAPTURE(source);
      CHECK(IsNeedless(source));
      std::string without = Outcome(world, source);
      world.Reset();
      CHECK(without == Outcome(world, source + "\n// await"));
    }
  }
}

TEST_CASE("a thrown string of a handler without async has no position") {
  World world;
  Report report = world.FailureOf("export default async function () { throw 'x'; }");
  CHECK(report.message == "x");
  CHECK(report.context.empty());
  report = world.FailureOf("export default function () { throw 'x'; }");
  CHECK(report.context == "at triggers/o/s/t/x.mjs:1:30");
}

TEST_CASE("a handler without async is stopped like any") {
  for (const char *body : {"for (;;);", "return {get ['th' + 'en']() { for (;;); }};",
                           "return {['th' + 'en']() { for (;;); }};"}) {
    World world;
    CAPTURE(body);
    fundb::js::RunOptions options;
    options.timeout_ms = 30;
    std::string source = std::string("export default async function () { ") + body + " }";
    CHECK(IsNeedless(source));
    CHECK(world.FailureOf(source, options).sqlstate == "57014");
    CHECK(world.Call("export default async function () { return 1; }") == "1");
  }
}

TEST_CASE("a syntax error shows the line as it was written") {
  World world;
  Report report = world.FailureOf("export default async function () { return 1 +; }");
  CHECK(report.detail.find("export default async function") != std::string::npos);
}
