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

#include <new>
#include <type_traits>

#include "base/error.h"

#include "pg/postgres.h"

namespace fundb::pg {

// A Report as ErrorData in ErrorContext; never fails (out of memory gives a fixed error).
ErrorData *Flatten(const Report &report) noexcept;
ErrorData *FlattenOutOfMemory() noexcept;
ErrorData *FlattenUnexpected(const char *what) noexcept;

// Raises what Flatten made.  To be called from a frame with trivial locals only.
[[noreturn]] void Raise(ErrorData *failure);

template <typename F>
__attribute__((noinline)) auto Enter(ErrorData **failure, F &&function) noexcept
    -> std::invoke_result_t<F> {
  using Result = std::invoke_result_t<F>;
  // The handlers only copy; flattening happens behind them, since it calls PostgreSQL.
  Report report;
  enum { kReport, kMemory, kOther } kind = kOther;
  try {
    return function();
  } catch (Error &error) {
    report = std::move(error.report());
    kind = kReport;
  } catch (const std::bad_alloc &) {
    kind = kMemory;
  } catch (const std::exception &error) {
    report.message = error.what();
    kind = kReport;
  } catch (...) {
    kind = kOther;
  }
  *failure = kind == kReport   ? Flatten(report)
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
