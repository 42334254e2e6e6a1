// What getUserView is asked for: a text or a named view, and a page of it.  V8 and PostgreSQL.
#pragma once

#include <v8.h>

#include <string>

#include "api/bind.h"
#include "api/request.h"
#include "funql/funql.h"
#include "js/kept.h"

namespace fundb::api {

// A text of the query language, "" for what is no string.  One that is longer than any may be is
// refused before it is copied: 54000.
std::string QueryText(v8::Isolate *isolate, v8::Local<v8::Value> value);

class ViewSource {
 public:
  // Three arguments of a native: the query, or null and the schema and name of a view.
  ViewSource(ApiRequest &request, const NativeInfo &info, int first);

  bool is_named() const { return is_named_; }
  // The text as the script gave it.  Not for a named view.
  v8::Local<v8::String> query(v8::Isolate *isolate) const {
    return query_.Get(isolate).As<v8::String>();
  }

  // The text, and where its unqualified names are looked up.  Errors: notFound.
  std::string Read(v8::Isolate *isolate, funql::CompileOptions *options) const;

 private:
  bool is_named_;
  js::Kept<v8::Value> query_;
  EntityRef view_;
};

// The prelude's copy of `chunk`, or undefined.  Errors: 54000, 54023 for more than a query may
// have.
void ReadChunk(v8::Local<v8::Context> context, v8::Local<v8::Value> value, funql::Chunk *chunk,
               Given *given);

}  // namespace fundb::api
