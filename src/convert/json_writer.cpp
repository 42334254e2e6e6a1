#include "convert/json_writer.h"

#include <charconv>
#include <cmath>
#include <cstdio>

#include "base/error.h"
#include "base/text.h"
#include "convert/stack.h"
#include "js/engine.h"
#include "js/errors.h"
#include "js/handles.h"
#include "js/plain_object.h"

namespace fundb::convert {

namespace {

// Appends `text`, valid UTF-8, as a JSON string.
void AppendQuoted(std::string_view text, std::string *out) {
  out->push_back('"');
  size_t begin = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    out->append(text, begin, i - begin);
    begin = i + 1;
    out->push_back('\\');
    switch (c) {
      case '"':
      case '\\':
        out->push_back(static_cast<char>(c));
        break;
      case '\n':
        out->push_back('n');
        break;
      case '\r':
        out->push_back('r');
        break;
      case '\t':
        out->push_back('t');
        break;
      case '\b':
        out->push_back('b');
        break;
      case '\f':
        out->push_back('f');
        break;
      default: {
        char escape[8];
        std::snprintf(escape, sizeof escape, "u%04x", c);
        out->append(escape);
      }
    }
  }
  out->append(text, begin, text.size() - begin);
  out->push_back('"');
}

// Objects that JSON.stringify would turn into {} or the like without a word.  Null: none of them.
const char *LostObject(v8::Local<v8::Object> object) {
  if (object->IsFunction()) return "a function";
  if (object->IsPromise()) return "a Promise (is an await missing?)";
  if (object->IsMap() || object->IsWeakMap()) return "a Map";
  if (object->IsSet() || object->IsWeakSet()) return "a Set";
  if (object->IsRegExp()) return "a regular expression";
  if (object->IsArrayBufferView() || object->IsArrayBuffer() || object->IsSharedArrayBuffer()) {
    return "binary data";
  }
  if (object->IsSymbolObject()) return "a symbol";
  return nullptr;
}

// A proxy of an array counts as an array, as for JSON.stringify.
bool IsArrayLike(v8::Local<v8::Object> object) {
  v8::Local<v8::Value> target = object;
  while (target->IsProxy()) target = target.As<v8::Proxy>()->GetTarget();
  return target->IsArray();
}

}  // namespace

bool JsonWriter::Write(v8::Local<v8::Value> value, std::string *out, JsonRefusal *refusal) {
  out_ = out;
  refusal_ = refusal;
  ancestors_.clear();
  Outcome outcome = WriteValue(value, v8::String::Empty(isolate_));
  if (outcome == Outcome::kAbsent) outcome = RefuseValue("22P02", "toJSON returned undefined");
  return outcome == Outcome::kWritten;
}

JsonWriter::Outcome JsonWriter::RefuseValue(const char *sqlstate, std::string why) {
  refusal_->sqlstate = sqlstate;
  refusal_->detail = std::move(why);
  return Outcome::kRefused;
}

// From the innermost place outwards; very deep ones are not told in full.
void JsonWriter::AddPlace(const std::string &place) {
  constexpr size_t kMostBytes = 300;
  if (refusal_->detail.size() + place.size() < kMostBytes) refusal_->detail += " at " + place;
}

v8::Local<v8::String> JsonWriter::ToJsonName() {
  if (to_json_.IsEmpty()) to_json_ = js::NewName(isolate_, "toJSON");
  return to_json_;
}

// Replaces *value by what its toJSON method returns.  True when there was one.
bool JsonWriter::ApplyToJson(v8::Local<v8::Value> *value, v8::Local<v8::Value> key) {
  v8::Local<v8::Value> method = js::Check(value->As<v8::Object>()->Get(context_, ToJsonName()));
  if (!method->IsFunction()) return false;
  *value = js::Check(method.As<v8::Function>()->Call(context_, *value, 1, &key));
  return true;
}

