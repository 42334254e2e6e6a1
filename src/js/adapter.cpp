#include "js/adapter.h"

#include "js/handles.h"

namespace fundb::js {

namespace {

constexpr char kName[] = "fundb:adapter";

// The parameters of the function that makes the adapter: the marks in the order of Adapter::Mark,
// then these.
constexpr const char *kParameters[] = {"isTrue", "isFalse", "isUndefined", "isArgs",
                                       "unset",  "handler", "box"};
constexpr int kParameterCount = sizeof(kParameters) / sizeof(kParameters[0]);

// Writes its body.
class Writer {
 public:
  explicit Writer(const AdapterForm &form) : form_(form) {}

  std::string Write() {
    std::string args = form_.has_args ? Args() : "undefined";
    std::string event = form_.has_event ? Event() : "undefined";
    std::string text = "'use strict'; return (" + parameters_ + ") => { const args = " + args +
                       "; const result = handler(" + event + ", args); ";
    if (form_.has_args) text += "if (result === args) return " + Taken() + "; ";
    return text +
           "if (result === true) return isTrue; "
           "if (result === false) return isFalse; "
           "if (result === undefined) return isUndefined; "
           "box.value = result; " +
           (form_.has_args ? "box.args = args; " : "") + "return box; };";
  }

 private:
  std::string Parameter() {
    std::string name = "a" + std::to_string(given_++);
    parameters_ += name + ", ";
    return name;
  }
  std::string Args() {
    std::string text;
    for (const AdapterForm::Column &column : form_.args) {
      text += '"' + column.name + "\": " + (column.is_given ? Parameter() : "unset") + ", ";
    }
    return "{" + text + "}";
  }
  std::string Row(const std::vector<std::string> &names) {
    std::string text;
    for (const std::string &name : names) text += '"' + name + "\": " + Parameter() + ", ";
    return "{" + text + "}";
  }
  std::string Event() {
    std::string text;
    if (form_.has_new) text += "new: " + Row(form_.new_row) + ", ";
    if (form_.has_old) text += "old: " + Row(form_.old_row);
    return "{" + text + "}";
  }
  std::string Taken() const {
    std::string text;
    int count = 0;
    for (const AdapterForm::Column &column : form_.args) {
      if (!column.is_taken) continue;
      if (count++ != 0) text += ", ";
      text += "args." + column.name;
    }
    if (count == 0) return "isArgs";
    return count == 1 ? text : "[" + text + "]";
  }

