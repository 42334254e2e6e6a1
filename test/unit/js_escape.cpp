// js/escape: handlers that keep nothing of their parameters, and all that might; which columns they
// name.
#include "js/escape.h"

#include <doctest/doctest.h>

#include <chrono>
#include <string>

using fundb::js::FindUses;
using fundb::js::NamedProperty;
using fundb::js::ParameterUses;

namespace {

bool KeepsNoParameter(const std::string &function) { return FindUses(function).keeps_nothing; }

std::string Text(const std::vector<NamedProperty> &names) {
  std::string text;
  for (const NamedProperty &name : names) {
    text += (text.empty() ? "" : " ") + name.name + ":";
    if (name.is_read) text += 'r';
    if (name.is_written) text += 'w';
  }
  return text;
}

// "args | event.new | event.old", names with r and w for read and written.
std::string Uses(const std::string &body) {
  ParameterUses uses = FindUses("function handle(event, args) {" + body + "}");
  if (!uses.keeps_nothing) return "keeps";
  return Text(uses.args) + " | " + Text(uses.new_row) + " | " + Text(uses.old_row);
}

bool Keeps(const std::string &body) {
  return !KeepsNoParameter("function handle(event, args) {" + body + "}");
}

}  // namespace

TEST_CASE("columns of args and of rows are read and assigned") {
  const char *const bodies[] = {
      "",
      " return true; ",
      " return args; ",
      "if (n) {return args} return true;",
      "args.a = args.b + 1; return args;",
      "const row = event.new; args.t4 = row.t1 + ':' + row.id; return args;",
      "let row = event.new; var old = event.old; args.a = row.a - old.a; return args;",
      "if (event.new.a !== event.old.a) { args.b = 'it is'; } return args;",
      "if (args.a) { if (args.b) { args.c = 1; } else { args.c = 2; } } return args;",
      "for (let i = 0; i < args.n; i++) { args.a += i; } return args;",
      "while (args.a > 1) { args.a = args.a - 1; } do { args.a++; } while (args.a < 5); return "
      "args;",
      "switch (args.a) { case 1: args.b = 2; break; default: args.b = 3; } return args;",
      "try { args.a = check(args.b); } catch (e) { args.a = null; } finally { n++; } return args;",
      "try { args.a = 1; } catch { args.a = 2; } return args;",
      "args.t3 = args.t3.trim().toLowerCase(); return args;",
      "args.doc = {a: args.a, 'b': [args.b, ...args.c]}; return args;",
      "args.a = args.a ?? 5; [args.b, args.c] = [args.c, args.b]; return args;",
      "if (args.t2.length > 100) throw new Error('too long: ' + args.t2.length); return args;",
      "FunDB.insertEntity(audit, {id: args.id, note: args.note}); return true;",
      "n.args = 1; n?.event; n.args.x(); return true;",
      "// args(args)\n/* args => args */ const s = 'args(\"args\")'; return args;",
      "const f = args.a; f(); return args;",
      "args.a = (args.b); return args;",
      "return !args.done;",
      "n = n.args; n = 'x'.args; n = 1.5;",
  };
  for (const char *body : bodies) {
    CAPTURE(body);
    CHECK_FALSE(Keeps(body));
  }
}

TEST_CASE("heads") {
  CHECK(KeepsNoParameter("function (event, args) { return args; }"));
  CHECK(KeepsNoParameter("(e, a) => { a.x = e.new.y; return a; }"));
  CHECK(KeepsNoParameter("function f(event) { return event.new.a; }"));
  for (const char *function : {"",
                               "function",
                               "function (",
                               "function () {}",
                               "function (event, args",
                               "(a, b) =>",
                               "function (event, event) { return event.new.a; }",
                               "async function handle(event, args) { return args; }",
                               "async (e, a) => { return a; }",
                               "async (e, a) => { return true; }",
                               "function* (event, args) { return args; }",
                               "async function* f(event, args) { return args; }",
                               "event => { return event.new.a; }",
                               "(event, args) => args",
                               "(event, args) => ({a: args.a})",
                               "(event, {a}) => { return a; }",
                               "(event, ...args) => { return args; }",
                               "function (event, args = event) { return args; }",
                               "function (event, args, more) { return args; }",
                               "handle(event, args) { return args; }",
                               "get x() { return 1; }",
                               "class { static handle(event, args) { return args; } }",
                               "function () { [native code] }",
                               "function (event, args) { return args; } more",
                               "function (event, args) { return args; }}",
                               "function (event, args) { (return args; }",
                               "function (\u00e9vent, args) { return args; }",
                               "function (event, args,) { return args; }"}) {
    CAPTURE(function);
    CHECK_FALSE(KeepsNoParameter(function));
  }
}

