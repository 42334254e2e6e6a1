// js/limits: every kind of growth ends with 53200, and the next engine works.
#include "js/limits.h"

#include <sys/wait.h>
#include <unistd.h>

#include "js/fork.h"
#include "js_fixture.h"

using fundb::Report;
using fundb::js::test::World;

TEST_CASE("what a module keeps counts as well") {
  World world;
  std::string source =
      "const kept = []; export default () => { for (let i = 0; i < 1e5; i++) kept.push({ i }); }";
  bool ended = false;
  for (int i = 0; i < 1000 && !ended; ++i) {
    try {
      world.Call(source);
    } catch (const fundb::Error &error) {
      CHECK(error.report().sqlstate == "53200");
      ended = true;
    }
  }
  CHECK(ended);
}

TEST_CASE("the engine works on after the limit until it is replaced") {
  World world;
  CHECK(world.FailureOfBody("const a = []; for (;;) a.push({});").sqlstate == "53200");
  CHECK(world.Body("return 1;") == "1");
}

TEST_CASE("garbage does not count") {
  World world;
  CHECK(world.Body("let n = 0; for (let i = 0; i < 2e6; i++) n += [i, { i }].length;"
                   "for (let i = 0; i < 500; i++) n += new Uint8Array(1e6).length; return n;") ==
        "504000000");
}

TEST_CASE("many calls and many realms leave memory flat") {
  World world;
  v8::HandleScope handles(world.isolate());
  auto &realm = world.realm();
  auto handler = realm.LoadHandler("triggers/o/s/t/x.mjs",
                                   "export default async (e) => { await later(1); return {}; }");
  auto used_after = [&](int calls) {
    for (int i = 0; i < calls; ++i) {
      v8::HandleScope inner(world.isolate());
      fundb::js::Run(realm, handler, 0, nullptr, fundb::js::RunOptions{});
    }
    world.isolate()->LowMemoryNotification();
    return world.engine().MemoryUsed();
  };
  size_t before = used_after(10000);
  CHECK(used_after(200000) < before + 100 * 1024);
}

TEST_CASE("an exception that V8's code lets out ends the session, not the process by a signal") {
  World world;
  REQUIRE(fundb::js::ShareWithChildren());
  pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    world.host.exit_on_fatal = 42;
    v8::HandleScope handles(world.isolate());
    fundb::js::Realm &realm = world.realm();
    v8::Local<v8::Context> context = realm.context();
    v8::Context::Scope entered(context);
    auto grow = [](const v8::FunctionCallbackInfo<v8::Value> &) noexcept {
      std::vector<int>().reserve(SIZE_MAX / sizeof(int));
    };
    v8::Local<v8::Function> function = v8::Function::New(context, grow).ToLocalChecked();
    (void)fundb::js::Run(realm, function, 0, nullptr, {});
    _exit(1);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  CAPTURE(status);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 42);
}
