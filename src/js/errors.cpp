#include "js/errors.h"

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "js/engine.h"

namespace fundb::js {

namespace {

// The string fields of a Report, in the order in which an error object remembers them.
constexpr std::string Report::*kRemembered[] = {
    &Report::sqlstate, &Report::message,    &Report::detail,         &Report::hint,
    &Report::context,  &Report::schema,     &Report::table,          &Report::column,
    &Report::datatype, &Report::constraint, &Report::internal_query, &Report::kind,
    &Report::argument, &Report::user_data};
constexpr int kRememberedCount = sizeof(kRemembered) / sizeof(kRemembered[0]);
// Behind them: the numbers, the rules it left, and the message that JavaScript was shown.
constexpr int kNumbersIndex = kRememberedCount;
constexpr int kRulesIndex = kRememberedCount + 1;
constexpr int kShownIndex = kRememberedCount + 2;
constexpr int kFieldCount = kRememberedCount + 3;

// Of longer texts of an error, in UTF-16 units, only the beginning is kept: each is copied some
// times on its way, to the client and to the server's log.
constexpr int kMostTextUnits = 1'000'000;

constexpr char kLongBigInt[] = "a long BigInt";

std::string ErrorText(v8::Isolate *isolate, v8::Local<v8::String> string) {
  return ToShortText(isolate, string, kMostTextUnits);
}

// Names cannot hold NUL, so it ends each of them.
std::string RulesText(const Report &report) {
  std::string text;
  for (const PassedRule &rule : report.rules) {
    for (const std::string &part : {rule.schema, rule.name, std::to_string(rule.operation)}) {
      text += part;
      text += '\0';
    }
  }
  return text;
}

void ReadRules(std::string_view text, Report *report) {
  auto next = [&] {
    size_t end = std::min(text.find('\0'), text.size());
    std::string part(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    return part;
  };
  while (!text.empty()) {
    PassedRule rule;
    rule.schema = next();
    rule.name = next();
    rule.operation = std::atoi(next().c_str());
    report->rules.push_back(std::move(rule));
  }
}

std::string NumbersText(const Report &report) {
  return std::to_string(report.internal_position) + " " + std::to_string(report.operation) + " " +
         (report.argument_is_missing ? "1" : "0");
}

void ReadNumbers(const std::string &text, Report *report) {
  char *at = nullptr;
  report->internal_position = static_cast<int>(std::strtol(text.c_str(), &at, 10));
  report->operation = static_cast<int>(std::strtol(at, &at, 10));
  report->argument_is_missing = std::strtol(at, &at, 10) != 0;
}

// What users may set on an error of their own, and where it goes.
struct Field {
  const char *name;
  std::string Report::*field;
};
constexpr Field kUserFields[] = {{"detail", &Report::detail}, {"hint", &Report::hint},
                                 {"column", &Report::column}, {"constraint", &Report::constraint},
                                 {"schema", &Report::schema}, {"table", &Report::table}};

// The value of a property; empty when there is none or its getter failed.  Leaves nothing pending.
v8::Local<v8::Value> Property(v8::Local<v8::Context> context, v8::Local<v8::Object> object,
                              const char *name) {
  v8::Isolate *isolate = context->GetIsolate();
  v8::TryCatch caught(isolate);
  return object->Get(context, NewName(isolate, name)).FromMaybe(v8::Local<v8::Value>());
}

std::string TextProperty(v8::Local<v8::Context> context, v8::Local<v8::Object> object,
                         const char *name) {
  v8::Local<v8::Value> value = Property(context, object, name);
  if (value.IsEmpty() || !value->IsString()) return std::string();
  return ErrorText(context->GetIsolate(), value.As<v8::String>());
}

// Of a long one the end, where the frames are.
std::string StackText(v8::Local<v8::Context> context, v8::Local<v8::Object> object) {
  v8::Local<v8::Value> value = Property(context, object, "stack");
  if (value.IsEmpty() || !value->IsString()) return std::string();
  return ToShortText(context->GetIsolate(), value.As<v8::String>(), kMostTextUnits, TextPart::kEnd);
}

// Classes 00, 01 and 02 are success, warning and no data: an error cannot have them.
bool IsErrorClass(const std::string &state) {
  if (state.size() != 5) return false;
  for (char c : state) {
    if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'))) return false;
  }
  std::string_view head = std::string_view(state).substr(0, 2);
  return head != "00" && head != "01" && head != "02";
}

void AddLine(std::string_view line, std::string *lines) {
  if (!lines->empty()) *lines += '\n';
  *lines += line;
}

bool IsUserFrame(std::string_view line) {
  constexpr std::string_view kFrame = "    at ";
  return line.substr(0, kFrame.size()) == kFrame && line.find("fundb:") == line.npos &&
         line.find("<anonymous>") == line.npos;
}

// The frames of a `stack` text: "Error: message\n    at f (name:3:9)\n…".  The text belongs to
// user code and may be anything; at worst the lines are wrong.
std::string Frames(std::string_view stack, std::string_view message) {
  // A message may hold lines that look like frames: go on behind it.  It stands behind the name of
  // the error's class; looked for everywhere, long ones would take long.
  constexpr size_t kLongestClass = 200;
  size_t at =
      message.empty() ? stack.npos : stack.substr(0, kLongestClass + message.size()).find(message);
  if (at != stack.npos) stack.remove_prefix(at + message.size());
  constexpr int kMostFrames = 20;
  std::string lines;
  int count = 0;
  while (!stack.empty() && count < kMostFrames) {
    size_t end = std::min(stack.find('\n'), stack.size());
    std::string_view line = stack.substr(0, end);
    stack.remove_prefix(std::min(end + 1, stack.size()));
    if (!IsUserFrame(line)) continue;
    AddLine(line.substr(4), &lines);
    ++count;
  }
  return lines;
}

// The place of a thrown value that has no stack.
std::string Place(v8::Local<v8::Context> context, v8::Local<v8::Message> message) {
  v8::Isolate *isolate = context->GetIsolate();
  if (message.IsEmpty()) return std::string();
  v8::Local<v8::Value> resource = message->GetScriptResourceName();
  if (!resource->IsString()) return std::string();
  std::string name = ToText(isolate, resource.As<v8::String>());
  if (name.compare(0, 6, "fundb:") == 0) return std::string();
  return "at " + name + ":" + std::to_string(message->GetLineNumber(context).FromMaybe(0)) + ":" +
         std::to_string(message->GetStartColumn(context).FromMaybe(-1) + 1);
}

// What the author attached to the error, as JSON; "" when there is none, it has no such form, or
// it is too long: cut it would be no JSON.
std::string UserData(v8::Local<v8::Context> context, v8::Local<v8::Object> object) {
  v8::Isolate *isolate = context->GetIsolate();
  v8::Local<v8::Value> value = Property(context, object, "userData");
  if (value.IsEmpty() || value->IsNullOrUndefined()) return std::string();
  v8::TryCatch caught(isolate);
  v8::Local<v8::String> json;
  if (!v8::JSON::Stringify(context, value).ToLocal(&json)) return std::string();
  if (json->Length() > kMostTextUnits) return std::string();
  // JSON.stringify(function) is undefined, which V8 gives back as that word.
  std::string text = ToText(isolate, json);
  return text == "undefined" ? std::string() : text;
}

Report ReportOfObject(v8::Local<v8::Context> context, v8::Local<v8::Object> object,
                      const std::string &message) {
  Report report;
  report.sqlstate = sqlstate::kScriptError;
  report.message = message;
  report.kind = "exception";
  report.user_data = UserData(context, object);
  std::string state = TextProperty(context, object, "sqlstate");
  if (IsErrorClass(state)) report.sqlstate = state;
  // Only the host raises those: a cancel that a script made up would pass through all rules
  // outside, and clients would take it for one.
  if (IsUncatchable(report)) report.sqlstate = sqlstate::kScriptError;
  for (const Field &field : kUserFields) {
    report.*field.field = TextProperty(context, object, field.name);
  }
  return report;
}

std::string MessageOf(v8::Local<v8::Context> context, v8::Local<v8::Object> object) {
  std::string message = TextProperty(context, object, "message");
  if (!message.empty()) return message;
  // `throw new Error()`: its name says at least something.
  if (object->IsNativeError()) message = TextProperty(context, object, "name");
  return message.empty() ? Text(context, object) : message;
}

struct Remembered {
  Report report;
  std::string shown;
};

std::optional<Remembered> Read(v8::Local<v8::Context> context, v8::Local<v8::Value> value) {
  v8::Isolate *isolate = context->GetIsolate();
  if (value.IsEmpty() || !value->IsObject() || value->IsProxy()) return std::nullopt;
  v8::TryCatch caught(isolate);
  v8::Local<v8::Value> memory;
  v8::Local<v8::Private> symbol = Engine::From(isolate).report_symbol();
  if (!value.As<v8::Object>()->GetPrivate(context, symbol).ToLocal(&memory) || !memory->IsArray()) {
    return std::nullopt;
  }
  auto fields = memory.As<v8::Array>();
  std::string texts[kFieldCount];
  for (int i = 0; i < kFieldCount; ++i) {
    v8::Local<v8::Value> field;
    if (!fields->Get(context, static_cast<uint32_t>(i)).ToLocal(&field) || !field->IsString()) {
      return std::nullopt;
    }
    texts[i] = ErrorText(isolate, field.As<v8::String>());
  }
  Remembered remembered;
  for (int i = 0; i < kRememberedCount; ++i) remembered.report.*kRemembered[i] = texts[i];
  ReadNumbers(texts[kNumbersIndex], &remembered.report);
  ReadRules(texts[kRulesIndex], &remembered.report);
  remembered.shown = texts[kShownIndex];
  return remembered;
}

// What leaves for an object: verbatim what it remembers, unless somebody gave it another message.
// Serialization failures and deadlocks leave verbatim in any case: clients retry on them.
Report ReportOfThrown(v8::Local<v8::Context> context, v8::Local<v8::Object> object) {
  std::string message = MessageOf(context, object);
  std::optional<Remembered> remembered = Read(context, object);
  // An empty message is shown as such.
  bool is_verbatim = remembered && (remembered->shown == TextProperty(context, object, "message") ||
                                    MustLeaveUnchanged(remembered->report));
  Report report =
      is_verbatim ? std::move(remembered->report) : ReportOfObject(context, object, message);
  std::string frames = Frames(StackText(context, object), message);
  if (!frames.empty()) AddLine(frames, &report.context);
  return report;
}

}  // namespace

v8::Local<v8::Value> ErrorFactory::Make(v8::Local<v8::Context> context, const Report &report) {
  v8::Isolate *isolate = context->GetIsolate();
  auto error = v8::Exception::Error(NewString(isolate, report.message)).As<v8::Object>();
  constexpr Field kSqlstate = {"sqlstate", &Report::sqlstate};
  auto set = [&](const Field &field) {
    const std::string &text = report.*field.field;
    if (text.empty()) return;
    Check(
        error->CreateDataProperty(context, NewName(isolate, field.name), NewString(isolate, text)));
  };
  set(kSqlstate);
  for (const Field &field : kUserFields) set(field);
  return error;
}

namespace {

v8::Local<v8::Value> MakeObject(v8::Local<v8::Context> context, const Report &report) {
  v8::Isolate *isolate = context->GetIsolate();
  v8::Local<v8::Value> value = Engine::From(isolate).errors().Make(context, report);
  if (value->IsObject()) {
    v8::Local<v8::Object> object = value.As<v8::Object>();
    RememberAs(context, object, report,
               NewString(isolate, TextProperty(context, object, "message")));
  }
  return value;
}

}  // namespace

v8::Local<v8::Value> ErrorObject(v8::Local<v8::Context> context, const Report &report) {
  if (!HasLongNames(report)) return MakeObject(context, report);
  Report shortened = report;
  ShortenNames(&shortened);
  return MakeObject(context, shortened);
}

void Remember(v8::Local<v8::Context> context, v8::Local<v8::Object> object, const Report &report) {
  RememberAs(context, object, report, NewString(context->GetIsolate(), report.message));
}

void RememberAs(v8::Local<v8::Context> context, v8::Local<v8::Object> object, const Report &report,
                v8::Local<v8::String> message) {
  v8::Isolate *isolate = context->GetIsolate();
  v8::Local<v8::Value> fields[kFieldCount];
  for (int i = 0; i < kRememberedCount; ++i) {
    fields[i] = NewString(isolate, report.*kRemembered[i]);
  }
  fields[kNumbersIndex] = NewString(isolate, NumbersText(report));
  fields[kRulesIndex] = NewString(isolate, RulesText(report));
  fields[kShownIndex] = message;
  Check(object->SetPrivate(context, Engine::From(isolate).report_symbol(),
                           v8::Array::New(isolate, fields, kFieldCount)));
}

std::optional<Report> Recall(v8::Local<v8::Context> context, v8::Local<v8::Value> value) {
  std::optional<Remembered> remembered = Read(context, value);
  if (!remembered) return std::nullopt;
  return std::move(remembered->report);
}

Report ReportOf(v8::Local<v8::Context> context, v8::Local<v8::Value> exception,
                v8::Local<v8::Message> message) noexcept {
  Report report;
  report.sqlstate = sqlstate::kScriptError;
  try {
    v8::HandleScope handles(context->GetIsolate());
    v8::Context::Scope entered(context);
    if (exception.IsEmpty()) {
      report.message = "JavaScript ended without a reason";
    } else if (exception->IsObject()) {
      report = ReportOfThrown(context, exception.As<v8::Object>());
    } else {
      report.message = Text(context, exception);
    }
    if (report.context.empty()) report.context = Place(context, message);
    if (report.message.empty()) report.message = "JavaScript error without a message";
  } catch (const Error &error) {
    report = error.report();
  } catch (...) {
    // No memory, or a pending exception of V8's: the plain words stay.
    if (report.message.empty()) {
      try {
        report.message = "JavaScript error that could not be read";
      } catch (...) {
      }
    }
  }
  return report;
}

std::string Text(v8::Local<v8::Context> context, v8::Local<v8::Value> value) noexcept {
  v8::Isolate *isolate = context->GetIsolate();
  v8::HandleScope handles(isolate);
  v8::TryCatch caught(isolate);
  v8::Local<v8::String> text;
  try {
    if (value.IsEmpty()) return std::string();
    if (IsTooLongToPrint(value)) return kLongBigInt;
    // ToString may fail (symbols, hostile objects, no stack left); ToDetailString runs no
    // JavaScript, but it may be refused as well.
    if (!value->IsSymbol() && value->ToString(context).ToLocal(&text)) {
      return ErrorText(isolate, text);
    }
    caught.Reset();
    if (value->ToDetailString(context).ToLocal(&text)) return ErrorText(isolate, text);
  } catch (...) {
  }
  return std::string();
}

std::string Describe(v8::Isolate *isolate, v8::Local<v8::Value> value) {
  constexpr int kShownCharacters = 40;
  if (value->IsUndefined()) return "undefined";
  if (value->IsNull()) return "null";
  v8::Local<v8::Context> context = isolate->GetCurrentContext();
  if (value->IsBoolean()) return value->IsTrue() ? "a boolean (true)" : "a boolean (false)";
  if (value->IsNumber()) return "a number (" + Text(context, value) + ")";
  if (value->IsBigInt()) {
    // 300 digits.
    constexpr int kShownWords = 16;
    if (value.As<v8::BigInt>()->WordCount() > kShownWords) return kLongBigInt;
    return "a BigInt (" + Text(context, value) + "n)";
  }
  if (value->IsSymbol()) return "a symbol";
  if (value->IsString()) {
    std::string text = ToShortText(isolate, value.As<v8::String>(), kShownCharacters);
    return "a string (\"" + text + "\")";
  }
  if (value->IsProxy()) return "a proxy";
  if (value->IsFunction()) return "a function";
  if (value->IsArray()) return "an array";
  if (value->IsDate()) return "a Date";
  if (value->IsPromise()) return "a promise";
  v8::Local<v8::String> name = value.As<v8::Object>()->GetConstructorName();
  return "an object of class " + ToShortText(isolate, name, kShownCharacters);
}

}  // namespace fundb::js
