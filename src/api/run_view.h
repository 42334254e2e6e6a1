// Runs a compiled user view and makes the object that getUserView promises.  Needs an open
// SpiSession.  V8 and PostgreSQL.
#pragma once

#include <v8.h>

#include "api/bind.h"
#include "api/views.h"

namespace fundb::api {

v8::Local<v8::Value> RunView(v8::Local<v8::Context> context, const CompiledView &view,
                             pg::Parameters &parameters);

// What getUserViewInfo promises: the info and the constant attributes, no rows.
v8::Local<v8::Value> ViewInfo(v8::Local<v8::Context> context, const CompiledView &view);

// SET enable_… = … of a query, until the scope ends.
class PragmaScope {
 public:
  explicit PragmaScope(const std::vector<funql::Pragma> &pragmas);
  ~PragmaScope();
  PragmaScope(const PragmaScope &) = delete;
  PragmaScope &operator=(const PragmaScope &) = delete;

 private:
  int nest_level_ = 0;
};

}  // namespace fundb::api
