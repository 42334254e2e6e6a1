// js/modules and js/specifier: which text an import means, cycles, errors with their place.
#include "js/modules.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <random>

#include "js/specifier.h"
#include "js/top_level.h"
#include "js_fixture.h"

using fundb::Error;
using fundb::Report;
using fundb::js::CandidateNames;
using fundb::js::test::World;
namespace sqlstate = fundb::sqlstate;

namespace {

using Strings = std::vector<std::string>;

int64_t ResidentMegabytes() {
  std::ifstream file("/proc/self/statm");
  int64_t size = 0;
  int64_t resident = 0;
  file >> size >> resident;
  return resident * sysconf(_SC_PAGESIZE) / (1024 * 1024);
}

// By how many megabytes the process grew between now('before') and now('after').
void Measure(World &world, int64_t *grown) {
  world.now = [grown, before = int64_t{0}](const std::string &name) mutable {
    int64_t megabytes = ResidentMegabytes();
    if (name == "before") before = megabytes;
    if (name == "after") *grown = megabytes - before;
  };
}

bool Has(const std::string &text, const char *part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("specifiers name modules") {
  std::string rule = "triggers/pm/pm/actions/x.mjs";
  CHECK(CandidateNames(rule, "admin/util.mjs")[0] == "lib/admin/util.mjs");
  CHECK(CandidateNames(rule, "admin/util")[0] == "lib/admin/util.mjs");
  CHECK(CandidateNames(rule, "admin/util")[1] == "lib/admin/util");
  CHECK(CandidateNames("lib/a/x.mjs", "./b.mjs") == Strings{"lib/a/b.mjs", "lib/a/x.mjs/b.mjs"});
  // The longest name is found with its extension, too.
  const std::string longest = std::string(992, 'a') + ".mjs";
  CHECK(CandidateNames("", longest).front() == "lib/" + longest);
  CHECK(CandidateNames("lib/a/x.mjs", "../b.mjs") == Strings{"lib/b.mjs", "lib/a/b.mjs"});
  CHECK(CandidateNames("lib/a/d/x.mjs", "..//./b.mjs")[0] == "lib/a/b.mjs");
  CHECK(CandidateNames(rule, "/lib/a.mjs").empty());
  CHECK(CandidateNames(rule, "").empty());
  CHECK(CandidateNames("x.mjs", "../../../b.mjs").empty());
  CHECK(CandidateNames(rule, "../../../../lib/a/b.mjs")[0] == "lib/a/b.mjs");
  // Long names could be repeated by an import of a few bytes.
  CHECK(CandidateNames(rule, std::string(900, 'a')).size() == 4);
  CHECK(CandidateNames(rule, std::string(1000, 'a')).empty());
  CHECK(CandidateNames("lib/" + std::string(1000, 'a') + "/x.mjs", "./b.mjs").empty());
  // What is much longer is not taken to pieces, whatever name would come out.
  std::string detour;
  for (int i = 0; i < 1400; ++i) detour += "./d/../";
  CHECK(CandidateNames("lib/a/x.mjs", detour + "b.mjs")[0] == "lib/a/b.mjs");
  CHECK(CandidateNames("lib/a/x.mjs", detour + detour + "b.mjs").empty());
}

TEST_CASE("imports are found, shared and evaluated once") {
  World world;
  world.source.texts["lib/admin/util.mjs"] =
      "import { name } from './deep/name.mjs';"
      "console.log('evaluated'); export const hello = (x) => `hello ${x} of ${name}`;";
  world.source.texts["lib/admin/deep/name.mjs"] =
      "import * as u from '../util.mjs'; export const name = 'deep'; export const back = () => u;";
  CHECK(world.Call("import { hello } from 'admin/util'; import { hello as h } from "
                   "'admin/util.mjs'; export default () => hello(1) + (h === hello);") ==
        "hello 1 of deeptrue");
  CHECK(world.Call("import { hello } from 'admin/util'; export default () => hello(2);") ==
        "hello 2 of deep");
  CHECK(world.host.log.size() == 1);
}

TEST_CASE("the importing file counts as a folder too") {
  World world;
  world.source.texts["lib/a/x.mjs"] = "export { y } from '../y.mjs';";
  world.source.texts["lib/a/y.mjs"] = "export const y = 'sibling';";
  CHECK(world.Call("import { y } from 'a/x'; export default () => y;") == "sibling");
}

TEST_CASE("cycles work") {
  World world;
  world.source.texts["lib/a/even.mjs"] =
      "import { odd } from './odd.mjs'; export const even = (n) => n === 0 || odd(n - 1);";
  world.source.texts["lib/a/odd.mjs"] =
      "import { even } from './even.mjs'; export const odd = (n) => n !== 0 && even(n - 1);";
  CHECK(world.Call("import { even } from 'a/even'; export default () => [even(10), even(7)];") ==
        "[true,false]");
}

TEST_CASE("import() goes through the same loader") {
  World world;
  world.source.texts["lib/a/x.mjs"] = "export const x = {}; console.log('once');";
  world.source.texts["lib/a/bad.mjs"] = "throw Object.assign(new RangeError('top'), {code: 7});";
  CHECK(world.Call("import { x } from 'a/x'; export default async () => {"
                   "const m = await import('a/x.mjs'); return m.x === x; }") == "true");
  CHECK(world.Body("return (await import('a/x')).x === (await import('../../../../lib/a/x')).x;") ==
        "true");
  CHECK(world.Body("try { await import('a/none'); } catch (e) { return e.message; }") ==
        R"(module "a/none" does not exist)");
  CHECK(world.Body("try { await import('a/bad'); } catch (e) { return e.name + e.code; }") ==
        "RangeError7");
  // At the top level as well.
  CHECK(world.Call("const { x } = await import('a/x'); export default () => typeof x;") ==
        "object");
  CHECK(world.host.log.size() == 1);
}

TEST_CASE("import.meta has the name") {
  World world;
  CHECK(world.Call("export default () => import.meta;") == R"({"url":"triggers/o/s/t/x.mjs"})");
}

TEST_CASE("top-level await of settled promises works") {
  World world;
  world.source.texts["lib/a/x.mjs"] = "export const x = await Promise.resolve(5);";
  CHECK(world.Call("import { x } from 'a/x'; const y = await x; export default () => y;") == "5");
  Report report = world.FailureOf("await new Promise(() => {}); export default () => 1;");
  CHECK(report.message == R"(top-level await of module "triggers/o/s/t/x.mjs" never resolved)");
  CHECK(report.sqlstate == sqlstate::kInvalidParameter);
}

TEST_CASE("a missing module names the importing place") {
  World world;
  Report report = world.FailureOf("\n  import { a } from 'no/such'; export default () => a;");
  CHECK(report.sqlstate == sqlstate::kInvalidParameter);
  CHECK(report.message == R"(module "no/such" does not exist)");
  CHECK(report.context == R"(import in module "triggers/o/s/t/x.mjs", line 2, column 21)");

  world.source.texts["lib/a/x.mjs"] = "import 'no/such';";
  report = world.FailureOf("import 'a/x'; export default () => 1;");
  CHECK(report.context ==
        "import in module \"lib/a/x.mjs\", line 1, column 8\n"
        "import in module \"triggers/o/s/t/x.mjs\", line 1, column 8");
  CHECK(world.FailureOf("import '/lib/a/x.mjs'; export default () => 1;").message ==
        R"(module "/lib/a/x.mjs" does not exist)");
}

TEST_CASE("a missing export names the importing place") {
  World world;
  world.source.texts["lib/a/x.mjs"] = "export const x = 1;";
  Report report = world.FailureOf("import { y } from 'a/x'; export default () => y;");
  CHECK(report.sqlstate == sqlstate::kInvalidParameter);
  CHECK(Has(report.message, "does not provide an export named 'y'"));
  CHECK(Has(report.context, R"(module "triggers/o/s/t/x.mjs", line 1, column 10)"));
}

TEST_CASE("a syntax error shows line, column and text") {
  World world;
  Report report = world.FailureOf("export default () => {\n  const x = };\n}");
  CHECK(report.sqlstate == sqlstate::kSyntaxError);
  CHECK(report.message == "JavaScript syntax error: Unexpected token '}'");
  CHECK(report.context == R"(module "triggers/o/s/t/x.mjs", line 2, column 13)");
  CHECK(report.detail ==
        "Line 2, column 13 of module \"triggers/o/s/t/x.mjs\":\n"
        "  const x = };\n"
        "            ^");
  world.source.texts["lib/a/x.mjs"] = "let a; let a;";
  report = world.FailureOf("import 'a/x'; export default () => 1;");
  CHECK(report.sqlstate == sqlstate::kSyntaxError);
  CHECK(Has(report.context, R"(module "lib/a/x.mjs", line 1, column 12)"));
  CHECK(Has(report.context, R"(import in module "triggers/o/s/t/x.mjs", line 1, column 8)"));
}

TEST_CASE("the default export must be a function") {
  World world;
  CHECK(world.FailureOf("export const a = 1;").message ==
        R"(module "triggers/o/s/t/x.mjs" has no default export)");
  Report report = world.FailureOf("export default 5;");
  CHECK(report.message == R"(default export of module "triggers/o/s/t/x.mjs" is not a function)");
  CHECK(report.detail == "It is a number (5).");
  CHECK(report.sqlstate == sqlstate::kInvalidParameter);
  CHECK(world.FailureOf("export default class {}").detail ==
        "It is a class, which cannot be called.");
  CHECK(world.FailureOf("export default undefined;").detail == "It is undefined.");
}

TEST_CASE("an error at the top level leaves with its place and can be mended") {
  World world;
  Report report = world.FailureOf("\nthrow new TypeError('top'); export default () => 1;");
  CHECK(report.message == "top");
  CHECK(report.context == "at triggers/o/s/t/x.mjs:2:7");
  world.source.texts["lib/a/x.mjs"] = "throw new Error('lib');";
  const char *rule = "import 'a/x'; export default () => 1;";
  CHECK(world.FailureOf(rule).message == "lib");
  CHECK(world.FailureOf(rule).message == "lib");
  world.source.texts["lib/a/x.mjs"] = "";
  CHECK(world.Call(rule) == "1");
}

TEST_CASE("modules are cached by name and text and can be forgotten") {
  World world;
  v8::HandleScope handles(world.isolate());
  auto &realm = world.realm();
  world.source.texts["lib/a/x.mjs"] = "export const x = 1;";
  std::string with = "import { x } from 'a/x'; export default () => x;";
  std::string without = "export default () => 0;";
  auto a = realm.LoadHandler("triggers/o/s/t/a.mjs", with);
  auto b = realm.LoadHandler("triggers/o/s/t/b.mjs", without);
  CHECK(realm.LoadHandler("triggers/o/s/t/a.mjs", with) == a);

  uint64_t generation = realm.generation();
  world.source.texts["lib/a/x.mjs"] = "export const x = 2;";
  realm.ForgetModules();
  CHECK(realm.generation() != generation);
  CHECK_FALSE(realm.LoadHandler("triggers/o/s/t/a.mjs", with) == a);
  CHECK(realm.LoadHandler("triggers/o/s/t/b.mjs", without) == b);

  // Another text under the same name.
  CHECK_FALSE(realm.LoadHandler("triggers/o/s/t/b.mjs", "export default () => 5;") == b);
}

TEST_CASE("the same text is compiled once for all realms") {
  World world;
  v8::HandleScope handles(world.isolate());
  std::string source = "export default function compiled() { return 1; }";
  auto a = world.realm(1).LoadHandler("triggers/o/s/t/a.mjs", source);
  auto b = world.realm(2).LoadHandler("triggers/o/s/t/a.mjs", source);
  CHECK_FALSE(a == b);
  CHECK(a->ScriptId() == b->ScriptId());
}

TEST_CASE("a rule's module cannot be imported") {
  World world;
  CHECK(world.FailureOf("import './x.mjs'; export default () => 1;").message ==
        R"(module "./x.mjs" does not exist)");
  CHECK(world.FailureOf("import 'lib/a/x.mjs'; export default () => 1;").sqlstate ==
        sqlstate::kInvalidParameter);
}

TEST_CASE("a chain of imports may not be endless") {
  World world;
  for (int i = 0; i < 1000; ++i) {
    std::string next = "lib/a/m" + std::to_string(i + 1) + ".mjs";
    world.source.texts["lib/a/m" + std::to_string(i) + ".mjs"] =
        "import 'a/m" + std::to_string(i + 1) + "';";
  }
  world.source.texts["lib/a/m1000.mjs"] = "";
  CHECK(world.FailureOf("import 'a/m0'; export default () => 1;").sqlstate ==
        sqlstate::kTooComplex);
  CHECK(world.Call("import 'a/m900'; export default () => 1;") == "1");
}

TEST_CASE("an error of the module source leaves with the importing place") {
  World world;
  class Broken final : public fundb::js::ModuleSource {
   public:
    std::optional<fundb::js::ModuleText> Find(const std::string &) override {
      throw Error("42501", "permission denied for table modules");
    }
  } broken;
  fundb::js::Engine engine({world.host, broken, world, world.factory, 64});
  v8::HandleScope handles(engine.isolate());
  try {
    engine.RealmOf(1, engine.OwnerOf("owner"))
        .LoadHandler("triggers/o/s/t/x.mjs", "import 'a/b'; export default () => 1");
    FAIL("no error");
  } catch (const Error &error) {
    CHECK(error.report().sqlstate == "42501");
    CHECK(Has(error.report().context, "import in module"));
  }
}

TEST_CASE("a text that takes long to compile is refused") {
  World world;
  std::string longest = "export default () => 'long'; //";
  longest.resize(fundb::js::kLongestModule, 'x');
  CHECK(world.Call(longest) == "long");
  Report report = world.FailureOf(longest + "x");
  CHECK(report.sqlstate == "54000");
  CHECK(report.message == "module \"triggers/o/s/t/x.mjs\" is too long");
  CHECK_FALSE(report.hint.empty());
  world.source.texts["lib/a/long.mjs"] = longest + "x";
  CHECK(world.FailureOf("import 'a/long'; export default () => 1;").sqlstate == "54000");
  CHECK(world.Body("try { await import('a/long') } catch (e) { return e.sqlstate }") == "54000");
}

TEST_CASE("what interrupts a load is told in the host's own words") {
  World world;
  world.host.cancel_message = "canceling statement due to user request";
  world.host.pending = true;
  Report report = world.FailureOf("export default () => 1;");
  CHECK(report.sqlstate == "57014");
  CHECK(report.message == "canceling statement due to user request");
  CHECK(world.Call("export default () => 1;") == "1");
}

TEST_CASE("a module of many imports is linked in no time") {
  World world;
  world.source.texts["lib/a/b.mjs"] = "";
  std::string text;
  for (int i = 0; i < 20000; ++i)
    text += "import './" + std::to_string(i) + "/../../../../../../lib/a/b';";
  CHECK(world.Call(text + "export default () => 1;") == "1");
}

// Were each importer looked for among all imports, this would be 300 million comparisons, which
// nothing can end: minutes for what a heap can hold.
TEST_CASE("modules of many imports are forgotten in no time") {
  World world;
  std::string all;
  for (int i = 0; i < 2000; ++i) {
    std::string name = "n" + std::to_string(i);
    world.source.texts["lib/a/" + name] = "";
    all += "import './" + name + "';";
  }
  std::string many;
  for (int i = 0; i < 30000; ++i) many += "import './" + std::to_string(i) + "/../n0';";
  for (int i = 0; i < 5; ++i) {
    world.source.texts["lib/a/many" + std::to_string(i)] = many;
    all += "import './many" + std::to_string(i) + "';";
  }
  world.source.texts["lib/a/all"] = all;
  CHECK(world.Call("import 'a/all'; export default () => 1;") == "1");
  auto begun = std::chrono::steady_clock::now();
  world.engine().ForgetModules();
  CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(1));
}

// Outside of what the watchdog sees, nothing could end it: a minute for a million names.
TEST_CASE("the namespace of an import() is made under the watchdog") {
  World world(256);
  for (int i = 0; i < 2; ++i) {
    std::string prefix = "v as n" + std::to_string(i) + "_";
    std::string text = i < 1 ? "export * from './wide" + std::to_string(i + 1) + "';" : "";
    text += "let v; export {" + prefix;
    for (int j = 0; j < 40000; ++j) text += std::to_string(j) + "," + prefix;
    world.source.texts["lib/a/wide" + std::to_string(i)] = text + "};";
  }
  CHECK(world.Call("import 'a/wide0'; export default () => 1;") == "1");
  world.host.looks = 0;
  CHECK(world.Body("return typeof await import('a/wide0');") == "object");
  CHECK(world.host.looks > 5);
}

// Each would hold a copy of a megabyte that no limit counts.
TEST_CASE("imports that wait hold no copies of their specifiers") {
  World world;
  int64_t grown = 0;
  Measure(world, &grown);
  CHECK(world.Body("const long = 'a'.repeat(1e6); long.includes('b'); now('before');"
                   "const all = []; for (let i = 0; i < 200; i++) all.push(import(long + i));"
                   "now('after'); return (await Promise.allSettled(all)).length;") == "200");
  CHECK(grown < 100);
}

// Copied and taken to pieces, this one would take 3 GB and seconds, which nothing can end.
TEST_CASE("an import() by a long specifier is refused unread") {
  World world;
  int64_t grown = 0;
  Measure(world, &grown);
  CHECK(world.Body("const long = 'a/'.repeat(1e8); now('before');"
                   "try { await import(long); } catch (e) {"
                   "now('after'); return [e.sqlstate, e.message]; }") ==
        R"(["54000","name of a module in import() is too long"])");
  CHECK(grown < 50);
}

// V8 of this version ends the process when one of them fails.
TEST_CASE("modules that import each other in a circle cannot wait at their top level") {
  World world;
  world.source.texts["lib/s/a.mjs"] = "import 's/b';";
  world.source.texts["lib/s/b.mjs"] = "import 's/c'; import 's/a'; await null; throw 1;";
  world.source.texts["lib/s/c.mjs"] = "await null;";
  std::string body =
      "const r = []; for (const name of ['s/a', 's/b', 's/c', 's/a'])"
      "try { await import(name); r.push('none'); } catch (e) { r.push(e.message) } return r;";
  CHECK(
      world.Body(body) ==
      R"(["module \"lib/s/a.mjs\" cannot be imported","module \"lib/s/b.mjs\" cannot be imported",)"
      R"("none","module \"lib/s/a.mjs\" cannot be imported"])");
  Report report = world.FailureOf("import 's/a'; export default () => 1;");
  CHECK(report.sqlstate == sqlstate::kInvalidParameter);
  CHECK(report.detail ==
        "Modules that import each other in a circle cannot wait at their top level.");
  CHECK(report.hint == "Break the circle, or use await within functions only.");
  // In functions they may, also where something else waits.
  world.source.texts["lib/s/b.mjs"] = "import 's/a'; export const f = async () => { await null; };";
  CHECK(world.Body("await import('s/a'); await (await import('s/b')).f(); return 1;") == "1");
}