TEST_CASE("whatever might keep a parameter does") {
  const char *const bodies[] = {
      // Given away.
      "keep(args);",
      "keep(event);",
      "kept = args;",
      "kept = event;",
      "kept = event.new;",
      "kept = [args];",
      "kept = {args};",
      "kept = {args: 1};",
      "kept = {...args};",
      "kept = {a: args};",
      "throw args;",
      "return event;",
      "return event.new;",
      "return [args];",
      "return args, 1;",
      "return args\n;args",
      "return (args);",
      "return args || true;",
      "return args ? 1 : args;",
      "kept.return = args;",
      "const row = event.new",
      "const row = event.new, b = row;",
      "const row = event.new; kept = row;",
      "const row = event.new; return row;",
      "const row = event.new; const {a} = row;",
      "const {a} = args;",
      "const {a} = event.new;",
      "const args2 = args;",
      "let row; row = event.new;",
      "kept.row = event.new;",
      "kept = event.source;",
      "kept = event.entity;",
      "event.entity.name = 'x';",
      "event.time = 'x';",
      "kept = event.args;",
      "event['new'].a;",
      "args['a'] = 1;",
      "args?.a;",
      "event?.new.a;",
      "event.new?.a;",
      "event.new?.a();",
      "for (const k in args) n++;",
      "'a' in args;",
      "typeof args;",
      "args == 1;",
      "`${args}`;",
      "delete args.a;",
      "args = {};",
      "args++;",
      "[args] = [1];",
      "new args;",
      // As `this`.
      "args.a();",
      "args.a ();",
      "args.a?.();",
      "args.a`x`;",
      "(args.a)();",
      "((args.a))(1);",
      "(args.a)?.();",
      "event.new.a();",
      "const row = event.new; row.a();",
      "const row = event.new; (row.a)();",
      "args.__proto__ = kept;",
      "args.then = keep; return args;",
      // Each object has these: an own one is another.
      "n = args.constructor;",
      "args.toString = 1;",
      "n = event.new.valueOf;",
      "args.__lookupGetter__ = 1;",
      // Of one row here, of the other there.
      "{ const row = event.new; n = row.a; } { const row = event.old; n = row.a; }",
      "n = 1.\nargs.f();",
      "n = 1./*\n*/args",
      "n = 1_0.\nargs",
      "args.__proto__.a;",
      "const row = event.new; row.__proto__;",
      // Reached in another way.
      "kept = arguments;",
      "arguments[1];",
      "eval('args');",
      "kept = ar\\u0067s;",
      "with (args) a;",
      // Later.
      "kept = () => args.a;",
      "kept = function () { return args.a; };",
      "function f() { return args.a; }",
      "kept = async () => args.a;",
      "kept = {f() { return args.a; }};",
      "kept = {get f() { return args.a; }};",
      "kept = {set f(v) { args.a = v; }};",
      "kept = {['f']() { return args.a; }};",
      "kept = {'f'() { return args.a; }};",
      "kept = {5() { return args.a; }};",
      "kept = {*f() { return args.a; }};",
      "kept = {if(x) { return args.a; }};",
      "kept = {a: 1, if(x) { return args.a; }};",
      "kept = {a: 1, while(x) { return args.a; }};",
      "kept = {a: {}, catch(x) { return args.a; }};",
      "kept = {catch(x) { return args.a; }};",
      "kept = {get if() { return args.a; }};",
      "kept = {*if() { return args.a; }};",
      "kept = {static() { return args.a; }};",
      "kept = [{for(x) { return args.a; }}];",
      "f({for(x) { return args.a; }});",
      "return {for(x) { return args.a; }};",
      "x = y ? {for(x) { return args.a; }} : 1;",
      "kept = {a: {switch(x) { return args.a; }}};",
      "if (x) { kept = {if(x) { return args.a; }}; }",
      "kept = class { f() { return args.a; } };",
      "kept = class { if(x) { return args.a; } };",
      "await 1; args.a = 2;",
      "yield 1;",
      // Not understood.
      "args.a / 2; args.b / 3;",
      "/args/.test('');",
      "const s = 'a\\'b';",
      "const s = `a`;",
      "const \u00e9 = 1;",
      "// \u2028 kept = args\n",
      "const s = 'a",
      "/* ",
      "x = #a in kept;",
      "if (x) { args.a = 1; )",
  };
  for (const char *body : bodies) {
    CAPTURE(body);
    CHECK(Keeps(body));
  }
}

