// js/interrupts: cancel, deadlines and harmless interrupts, in all places where scripts hide.
#include "js/interrupts.h"

#include <chrono>
#include <thread>

#include "js_fixture.h"

using fundb::Error;
using fundb::Report;
using fundb::js::Run;
using fundb::js::RunOptions;
using fundb::js::RunWording;
using fundb::js::test::World;

namespace {

using Clock = std::chrono::steady_clock;

// Far above what a cancel takes, so that a busy machine does not fail the tests.
constexpr double kSlowMs = 1500;

double MsSince(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

// Scripts that never end by themselves, as bodies of an async handler.
const char *const kEndless[] = {
    "for (;;);",
    "for (;;) { try { for (;;); } catch {} }",
    "try { for (;;); } finally { for (;;); }",
    "try { for (;;); } catch { return 1; }",
    "for (;;) await null;",
    "const f = async () => { await null; return f(); }; await f();",
    "const f = () => Promise.resolve().then(f); await f();",
    "await new Promise(() => { const f = () => queue.then(f); const queue = Promise.resolve(); "
    "f(); "
    "});",
    "({ get x() { for (;;); } }).x;",
    "`${{ toString() { for (;;); } }}`;",
    "+{ valueOf() { for (;;); } };",
    "JSON.stringify({ toJSON() { for (;;); } });",
    "JSON.parse('[1]', () => { for (;;); });",
    "new Proxy({}, { get() { for (;;); } }).x;",
    "new Proxy({}, { ownKeys() { for (;;); } }); Object.keys(new Proxy({}, { ownKeys() { for (;;); "
    "} }));",
    "[2, 1].sort(() => { for (;;); });",
    "[1].map(() => { for (;;); });",
    "'x'.replace(/x/, () => { for (;;); });",
    "/(a+)+$/.test('a'.repeat(50) + 'b');",
    "/^(([a-z])+.)+[A-Z]([a-z])+$/.test('a'.repeat(60));",
    "new Map([[1, 1]]).forEach((v, k, m) => { m.delete(k); m.set(k, 1); for (;;); });",
    "const m = new Map([[0, 0]]); let i = 1; for (const [k] of m) { m.delete(k); m.set(i++, 1); }",
    "const s = new Set([0]); let i = 1; s.forEach(v => { s.delete(v); s.add(i++); });",
    "function* g() { for (;;) yield 1; } for (const x of g());",
    "class A { static x = (() => { for (;;); })(); }",
    "Array.from({ length: 1, get 0() { for (;;); } });",
    "label: for (;;) { continue label; }",
    "do {} while (true);",
    "await { then() { for (;;); } };",
    "return { then() { for (;;); } };",
    "const o = {}; o[Symbol.toPrimitive] = () => { for (;;); }; o + 1;",
    "Reflect.construct(function () { for (;;); }, []);",
    "await import('a/loop');",
    "let x = 1n; for (;;) { x = (x * 3n) % 1000007n; }",
    "while (true) { try { throw 1; } catch {} }",
    "const f = () => { try { f(); } finally { f(); } }; f();",
    "await Promise.all((function* () { for (;;) yield 1n; })());",
};

}  // namespace

TEST_CASE("a cancel ends any script with the host's own error") {
  World world;
  world.source.texts["lib/a/loop.mjs"] = "for (;;);";
  world.host.cancel_message = "canceling statement due to user request";
  for (const char *body : kEndless) {
    CAPTURE(std::string(body));
    std::thread canceler([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      world.host.pending = true;
    });
    auto start = Clock::now();
    Report report = world.FailureOfBody(body);
    CHECK(MsSince(start) < kSlowMs);
    canceler.join();
    world.host.pending = false;
    CHECK(report.sqlstate == "57014");
    CHECK(report.message == "canceling statement due to user request");
    CHECK(world.Body("await later(0); return 1;") == "1");
    if (world.engine().NeedsReplacement()) world.Reset();
  }
}

TEST_CASE("a deadline ends any script with the caller's words") {
  World world;
  world.source.texts["lib/a/loop.mjs"] = "for (;;);";
  class Wording final : public RunWording {
   public:
    Report TimedOut(int ms) const override {
      Report report;
      report.sqlstate = "57014";
      report.message = "rule \"x\" ran longer than " + std::to_string(ms) + " ms";
      return report;
    }
  } wording;
  RunOptions options;
  options.timeout_ms = 30;
  options.wording = &wording;
  for (const char *body : kEndless) {
    CAPTURE(std::string(body));
    auto start = Clock::now();
    Report report = world.FailureOfBody(body, options);
    CHECK(MsSince(start) < kSlowMs);
    CHECK(report.message == "rule \"x\" ran longer than 30 ms");
    CHECK(report.sqlstate == "57014");
    if (world.engine().NeedsReplacement()) world.Reset();
  }
  CHECK(world.Body("return 1;", options) == "1");
}

TEST_CASE("the top level of a module can be canceled") {
  World world;
  world.host.cancel_message = "canceling";
  std::thread canceler([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    world.host.pending = true;
  });
  CHECK(world.FailureOf("for (;;); export default () => 1;").message == "canceling");
  canceler.join();
  CHECK(world.Call("export default () => 1;") == "1");
}

TEST_CASE("a harmless interrupt is served and the script goes on") {
  World world;
  std::thread raiser([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    world.host.pending = true;
  });
  CHECK(world.Body("const end = Date.now() + 100; let n = 0; while (Date.now() < end) n++;"
                   "return n > 0;") == "true");
  raiser.join();
  CHECK(world.host.served >= 1);
}

TEST_CASE("a loop of C++ is stopped like one of JavaScript") {
  World world;
  world.host.cancel_message = "canceling";
  auto loop = [&] {
    auto end = Clock::now() + std::chrono::seconds(10);
    while (Clock::now() < end) world.engine().CheckInterrupts();
  };
  world.now = [&](std::string) { loop(); };
  world.nested = [&](v8::Local<v8::Context> context, std::string) -> v8::Local<v8::Value> {
    loop();
    return v8::Null(context->GetIsolate());
  };
  for (const char *body : {"now('x'); return 1;", "await nested('x'); return 1;"}) {
    CAPTURE(std::string(body));
    std::thread canceler([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      world.host.pending = true;
    });
    auto start = Clock::now();
    CHECK(world.FailureOfBody(body).message == "canceling");
    canceler.join();
    CHECK(MsSince(start) < kSlowMs);
    CHECK_FALSE(world.host.pending);
  }
  RunOptions options;
  options.timeout_ms = 30;
  auto start = Clock::now();
  CHECK(world.FailureOfBody("now('x'); return 1;", options).sqlstate == "57014");
  CHECK(MsSince(start) < kSlowMs);
  CHECK(world.Body("return 1;") == "1");
}

TEST_CASE("a cancel in a nested run ends all of them") {
  World world;
  world.host.cancel_message = "canceling";
  world.nested = [&](v8::Local<v8::Context> context, std::string) {
    auto &realm = fundb::js::Realm::From(context);
    auto inner = realm.LoadHandler("triggers/o/s/t/inner.mjs",
                                   "export default async () => { await 0; for (;;); }");
    return Run(realm, inner, 0, nullptr, RunOptions{});
  };
  std::thread canceler([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    world.host.pending = true;
  });
  CHECK(world.FailureOfBody("try { await nested('x'); } finally { for (;;); }").message ==
        "canceling");
  canceler.join();
  CHECK_FALSE(world.engine().IsRunning());
  CHECK(world.Body("return 1;") == "1");
}

TEST_CASE("an outer deadline ends a nested run, and a swallowed one still counts") {
  World world;
  bool swallow = false;
  world.nested = [&](v8::Local<v8::Context> context, std::string) -> v8::Local<v8::Value> {
    auto &realm = fundb::js::Realm::From(context);
    auto inner =
        realm.LoadHandler("triggers/o/s/t/inner.mjs", "export default () => { for (;;); }");
    try {
      return Run(realm, inner, 0, nullptr, RunOptions{});
    } catch (const Error &) {
      // As an exception block of PL/pgSQL does that handles query_canceled.
      if (!swallow) throw;
      return v8::Null(context->GetIsolate());
    }
  };
  RunOptions options;
  options.timeout_ms = 30;
  CHECK(world.FailureOfBody("await nested('x'); return 1;", options).sqlstate == "57014");
  swallow = true;
  CHECK(world.FailureOfBody("await nested('x'); return 1;", options).sqlstate == "57014");
  CHECK(world.Body("return 1;", options) == "1");
}

TEST_CASE("a deadline that passes during a request ends the run") {
  World world;
  world.nested = [&](v8::Local<v8::Context> context, std::string) -> v8::Local<v8::Value> {
    std::this_thread::sleep_for(std::chrono::milliseconds(40));
    return v8::Null(context->GetIsolate());
  };
  RunOptions options;
  options.timeout_ms = 20;
  CHECK(world.FailureOfBody("await nested('x'); return 1;", options).sqlstate == "57014");
}

TEST_CASE("a request that outlives the deadline is canceled") {
  World world;
  world.nested = [&](v8::Local<v8::Context> context, std::string) -> v8::Local<v8::Value> {
    // Longer than the watchdog stays awake without work.
    for (int i = 0; i < 1000 && world.host.canceled_requests == 0; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    if (world.host.canceled_requests == 0) return v8::Null(context->GetIsolate());
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    throw Error(fundb::sqlstate::kQueryCanceled, "canceling statement");
  };
  RunOptions options;
  options.timeout_ms = 800;
  auto start = Clock::now();
  Report report =
      world.FailureOfBody("try { await nested('x'); } catch { for (;;); } return 1;", options);
  CHECK(report.message == "canceling JavaScript that ran longer than 800 ms");
  CHECK(MsSince(start) > 800);
  CHECK(MsSince(start) < 800 + kSlowMs);
  CHECK(world.host.canceled_requests == 1);
}

TEST_CASE("the deadline of a nested run cancels no request that it is under") {
  World world;
  std::string sqlstate;
  world.nested = [&](v8::Local<v8::Context> context, std::string) -> v8::Local<v8::Value> {
    auto &realm = fundb::js::Realm::From(context);
    auto inner =
        realm.LoadHandler("triggers/o/s/t/inner.mjs", "export default () => { for (;;); }");
    RunOptions options;
    options.timeout_ms = 30;
    try {
      Run(realm, inner, 0, nullptr, options);
    } catch (const Error &error) {
      // As an exception block of PL/pgSQL does that handles query_canceled.
      sqlstate = error.report().sqlstate;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    return v8::Null(context->GetIsolate());
  };
  for (int outer_timeout_ms : {0, 10000}) {
    RunOptions options;
    options.timeout_ms = outer_timeout_ms;
    sqlstate.clear();
    try {
      CHECK(world.Body("await nested('x'); return 1;", options) == "1");
    } catch (const Error &error) {
      FAIL(error.report().message);
    }
    CHECK(sqlstate == "57014");
    CHECK(world.host.canceled_requests == 0);
  }
}

TEST_CASE("a cancel that a request did not meet is taken back when it ends") {
  World world;
  int ended = 0;
  world.nested = [&](v8::Local<v8::Context> context, std::string) -> v8::Local<v8::Value> {
    // Around the deadline, a little later each time.
    std::this_thread::sleep_for(std::chrono::milliseconds(15) +
                                std::chrono::microseconds(200 * (ended++ % 100)));
    return v8::Null(context->GetIsolate());
  };
  RunOptions options;
  options.timeout_ms = 20;
  for (int i = 0; i < 150; ++i) {
    int canceled_before = world.host.canceled_requests;
    int forgotten_before = world.host.forgotten_cancels;
    try {
      world.Body("await nested('x'); return 1;", options);
    } catch (const Error &error) {
      CHECK(error.report().sqlstate == "57014");
    }
    // One that was sent was sent before its request was over.
    CHECK(world.host.forgotten_cancels - forgotten_before ==
          world.host.canceled_requests - canceled_before);
  }
  CHECK(world.host.canceled_requests > 0);
}

TEST_CASE("the host's work between pieces of a script is canceled like a request") {
  World world;
  v8::HandleScope handles(world.isolate());
  auto &realm = world.realm();
  RunOptions options;
  options.timeout_ms = 50;
  bool swallow = false;
  auto work = [&] {
    fundb::js::HostScope host(world.engine());
    for (int i = 0; i < 500 && world.host.canceled_requests == 0; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    if (!swallow) throw Error(fundb::sqlstate::kQueryCanceled, "canceling statement");
  };
  auto failure = [&] {
    world.host.canceled_requests = 0;
    try {
      fundb::js::Guard(realm, options, work);
      return Report();
    } catch (const Error &error) {
      return error.report();
    }
  };
  CHECK(failure().message == "canceling JavaScript that ran longer than 50 ms");
  CHECK(world.host.canceled_requests == 1);
  // What the host swallowed counts all the same.
  swallow = true;
  CHECK(failure().message == "canceling JavaScript that ran longer than 50 ms");
  // Within a request, which is the next one to be canceled.
  world.nested = [&](v8::Local<v8::Context> context, std::string) -> v8::Local<v8::Value> {
    fundb::js::WatchedScope reading(world.engine());
    work();
    return v8::Null(context->GetIsolate());
  };
  world.host.canceled_requests = 0;
  CHECK(world.FailureOfBody("await nested('x'); return 1;", options).message ==
        "canceling JavaScript that ran longer than 50 ms");
  CHECK(world.Body("return 1;", options) == "1");
  CHECK_FALSE(world.host.unresponsive);
}

TEST_CASE("the host's work is not mistaken for a stuck script") {
  World world;
  v8::HandleScope handles(world.isolate());
  RunOptions options;
  options.timeout_ms = 20;
  CHECK_THROWS_AS(fundb::js::Guard(world.realm(), options,
                                   [&] {
                                     fundb::js::HostScope host(world.engine());
                                     std::this_thread::sleep_for(std::chrono::milliseconds(2500));
                                   }),
                  Error);
  CHECK_FALSE(world.host.unresponsive);
}

TEST_CASE("a long request is not mistaken for a stuck script") {
  World world;
  world.host.cancel_message = "canceling";
  world.nested = [&](v8::Local<v8::Context> context, std::string) -> v8::Local<v8::Value> {
    world.host.pending = true;
    std::this_thread::sleep_for(std::chrono::milliseconds(2500));
    world.host.pending = false;
    return v8::Null(context->GetIsolate());
  };
  CHECK(world.Body("await nested('x'); return 1;") == "1");
  CHECK_FALSE(world.host.unresponsive);
}

TEST_CASE("a built-in function that cannot be interrupted is reported to the host") {
  World world;
  // Some seconds long in V8, without a single look at interrupts.
  const char *body = "Array.prototype.indexOf.call({length: 2**32 + 5e6}, 1, 2**32); for (;;);";
  RunOptions options;
  options.timeout_ms = 20;
  CHECK(world.FailureOfBody(body, options).sqlstate == "57014");
  CHECK(world.host.unresponsive);
}

TEST_CASE("a function that serves an interrupt and works on is reported to the host") {
  World world;
  world.host.cancel_message = "canceling";
  std::thread canceler;
  world.now = [&](std::string) {
    // Not before, since the cancel would be served while the module is loaded.
    canceler = std::thread([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      world.host.pending = true;
    });
    // V8's compiler of regular expressions does so.
    v8::Local<v8::Context> context = world.isolate()->GetCurrentContext();
    v8::TryCatch caught(world.isolate());
    v8::Local<v8::String> text = v8::String::NewFromUtf8Literal(world.isolate(), "for (;;);");
    v8::Local<v8::Script> script = v8::Script::Compile(context, text).ToLocalChecked();
    CHECK(script->Run(context).IsEmpty());
    CHECK_FALSE(world.host.pending);
    CHECK_FALSE(world.host.unresponsive);
    std::this_thread::sleep_for(std::chrono::milliseconds(2500));
  };
  CHECK(world.FailureOfBody("now('x'); for (;;);").message == "canceling");
  canceler.join();
  CHECK(world.host.unresponsive);
}

TEST_CASE("an interrupt that is no stop can wait for a built-in function") {
  World world;
  world.host.pending = true;
  world.host.is_stop = false;
  world.Body(
      "Array.prototype.indexOf.call({length: 2**32 + 5e6}, 1, 2**32); for (let i = 0; i < 1e7; "
      "i++);");
  CHECK_FALSE(world.host.unresponsive);
  CHECK(world.host.served > 0);
}

TEST_CASE("the watchdog sleeps and wakes") {
  World world;
  RunOptions options;
  options.timeout_ms = 30;
  CHECK(world.FailureOfBody("for (;;);", options).sqlstate == "57014");
  // Longer than it stays awake without work.
  std::this_thread::sleep_for(std::chrono::milliseconds(700));
  CHECK(world.FailureOfBody("for (;;);", options).sqlstate == "57014");
}
