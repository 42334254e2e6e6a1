// The end of the main stack, met by code that does not ask for a limit.
#include <sys/resource.h>
#include <sys/wait.h>

#include <csignal>
#include <cstring>

#include "js_fixture.h"

using fundb::js::test::World;

namespace {

// Takes so many bytes of stack.
__attribute__((noinline)) int Descend(int64_t bytes) {
  constexpr int64_t kFrame = 4000;
  volatile char frame[kFrame];
  std::memset(const_cast<char *>(frame), 1, sizeof frame);
  if (bytes <= kFrame) return frame[0];
  return Descend(bytes - kFrame) + frame[1];
}

__attribute__((noinline)) int DescendUnderSignals(int64_t bytes) {
  constexpr int64_t kFrame = 500;
  volatile char frame[kFrame];
  frame[0] = frame[1] = 1;
  raise(SIGALRM);
  if (bytes <= kFrame) return frame[0];
  return DescendUnderSignals(bytes - kFrame) + frame[1];
}

constexpr int64_t kMegabyte = 1 << 20;

// How a child ends in which JavaScript calls `function`, with a stack that cannot be raised.
int EndOfChild(v8::FunctionCallback function) {
  pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    std::signal(SIGSEGV, SIG_DFL);  // doctest has a handler
    rlimit limit = {8 * kMegabyte, 8 * kMegabyte};
    setrlimit(RLIMIT_STACK, &limit);
    World world;
    world.host.exit_on_out_of_stack = 42;
    world.RunAndExit(function);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  return status;
}

bool Exited(int status, int with) { return WIFEXITED(status) && WEXITSTATUS(status) == with; }
bool DiedOf(int status, int signal) { return WIFSIGNALED(status) && WTERMSIG(status) == signal; }

using Info = const v8::FunctionCallbackInfo<v8::Value> &;

std::string Nested(const char *group, const char *levels) {
  return std::string("new RegExp('") + group + "'.repeat(" + levels + ") + 'a' + ')'.repeat(" +
         levels + ")).test('a'); return 'ok';";
}

}  // namespace

// With a signal instead, the server would be restarted.
TEST_CASE("a pattern that V8 compiles too deep is an ordinary error") {
  for (const char *group : {"(?=", "(?!", "(?<=", "(?<!"}) {
    CAPTURE(group);
    World world;
    CHECK(world.FailureOfBody(Nested(group, "1e5")).sqlstate == "38000");
    CHECK(world.Body("return /(?=a)a/.test('a');") == "true");
  }
}

// The stack is used up then, however long it has become.
TEST_CASE("a pattern without bounds ends the session") {
  CHECK(Exited(EndOfChild([](Info info) {
                 v8::Isolate *isolate = info.GetIsolate();
                 std::string pattern;
                 for (int i = 0; i < 1000000; ++i) pattern += "(?=";
                 pattern += 'a';
                 pattern.append(1000000, ')');
                 v8::Local<v8::String> text =
                     v8::String::NewFromUtf8(isolate, pattern.c_str()).ToLocalChecked();
                 v8::Local<v8::RegExp> compiled;
                 v8::Local<v8::Context> context = isolate->GetCurrentContext();
                 if (!v8::RegExp::New(context, text, v8::RegExp::kNone).ToLocal(&compiled)) return;
                 _exit(compiled->Exec(context, text).IsEmpty() ? 1 : 2);
               }),
               42));
}

// malloc, above all, must not be left in the middle.
TEST_CASE("the stack gets longer where the C library meets its end") {
  CHECK(Exited(EndOfChild([](Info) { _exit(Descend(30 * kMegabyte) > 0 ? 7 : 8); }), 7));
}

TEST_CASE("what is not V8's dies of its overflow, what is no overflow of its signal") {
  CHECK(DiedOf(EndOfChild([](Info) { Descend(200 * kMegabyte); }), SIGSEGV));
  CHECK(DiedOf(EndOfChild([](Info) { raise(SIGSEGV); }), SIGSEGV));
  CHECK(DiedOf(EndOfChild([](Info) {
                 volatile uintptr_t nowhere = 16;
                 *reinterpret_cast<volatile char *>(nowhere) = 1;
               }),
               SIGSEGV));
}

// The kernel tells of no address then.  Frames are small, so that it is the signal's that goes
// over.
TEST_CASE("a signal that finds no room for its handler") {
  int status = EndOfChild([](Info) {
    struct sigaction action = {};
    action.sa_handler = [](int) {};
    sigaction(SIGALRM, &action, nullptr);
    _exit(DescendUnderSignals(20 * kMegabyte) > 0 ? 7 : 8);
  });
  CHECK(Exited(status, 7));
}
