#include "js/callback.h"

#include <exception>
#include <new>

#include "js/engine.h"
#include "js/errors.h"

namespace fundb::js {

namespace {

void Throw(v8::Isolate *isolate, const Report &report) noexcept {
  if (IsUncatchable(report)) {
    Engine::From(isolate).StashAndTerminate(report);
    return;
  }
  v8::HandleScope handles(isolate);
  try {
    isolate->ThrowException(ErrorObject(isolate->GetCurrentContext(), report));
  } catch (...) {
    // The factory failed: its exception, when it left one, is as good as ours.
    if (!isolate->IsExecutionTerminating()) {
      isolate->ThrowError("internal error while an error was reported");
    }
  }
}

Report InternalError(const char *what) {
  Report report;
  report.sqlstate = sqlstate::kInternal;
  report.message = what;
  return report;
}

}  // namespace

void ThrowIntoJavaScript(v8::Isolate *isolate) noexcept {
  try {
    throw;
  } catch (const Pending &) {
    return;
  } catch (const Error &error) {
    Throw(isolate, error.report());
  } catch (const std::bad_alloc &) {
    Report report = InternalError("out of memory");
    report.sqlstate = sqlstate::kOutOfMemory;
    Throw(isolate, report);
  } catch (const std::exception &exception) {
    Throw(isolate, InternalError(exception.what()));
  } catch (...) {
    Throw(isolate, InternalError("unexpected exception of an unexpected kind"));
  }
}

}  // namespace fundb::js
