// deferConstraints: constraints that are declared DEFERRABLE wait until the function is done.
// V8 and PostgreSQL.

#include <memory>
#include <optional>
#include <utility>

#include "api/natives.h"
#include "api/request.h"
#include "base/error.h"
#include "js/realm.h"
#include "pg/acl.h"
#include "pg/spi.h"

extern "C" {
#include "nodes/parsenodes.h"
}

namespace fundb::api {

namespace {

using v8::Local;

// Fires what waits when `deferred` is false, and not only what the rule left: also triggers that
// others deferred before.  They run as they would at the end of the transaction, with no rights
// that a function, the action of a foreign key or a pretended role has lent.
void SetConstraints(bool deferred) {
  // Where PostgreSQL takes rights away none are given back, so what others deferred is not fired.
  if (InSecurityRestrictedOperation()) {
    throw Error(sqlstate::kInsufficientPrivilege,
                "FunDB.deferConstraints cannot be called in a restricted operation")
        .Detail("A function that maintenance of a table calls may not reach beyond it.");
  }
  std::optional<pg::RoleScope> outer;
  if (!deferred && GetUserId() != GetOuterUserId()) {
    outer.emplace(GetOuterUserId(), SECURITY_LOCAL_USERID_CHANGE);
  }
  pg::Call([&] {
    auto *statement = makeNode(ConstraintsSetStmt);
    statement->deferred = deferred;
    AfterTriggerSetState(statement);
  });
}

// What fires may call a rule that defers for itself, and applies that itself.
void ApplyConstraintsOf(Api &api) {
  class Aside {
   public:
    explicit Aside(Api::Deferral &deferral)
        : deferral_(deferral), kept_(std::exchange(deferral, Api::Deferral())) {}
    ~Aside() { deferral_ = kept_; }
    Aside(const Aside &) = delete;
    Aside &operator=(const Aside &) = delete;

   private:
    Api::Deferral &deferral_;
    Api::Deferral kept_;
  };
  Aside aside(api.deferral());
  SetConstraints(false);
}

// The end of the run that deferred: its code never came to the end of the function, or it caught a
// violation and did not mend it.
class LastRequest final : public ApiRequest {
 public:
  explicit LastRequest(v8::Isolate *isolate) : ApiRequest(isolate) {}
  // Done, dropped, or with a run that failed: then PostgreSQL takes back what was set.
  ~LastRequest() override {
    if (is_set_) api().deferral() = {};
  }

  void Set(js::Engine &engine) {
    is_set_ = true;
    api().deferral() = {engine.innermost(), 0};
  }

 protected:
  Local<v8::Value> Do(Local<v8::Context> context) override {
    ApplyConstraintsOf(api());
    return v8::Undefined(context->GetIsolate());
  }

 private:
  bool is_set_ = false;
};

// Nested calls just count, and those of nested rules do nothing: the outermost one defers and
// applies.  In the subtransaction of the rule, not in one of its own: PostgreSQL takes the setting
// back when that one fails, but no longer once a subtransaction within it has ended.
class DeferRequest final : public js::Request {
 public:
  explicit DeferRequest(v8::Isolate *isolate)
      : api_(Api::From(isolate)), last_(std::make_unique<LastRequest>(isolate)) {}

  Local<v8::Value> Execute(Local<v8::Context> context) override {
    js::Engine &engine = js::Engine::From(context->GetIsolate());
    if (api_.deferral().run == nullptr) {
      SetConstraints(true);
      last_->Set(engine);
      engine.SetLastRequest(std::move(last_), js::Realm::From(context));
    }
    if (api_.deferral().run == engine.innermost()) ++api_.deferral().open;
    return v8::Undefined(context->GetIsolate());
  }

 private:
  Api &api_;
  std::unique_ptr<LastRequest> last_;
};

class ApplyRequest final : public ApiRequest {
 public:
  explicit ApplyRequest(v8::Isolate *isolate) : ApiRequest(isolate) {}

 protected:
  Local<v8::Value> Do(Local<v8::Context> context) override {
    js::Engine &engine = js::Engine::From(context->GetIsolate());
    Api::Deferral &deferral = api().deferral();
    if (deferral.run == engine.innermost() && --deferral.open == 0) {
      // Fires what waits; a violation is the error of this call, and still there at the end.
      ApplyConstraintsOf(api());
      engine.DropLastRequest();
    }
    return v8::Undefined(context->GetIsolate());
  }
};

}  // namespace

void DeferConstraints(const NativeInfo &info) {
  js::Callback(info, [&] { Enqueue(info, std::make_unique<DeferRequest>(info.GetIsolate())); });
}

void ApplyConstraints(const NativeInfo &info) {
  js::Callback(info, [&] { Enqueue(info, std::make_unique<ApplyRequest>(info.GetIsolate())); });
}

}  // namespace fundb::api
