// Report -> FunDBError, the error class that user code catches.
#pragma once

#include <string>

#include "js/errors.h"

namespace fundb::api {

class Errors : public js::ErrorFactory {
 public:
  v8::Local<v8::Value> Make(v8::Local<v8::Context> context, const Report &report) override;
};

// The kind of an error, as FunDBError's `error` tells it: the report's own, else by SQLSTATE.
std::string KindOf(const Report &report);

// The errors of FunDB itself, worded in one place.
Error CallError(std::string message);
Error RequestError(const char *sqlstate, std::string message, std::string hint = "");
Error ArgumentError(const char *sqlstate, std::string argument, std::string message, bool missing);
Error EntryNotFound(const std::string &entity);
Error AccessDenied(std::string message);
// Another session changed it between two looks at it.
Error EntityChanged(const std::string &entity);

}  // namespace fundb::api
