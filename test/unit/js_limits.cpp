// js/limits: every kind of growth ends with 53200, and the next engine works.
#include "js/limits.h"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <thread>

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

TEST_CASE("a buffer that is refused ends the script that asked, not the next one") {
  for (const char *body :
       {"try { new ArrayBuffer(7e7) } catch {} return 1;",
        "const a = []; try { for (;;) a.push(new Uint8Array(1e7)) } catch {} return 1;",
        "await null; try { new Float64Array(1e7) } finally { return 1 }"}) {
    World world;
    CAPTURE(std::string(body));
    CHECK(world.FailureOfBody(body).sqlstate == "53200");
    CHECK(world.Body("return 2;") == "2");
  }
}

namespace {

const char *const kFormat = "new Intl.DateTimeFormat('de', { dateStyle: 'full' })";

int64_t ResidentMegabytes() {
  std::ifstream file("/proc/self/statm");
  int64_t size = 0;
  int64_t resident = 0;
  file >> size >> resident;
  return resident * sysconf(_SC_PAGESIZE) / (1024 * 1024);
}

}  // namespace

TEST_CASE("what Intl keeps outside of V8's heap counts as well") {
  World world;
  std::string source = std::string("const kept = []; export default () => { for (let i = 0; i < ") +
                       "200; i++) kept.push(" + kFormat + "); }";
  bool ended = false;
  // 56 kB each: 64 MB are reached in the sixth call.
  int calls = 0;
  for (; calls < 100 && !ended; ++calls) {
    try {
      world.Call(source);
    } catch (const fundb::Error &error) {
      CHECK(error.report().sqlstate == "53200");
      CHECK(error.report().message == "JavaScript heap limit of 64 MB exceeded");
      ended = true;
    }
  }
  CHECK(ended);
  CHECK(calls > 3);
  CHECK(calls < 30);
}

