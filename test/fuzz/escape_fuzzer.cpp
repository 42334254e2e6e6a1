// libFuzzer target: the body of a handler.  One that is said to keep nothing of its parameters asks
// them for the properties and sets those that are said to be, by name; it does not call what it
// reads with them as `this`, gives back none but `args`, and nothing touches them after the call.
#include "js/escape.h"

#include "support.h"

using fundb::fuzz::Require;
using fundb::fuzz::World;
namespace js = fundb::js;

namespace {

constexpr char kName[] = "triggers/a/b/c/fuzzed.mjs";

// Gives "" or what is wrong.
constexpr char kWatch[] = R"js(export default function watch(handler, names) {
  let wrong = '';
  names = JSON.parse(names);
  let isOver = false;
  const objects = [];
  const watched = (name, read) => {
    const object = new Proxy({}, new Proxy({}, {
      get: (target, trap) => (self, key, value, receiver) => {
        if (isOver) wrong ||= `${trap} of ${name} after the call`;
        if (trap === 'get') {
          if (typeof key !== 'string') wrong ||= `${name} asked for a symbol`;
          if (name in names && !names[name].read.includes(key)) wrong ||= `${name}.${key} is read`;
          return read(key);
        }
        if (trap !== 'set') wrong ||= `${trap} of ${name}`;
        if (name in names && !names[name].written.includes(key)) wrong ||= `${name}.${key} is set`;
        return true;
      },
    }));
    objects.push(object);
    return object;
  };
  // Can be called, and has a property of every name.
  const value = function (...all) {
    if (objects.includes(this)) wrong ||= 'called as this';
    if (all.some(each => objects.includes(each))) wrong ||= 'given away';
    return value;
  };
  const rows = {new: watched('event.new', () => value), old: watched('event.old', () => value)};
  const args = watched('args', () => value);
  const event = watched('event', key => rows[key] ?? value);
  const search = (found, depth) => {
    if (objects.includes(found)) wrong ||= 'kept';
    if (found === value || depth === 0) return;
    if (typeof found === 'object' && found !== null) {
      for (const each of Object.values(found)) search(each, depth - 1);
    }
    if (typeof found === 'function') {
      try { search(found(), depth - 1); } catch (error) { search(error, depth - 1); }
    }
  };
  let result;
  try { result = handler(event, args); } catch (error) { result = error; }
  isOver = true;
  if (result !== args) search(result, 3);
  return wrong;
})js";

// {"read": ["a"], "written": ["b"]}; names are plain.
std::string Names(const std::vector<js::NamedProperty> &properties) {
  std::string read;
  std::string written;
  for (const js::NamedProperty &property : properties) {
    std::string quoted = '"' + property.name + '"';
    if (property.is_read) read += (read.empty() ? "" : ", ") + quoted;
    if (property.is_written) written += (written.empty() ? "" : ", ") + quoted;
  }
  return "{\"read\": [" + read + "], \"written\": [" + written + "]}";
}

void Try(const std::string &source) {
  js::Realm &realm = World::Get().realm();
  v8::Isolate *isolate = realm.isolate();
  v8::HandleScope handles(isolate);
  js::RunOptions options;
  options.timeout_ms = 20;
  v8::Local<v8::Function> handler = realm.LoadHandler(kName, source, options.timeout_ms);
  v8::Local<v8::String> text;
  v8::TryCatch caught(isolate);
  if (!handler->FunctionProtoToString(realm.context()).ToLocal(&text)) return;
  js::ParameterUses uses = js::FindUses(js::ToText(isolate, text));
  if (!uses.keeps_nothing) return;
  std::string names = "{\"args\": " + Names(uses.args) + ", \"event.new\": " + Names(uses.new_row) +
                      ", \"event.old\": " + Names(uses.old_row) + "}";
  v8::Local<v8::Value> arguments[] = {handler, js::NewString(isolate, names)};
  v8::Local<v8::Value> wrong =
      js::Run(realm, realm.LoadHandler("triggers/a/b/c/watch.mjs", kWatch), 2, arguments, options);
  std::string what = js::Text(realm.context(), wrong);
  Require(what.empty(), what.c_str());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  std::string source = "const kept = []; export default function (event, args) {";
  source.append(reinterpret_cast<const char *>(data), size);
  source += '}';
  try {
    Try(source);
  } catch (const fundb::Error &error) {
    Require(!error.report().message.empty(), "a message");
  }
  World::Get().realm().ForgetEverything();
  return 0;
}
