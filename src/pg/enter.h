// Up-crossing: PostgreSQL calls us.  Enter(lambda) runs C++ that may throw and gives back a plain
// failure, which the extern "C" frame raises when every C++ object is dead:
//
//   Datum fundb_version(PG_FUNCTION_ARGS) {
//     ErrorData *failure = nullptr;
//     Datum result = pg::Enter(&failure, [&] { … });
//     if (failure != nullptr) pg::Raise(failure);
//     return result;
//   }
#pragma once

#include <memory>
#include <new>
#include <string>
#include <type_traits>

#include "base/error.h"

#include "pg/faults.h"
#include "pg/postgres.h"

namespace fundb::pg {

// A Report as ErrorData in ErrorContext; never fails (out of memory gives a fixed error).
ErrorData *Flatten(const Report &report) noexcept;
ErrorData *FlattenOutOfMemory() noexcept;
ErrorData *FlattenUnexpected(const char *what) noexcept;

// Raises what Flatten made.  To be called from a frame with trivial locals only.
[[noreturn]] void Raise(ErrorData *failure);

namespace internal {
// An assignment that runs out of memory leaves the text empty.
inline void AssignQuietly(std::string *text, const char *value) noexcept {
  try {
    *text = value;
  } catch (...) {
  }
}
}  // namespace internal

template <typename F>
__attribute__((noinline)) auto Enter(ErrorData **failure, F &&function) noexcept
    -> std::invoke_result_t<F> {
  using Result = std::invoke_result_t<F>;
  // The handlers only move; flattening happens behind them, since it calls PostgreSQL.  On the
  // heap: nothing is to be set up for a call that succeeds.
  std::unique_ptr<Report> report;
  enum { kReport, kMemory, kOther } kind = kOther;
  try {
    FaultScope faults;
    (void)faults;
    return function();
  } catch (Error &error) {
    report.reset(new (std::nothrow) Report(std::move(error.report())));
    kind = report == nullptr ? kMemory : kReport;
  } catch (const std::bad_alloc &) {
    kind = kMemory;
  } catch (const std::exception &error) {
    report.reset(new (std::nothrow) Report());
    kind = report == nullptr ? kMemory : kReport;
    if (report != nullptr) internal::AssignQuietly(&report->message, error.what());
  } catch (...) {
    kind = kOther;
  }
  *failure = kind == kReport   ? Flatten(*report)
             : kind == kMemory ? FlattenOutOfMemory()
                               : FlattenUnexpected("unexpected C++ exception");
  return Result();
}

}  // namespace fundb::pg

// PostgreSQL 15 leaves PGDLLEXPORT empty, and we compile with hidden visibility.
#define FUNDB_FUNCTION(name)                                                           \
  extern "C" {                                                                         \
  __attribute__((visibility("default"))) Datum name(PG_FUNCTION_ARGS);                 \
  __attribute__((visibility("default"))) const Pg_finfo_record *pg_finfo_##name(void); \
  const Pg_finfo_record *pg_finfo_##name(void) {                                       \
    static const Pg_finfo_record info = {1};                                           \
    return &info;                                                                      \
  }                                                                                    \
  }                                                                                    \
  Datum name(PG_FUNCTION_ARGS)
