// A FunDB call that waits for its turn: runs later, with no JavaScript on the stack, as the role it
// was made under, inside a subtransaction of its own.  V8 and PostgreSQL.
#pragma once

#include <v8.h>

#include <memory>
#include <string>

#include "api/api.h"
#include "js/callback.h"
#include "js/engine.h"
#include "js/handles.h"
#include "js/request.h"

namespace fundb::api {

using NativeInfo = v8::FunctionCallbackInfo<v8::Value>;

// An entity as a script named it.
struct EntityRef {
  std::string schema;
  std::string name;

  std::string Text() const { return schema + "." + name; }
};

class ApiRequest : public js::Request {
 public:
  explicit ApiRequest(v8::Isolate *isolate);
  ~ApiRequest() override;

  v8::Local<v8::Value> Execute(v8::Local<v8::Context> context) final;

  // Names among the native's arguments, for as long as this lives; a wrong type gives "".  No more
  // is kept of one than a message would show, and what is long counts as the script's memory.
  std::string NameArgument(const NativeInfo &info, int index);
  EntityRef EntityArgument(const NativeInfo &info, int index);

 protected:
  // The work, with SPI connected.  A handle that is returned lives in the caller's scope.
  virtual v8::Local<v8::Value> Do(v8::Local<v8::Context> context) = 0;

  Api &api() const { return api_; }

 private:
  Api &api_;
  Oid role_;  // pretended, or InvalidOid
  v8::Isolate *isolate_;
  int64_t counted_bytes_ = 0;  // of names
};

// From a native: queues the request and returns its promise to the script.
void Enqueue(const NativeInfo &info, std::unique_ptr<js::Request> request);

// The role that calls made now are to run under: what pretendRole set for this flow of code, or
// InvalidOid.  Throws Error when the run that asked for it is over: the flow must not go on as that
// role, which may be out of reach by now, nor silently as another.
Oid PretendedRole(v8::Isolate *isolate);

// Arguments of natives.  The prelude has checked them; a wrong type here gives "".
//
// A request may wait with thousands of others.  So it keeps texts as the script's own strings, to
// be read when its turn comes.
std::string TextOf(v8::Isolate *isolate, v8::Local<v8::Value> value);
// Throws when it is none: V8 would take anything for the array it is said to be.
v8::Local<v8::Array> ArrayArgument(const NativeInfo &info, int index);

}  // namespace fundb::api
