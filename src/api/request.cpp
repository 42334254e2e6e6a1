#include "api/request.h"

#include <utility>

#include "api/errors.h"
#include "catalog/schema_adapter.h"
#include "pg/spi.h"
#include "pg/subtransaction.h"

namespace fundb::api {

namespace {

// The role and security context of a call.  A rule that was fired by the action of a foreign key is
// run by PostgreSQL as the table's owner with row security not even forced; what the rule itself
// asks for must not inherit the latter.
class CallerScope {
 public:
  explicit CallerScope(Oid pretended) : pretends_(OidIsValid(pretended)) {
    GetUserIdAndSecContext(&saved_role_, &saved_context_);
    int context = saved_context_ & ~SECURITY_NOFORCE_RLS;
    // No SET ROLE from underneath: it would outlive the pretence.
    if (pretends_) context |= SECURITY_LOCAL_USERID_CHANGE;
    SetUserIdAndSecContext(pretends_ ? pretended : saved_role_, context);
  }
  ~CallerScope() {
    Oid role = saved_role_;
    int context = saved_context_;
    if (!pretends_) {
      // A call may have set another role: it stays in force, as the setting "role" does.
      GetUserIdAndSecContext(&role, &context);
      context |= saved_context_ & SECURITY_NOFORCE_RLS;
    }
    SetUserIdAndSecContext(role, context);
  }
  CallerScope(const CallerScope &) = delete;
  CallerScope &operator=(const CallerScope &) = delete;

 private:
  const bool pretends_;
  Oid saved_role_;
  int saved_context_;
};

// Only the start of a new transaction helps against some errors, so no script may go on after them.
void KeepFromScripts(Report &report) {
  if (MustLeaveUnchanged(report)) report.needs_rollback = true;
}

// PostgreSQL names a violated foreign key but not its columns.
void NameReferringField(Report &report) {
  if (report.sqlstate != "23503" || !report.argument.empty()) return;
  try {
    // The subtransaction of the call is over: what is open here when an error comes must be closed.
    report.argument = pg::InSubtransaction([&] {
      return catalog::FindReferringField(report.schema, report.table, report.constraint);
    });
  } catch (Error &error) {
    KeepFromScripts(error.report());
    if (IsUncatchable(error.report())) throw;
    // The name is an extra; the violation is what matters.
  }
}

}  // namespace

ApiRequest::ApiRequest(v8::Isolate *isolate)
    : api_(Api::From(isolate)), role_(PretendedRole(isolate)), isolate_(isolate) {}

ApiRequest::~ApiRequest() {
  if (counted_bytes_ != 0) js::Engine::From(isolate_).AdjustOutsideBytes(-counted_bytes_);
}

v8::Local<v8::Value> ApiRequest::Execute(v8::Local<v8::Context> context) {
  CallerScope caller(role_);
  try {
    return pg::InSubtransaction([&] {
      pg::SpiSession spi;
      return Do(context);
    });
  } catch (Error &error) {
    KeepFromScripts(error.report());
    if (!IsUncatchable(error.report())) NameReferringField(error.report());
    throw;
  }
}

std::string ApiRequest::NameArgument(const NativeInfo &info, int index) {
  constexpr int kMostUnits = 2000;
  // What takes less is little beside the objects of a call.
  constexpr size_t kFewBytes = 256;
  v8::Local<v8::Value> value = info[index];
  if (!value->IsString()) return std::string();
  std::string name = js::ToShortText(isolate_, value.As<v8::String>(), kMostUnits);
  if (name.capacity() > kFewBytes) {
    name.shrink_to_fit();
    auto bytes = static_cast<int64_t>(name.capacity());
    counted_bytes_ += bytes;
    js::Engine::From(isolate_).AdjustOutsideBytes(bytes);
  }
  return name;
}

EntityRef ApiRequest::EntityArgument(const NativeInfo &info, int index) {
  return {NameArgument(info, index), NameArgument(info, index + 1)};
}

void Enqueue(const NativeInfo &info, std::unique_ptr<js::Request> request) {
  js::Engine &engine = js::Engine::From(info.GetIsolate());
  if (!engine.MayEnqueue()) throw CallError("This API call cannot be used in this context");
  info.GetReturnValue().Set(engine.Enqueue(std::move(request)));
}

Oid PretendedRole(v8::Isolate *isolate) {
  v8::Local<v8::Value> ambient = js::Engine::From(isolate).Ambient(isolate->GetCurrentContext());
  if (ambient->IsNull()) {
    throw AccessDenied("the role that was pretended is not in force any more")
        .Detail(
            "The call is made by the function of a pretendRole that another run of a trigger "
            "began.")
        .Hint("Await what pretendRole gives back before the trigger ends.");
  }
  return ambient->IsUint32() ? ambient.As<v8::Uint32>()->Value() : InvalidOid;
}

std::string TextOf(v8::Isolate *isolate, v8::Local<v8::Value> value) {
  return value->IsString() ? js::ToText(isolate, value.As<v8::String>()) : std::string();
}

v8::Local<v8::Array> ArrayArgument(const NativeInfo &info, int index) {
  if (!info[index]->IsArray()) throw CallError("Failed to parse value: an array is expected");
  return info[index].As<v8::Array>();
}

}  // namespace fundb::api