JsonWriter::Outcome JsonWriter::WriteValue(v8::Local<v8::Value> value, v8::Local<v8::Value> key) {
  if (value->IsString()) return WriteString(value.As<v8::String>());
  if (value->IsNumber()) return WriteNumber(value);
  if (value->IsNull()) return out_->append("null"), Outcome::kWritten;
  if (value->IsBoolean()) {
    return out_->append(value->IsTrue() ? "true" : "false"), Outcome::kWritten;
  }
  if (value->IsUndefined()) return Outcome::kAbsent;
  if (js::IsTooLongToPrint(value)) return RefuseValue(sqlstate::kNumberOutOfRange, "a long BigInt");
  if (value->IsBigInt()) return WriteString(js::Check(value->ToString(context_)));
  if (value->IsSymbol()) return RefuseValue("22P02", "a symbol");
  return WriteObject(value.As<v8::Object>(), key);
}

JsonWriter::Outcome JsonWriter::WriteObject(v8::Local<v8::Object> object,
                                            v8::Local<v8::Value> key) {
  if (object->IsDate() && std::isnan(object.As<v8::Date>()->ValueOf())) {
    return RefuseValue("22P02", "an invalid Date");
  }
  v8::Local<v8::Value> value = object;
  if (ApplyToJson(&value, key)) {
    // A result with a toJSON of its own is not asked again.
    if (!value->IsObject()) return WriteValue(value, key);
    object = value.As<v8::Object>();
  }
  if (const char *what = LostObject(object)) return RefuseValue("22P02", what);
  if (object->IsNumberObject()) return WriteNumber(js::Check(object->ToNumber(context_)));
  if (object->IsStringObject()) return WriteString(js::Check(object->ToString(context_)));
  if (object->IsBooleanObject()) {
    bool is_true = object.As<v8::BooleanObject>()->ValueOf();
    return out_->append(is_true ? "true" : "false"), Outcome::kWritten;
  }
  if (object->IsBigIntObject()) return WriteString(js::Check(object->ToString(context_)));
  if (IsAncestor(object)) return RefuseValue("22P02", "an object that contains itself");
  if (StackIsTooDeep()) return RefuseValue("54001", "an object that is nested too deep");
  ancestors_.push_back(object);
  Outcome outcome = IsArrayLike(object) ? WriteElements(object) : WriteMembers(object);
  ancestors_.pop_back();
  return outcome;
}

bool JsonWriter::IsAncestor(v8::Local<v8::Object> object) const {
  for (const auto &ancestor : ancestors_) {
    if (ancestor == object) return true;
  }
  return false;
}

template <typename WriteName>
JsonWriter::Outcome JsonWriter::WriteMember(v8::Local<v8::Object> object, v8::Local<v8::Value> name,
                                            bool *first, WriteName &&write_name) {
  js::Engine::From(isolate_).CheckInterrupts();
  js::Engine::From(isolate_).CheckTransfer(out_->size());
  v8::Local<v8::Value> value = js::Check(object->Get(context_, name));
  size_t begin = out_->size();
  if (!*first) out_->push_back(',');
  Outcome outcome = write_name();
  if (outcome == Outcome::kWritten) {
    out_->push_back(':');
    outcome = WriteValue(value, name);
  }
  if (outcome == Outcome::kRefused) {
    AddPlace("key " + Quoted(js::ToText(isolate_, name.As<v8::String>())));
  } else if (outcome == Outcome::kAbsent) {
    out_->resize(begin);
  } else {
    *first = false;
  }
  return outcome;
}

// By value: to write a member may run a script, and forms come and go with what it does.
JsonWriter::Outcome JsonWriter::WriteKnownMembers(v8::Local<v8::Object> object, Members members) {
  bool first = true;
  for (const Member &member : *members) {
    v8::HandleScope handles(isolate_);
    Outcome outcome = WriteMember(object, member.name.Get(isolate_), &first, [&] {
      out_->append(member.text);
      return Outcome::kWritten;
    });
    if (outcome == Outcome::kRefused) return outcome;
  }
  return Outcome::kWritten;
}

JsonWriter::Outcome JsonWriter::WriteMembers(v8::Local<v8::Object> object) {
  out_->push_back('{');
  const Members *known = forms_ == nullptr ? nullptr : forms_->Find(object);
  Outcome outcome = known == nullptr ? WriteAnyMembers(object) : WriteKnownMembers(object, *known);
  if (outcome == Outcome::kWritten) out_->push_back('}');
  return outcome;
}

