// The state of FunDB that outlives an engine: prepared statements, compiled views, what is known of
// tables.  One per session; natives find it through the engine.  V8 and PostgreSQL.
#pragma once

#include <v8.h>

#include <cstdint>
#include <memory>

#include "api/environment.h"

namespace fundb::js {
class RunFrame;
}

namespace fundb::api {

class Tables;
class Views;

class Api {
 public:
  explicit Api(Environment &environment);
  ~Api();
  Api(const Api &) = delete;
  Api &operator=(const Api &) = delete;

  static Api &From(v8::Isolate *isolate);

  Environment &environment() const { return environment_; }
  const Settings &settings() const { return environment_.settings(); }
  Tables &tables() { return *tables_; }
  Views &views() { return *views_; }

  // The outermost run that called deferConstraints, which its last request applies at the latest;
  // nested runs leave all to it.
  struct Deferral {
    const js::RunFrame *run = nullptr;
    int open = 0;  // calls of that run
  };
  Deferral &deferral() { return deferral_; }

 private:
  Environment &environment_;
  std::unique_ptr<Tables> tables_;
  std::unique_ptr<Views> views_;
  Deferral deferral_;
};

// How natives find the Api: an attachment of the engine.
struct ApiLink {
  Api *api = nullptr;
};

}  // namespace fundb::api
