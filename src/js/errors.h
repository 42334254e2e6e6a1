// JavaScript exception <-> Report.  Every function here survives hostile objects: getters and
// proxies that throw or never return (the watchdog ends them), terminated execution, an almost
// exhausted stack.
#pragma once

#include <v8.h>

#include <optional>
#include <string>

#include "base/error.h"
#include "js/handles.h"

namespace fundb::js {

// Makes the JavaScript object that stands for an Error.  Implemented by higher floors (an error
// class of the API); the default makes a plain Error with the report's fields as properties.
class ErrorFactory {
 public:
  virtual ~ErrorFactory() = default;

  // `context` is entered.  May throw Pending.  The caller makes the object remember the report.
  virtual v8::Local<v8::Value> Make(v8::Local<v8::Context> context, const Report &report);
};

// The JavaScript error for a report: made by the engine's ErrorFactory, remembering the report.
v8::Local<v8::Value> ErrorObject(v8::Local<v8::Context> context, const Report &report);

// Makes `object` remember the report: uncaught and with its message unchanged, the report leaves
// whole.  Invisible to JavaScript.  `message` is the text of the object's message property when it
// differs from the report's (an API may word it otherwise).
void Remember(v8::Local<v8::Context> context, v8::Local<v8::Object> object, const Report &report);
void RememberAs(v8::Local<v8::Context> context, v8::Local<v8::Object> object, const Report &report,
                v8::Local<v8::String> message);

// The report that an object remembers, whatever was done to the object since.
std::optional<Report> Recall(v8::Local<v8::Context> context, v8::Local<v8::Value> value);

// What leaves when `exception` is not caught: the remembered report, else one made of the object's
// message, sqlstate, detail, hint, column, constraint, schema and table properties, class 38000.
// The JavaScript stack goes to the context, a line per frame: "at f (lib/a/b.mjs:3:9)".
// `message` may be empty; it gives the place when the thrown value has no stack.  Never throws.
Report ReportOf(v8::Local<v8::Context> context, v8::Local<v8::Value> exception,
                v8::Local<v8::Message> message) noexcept;

// A text for any value, as String(value) would give it; "" or a stand-in where that fails.  May run
// JavaScript (toString); leaves no exception pending.  Never throws.
std::string Text(v8::Local<v8::Context> context, v8::Local<v8::Value> value) noexcept;

// A short description of a value for messages, without running any JavaScript: `a number (5)`,
// `a string ("abc…")`, `null`, `an array`, `an object of class Foo`.
std::string Describe(v8::Isolate *isolate, v8::Local<v8::Value> value);

}  // namespace fundb::js
