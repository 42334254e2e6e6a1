// js/run: calls, promises, requests, nesting.
#include "js/run.h"

#include <memory>
#include <stdexcept>

#include "js_fixture.h"

using fundb::Error;
using fundb::Report;
using fundb::js::Guard;
using fundb::js::Run;
using fundb::js::RunOptions;
using fundb::js::RunWording;
using fundb::js::test::World;
namespace sqlstate = fundb::sqlstate;

TEST_CASE("a sync and an async handler give their value") {
  World world;
  CHECK(world.Call("export default function () { return 'a' + 1; }") == "a1");
  CHECK(world.Call("export default async () => ({a: [1, null]})") == R"({"a":[1,null]})");
  CHECK(world.Call("export default function () { return Promise.resolve(5); }") == "5");
  CHECK(world.Call("export default function () { return this; }") == "undefined");
  CHECK_FALSE(world.engine().IsRunning());
}

TEST_CASE("awaits of settled promises finish") {
  World world;
  CHECK(world.Body("let s = 0; for (let i = 0; i < 100; i++) s += await i; return s;") == "4950");
  CHECK(world.Body("return await new Promise(resolve => resolve({then(f) { f(7); }}));") == "7");
}

TEST_CASE("requests settle in the order they were started") {
  World world;
  CHECK(world.Body(R"(
    const order = [];
    const note = async (name) => { order.push(await later(name)); };
    await Promise.all([note('a'), note('b'), note('c')]);
    return order.join('');
  )") == "abc");
}

TEST_CASE("a request runs only when all jobs are done") {
  World world;
  // With the request done at once, 'x' would come before the chain of four.
  CHECK(world.Body(R"(
    const order = [];
    const request = later('x').then(x => order.push(x));
    let p = Promise.resolve();
    for (let i = 0; i < 4; i++) p = p.then(() => order.push(i));
    await request;
    return order.join('');
  )") == "0123x");
}

TEST_CASE("requests that nobody awaits are finished") {
  World world;
  int done = 0;
  world.nested = [&](v8::Local<v8::Context> context, std::string) -> v8::Local<v8::Value> {
    ++done;
    return v8::Undefined(context->GetIsolate());
  };
  CHECK(world.Body("nested('1'); nested('2').then(() => nested('3')); return 'ok';") == "ok");
  CHECK(done == 3);
}

TEST_CASE(
    "the last request of a run is done when nothing else is left, once, if the run succeeds") {
  World world;
  std::string order;
  world.nested = [&](v8::Local<v8::Context> context, std::string name) -> v8::Local<v8::Value> {
    if (name == "set" || name == "fails") {
      auto last = [&order, name](v8::Local<v8::Context> last_context) -> v8::Local<v8::Value> {
        order += "last ";
        if (name == "fails") throw Error("23503", "of the last request");
        return v8::Undefined(last_context->GetIsolate());
      };
      world.engine().SetLastRequest(std::make_unique<fundb::js::test::WorkRequest>(last),
                                    world.realm());
    } else if (name == "drop") {
      world.engine().DropLastRequest();
    }
    order += name + " ";
    return v8::Undefined(context->GetIsolate());
  };
  CHECK(world.Body("nested('set').then(() => nested('a')); await nested('b'); return 1;") == "1");
  CHECK(order == "set b a last ");
  order.clear();
  CHECK(world.Body("await nested('set'); await nested('drop'); return 1;") == "1");
  CHECK(order == "set drop ");
  order.clear();
  // Its error is the run's, which nobody could catch.
  CHECK(world.FailureOfBody("try { await nested('fails'); } catch { }").message ==
        "of the last request");
  CHECK(order == "fails last ");
  order.clear();
  CHECK(world.FailureOfBody("await nested('set'); await fail('57014', 'canceled');").sqlstate ==
        "57014");
  CHECK(order == "set ");
  CHECK(world.Body("await nested('x'); return 1;") == "1");
  CHECK(order == "set x ");
}

TEST_CASE("a failed request rejects its promise, which may be caught") {
  World world;
  CHECK(world.Body("try { await fail('23505', 'duplicate'); } "
                   "catch (e) { return [e.message, e.sqlstate, e.detail, e.hint]; }") ==
        R"(["duplicate","23505","The detail.","The hint."])");
  Report report = world.FailureOfBody("await fail('23505', 'duplicate');");
  CHECK(report.sqlstate == "23505");
  CHECK(report.message == "duplicate");
  CHECK(report.detail == "The detail.");
}

TEST_CASE("an uncatchable error of a request ends the run") {
  World world;
  Report report = world.FailureOfBody(
      "try { await fail('57014', 'canceling statement'); } catch { return 'caught'; } "
      "finally { return 'finally'; }");
  CHECK(report.sqlstate == "57014");
  CHECK(report.message == "canceling statement");
  CHECK(world.Body("return 'usable';") == "usable");
}

TEST_CASE("a promise that can never settle is an error") {
  World world;
  Report report = world.FailureOfBody("await new Promise(() => {});");
  CHECK(report.sqlstate == sqlstate::kTriggerProtocol);
  CHECK(report.message == "the returned promise never resolved");
  // One that nobody waits for is none.
  CHECK(world.Body("new Promise(() => {}); return 1;") == "1");

  class Wording final : public RunWording {
   public:
    Report NeverResolved() const override {
      Report own;
      own.sqlstate = "39P01";
      own.message = "rule \"x\" never resolved";
      return own;
    }
  } wording;
  RunOptions options;
  options.wording = &wording;
  CHECK(world.FailureOfBody("await new Promise(() => {});", options).message ==
        "rule \"x\" never resolved");
}

TEST_CASE("an unhandled rejection fails the run") {
  World world;
  CHECK(world.FailureOfBody("Promise.reject(new Error('lost')); return 1;").message == "lost");
  CHECK(world.FailureOfBody("fail('22012', 'division by zero'); return 1;").sqlstate == "22012");
  CHECK(world
            .FailureOfBody("(async () => { await later(1); throw new Error('late'); })();"
                           "return 1;")
            .message == "late");
  // It says more than the promise that never resolved because of it.
  CHECK(world.FailureOfBody("await new Promise(() => { Promise.reject(new Error('why')); });")
            .message == "why");
}

TEST_CASE("a handler added later makes a rejection handled") {
  World world;
  CHECK(world.Body("const p = Promise.reject(new Error('x')); await later(1); await later(2);"
                   "return p.catch(e => 'handled ' + e.message);") == "handled x");
  CHECK(world.Body("const p = fail('22012', 'y'); await later(1); await later(2);"
                   "try { await p; } catch (e) { return e.message; }") == "y");
}

TEST_CASE("a failing run still finishes its requests") {
  World world;
  int done = 0;
  world.nested = [&](v8::Local<v8::Context> context, std::string) -> v8::Local<v8::Value> {
    ++done;
    return v8::Undefined(context->GetIsolate());
  };
  CHECK(world.FailureOf("export default function () { nested('x'); throw new Error('no'); }")
            .message == "no");
  CHECK(done == 1);
}

namespace {

// A second handler, run by a request of the first.
void NestHandler(World *world, const std::string &source) {
  world->nested = [world, source](v8::Local<v8::Context> context, std::string) {
    auto &realm = fundb::js::Realm::From(context);
    v8::Local<v8::Function> inner = realm.LoadHandler("triggers/o/s/t/inner.mjs", source);
    return Run(realm, inner, 0, nullptr, RunOptions{});
  };
}

}  // namespace

TEST_CASE("a run nests inside a request after an await") {
  World world;
  NestHandler(&world, "export default async () => { await 0; return 'in:' + await later('x'); }");
  CHECK(world.Body("await 0; const a = await nested('a'); const b = await nested('b');"
                   "return a + ',' + b;") == "in:x,in:x");
}

TEST_CASE("a nested run neither runs nor is blocked by what the outer run left") {
  World world;
  NestHandler(&world,
              "import { order } from 'a/shared';"
              "export default async () => { order.push('in'); await later(0); await 0;"
              "order.push('out'); return 1; }");
  world.source.texts["lib/a/shared.mjs"] = "export const order = [];";
  CHECK(world.Call(R"(
    import { order } from 'a/shared';
    export default async function () {
      const request = nested('a');
      later('b').then(() => order.push('outer request'));
      Promise.resolve().then(() => order.push('outer job'));
      await request;
      order.push('after');
      await later(0);
      return order.join(' ');
    })") == "outer job in out after outer request");
}

TEST_CASE("an error of a nested run reaches the outer one as a rejection") {
  World world;
  NestHandler(&world, "export default async () => { await 0; throw new Error('inner'); }");
  CHECK(world.Body("try { await nested('a'); } catch (e) { return 'caught ' + e.message; }") ==
        "caught inner");
  Report report = world.FailureOfBody("await nested('a');");
  CHECK(report.message == "inner");
  CHECK(report.context.find("triggers/o/s/t/inner.mjs:1") != std::string::npos);
}

TEST_CASE("an uncatchable error of a nested run ends the outer one") {
  World world;
  NestHandler(&world, "export default async () => { await fail('57P01', 'shutdown'); }");
  Report report = world.FailureOfBody("try { await nested('a'); } catch { return 1; }");
  CHECK(report.sqlstate == "57P01");
  CHECK(world.Body("return 2;") == "2");
}

TEST_CASE("jobs of a run that was cut short do not run in the next one") {
  World world;
  world.source.texts["lib/a/shared.mjs"] = "export const seen = [];";
  world.now = [](std::string) { throw Error("57014", "canceled"); };
  // The jobs are queued, and the native call ends the run while JavaScript is on the stack.
  CHECK(world
            .FailureOf("import { seen } from 'a/shared';"
                       "export default function () {"
                       "Promise.resolve().then(() => console.log('leaked'));"
                       "(async () => { await 0; console.log('leaked'); })();"
                       "now('x'); }")
            .message == "canceled");
  CHECK(world.Body("await later(0); return 3;") == "3");
  CHECK(world.host.log.empty());
}

TEST_CASE("a promise that a cut-short run left in a module does not haunt the next one") {
  World world;
  // The request of `cache` comes after the one that is canceled.
  std::string source =
      "let cache; export default async function () { const n = nested('x');"
      "cache = cache || later('loaded'); await n; return await cache; }";
  world.nested = [](v8::Local<v8::Context>, std::string) -> v8::Local<v8::Value> {
    throw Error("57014", "canceled");
  };
  uint64_t generation = world.realm().generation();
  CHECK(world.FailureOf(source).sqlstate == "57014");
  CHECK(world.realm().generation() != generation);
  world.nested = [](v8::Local<v8::Context> context, std::string) -> v8::Local<v8::Value> {
    return v8::Null(context->GetIsolate());
  };
  CHECK(world.Call(source) == "loaded");
}

TEST_CASE("an uncatchable error counts even if the script ended right after it") {
  World world;
  world.now = [](std::string) { throw Error("57014", "canceled"); };
  CHECK(world.FailureOf("export default function () { try { now('x') } catch {} return 1 }")
            .sqlstate == "57014");
}

TEST_CASE("a native may throw anything") {
  World world;
  world.now = [](std::string what) {
    if (what == "error") throw Error("22023", "wrong argument").Hint("Try another.");
    if (what == "memory") throw std::bad_alloc();
    if (what == "logic") throw std::logic_error("broken");
    throw 5;
  };
  const char *text = "try { now('%'); } catch (e) { return e.message + ' ' + e.sqlstate; }";
  auto with = [&](const std::string &what) {
    std::string body = text;
    return body.replace(body.find('%'), 1, what);
  };
  CHECK(world.Body(with("error")) == "wrong argument 22023");
  CHECK(world.FailureOfBody(with("memory")).sqlstate == "53200");
  CHECK(world.Body(with("logic")) == "broken XX000");
  CHECK(world.Body(with("int")) == "unexpected exception of an unexpected kind XX000");
}

TEST_CASE("FunDB calls at the top level of a module are refused") {
  World world;
  Report report = world.FailureOf("await later(1); export default () => 1;");
  CHECK(report.message == "this call cannot be used in this context");
  CHECK_FALSE(world.engine().MayEnqueue());
}

TEST_CASE("the ambient value follows async flows and leaves siblings alone") {
  World world;
  CHECK(world.Body(R"(
    const seen = [];
    const look = (name) => seen.push(name + '=' + ambient());
    const flow = async (name) => {
      look(name + 0);
      await null;
      look(name + 1);
      await later(1);
      look(name + 2);
      await (async () => { await later(2); look(name + 'inner'); })();
      look(name + 3);
      try { await fail('22012', 'x'); } catch { look(name + 4); }
      return name;
    };
    const a = flow('a');
    const b = within('B', () => flow('b'));
    const c = within('C', () => within('D', () => flow('d')).then(() => look('c')));
    look('m');
    await Promise.all([a, b, c]);
    look('end');
    return seen.sort().join(' ');
  )") == "a0=undefined a1=undefined a2=undefined a3=undefined a4=undefined ainner=undefined "
         "b0=B b1=B b2=B b3=B b4=B binner=B c=C d0=D d1=D d2=D d3=D d4=D dinner=D "
         "end=undefined m=undefined");
}

TEST_CASE("the ambient value does not enter a nested run") {
  World world;
  NestHandler(&world, "export default async () => { await 0; return String(ambient()); }");
  CHECK(world.Body("return within('A', async () => { await 0; const n = await nested('x');"
                   "return n + ' ' + ambient(); });") == "undefined A");
}

TEST_CASE("the ambient value ends with its run") {
  World world;
  const std::string flow =
      "let resume; export default async () => {"
      "  if (resume !== undefined) { resume(); await later(0); return globalThis.String(seen); }"
      "  within('A', async () => { await null; seen.push(ambient()); await new Promise((r) => {"
      "    resume = r; }); seen.push(ambient()); within('B', () => seen.push(ambient()));"
      "    await null; seen.push(ambient()); });"
      "  await later(0); return String(seen); }; const seen = [];";
  CHECK(world.Call(flow) == "A");
  // The flow goes on in another run: what it had is over, what it sets anew is not.
  CHECK(world.Call(flow) == "A,,B,");
}

TEST_CASE("a flow that was stopped leaves no ambient value behind") {
  World world;
  RunOptions options;
  options.timeout_ms = 30;
  CHECK(world.FailureOfBody("await within('A', async () => { await null; for (;;); });", options)
            .sqlstate == "57014");
  CHECK(world.Body("return String(ambient());") == "undefined");
  CHECK(world.FailureOfBody("await within('A', () => { for (;;); });", options).sqlstate ==
        "57014");
  CHECK(world.Body("return String(ambient());") == "undefined");
}

TEST_CASE("Guard protects C++ code that enters JavaScript by the way") {
  World world;
  v8::HandleScope handles(world.isolate());
  auto &realm = world.realm();
  v8::Local<v8::Function> handler =
      realm.LoadHandler("triggers/o/s/t/x.mjs",
                        "export default () => ({ get bad() { throw new Error('getter'); }, "
                        "get loop() { for (;;); }, good: 1 })");
  v8::Local<v8::Object> object = Run(realm, handler, 0, nullptr, RunOptions{}).As<v8::Object>();
  auto get = [&](const char *name) {
    v8::Local<v8::Context> context = realm.context();
    return fundb::js::Check(object->Get(context, fundb::js::NewName(world.isolate(), name)));
  };
  RunOptions options;
  options.timeout_ms = 50;
  Guard(realm, options, [&] { CHECK(get("good")->IsNumber()); });
  CHECK_THROWS_WITH_AS(Guard(realm, options, [&] { get("bad"); }), "getter", Error);
  CHECK_THROWS_WITH_AS(Guard(realm, options, [&] { get("loop"); }),
                       "canceling JavaScript that ran longer than 50 ms", Error);
  CHECK_THROWS_WITH_AS(Guard(realm, options, [&] { throw Error("22023", "own"); }), "own", Error);
  Guard(realm, options, [&] { CHECK(get("good")->IsNumber()); });
}

TEST_CASE("many failing calls leave memory flat") {
  World world;
  v8::HandleScope handles(world.isolate());
  auto &realm = world.realm();
  v8::Local<v8::Function> handler =
      realm.LoadHandler("triggers/o/s/t/x.mjs",
                        "export default async () => { await fail('22012', 'division by zero'); }");
  auto fail = [&](int count) {
    for (int i = 0; i < count; ++i) {
      v8::HandleScope inner(world.isolate());
      CHECK_THROWS_AS(Run(realm, handler, 0, nullptr, RunOptions{}), Error);
    }
    world.isolate()->LowMemoryNotification();
    return world.engine().MemoryUsed();
  };
  size_t before = fail(1000);
  size_t after = fail(20000);
  CHECK(after < before + 200 * 1024);
}
