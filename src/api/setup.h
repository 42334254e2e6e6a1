// Puts FunDB and its companions into every new realm.  Owned by the session, which hands it to the
// engine; outlives it.
#pragma once

#include "api/api.h"
#include "js/engine.h"

namespace fundb::api {

class Setup : public js::RealmSetup {
 public:
  explicit Setup(Environment &environment) : api_(environment) {}

  void Install(js::Engine &engine, v8::Local<v8::Context> context,
               v8::Local<v8::Object> global) override;

  Api &api() { return api_; }

 private:
  Api api_;
};

}  // namespace fundb::api
