// pretendRole: finds the role that may be pretended, and runs a function so that the calls it makes
// know it.  V8 and PostgreSQL.

#include "api/errors.h"
#include "api/natives.h"
#include "api/request.h"
#include "base/text.h"
#include "pg/call.h"
#include "pg/encoding.h"

extern "C" {
#include "catalog/pg_authid.h"
}

namespace fundb::api {

namespace {

using v8::Local;

std::string RoleName(Oid role) {
  const char *name = pg::Call([&] { return GetUserNameFromId(role, true); });
  return pg::FromServer(name);
}

// InvalidOid when there is none.
Oid RoleOf(const std::string &name) {
  return pg::Call([&] { return get_role_oid(pg::ToServer(name), true); });
}

// Natives' arguments: name, and whether it was a plain string (then 'root' is the rule's owner).
class FindRoleRequest final : public ApiRequest {
 public:
  explicit FindRoleRequest(const NativeInfo &info)
      : ApiRequest(info.GetIsolate()),
        name_(NameArgument(info, 0)),
        may_be_owner_(info[1]->IsTrue()) {}

 protected:
  Local<v8::Value> Do(Local<v8::Context> context) override {
    std::optional<RunningRule> rule = api().environment().running_rule();
    // Looked up now: roles come and go without the rules that name them being loaded again.
    Oid owner = rule ? RoleOf(rule->owner) : GetSessionUserId();
    if (!OidIsValid(owner)) {
      throw AccessDenied("the role that owns the rule does not exist any more")
          .Hint("Save the rule again: whoever saves it owns it.");
    }
    Oid role = may_be_owner_ && name_ == "root" ? owner : Find();
    // What SET ROLE asks, of the rule's owner instead of the session's user.
    if (!pg::Call([&] { return is_member_of_role(owner, role); })) {
      throw AccessDenied("permission denied to set role " + Quoted(name_))
          .Detail("The rule's owner " + Quoted(RoleName(owner)) + " is not a member of that role.");
    }
    return v8::Integer::NewFromUnsigned(context->GetIsolate(), role);
  }

 private:
  Oid Find() const {
    Oid role = RoleOf(name_);
    if (OidIsValid(role)) return role;
    Error error(sqlstate::kUndefinedObject, "role " + Quoted(name_) + " does not exist");
    error.report().kind = "roleNotFound";
    throw error;
  }

  std::string name_;
  bool may_be_owner_;
};

}  // namespace

void FindRole(const NativeInfo &info) {
  js::Callback(info, [&] { Enqueue(info, std::make_unique<FindRoleRequest>(info)); });
}

// (role, function): what is started in the function, and behind its awaits, carries the role; what
// runs beside it does not.
void CallAs(const NativeInfo &info) {
  js::Callback(info, [&] {
    v8::Isolate *isolate = info.GetIsolate();
    Local<v8::Context> context = isolate->GetCurrentContext();
    js::AmbientScope ambient(js::Engine::From(isolate), context, info[0]);
    Local<v8::Value> result =
        js::Check(info[1].As<v8::Function>()->Call(context, v8::Undefined(isolate), 0, nullptr));
    info.GetReturnValue().Set(result);
  });
}

}  // namespace fundb::api
