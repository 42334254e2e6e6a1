// JSON text of a JavaScript value: JSON.stringify, but strict where that would lose something in
// silence.  V8 only; runs toJSON methods, getters and proxies of the value.
#pragma once

#include <v8.h>

#include <memory>
#include <string>
#include <vector>

#include "js/object_forms.h"

namespace fundb::convert {

// Why a value has no JSON text.
struct JsonRefusal {
  const char *sqlstate;
  std::string detail;
};

// Differs from JSON.stringify: NaN, infinities, invalid Dates, functions, symbols, promises, maps,
// sets, regular expressions, buffers and cycles are refused, and so are NUL and lone surrogates in
// strings (the database's text cannot hold them).  A BigInt is its decimal string, as its toJSON
// says.  Throws js::Pending, and Error (54000 when the text gets longer than
// one call may hand over, a cancel).
class JsonWriter {
 public:
  // The names of objects of one form, with their JSON text.
  struct Member {
    v8::Global<v8::Value> name;
    std::string text;
  };
  using Members = std::shared_ptr<const std::vector<Member>>;
  using Forms = js::ObjectForms<Members>;

  // Without `forms`, which must be the context's, nothing is remembered.
  explicit JsonWriter(v8::Local<v8::Context> context, Forms *forms = nullptr)
      : context_(context), isolate_(context->GetIsolate()), forms_(forms) {}

  // Appends to `out`, as UTF-8.  False: `refusal` says why, with the path of the culprit.
  bool Write(v8::Local<v8::Value> value, std::string *out, JsonRefusal *refusal);

 private:
  enum class Outcome { kWritten, kAbsent, kRefused };

  Outcome WriteValue(v8::Local<v8::Value> value, v8::Local<v8::Value> key);
  Outcome WriteObject(v8::Local<v8::Object> object, v8::Local<v8::Value> key);
  Outcome WriteMembers(v8::Local<v8::Object> object);
  Outcome WriteAnyMembers(v8::Local<v8::Object> object);
  Outcome WriteKnownMembers(v8::Local<v8::Object> object, Members members);
  template <typename WriteName>
  Outcome WriteMember(v8::Local<v8::Object> object, v8::Local<v8::Value> name, bool *first,
                      WriteName &&write_name);
  void KeepForm(v8::Local<v8::Object> object, v8::Local<v8::Array> names);
  Outcome WriteElements(v8::Local<v8::Object> array);
  Outcome WriteNumber(v8::Local<v8::Value> number);
  Outcome WriteString(v8::Local<v8::String> string);
  Outcome RefuseValue(const char *sqlstate, std::string why);
  void AddPlace(const std::string &place);
  bool ApplyToJson(v8::Local<v8::Value> *value, v8::Local<v8::Value> key);
  bool IsAncestor(v8::Local<v8::Object> object) const;
  v8::Local<v8::String> ToJsonName();

  v8::Local<v8::Context> context_;
  v8::Isolate *isolate_;
  Forms *forms_;
  v8::Local<v8::String> to_json_;
  std::string *out_ = nullptr;
  JsonRefusal *refusal_ = nullptr;
  std::string text_;  // of the string at hand
  std::vector<v8::Local<v8::Object>> ancestors_;
};

}  // namespace fundb::convert