TEST_CASE("names of columns, each once") {
  CHECK(Uses("return true;") == " |  | ");
  CHECK(Uses("args.a = 1; return args;") == "a:w |  | ");
  CHECK(Uses("args.a = args.b + args.a; return args;") == "a:rw b:r |  | ");
  CHECK(Uses("n = event.new.a + event.old.b;") == " | a:r | b:r");
  CHECK(Uses("const row = event.new; let old = event.old; n = row.a - old.a + row.b;") ==
        " | a:r b:r | a:r");
  CHECK(FindUses("function (event, args) { const row = event.new; return args; }").reads_event);
  CHECK_FALSE(FindUses("function (event, args) { x.event = 1; return args; }").reads_event);
  CHECK(Uses("x.args.a = 1; n = {event: 1}; 'args.b'; // args.c\n") == "keeps");
  CHECK(Uses("x.args.a = 1; n = 'args.b'; // args.c\n") == " |  | ");
}

TEST_CASE("what only reads a column") {
  for (const char *body : {"n = args.a;",
                           "if (args.a) n = 1;",
                           "n = args.a == 1;",
                           "n = args.a === 1;",
                           "n = args.a != 1;",
                           "n = args.a !== 1;",
                           "n = args.a <= 1;",
                           "n = args.a >= 1;",
                           "n = args.a < 1;",
                           "n = args.a > 1;",
                           "n = args.a << 1;",
                           "n = args.a >> 1;",
                           "n = args.a >>> 1;",
                           "n = args.a ** 2;",
                           "n = args.a ?? 1;",
                           "n = args.a && 1;",
                           "n = args.a || 1;",
                           "n = args.a ? 1 : 2;",
                           "n = args.a % 2;",
                           "n = args.a & 2;",
                           "n = args.a | 2;",
                           "n = args.a ^ 2;",
                           "n = args.a - 2;",
                           "f(args.a);",
                           "f(args.a, 1);",
                           "n = [args.a];",
                           "n = [1, args.a, 2];",
                           "n = {a: args.a};",
                           "n = {a: {b: [args.a]}};",
                           "n = args.a.b;",
                           "n = args.a[0];",
                           "args.a.b = 1;",
                           "args.a[0] = 1;",
                           "n = (args.a);",
                           "n = -args.a;",
                           "n = !args.a;",
                           "n = 1 + args.a;",
                           "n = typeof args.a;",
                           "n = args.a instanceof f;",
                           "switch (args.a) { case args.a: n = 1; }",
                           "for (const x of args.a) n++;",
                           "for (const k in args.a) n++;",
                           "n = args.a.trim();",
                           "while (args.a) n++;",
                           "n = args.a\nn = 2",
                           "throw args.a;",
                           "return args.a;",
                           "const {b} = args.a;",
                           "const [b] = f(args.a);",
                           "n = x[(args.a)];"}) {
    CAPTURE(body);
    CHECK(Uses(body) == "a:r |  | ");
  }
}

TEST_CASE("what assigns a column without reading it") {
  for (const char *body :
       {"args.a = 1;", "n = args.a = 1;", "[args.a = 1] = f();", "({b: args.a = 1} = f());",
        "if (args.a = 1) n = 2;", "for (args.a = 0; n < 5; n++) f();", "n = x ? 1 : args.a = 1;"}) {
    CAPTURE(body);
    CHECK(Uses(body) == "a:w |  | ");
  }
}

