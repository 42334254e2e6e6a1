// What FunDB keeps per realm: the functions of the prelude that C++ calls.
#pragma once

#include <v8.h>

namespace fundb::api {

struct RealmData {
  v8::Global<v8::Function> make_error;  // (body, extra) -> FunDBError
  v8::Global<v8::Function> start_view;  // (view, cells, layout), for the first rows
  v8::Global<v8::Function> make_info;   // (info, layout) -> result of getUserViewInfo
  v8::Global<v8::Function> add_rows;    // (view, cells, layout)

  static RealmData &Of(v8::Local<v8::Context> context);
};

}  // namespace fundb::api