TEST_CASE("modules of a circle may import what waits") {
  World world;
  world.source.texts["lib/s/cfg.mjs"] = "await null; export const c = 5;";
  world.source.texts["lib/s/ca.mjs"] =
      "import {fb} from 's/cb'; import {c} from 's/cfg';"
      "export async function fa() { if (c) { await null; } return c } export {fb}";
  world.source.texts["lib/s/cb.mjs"] =
      "import {fa} from 's/ca'; export const fb = async () => { return await fa() }";
  CHECK(world.Body("return (await import('s/ca')).fb();") == "5");
}

TEST_CASE("whether a module may wait at its top level") {
  using fundb::js::MayWaitAtTopLevel;
  for (const char *text :
       {"", "import 'a';", "// nothing\nexport const waits = 1;", "async function f() { await 1; }",
        "export default async function () { for (;;) { await 1; } }",
        "async function* g() { await 1; }",
        "const f = async (a, b = (1)) => { if (a) { await b; } };", "const s = 'await';",
        "call(async () => { await 1 })"}) {
    CAPTURE(text);
    CHECK(!MayWaitAtTopLevel(text));
  }
  for (const char *text :
       {"await 1;", "{ await 1 }", "if (1) { await 1 }", "const a = [await 1];", "f()\n{ await 1 }",
        "o.function(1)\n{ await 1 }", "async function f() { await 1; } await 2;",
        "const s = `${await 1}`;", "for await (const a of b) { }",
        "const f = () => ({}); { await f }", "a * f(b)\n{ await 1 }",
        "function f() { } (1)\n{ await 1 }", "class A { static a = 1 } await 1"}) {
    CAPTURE(text);
    CHECK(MayWaitAtTopLevel(text));
  }
}

