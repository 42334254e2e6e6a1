// ErrorData <-> Report, all fields, in both directions.  C++ regime; PostgreSQL is called under
// guards.

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory>
#include <new>
#include <utility>

#include "base/text.h"
#include "pg/call.h"
#include "pg/encoding.h"
#include "pg/enter.h"

namespace fundb::pg {

namespace {

std::string TextOf(const char *text) { return FromServerForced(text); }

Report ReportOf(const ErrorData &data) {
  Report report;
  report.sqlstate = unpack_sql_state(data.sqlerrcode);
  report.message = TextOf(data.message);
  report.detail = TextOf(data.detail);
  report.hint = TextOf(data.hint);
  report.context = TextOf(data.context);
  report.schema = TextOf(data.schema_name);
  report.table = TextOf(data.table_name);
  report.column = TextOf(data.column_name);
  report.datatype = TextOf(data.datatype_name);
  report.constraint = TextOf(data.constraint_name);
  report.internal_query = TextOf(data.internalquery);
  report.internal_position = data.internalpos;
  report.needs_rollback = true;
  return report;
}

// The part of a Report that ErrorData cannot carry, kept from Flatten until the next error that is
// caught: if that is the same one, it gets its part back.  One at a time suffices, since a backend
// raises one error at a time.
//
// Others may catch the error and go on, and a later error may read alike: `mark` tells which error
// it is.
struct Companion {
  std::string mark;
  std::string sqlstate;
  std::string message;
  Report rest;
};

// Leaked on purpose: no static object with a destructor.
Companion *&KeptCompanion() {
  static Companion *kept = nullptr;
  return kept;
}

// A text for ErrorData::domain, which every copy of an error takes along and nobody looks at once
// the messages are made: for them it names the catalog of translations, and ours are not
// translated. Some releases copy the text, others the pointer; so each text stays for many errors.
const char *NewMark() noexcept {
  constexpr size_t kKept = 64;
  static char marks[kKept][32];
  static uint64_t serial = 0;
  char *mark = marks[++serial % kKept];
  std::snprintf(mark, sizeof(marks[0]), "fundb %llu", static_cast<unsigned long long>(serial));
  return mark;
}

// Returns the mark for the error, null when nothing was kept.
const char *KeepCompanion(const Report &report) noexcept {
  delete std::exchange(KeptCompanion(), nullptr);
  if (report.rules.empty() && report.kind.empty() && report.operation < 0 &&
      report.user_data.empty()) {
    return nullptr;
  }
  try {
    auto companion = std::make_unique<Companion>();
    const char *mark = NewMark();
    companion->mark = mark;
    companion->sqlstate = report.sqlstate;
    companion->message = report.message;
    companion->rest.rules = report.rules;
    companion->rest.kind = report.kind;
    companion->rest.argument = report.argument;
    companion->rest.argument_is_missing = report.argument_is_missing;
    companion->rest.operation = report.operation;
    companion->rest.user_data = report.user_data;
    KeptCompanion() = companion.release();
    return mark;
  } catch (const std::bad_alloc &) {
    return nullptr;  // the error itself is what matters
  }
}

void TakeCompanion(Report *report, const std::string &mark) noexcept {
  std::unique_ptr<Companion> companion(std::exchange(KeptCompanion(), nullptr));
  if (companion == nullptr || companion->mark != mark || companion->sqlstate != report->sqlstate ||
      companion->message != report->message) {
    return;
  }
  report->rules = std::move(companion->rest.rules);
  report->kind = std::move(companion->rest.kind);
  report->argument = std::move(companion->rest.argument);
  report->argument_is_missing = companion->rest.argument_is_missing;
  report->operation = companion->rest.operation;
  report->user_data = std::move(companion->rest.user_data);
}

// Copying an error can itself fail, so it has a guard of its own.  Null when it did.
ErrorData *CopyErrorGuarded() noexcept {
  sigjmp_buf *const saved_exception_stack = PG_exception_stack;
  ErrorContextCallback *const saved_context_stack = error_context_stack;
  ErrorData *volatile copy = nullptr;
  sigjmp_buf buffer;
  if (sigsetjmp(buffer, 0) == 0) {
    PG_exception_stack = &buffer;
    error_context_stack = nullptr;
    copy = CopyErrorData();
  }
  PG_exception_stack = saved_exception_stack;
  error_context_stack = saved_context_stack;
  return copy;
}

char *DuplicateOrNull(const std::string &text) noexcept {
  if (text.empty()) return nullptr;
  size_t size = text.size() + 1;
  auto *copy = static_cast<char *>(
      MemoryContextAllocExtended(ErrorContext, size, MCXT_ALLOC_NO_OOM | MCXT_ALLOC_HUGE));
  if (copy != nullptr) std::memcpy(copy, text.c_str(), size);
  return copy;
}

int SqlStateCode(const std::string &sqlstate) noexcept {
  if (sqlstate.size() != 5) return ERRCODE_INTERNAL_ERROR;
  const char *s = sqlstate.c_str();
  return MAKE_SQLSTATE(s[0], s[1], s[2], s[3], s[4]);
}

// What is raised when there is no memory to say anything else: static, never freed.
ErrorData *FixedFailure(int sqlerrcode, const char *message) noexcept {
  static ErrorData fixed;
  fixed = ErrorData();
  fixed.elevel = ERROR;
  fixed.sqlerrcode = sqlerrcode;
  fixed.message = const_cast<char *>(message);
  fixed.assoc_context = ErrorContext;
  return &fixed;
}

}  // namespace

namespace internal {

void ThrowCaughtError(MemoryContext context) {
  // CopyErrorData refuses to run in ErrorContext, where a jump may leave us.
  MemoryContextSwitchTo(context == ErrorContext ? TopMemoryContext : context);
  ErrorData *data = CopyErrorGuarded();
  FlushErrorState();
  if (data == nullptr) {
    Error error(sqlstate::kOutOfMemory, "out of memory while an error was being copied");
    error.report().needs_rollback = true;
    throw error;
  }
  Report report;
  std::string mark;
  try {
    report = ReportOf(*data);
    mark = TextOf(data->domain);
  } catch (...) {
    FreeErrorData(data);
    throw;
  }
  FreeErrorData(data);
  TakeCompanion(&report, mark);
  MemoryContextSwitchTo(context);
  throw Error(std::move(report));
}

}  // namespace internal

namespace {

// What ErrorData has as texts.
constexpr std::string Report::*kTexts[] = {
    &Report::message,    &Report::detail,        &Report::hint,   &Report::context,
    &Report::schema,     &Report::table,         &Report::column, &Report::datatype,
    &Report::constraint, &Report::internal_query};

bool HasNul(const Report &report) noexcept {
  for (auto text : kTexts) {
    if ((report.*text).find('\0') != std::string::npos) return true;
  }
  return false;
}

Report WithoutNuls(Report report) {
  for (auto text : kTexts) report.*text = WithoutNul(std::move(report.*text));
  return report;
}

// The texts in the database's encoding.
Report ForServer(Report report) {
  for (auto text : kTexts) report.*text = ToServerForced(std::move(report.*text));
  return report;
}

ErrorData *Fill(const Report &report, const char *mark) noexcept {
  auto *data = static_cast<ErrorData *>(MemoryContextAllocExtended(
      ErrorContext, sizeof(ErrorData), MCXT_ALLOC_NO_OOM | MCXT_ALLOC_ZERO));
  if (data == nullptr) return FlattenOutOfMemory();
  data->elevel = ERROR;
  data->domain = mark;
  data->sqlerrcode = SqlStateCode(report.sqlstate);
  data->message = DuplicateOrNull(report.message);
  if (data->message == nullptr) data->message = const_cast<char *>("missing error text");
  data->detail = DuplicateOrNull(report.detail);
  data->hint = DuplicateOrNull(report.hint);
  data->context = DuplicateOrNull(report.context);
  data->schema_name = DuplicateOrNull(report.schema);
  data->table_name = DuplicateOrNull(report.table);
  data->column_name = DuplicateOrNull(report.column);
  data->datatype_name = DuplicateOrNull(report.datatype);
  data->constraint_name = DuplicateOrNull(report.constraint);
  data->internalquery = DuplicateOrNull(report.internal_query);
  data->internalpos = data->internalquery == nullptr ? 0 : report.internal_position;
  data->assoc_context = ErrorContext;
  return data;
}

ErrorData *FlattenWhole(const Report &report) noexcept {
  const char *mark = KeepCompanion(report);
  if (IsServerUtf8()) return Fill(report, mark);
  // Before anything lies in ErrorContext: a conversion that fails empties it.
  try {
    return Fill(ForServer(report), mark);
  } catch (const std::bad_alloc &) {
    return FlattenOutOfMemory();
  }
}

}  // namespace

ErrorData *Flatten(const Report &report) noexcept {
  if (!HasLongNames(report) && !HasNul(report)) return FlattenWhole(report);
  try {
    Report mended = WithoutNuls(report);
    ShortenNames(&mended);
    return FlattenWhole(mended);
  } catch (const std::bad_alloc &) {
    return FlattenOutOfMemory();
  }
}

ErrorData *FlattenOutOfMemory() noexcept {
  return FixedFailure(ERRCODE_OUT_OF_MEMORY, "out of memory");
}

ErrorData *FlattenUnexpected(const char *what) noexcept {
  return FixedFailure(ERRCODE_INTERNAL_ERROR, what);
}

void Raise(ErrorData *failure) { ThrowErrorData(failure), pg_unreachable(); }

}  // namespace fundb::pg