JsonWriter::Outcome JsonWriter::WriteAnyMembers(v8::Local<v8::Object> object) {
  v8::Local<v8::Array> names = js::Check(object->GetOwnPropertyNames(
      context_, static_cast<v8::PropertyFilter>(v8::ONLY_ENUMERABLE | v8::SKIP_SYMBOLS),
      v8::KeyConversionMode::kConvertToString));
  // An Error, an iterator, Math: what they hold has no names, and {} would be all that is left.
  if (names->Length() == 0 && !js::IsPlainObject(context_, object) &&
      !object->IsArgumentsObject()) {
    return RefuseValue("22P02", js::Describe(isolate_, object));
  }
  if (forms_ != nullptr && forms_->IsWorthwhile(object)) KeepForm(object, names);
  bool first = true;
  for (uint32_t i = 0; i < names->Length(); ++i) {
    v8::HandleScope handles(isolate_);
    v8::Local<v8::Value> name = js::Check(names->Get(context_, i));
    Outcome outcome =
        WriteMember(object, name, &first, [&] { return WriteString(name.As<v8::String>()); });
    if (outcome == Outcome::kRefused) return outcome;
  }
  return Outcome::kWritten;
}

void JsonWriter::KeepForm(v8::Local<v8::Object> object, v8::Local<v8::Array> names) {
  auto members = std::make_shared<std::vector<Member>>();
  for (uint32_t i = 0; i < names->Length(); ++i) {
    v8::Local<v8::Value> name = js::Check(names->Get(context_, i));
    Member member;
    member.name.Reset(isolate_, name);
    std::string text;
    js::TextFlaws flaws = js::AppendUtf8(isolate_, name.As<v8::String>(), &text);
    if (flaws.has_nul || flaws.has_lone_surrogate) return;
    AppendQuoted(text, &member.text);
    members->push_back(std::move(member));
  }
  forms_->Keep(context_, object, names, std::move(members));
}

JsonWriter::Outcome JsonWriter::WriteElements(v8::Local<v8::Object> array) {
  out_->push_back('[');
  double length;
  if (array->IsArray()) {
    length = array.As<v8::Array>()->Length();
  } else {
    v8::Local<v8::Value> value = js::Check(array->Get(context_, js::NewName(isolate_, "length")));
    length = std::trunc(js::Check(value->NumberValue(context_)));
  }
  // A proxy may claim any length; JSON of that size could not be stored anyway.
  constexpr double kMostElements = 0x1p29;
  if (length > kMostElements) return RefuseValue("54000", "an array that is too long");
  for (uint32_t i = 0; i < length; ++i) {
    v8::HandleScope handles(isolate_);
    js::Engine::From(isolate_).CheckInterrupts();
    js::Engine::From(isolate_).CheckTransfer(out_->size());
    if (i != 0) out_->push_back(',');
    v8::Local<v8::Value> value = js::Check(array->Get(context_, i));
    Outcome outcome = WriteValue(value, v8::Integer::NewFromUnsigned(isolate_, i));
    if (outcome == Outcome::kRefused) {
      AddPlace("index " + std::to_string(i));
      return outcome;
    }
    if (outcome == Outcome::kAbsent) out_->append("null");
  }
  out_->push_back(']');
  return Outcome::kWritten;
}

JsonWriter::Outcome JsonWriter::WriteNumber(v8::Local<v8::Value> number) {
  if (number->IsInt32()) {
    char text[16];
    char *end = std::to_chars(text, text + sizeof text, number.As<v8::Int32>()->Value()).ptr;
    out_->append(text, end);
    return Outcome::kWritten;
  }
  double value = number.As<v8::Number>()->Value();
  if (std::isnan(value)) return RefuseValue("22P02", "NaN");
  if (std::isinf(value)) return RefuseValue("22P02", value > 0 ? "Infinity" : "-Infinity");
  js::AppendUtf8(isolate_, js::Check(number->ToString(context_)), out_);
  return Outcome::kWritten;
}

JsonWriter::Outcome JsonWriter::WriteString(v8::Local<v8::String> string) {
  text_.clear();
  js::TextFlaws flaws = js::AppendUtf8(isolate_, string, &text_);
  if (flaws.has_nul) return RefuseValue("22021", "a string with a NUL character");
  if (flaws.has_lone_surrogate) {
    return RefuseValue("22021", "a string with half of a surrogate pair");
  }
  js::Engine::From(isolate_).CheckTransfer(out_->size() + text_.size());
  AppendQuoted(text_, out_);
  return Outcome::kWritten;
}

}  // namespace fundb::convert
