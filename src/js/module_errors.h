// What is said of a module that cannot be loaded.
#pragma once

#include <v8.h>

#include <string>

#include "base/error.h"
#include "js/run.h"

namespace fundb::js {

// "module "lib/a/b.mjs", line 3, column 9"
std::string ModulePosition(const std::string &name, int line, int column);

// The Error for what V8 refuses at compiling or linking: its own words behind `prefix`, the line in
// the detail.
Error RefusedModule(v8::Local<v8::Context> context, const v8::TryCatch &caught,
                    const std::string &name, const char *sqlstate, const char *prefix);

// The Error for a text of more than kLongestModule bytes.
Error ModuleTooLong(const std::string &name, size_t bytes);

// The Error for an import() by a specifier of more than kLongestSpecifier UTF-16 units.
Error SpecifierTooLong(int length);

// The Error for a module that is there, and why it cannot be evaluated now.
Error CannotBeImported(const std::string &name, const char *why);

// The Error for a rule's module without a handler: the words before and behind its name.
Error NotAHandler(const std::string &name, const char *before, const char *behind);

// The errors of a module's top level.
class EvaluationWording final : public RunWording {
 public:
  // With the time that all modules of a graph have together.
  EvaluationWording(const std::string &name, int timeout_ms)
      : name_(name), timeout_ms_(timeout_ms) {}
  Report NeverResolved() const override;
  Report TimedOut(int timeout_ms) const override;

 private:
  const std::string &name_;
  int timeout_ms_;
};

}  // namespace fundb::js
