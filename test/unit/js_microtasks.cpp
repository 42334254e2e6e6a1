// js/microtasks: that the queue is run whenever something is in it, and is known to be empty.
#include "js/microtasks.h"

#include "js_fixture.h"

using fundb::js::test::World;

namespace {

// What a module's handler gives when it is called for the second time: the first call only queues.
std::string SecondOf(World &world, const std::string &source) {
  (void)world.Call(source);
  return world.Call(source);
}

}  // namespace

TEST_CASE("V8 counts its jobs where we look") {
  World world;
  // Without it everything works, but slower.
  (void)world.Call("export default () => true");
  CHECK(world.engine().microtasks().IsFound());
  CHECK_FALSE(world.engine().microtasks().IsCheckpointDue());
}

TEST_CASE("jobs that a handler leaves behind are run before the next call") {
  const char *ways[] = {
      "Promise.resolve().then(add);",
      "(async () => { await null; add(); })();",
      "new Promise(resolve => resolve({then(f) { f(); }})).then(add);",
      "({f: async () => add()}).f();",
      "Promise.resolve().then(() => Promise.resolve().then(() => Promise.resolve().then(add)));",
      "for (let i = 0; i < 100; ++i) Promise.resolve().then(i ? () => {} : add);",
      "Promise.reject(new Error('x')).catch(add);",
      "(async () => { for await (const x of [1]) add(); })();",
      "later(1).then(add);",
  };
  for (const char *way : ways) {
    CAPTURE(way);
    for (const char *value : {"true", "false", "undefined", "'x'", "Promise.resolve(2)"}) {
      CAPTURE(value);
      World world;
      std::string source = "let count = 0; const add = () => { count = 1; };\n";
      source += std::string("export default () => { if (count) return 1; ") + way;
      source += std::string(" return ") + value + "; }";
      CHECK(SecondOf(world, source) == "1");
    }
  }
}

TEST_CASE("jobs that an async handler leaves behind are run, compiled as an ordinary one or not") {
  World world;
  CHECK(SecondOf(world,
                 "let count = 0;\n"
                 "export default async function () {\n"
                 "  const c = count;\n"
                 "  Promise.reject(1).catch(() => { count = 1; });\n"
                 "  return c ? 1 : true;\n}") == "1");
}

TEST_CASE("a rejection that nobody looks at fails the run that left it") {
  World world;
  CHECK(world.FailureOf("export default () => { Promise.reject(new Error('lost')); return true; }")
            .message == "lost");
  CHECK(world.FailureOf("export default () => { (async () => { throw new Error('gone'); })(); }")
            .message == "gone");
  CHECK(world.Call("export default () => true") == "true");
}

TEST_CASE("what a WeakRef was asked for is let go after some runs") {
  World world;
  const std::string source =
      "let ref; let runs = 0;\n"
      "export default () => {\n"
      "  if (!ref) { ref = new WeakRef({}); return true; }\n"
      "  return ++runs < 70 ? true : typeof ref.deref();\n"
      "}";
  for (int i = 0; i < 70; ++i) CHECK(world.Call(source) == "true");
  world.isolate()->LowMemoryNotification();
  CHECK(world.Call(source) == "undefined");
}