TEST_CASE("what Intl leaves behind is collected") {
  World world;
  std::string source = std::string("export default () => { let n = 0; for (let i = 0; i < 500; ") +
                       "i++) n += " + kFormat + ".format(0).length; return n > 0; }";
  for (int i = 0; i < 4; ++i) CHECK(world.Call(source) == "true");
  int64_t before = ResidentMegabytes();
  // Half a gigabyte.
  for (int i = 0; i < 20; ++i) CHECK(world.Call(source) == "true");
  CHECK(ResidentMegabytes() - before < 120);
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

namespace {

// Memory that V8 does not count, for the life of the object.
class Growth {
 public:
  explicit Growth(size_t megabytes)
      : bytes_(megabytes * 1024 * 1024),
        start_(mmap(nullptr, bytes_, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)) {
    REQUIRE(start_ != MAP_FAILED);
  }
  ~Growth() { munmap(start_, bytes_); }

 private:
  size_t bytes_;
  void *start_;
};

void Wait(int ms) { std::this_thread::sleep_for(std::chrono::milliseconds(ms)); }

}  // namespace

TEST_CASE("memory that V8 takes beside its heap is bounded") {
  World world(16);
  std::unique_ptr<Growth> growth;
  size_t megabytes = 0;
  world.now = [&](std::string) {
    // Long enough for the watchdog to have looked before.
    Wait(100);
    growth = std::make_unique<Growth>(megabytes);
  };
  const char *body = "now('x'); const end = Date.now() + 100; while (Date.now() < end); return 1;";
  megabytes = 100;
  CHECK(world.Body(body) == "1");
  growth.reset();
  megabytes = 200;
  Report report = world.FailureOfBody(body);
  CHECK(report.sqlstate == "53200");
  CHECK(report.message == "JavaScript took more than 144 MB of memory at once");
  CHECK_FALSE(report.hint.empty());
  CHECK(world.engine().NeedsReplacement());
  CHECK_FALSE(world.host.takes_too_much_memory);
  // What is there already does not count again.
  CHECK(world.Body("const end = Date.now() + 100; while (Date.now() < end); return 2;") == "2");
}

TEST_CASE("too much memory does not end the run after the one that took it") {
  World world(16);
  world.now = [&](std::string) {
    Wait(100);
    Growth growth(200);
    Wait(100);
  };
  // Over before V8 looks up.
  CHECK(world.Body("now('x'); return 1;") == "1");
  CHECK(world.Body("return 2;") == "2");
}

TEST_CASE("a function that takes more and more memory is reported to the host") {
  World world(16);
  world.now = [&](std::string) {
    Wait(100);
    Growth growth(1300);
    Wait(100);
    CHECK_FALSE(world.host.takes_too_much_memory);
    Growth more(100);
    for (int i = 0; i < 100 && !world.host.takes_too_much_memory; ++i) Wait(20);
  };
  CHECK(world.FailureOfBody("now('x'); for (;;);").sqlstate == "53200");
  CHECK(world.host.takes_too_much_memory);
}

namespace {

// How a child ends that calls `function` from JavaScript, as waitpid() says it.  The host ends it
// with 42.
int EndOfChild(v8::FunctionCallback function) {
  World world;
  REQUIRE(fundb::js::ShareWithChildren());
  pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    std::signal(SIGABRT, SIG_DFL);  // doctest has a handler
    world.host.exit_on_fatal = 42;
    world.RunAndExit(function);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  return status;
}

bool EndedByHost(int status) { return WIFEXITED(status) && WEXITSTATUS(status) == 42; }

bool EndedBySignal(int status, int signal) {
  return WIFSIGNALED(status) && WTERMSIG(status) == signal;
}

}  // namespace

TEST_CASE("an exception that V8's code lets out ends the session, not the process by a signal") {
  CHECK(EndedByHost(EndOfChild([](const v8::FunctionCallbackInfo<v8::Value> &) noexcept {
    std::vector<int>().reserve(SIZE_MAX / sizeof(int));
  })));
}

TEST_CASE("V8 that stops itself ends the session, not the process by a signal") {
  CHECK(EndedByHost(EndOfChild([](const v8::FunctionCallbackInfo<v8::Value> &info) {
    v8::Local<v8::Context> context = info.GetIsolate()->GetCurrentContext();
    v8::Local<v8::String> text =
        v8::String::NewFromUtf8Literal(info.GetIsolate(), "'a'.repeat(1.4e8).split('')");
    (void)v8::Script::Compile(context, text).ToLocalChecked()->Run(context).IsEmpty();
  })));
}

TEST_CASE("a regular expression is compiled wherever JavaScript gets") {
  // V8's compiler of them ends the process when it comes to the end of the stack.
  World world;
  for (const char *body :
       {"const f = (n) => { 'ab'.replace(new RegExp('[a-z]+' + n, 'g'), ''); f(n + 1); }; f(0);",
        "const f = (n) => { try { f(n + 1) } catch (e) { /(a|b(c|d(e|f)))*x/.exec('ab'); throw e } "
        "};"
        "f(0);",
        "const f = (a, b, c) => { try { f(c, a, b) } finally { new RegExp(`(?<=a)b${'('.repeat(50)}"
        "${')'.repeat(50)}`, 'u').exec('ab') } }; f();"}) {
    CAPTURE(std::string(body));
    CHECK(world.FailureOfBody(body).message == "Maximum call stack size exceeded");
    CHECK(world.Body("return 1;") == "1");
  }
}

TEST_CASE("signals that are not V8's keep their meaning while JavaScript runs") {
  CHECK(EndedBySignal(
      EndOfChild([](const v8::FunctionCallbackInfo<v8::Value> &) { raise(SIGTRAP); }), SIGTRAP));
  CHECK(EndedBySignal(EndOfChild([](const v8::FunctionCallbackInfo<v8::Value> &) { std::abort(); }),
                      SIGABRT));
#if defined(__x86_64__)
  CHECK(EndedBySignal(
      EndOfChild([](const v8::FunctionCallbackInfo<v8::Value> &) { asm volatile("int3"); }),
      SIGTRAP));
#endif
}