  const AdapterForm &form_;
  std::string parameters_;
  int given_ = 0;
};

std::vector<std::string> TakenOf(const AdapterForm &form) {
  std::vector<std::string> names;
  for (const AdapterForm::Column &column : form.args) {
    if (column.is_taken) names.push_back(column.name);
  }
  return names;
}

}  // namespace

Adapter::Adapter(Realm &realm, v8::Local<v8::Function> handler, const AdapterForm &form)
    : source_(SourceOf(form)), taken_(TakenOf(form)) {
  v8::Isolate *isolate = realm.isolate();
  v8::Local<v8::Context> context = realm.context();
  v8::Local<v8::Object> box = v8::Object::New(isolate);
  box_.Reset(isolate, box);
  v8::Local<v8::Value> arguments[kParameterCount];
  for (int i = 0; i < kMarkCount; ++i) {
    arguments[i] = v8::Symbol::New(isolate);
    marks_[i].Reset(isolate, arguments[i]);
  }
  arguments[kMarkCount] = handler;
  arguments[kMarkCount + 1] = box;
  static_assert(kMarkCount + 2 == kParameterCount);
  Guard(realm, RunOptions(), [&] {
    v8::Local<v8::String> names[kParameterCount];
    for (int i = 0; i < kParameterCount; ++i) names[i] = NewName(isolate, kParameters[i]);
    for (const char *name : {"value", "args"}) {
      Check(box->CreateDataProperty(context, NewName(isolate, name), v8::Undefined(isolate)));
    }
    v8::ScriptCompiler::Source source(NewString(isolate, source_),
                                      v8::ScriptOrigin(isolate, NewName(isolate, kName)));
    v8::Local<v8::Function> make = Check(v8::ScriptCompiler::CompileFunctionInContext(
        context, &source, kParameterCount, names, 0, nullptr));
    v8::Local<v8::Value> made =
        Check(make->Call(context, v8::Undefined(isolate), kParameterCount, arguments));
    function_.Reset(isolate, made.As<v8::Function>());
  });
}

std::string Adapter::SourceOf(const AdapterForm &form) { return Writer(form).Write(); }

v8::Local<v8::Value> Adapter::Unbox(v8::Local<v8::Context> context, const char *name) const {
  v8::Isolate *isolate = context->GetIsolate();
  v8::Local<v8::Object> box = Borrow(box_);
  v8::Local<v8::String> key = NewName(isolate, name);
  v8::Local<v8::Value> value = Check(box->Get(context, key));
  Check(box->Set(context, key, v8::Undefined(isolate)));
  return value;
}

void Adapter::Take(v8::Local<v8::Value> value, AdapterOutcome *outcome) const {
  outcome->taken.push_back(value == Borrow(marks_[kUnset]) ? v8::Local<v8::Value>() : value);
}

v8::Local<v8::Value> Adapter::Read(v8::Local<v8::Context> context, v8::Local<v8::Value> returned,
                                   AdapterOutcome *outcome, v8::Local<v8::Value> *args) const {
  v8::Isolate *isolate = context->GetIsolate();
  // The usual case without a look at each of the others.
  if (taken_.size() == 1 && returned->IsString()) {
    outcome->is_args = true;
    outcome->taken.push_back(returned);
    return v8::True(isolate);
  }
  if (returned == Borrow(marks_[kTrue])) return v8::True(isolate);
  if (returned == Borrow(marks_[kFalse])) return v8::False(isolate);
  if (returned == Borrow(marks_[kUndefined])) return v8::Undefined(isolate);
  if (returned == Borrow(box_)) {
    *args = Unbox(context, "args");
    return Unbox(context, "value");
  }
  outcome->is_args = true;
  if (taken_.size() == 1) Take(returned, outcome);
  for (uint32_t i = 0; taken_.size() > 1 && i < taken_.size(); ++i) {
    Take(Check(returned.As<v8::Array>()->Get(context, i)), outcome);
  }
  // Nothing to wait for: `args` has no property `then`.
  return v8::True(isolate);
}

class Adapter::Body final : public internal::Body {
 public:
  Body(const Adapter &adapter, v8::Local<v8::Context> context, int argc, v8::Local<v8::Value> *argv,
       AdapterOutcome *outcome)
      : adapter_(adapter), context_(context), argc_(argc), argv_(argv), outcome_(outcome) {}

  v8::Local<v8::Value> Do() override {
    v8::Local<v8::Value> receiver = v8::Undefined(context_->GetIsolate());
    v8::Local<v8::Value> returned;
    if (!Borrow(adapter_.function_)->Call(context_, receiver, argc_, argv_).ToLocal(&returned)) {
      return returned;
    }
    return adapter_.Read(context_, returned, outcome_, &args_);
  }

  // What the handler got, where it returned neither that nor a usual result.
  v8::Local<v8::Value> args() const { return args_; }

 private:
  const Adapter &adapter_;
  v8::Local<v8::Context> context_;
  int argc_;
  v8::Local<v8::Value> *argv_;
  AdapterOutcome *outcome_;
  v8::Local<v8::Value> args_;
};

void Adapter::Run(Realm &realm, int argc, v8::Local<v8::Value> *argv, const RunOptions &options,
                  AdapterOutcome *outcome) const {
  Body body(*this, realm.context(), argc, argv, outcome);
  v8::Local<v8::Value> result = internal::RunCall(realm, body, options);
  if (outcome->is_args) return;
  if (body.args().IsEmpty() || result.IsEmpty() || !result->IsObject() || result != body.args()) {
    outcome->result = result;
    return;
  }
  // By way of a promise: it is no object of the handler's own, with all that it does not name left
  // out.
  outcome->is_args = true;
  try {
    v8::Local<v8::Context> context = realm.context();
    for (const std::string &name : taken_) {
      v8::Local<v8::String> key = NewName(realm.isolate(), name.c_str());
      Take(Check(result.As<v8::Object>()->Get(context, key)), outcome);
    }
  } catch (const Pending &) {
    throw Error(sqlstate::kOutOfMemory, "could not read what the handler returned");
  }
}

}  // namespace fundb::js