TEST_CASE("import() of a module whose top level is being run fails") {
  World world;
  world.source.texts["lib/s/a.mjs"] = "import 's/b';";
  world.source.texts["lib/s/b.mjs"] =
      "export let why; await null; await import('s/a').catch((e) => { why = e.message; });";
  CHECK(world.Body("await import('s/a'); return (await import('s/b')).why;") ==
        R"(module "lib/s/b.mjs" cannot be imported)");
}

// Any graphs of modules that wait, throw and import each other, also by import(): none ends the
// process; those without circles and import() fail when something they stand on throws.
TEST_CASE("random graphs of modules") {
  std::mt19937 random(1);
  auto chance = [&](int percent) { return static_cast<int>(random() % 100) < percent; };
  int succeeded = 0;
  int failed = 0;
  for (int round = 0; round < 400; ++round) {
    World world;
    bool is_plain = chance(30);
    size_t count = 2 + random() % 6;
    std::vector<bool> breaks(count);
    for (size_t i = 0; i < count; ++i) {
      std::vector<std::string> lines;
      bool throws = chance(15);
      breaks[i] = throws;
      for (size_t j = 0; j < count; ++j) {
        if (!chance(35) || (is_plain && j >= i)) continue;
        lines.push_back("import 's/f" + std::to_string(j) + "';");
        if (is_plain && breaks[j]) breaks[i] = true;
      }
      if (chance(40)) lines.emplace_back("await null;");
      if (throws) lines.emplace_back("throw new Error('t');");
      if (!is_plain && chance(30)) {
        std::string imported = "import('s/f" + std::to_string(random() % count) + "')";
        lines.push_back((chance(50) ? "await " : "") + imported + ".catch(() => {});");
      }
      std::shuffle(lines.begin(), lines.end(), random);
      std::string text;
      for (const std::string &line : lines) text += line + "\n";
      world.source.texts["lib/s/f" + std::to_string(i) + ".mjs"] = text;
    }
    for (int times = 0; times < 8; ++times) {
      size_t i = random() % count;
      std::string name = std::to_string(i);
      CAPTURE(round);
      CAPTURE(name);
      bool works = chance(50)
                       ? world.Body("try { await import('s/f" + name +
                                    "'); return 'ok'; } catch { return 'no'; }") == "ok"
                       : world.Body("return (await Promise.allSettled([import('s/f" + name +
                                    "'), import('s/f" + name + "')]))[0].status;") == "fulfilled";
      (works ? succeeded : failed) += 1;
      if (is_plain) CHECK(works == !breaks[i]);
    }
  }
  CHECK(succeeded > 300);
  CHECK(failed > 300);
}
