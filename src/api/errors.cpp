#include "api/errors.h"

#include <utility>

#include "api/realm_data.h"
#include "base/text.h"

namespace fundb::api {

namespace {

using v8::Local;

// Builds one object, property by property, in the order they are shown.
class Builder {
 public:
  explicit Builder(Local<v8::Context> context)
      : context_(context), isolate_(context->GetIsolate()), object_(v8::Object::New(isolate_)) {}

  Builder &Set(const char *name, Local<v8::Value> value) {
    js::Check(object_->CreateDataProperty(context_, js::NewName(isolate_, name), value));
    return *this;
  }
  Builder &Set(const char *name, const std::string &text) {
    return Set(name, js::NewString(isolate_, text).As<v8::Value>());
  }
  // Leaves empty texts out: a property that is there says something.
  Builder &SetUnlessEmpty(const char *name, const std::string &text) {
    return text.empty() ? *this : Set(name, text);
  }
  Local<v8::Object> object() const { return object_; }

 private:
  Local<v8::Context> context_;
  v8::Isolate *isolate_;
  Local<v8::Object> object_;
};

Local<v8::Object> EntityObject(Local<v8::Context> context, const Report &report) {
  return Builder(context).Set("schema", report.schema).Set("name", report.table).object();
}

Local<v8::Value> UserData(Local<v8::Context> context, const std::string &json) {
  Local<v8::Value> value;
  v8::TryCatch caught(context->GetIsolate());
  if (!v8::JSON::Parse(context, js::NewString(context->GetIsolate(), json)).ToLocal(&value)) {
    if (caught.HasTerminated()) throw js::Pending{};
    return v8::Undefined(context->GetIsolate());
  }
  return value;
}

// The body of what happened itself, without the rules and calls it came through.
Local<v8::Object> InnermostBody(Local<v8::Context> context, const Report &report,
                                std::string *message) {
  Builder body(context);
  std::string kind = KindOf(report);
  *message = report.message;
  body.Set("error", kind);
  if (kind == "argument") {
    std::string name = report.argument.empty() ? report.column : report.argument;
    Local<v8::Object> inner =
        Builder(context)
            .Set("error", report.argument_is_missing || report.sqlstate == "23502" ? "required"
                                                                                   : "invalidType")
            .Set("message", report.message)
            .object();
    body.Set("argument", name).Set("inner", inner.As<v8::Value>());
  } else if (kind == "foreignKey") {
    Builder field(context);
    field.Set("entity", EntityObject(context, report).As<v8::Value>());
    field.Set("name", report.argument);
    body.Set("field", field.object().As<v8::Value>());
  }
  if (kind == "foreignKey" || kind == "uniqueConstraint" || kind == "checkConstraint") {
    Builder constraint(context);
    constraint.Set("entity", EntityObject(context, report).As<v8::Value>());
    constraint.Set("name", report.constraint);
    body.Set("constraint", constraint.object().As<v8::Value>());
  }
  if (!report.user_data.empty()) body.Set("userData", UserData(context, report.user_data));
  body.Set("message", *message);
  return body.object();
}

Local<v8::Object> WrapOperation(Local<v8::Context> context, int operation, Local<v8::Object> inner,
                                const std::string &message) {
  return Builder(context)
      .Set("error", "transaction")
      .Set("operation", v8::Integer::New(context->GetIsolate(), operation).As<v8::Value>())
      .Set("inner", inner.As<v8::Value>())
      .Set("message", message)
      .object();
}

}  // namespace

std::string KindOf(const Report &report) {
  if (!report.kind.empty()) return report.kind;
  const std::string &state = report.sqlstate;
  if (state == "23503" || state == "23001") return "foreignKey";
  if (state == "23505" || state == "23P01") return "uniqueConstraint";
  if (state == "23514" || state == "44000") return "checkConstraint";
  if (state == "23502") return "argument";
  if (state == sqlstate::kInsufficientPrivilege) return "accessDenied";
  if (state == sqlstate::kNoData) return "entryNotFound";
  // Whatever a script threw, cancelWith included, and a rule's broken answer.
  if (state.compare(0, 2, "38") == 0 || state == sqlstate::kRaise ||
      state == sqlstate::kTriggerProtocol) {
    return "exception";
  }
  if (state == sqlstate::kGeneratedAlways) return "request";
  if (state == sqlstate::kTooComplex) return "other";
  return "execution";
}

Local<v8::Value> Errors::Make(Local<v8::Context> context, const Report &report) {
  v8::Isolate *isolate = context->GetIsolate();
  std::string message;
  Local<v8::Object> body = InnermostBody(context, report, &message);
  for (const PassedRule &rule : report.rules) {
    if (rule.operation >= 0) body = WrapOperation(context, rule.operation, body, message);
    message = "Error while running trigger " + rule.schema + "." + rule.name + ": " + message;
    body = Builder(context)
               .Set("error", "trigger")
               .Set("schema", rule.schema)
               .Set("name", rule.name)
               .Set("inner", body.As<v8::Value>())
               .Set("message", message)
               .object();
  }
  if (report.operation >= 0) body = WrapOperation(context, report.operation, body, message);
  Builder extra(context);
  extra.Set("sqlstate", report.sqlstate)
      .SetUnlessEmpty("detail", report.detail)
      .SetUnlessEmpty("hint", report.hint)
      .SetUnlessEmpty("schema", report.schema)
      .SetUnlessEmpty("table", report.table)
      .SetUnlessEmpty("column", report.column)
      .SetUnlessEmpty("constraint", report.constraint);
  Local<v8::Value> arguments[] = {body, extra.object()};
  Local<v8::Function> make_error = RealmData::Of(context).make_error.Get(isolate);
  return js::Check(make_error->Call(context, v8::Undefined(isolate), 2, arguments));
}

Error CallError(std::string message) {
  Error error(sqlstate::kInvalidParameter, std::move(message));
  error.report().kind = "call";
  return error;
}

Error RequestError(const char *sqlstate, std::string message, std::string hint) {
  Error error(sqlstate, std::move(message));
  error.report().kind = "request";
  error.report().hint = std::move(hint);
  return error;
}

Error ArgumentError(const char *sqlstate, std::string argument, std::string message, bool missing) {
  Error error(sqlstate, std::move(message));
  error.report().kind = "argument";
  error.report().argument = std::move(argument);
  error.report().argument_is_missing = missing;
  return error;
}

Error EntryNotFound(const std::string &entity) {
  Error error(sqlstate::kNoData, "entry not found in entity " + Quoted(entity));
  error.report().kind = "entryNotFound";
  return error;
}

Error EntityChanged(const std::string &entity) {
  return Error("40001", "entity " + Quoted(entity) + " was changed while a statement waited for it")
      .Hint("Run the statement again.");
}

Error AccessDenied(std::string message) {
  Error error(sqlstate::kInsufficientPrivilege, std::move(message));
  error.report().kind = "accessDenied";
  return error;
}

}  // namespace fundb::api
