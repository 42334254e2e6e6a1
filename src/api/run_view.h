// Runs a compiled user view and makes the object that getUserView promises.  Needs an open
// SpiSession.  V8 and PostgreSQL.
#pragma once

#include <v8.h>

#include <memory>
#include <string>

#include "api/bind.h"
#include "api/views.h"

namespace fundb::api {

// The texts and objects that a realm keeps for every result of a view.
struct ViewHandles {
  v8::Global<v8::String> info;
  v8::Global<v8::Value> layout;
  ArgumentNames argument_names;
};

struct RealmView {
  std::shared_ptr<const CompiledView> compiled;
  std::shared_ptr<const ViewHandles> handles;
};

// The view of a text.  Errors: those of Views::Get.
RealmView FindView(v8::Local<v8::Context> context, Views &views, const std::string &text,
                   const funql::CompileOptions &options);

// The same, without options, for a string of the script.  Mostly it is the very string of a call
// before, which takes no look at its characters.
RealmView FindView(v8::Local<v8::Context> context, Views &views, v8::Local<v8::String> text);

v8::Local<v8::Value> RunView(v8::Local<v8::Context> context, const RealmView &view,
                             pg::Parameters &parameters);

// What getUserViewInfo promises: the info and the constant attributes, no rows.
v8::Local<v8::Value> ViewInfo(v8::Local<v8::Context> context, const RealmView &view);

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
