// Values for the parameters of a compiled query or command.  V8 and PostgreSQL.
#pragma once

#include <v8.h>

#include <string>
#include <vector>

#include "api/views.h"
#include "base/settings.h"
#include "funql/funql.h"
#include "pg/spi.h"

namespace fundb::api {

// The names of a query's arguments as a realm keeps them, in their order.
using ArgumentNames = std::vector<v8::Global<v8::String>>;

// What a script gave along with a query; every handle may be empty or undefined.
struct Given {
  v8::Local<v8::Value> arguments;        // an object
  const ArgumentNames *names = nullptr;  // of the query's arguments; null = not kept
  // The page.
  v8::Local<v8::Value> limit;
  v8::Local<v8::Value> offset;
  std::vector<v8::Local<v8::Value>> chunk_arguments;
  std::vector<std::string> chunk_names;
  std::vector<v8::Local<v8::Value>> search_words;
};

// Datums in CurrentMemoryContext, by the rules of an assignment to a column of the parameter's
// type. Errors are of kind "argument".
pg::Parameters Bind(v8::Local<v8::Context> context, const std::vector<funql::Argument> &arguments,
                    const std::vector<funql::Parameter> &parameters,
                    const std::vector<ParameterType> &types, const Given &given,
                    const Settings &settings);

}  // namespace fundb::api
