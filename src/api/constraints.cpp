// deferConstraints: constraints that are declared DEFERRABLE wait until the function is done.
// V8 and PostgreSQL.

#include "api/natives.h"
#include "api/request.h"
#include "pg/spi.h"

extern "C" {
#include "nodes/parsenodes.h"
}

namespace fundb::api {

namespace {

using v8::Local;

void SetConstraints(bool deferred) {
  pg::Call([&] {
    auto *statement = makeNode(ConstraintsSetStmt);
    statement->deferred = deferred;
    AfterTriggerSetState(statement);
  });
}

// Nested calls just count: the outermost one defers and applies.
class DeferRequest final : public ApiRequest {
 public:
  explicit DeferRequest(v8::Isolate *isolate) : ApiRequest(isolate) {}

 protected:
  Local<v8::Value> Do(Local<v8::Context> context) override {
    int &open = api().deferrals();
    if (open == 0) SetConstraints(true);
    ++open;
    return v8::Undefined(context->GetIsolate());
  }
};

class ApplyRequest final : public ApiRequest {
 public:
  explicit ApplyRequest(v8::Isolate *isolate) : ApiRequest(isolate) {}

 protected:
  Local<v8::Value> Do(Local<v8::Context> context) override {
    int &open = api().deferrals();
    if (open > 0) --open;
    // Fires what waits; a violation is the error of this call.
    if (open == 0) SetConstraints(false);
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
