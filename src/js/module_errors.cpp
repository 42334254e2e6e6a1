#include "js/module_errors.h"

#include <algorithm>

#include "base/text.h"
#include "js/errors.h"
#include "js/handles.h"
#include "js/module_source.h"
#include "js/specifier.h"

namespace fundb::js {

namespace {

std::string Text(v8::Isolate *isolate, v8::MaybeLocal<v8::String> maybe) {
  v8::Local<v8::String> string;
  return maybe.ToLocal(&string) ? ToText(isolate, string) : std::string();
}

// The line with a caret under the column.  Long lines (minified code) are left out.
std::string MarkedLine(const std::string &line, int column) {
  constexpr size_t kLongestLine = 200;
  if (line.empty() || line.size() > kLongestLine) return std::string();
  return "\n" + line + "\n" + std::string(static_cast<size_t>(std::max(column - 1, 0)), ' ') + "^";
}

}  // namespace

std::string ModulePosition(const std::string &name, int line, int column) {
  return "module " + Quoted(name) + ", line " + std::to_string(line) + ", column " +
         std::to_string(column);
}

Error RefusedModule(v8::Local<v8::Context> context, const v8::TryCatch &caught,
                    const std::string &name, const char *sqlstate, const char *prefix) {
  v8::Isolate *isolate = context->GetIsolate();
  if (!caught.CanContinue() || caught.Exception().IsEmpty()) {
    return Error(sqlstate::kQueryCanceled, "loading of module " + Quoted(name) + " was canceled");
  }
  v8::Local<v8::Message> message = caught.Message();
  Report report = ReportOf(context, caught.Exception(), v8::Local<v8::Message>());
  report.sqlstate = sqlstate;
  report.message = prefix + report.message;
  report.context.clear();
  if (!message.IsEmpty()) {
    int line = message->GetLineNumber(context).FromMaybe(0);
    int column = message->GetStartColumn(context).FromMaybe(-1) + 1;
    std::string file = name;
    v8::Local<v8::Value> resource = message->GetScriptResourceName();
    if (resource->IsString()) file = ToText(isolate, resource.As<v8::String>());
    report.detail = "Line " + std::to_string(line) + ", column " + std::to_string(column) +
                    " of module " + Quoted(file) + ":" +
                    MarkedLine(Text(isolate, message->GetSourceLine(context)), column);
    report.context = ModulePosition(file, line, column);
  }
  return Error(std::move(report));
}

Error ModuleTooLong(const std::string &name, size_t bytes) {
  return Error(sqlstate::kLimitExceeded, "module " + Quoted(name) + " is too long")
      .Detail("It has " + std::to_string(bytes) + " bytes, the limit is " +
              std::to_string(kLongestModule) + ".")
      .Hint("Spread it over several modules of public.modules, and keep data in tables.");
}

Error SpecifierTooLong(int length) {
  return Error(sqlstate::kLimitExceeded, "name of a module in import() is too long")
      .Detail("It has " + std::to_string(length) + " characters, the limit is " +
              std::to_string(kLongestSpecifier) + ".")
      .Hint("Import the module by its path in public.modules.");
}

Error CannotBeImported(const std::string &name, const char *why) {
  return Error(sqlstate::kInvalidParameter, "module " + Quoted(name) + " cannot be imported")
      .Detail(why);
}

Error NotAHandler(const std::string &name, const char *before, const char *behind) {
  return Error(sqlstate::kInvalidParameter, before + Quoted(name) + behind)
      .Hint("Write \"export default async function (event, args) { … }\".");
}

Report EvaluationWording::NeverResolved() const {
  Report report;
  report.sqlstate = sqlstate::kInvalidParameter;
  report.message = "top-level await of module " + Quoted(name_) + " never resolved";
  return report;
}

Report EvaluationWording::TimedOut(int) const {
  Report report;
  report.sqlstate = sqlstate::kQueryCanceled;
  report.message = "canceling evaluation of module " + Quoted(name_) + " after " +
                   std::to_string(timeout_ms_) + " ms";
  return report;
}

}  // namespace fundb::js
