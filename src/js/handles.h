// Small helpers around V8 handles: empty results become C++ exceptions, text goes in and out as
// UTF-8, often used strings are made once.  C++ regime: everything here may throw Pending or Error.
#pragma once

#include <v8.h>

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

namespace fundb::js {

// Thrown when V8 has an exception (or a termination) set: unwind to the Callback or Run that
// entered, which knows what to do.  Carries nothing; the exception itself is V8's.
struct Pending {};

template <typename T>
v8::Local<T> Check(v8::MaybeLocal<T> maybe) {
  v8::Local<T> result;
  if (!maybe.ToLocal(&result)) throw Pending{};
  return result;
}

template <typename T>
T Check(v8::Maybe<T> maybe) {
  T result;
  if (!maybe.To(&result)) throw Pending{};
  return result;
}

// A strong Global as a Local without making a handle: good for as long as nobody resets the Global.
template <typename T>
v8::Local<T> Borrow(const v8::Global<T> &global) {
  return *reinterpret_cast<const v8::Local<T> *>(&global);
}

// UTF-8 to a JavaScript string; malformed bytes become U+FFFD.  Throws Error 54000 when the text is
// longer than a JavaScript string can be.
v8::Local<v8::String> NewString(v8::Isolate *isolate, std::string_view utf8);

// The same, as a property name: looked up in V8's table of names, faster as a key.
v8::Local<v8::String> NewName(v8::Isolate *isolate, std::string_view utf8);

// What a JavaScript string holds as UTF-8.  A lone surrogate comes out as U+FFFD.  The database
// refuses both flaws (22021), so whoever hands the text on must look at them.
struct Utf8 {
  std::string text;
  bool has_lone_surrogate = false;
  bool has_nul = false;

  bool IsStorable() const { return !has_lone_surrogate && !has_nul; }
};
Utf8 ToUtf8(v8::Isolate *isolate, v8::Local<v8::String> string);

// Only the text, flaws ignored (NUL kept, lone surrogates replaced): for messages.
std::string ToText(v8::Isolate *isolate, v8::Local<v8::String> string);

// The same of a text's first or last UTF-16 units; "…" stands for the others.
enum class TextPart { kBeginning, kEnd };
std::string ToShortText(v8::Isolate *isolate, v8::Local<v8::String> string, int most_units,
                        TextPart part = TextPart::kBeginning);

// Appends the UTF-8 form to `out`; the result says which flaws there were.  For hot paths with a
// buffer of their own.
struct TextFlaws {
  bool has_lone_surrogate = false;
  bool has_nul = false;
};
TextFlaws AppendUtf8(v8::Isolate *isolate, v8::Local<v8::String> string, std::string *out);

// Whether it is a BigInt of so many digits that they must not be asked for: V8 looks at no
// interrupt while it makes them.  The longest that is none has 157,826, more than a numeric can
// have before its point, and takes some 30 ms.
bool IsTooLongToPrint(v8::Local<v8::Value> value);

// A fixed list of internalised strings, made once per isolate and never freed before it.  Index it
// with an enum of the caller's.
class Names {
 public:
  Names(v8::Isolate *isolate, std::initializer_list<const char *> texts);

  v8::Local<v8::String> Get(size_t index) const { return eternals_[index].Get(isolate_); }

 private:
  v8::Isolate *isolate_;
  std::unique_ptr<v8::Eternal<v8::String>[]> eternals_;
};

// A new native function with a constructor-less prototype, for API tables.
v8::Local<v8::Function> NewFunction(v8::Local<v8::Context> context, v8::FunctionCallback callback,
                                    v8::Local<v8::Value> data, const char *name, int arity);

}  // namespace fundb::js