TEST_CASE("what assigns a column in any other way may read it as well") {
  for (const char *body :
       {"args.a += 1;", "args.a -= 1;", "args.a *= 2;", "args.a **= 2;", "args.a %= 2;",
        "args.a <<= 1;", "args.a >>= 1;", "args.a >>>= 1;", "args.a &= 1;", "args.a |= 1;",
        "args.a ^= 1;", "args.a &&= 1;", "args.a ||= 1;", "args.a ?\?= 1;", "args.a++;",
        "args.a--;", "++args.a;", "--args.a;", "++(args.a);", "(args.a)++;", "-- (args.a);",
        "[args.a] = f();", "[n, args.a] = f();", "[...args.a] = f();", "({b: args.a} = f());",
        "({b: args.a} = f())", "[[args.a]] = f();", "({b: [args.a]} = f());",
        "[{b: args.a}] = f();", "[(args.a)] = f();", "for (args.a of f()) n++;",
        "for (args.a in f()) n++;", "for ([args.a] of f()) n++;", "for ({b: args.a} of f()) n++;",
        "for ((args.a) of f()) n++;", "(args.a) = 1;", "((args.a)) = 1;", "[[args.a] = n] = f();",
        "f([({b: args.a} = n)]);", "({b: [n = [args.a] = n]} = f());",
        // An error, but only after the call.
        "f(args.a) = 1;", "f((args.a)) = 1;", "f(n, args.a) = 1;", "f(args.a) += 1;",
        "f(++args.a) = 1;", "f(--args.a) = 1;", "f(args.a++) = 1;", "f(args.a ?\?= 1) = 1;",
        "f(args.a += 1) = 1;", "f(args.a)++;", "for (f(args.a) of g()) n++;",
        // These read it, but that is not looked for.
        "n = x[args.a]; x[args.a] = 1;", "n = args.a + +1;", "n = args.a - -1;",
        "n = args.a in f();"}) {
    CAPTURE(body);
    CHECK(Uses(body) == "a:rw |  | ");
  }
}

TEST_CASE("what is long, or names much, is given up") {
  auto repeat = [](const std::string &text, int count) {
    std::string all;
    for (int i = 0; i < count; ++i) all += text;
    return all;
  };
  CHECK_FALSE(Keeps(repeat("args.a = 1; ", 5000)));
  CHECK(Keeps(repeat("args.a = 1; ", 6000)));
  std::string names;
  for (int i = 0; i < 200; ++i) names += "n = args.a" + std::to_string(i) + "; ";
  CHECK_FALSE(Keeps(names));
  CHECK(Keeps(names + "n = event.new.a;"));
}

TEST_CASE("no text makes the scan slow") {
  // Of what is looked at, the most of all that could be looked through again and again.  Each took
  // seconds, or would if the work were the square of the length; now milliseconds.
  auto repeat = [](const std::string &text, size_t length) {
    std::string all;
    for (int i = 0; all.size() < length; ++i) {
      for (char c : text) all += c == '#' ? std::to_string(i) : std::string(1, c);
    }
    return all;
  };
  constexpr size_t kLength = 30000;
  const std::string bodies[] = {
      repeat("var v# = event.new; ", 2 * kLength),
      repeat("args.a#; ", 2 * kLength),
      "n = " + repeat("(", kLength) + "args.a" + repeat(")", kLength) + ";",
      "n = " + repeat("[args.a, ", 2 * kLength) + repeat("]", kLength / 4) + ";",
      "n = " + repeat("[", kLength) + "args.a" + repeat("]", kLength) + ";",
      repeat("{", kLength) + repeat("}", kLength),
      "n = args.a " + repeat("- ", 2 * kLength) + "n;",
      repeat("[] ", 2 * kLength),
      repeat("const event# = 1; ", 2 * kLength),
  };
  for (const std::string &body : bodies) {
    CAPTURE(body.substr(0, 40));
    auto start = std::chrono::steady_clock::now();
    (void)Keeps(body);
    std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    CHECK(took.count() < 1.0);
  }
}
