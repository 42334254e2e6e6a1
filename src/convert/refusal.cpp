#include "convert/refusal.h"

#include <algorithm>
#include <cctype>

#include "base/text.h"
#include "js/handles.h"

#include "convert/postgres_values.h"

namespace fundb::convert {

namespace {

// Characters of an offending value that a message shows.
constexpr int kShownLength = 60;

std::string ShownText(v8::Isolate *isolate, v8::Local<v8::String> string) {
  std::string text = js::ToShortText(isolate, string, kShownLength);
  for (char &c : text) {
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  }
  return text;
}

std::string NumberText(v8::Isolate *isolate, v8::Local<v8::Value> value) {
  // Numbers and BigInts: no user code behind it.
  v8::Local<v8::String> text;
  if (!value->ToString(isolate->GetCurrentContext()).ToLocal(&text)) throw js::Pending{};
  return ShownText(isolate, text);
}

std::string DescribeObject(v8::Isolate *isolate, v8::Local<v8::Object> object) {
  if (object->IsArray()) return "an array";
  if (object->IsDate()) {
    return std::isnan(object.As<v8::Date>()->ValueOf()) ? "an invalid Date" : "a Date";
  }
  if (object->IsFunction()) return "a function";
  if (object->IsPromise()) return "a Promise";
  if (object->IsProxy()) return "a Proxy";
  std::string name = ShownText(isolate, object->GetConstructorName());
  if (name.empty() || name == "Object") return "an object";
  return "an object of class " + name;
}

const Target &Root(const Target &target) {
  const Target *root = &target;
  while (root->whole != nullptr) root = root->whole;
  return *root;
}

// `invalid input syntax for type uuid: "x"` -> `Invalid input syntax for type uuid: "x".`
std::string AsSentence(std::string message) {
  if (message.empty()) return message;
  message[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(message[0])));
  if (message.back() != '.') message += '.';
  return message;
}

// A complaint may quote the whole value, which may be of any size.
std::string Shortened(const std::string &message) {
  constexpr int kMostBytes = 300;
  if (message.size() <= kMostBytes) return message;
  // Nothing here raises: the length of a character is looked up.
  int length = pg_mbcliplen(message.data(), static_cast<int>(message.size()), kMostBytes);
  return message.substr(0, static_cast<size_t>(length)) + "...";
}

// What is accepted helps with a value of the wrong form, not with one that is too long or too
// great.
bool IsAboutTheForm(const Report &report) {
  const std::string &state = report.sqlstate;
  return state != "22001" && state != sqlstate::kNumberOutOfRange && state != "22026";
}

// Complaints about the value itself: data exceptions, names that are not found or not formed well
// (regclass, tsquery), and errors without a class, as the input functions of some extensions raise
// (hstore).
bool IsAboutTheValue(const Report &report) {
  return report.sqlstate.compare(0, 2, "22") == 0 || report.sqlstate.compare(0, 2, "42") == 0 ||
         report.sqlstate == sqlstate::kInternal;
}

}  // namespace

std::string DescribeTarget(const Target &target) {
  // Nobody reads more, and values nest thousands of levels deep.
  constexpr int kMostParts = 20;
  std::string text;
  // Elements of nested arrays: [0][2] rather than "element [2] of element [0]".
  std::string path;
  const Target *part = &target;
  for (int parts = 0; part->whole != nullptr; part = part->whole) {
    if (++parts > kMostParts) {
      text += "a part of ";
      part = &Root(target);
      break;
    }
    if (part->index < 0) {
      text += "field " + Quoted(part->name) + " of ";
      continue;
    }
    path = "[" + std::to_string(part->index) + "]" + path;
    if (part->whole->whole != nullptr && part->whole->index >= 0 && parts < kMostParts) continue;
    text += "element " + path + " of ";
    path.clear();
  }
  return text + std::string(part->kind) + (part->name.empty() ? "" : " " + Quoted(part->name));
}

std::string DescribeValue(v8::Isolate *isolate, v8::Local<v8::Value> value) {
  if (value->IsString()) {
    return "the string " + Quoted(ShownText(isolate, value.As<v8::String>()));
  }
  if (value->IsNumber()) return "the number " + NumberText(isolate, value);
  if (value->IsBigInt()) {
    // A huge one would take seconds to print.
    if (value.As<v8::BigInt>()->WordCount() > 16) return "a BigInt of that size";
    return "the BigInt " + NumberText(isolate, value);
  }
  if (value->IsTrue()) return "the boolean true";
  if (value->IsFalse()) return "the boolean false";
  if (value->IsNull()) return "null";
  if (value->IsUndefined()) return "undefined";
  if (value->IsSymbol()) return "a symbol";
  if (value->IsObject()) return DescribeObject(isolate, value.As<v8::Object>());
  return "that value";
}

void NameTarget(Report *report, const Type &type, const Target &target) {
  const Target &root = Root(target);
  if (root.kind == "column" && report->column.empty()) report->column = root.name;
  if (report->datatype.empty()) report->datatype = type.name();
}

void Refuse(const Refused &refused, const char *sqlstate, std::string_view hint) {
  Refuse(refused, sqlstate, hint, std::string());
}

void Refuse(const Refused &refused, const char *sqlstate, std::string_view hint,
            std::string detail) {
  Error error(sqlstate, DescribeTarget(refused.target) + " of type " + refused.type.name() +
                            " cannot take " + DescribeValue(refused.isolate, refused.value));
  error.Detail(std::move(detail)).Hint(std::string(hint));
  NameTarget(&error.report(), refused.type, refused.target);
  throw error;
}

namespace internal {

void RefuseBecauseOf(const Refused &refused, std::string_view hint, Error error) {
  if (!IsAboutTheValue(error.report())) throw error;
  Report &report = error.report();
  report.detail =
      AsSentence(Shortened(report.message)) + (report.detail.empty() ? "" : "  " + report.detail);
  report.message = DescribeTarget(refused.target) + " of type " + refused.type.name() +
                   " cannot take " + DescribeValue(refused.isolate, refused.value);
  if (report.hint.empty() && IsAboutTheForm(report)) report.hint = hint;
  NameTarget(&report, refused.type, refused.target);
  throw error;
}

}  // namespace internal

}  // namespace fundb::convert
