#include "pg/faults.h"

#ifdef FUNDB_FAULTS

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <new>

#include "pg/postgres.h"

extern "C" {
#include "nodes/memnodes.h"
#include "utils/guc.h"
}

namespace fundb::pg {

namespace {

enum What { kCall, kPalloc, kNew };
const config_enum_entry kWhat[] = {
    {"call", kCall, false}, {"palloc", kPalloc, false}, {"new", kNew, false}, {nullptr, 0, false}};

int fail_at = 0;
int what = kCall;
char *fail_with = nullptr;
// How deep inside of Enter this thread is.
thread_local int inside = 0;

bool IsTurn(What kind) {
  if (inside == 0 || fail_at <= 0 || what != kind) return false;
  return --fail_at == 0;
}

// PostgreSQL's allocator, put into its table of methods.
void *(*allocate)(MemoryContext context, Size size) = nullptr;
void *(*reallocate)(MemoryContext context, void *pointer, Size size) = nullptr;

// Where PostgreSQL itself must not run out of memory, or keeps a reserve, nothing fails.  In
// TopMemoryContext it must not either: LockAcquireExtended leaves a lock without owners when it
// fails there, and crashes at the next use behind the rollback of a subtransaction.
bool MayFail(MemoryContext context) {
  return inside > 0 && CritSectionCount == 0 && IsTransactionState() && context != ErrorContext &&
         context != TopMemoryContext;
}

void *fundb_allocate(MemoryContext context, Size size) {
  if (MayFail(context) && IsTurn(kPalloc)) return nullptr;
  return allocate(context, size);
}

void *fundb_reallocate(MemoryContext context, void *pointer, Size size) {
  if (MayFail(context) && IsTurn(kPalloc)) return nullptr;
  return reallocate(context, pointer, size);
}

void fundb_assign_what(int value, void *) {
  if (value != kPalloc || allocate != nullptr) return;
  auto *methods = const_cast<MemoryContextMethods *>(TopMemoryContext->methods);
  auto page = static_cast<uintptr_t>(sysconf(_SC_PAGESIZE));
  auto begin = reinterpret_cast<uintptr_t>(methods) & ~(page - 1);
  auto end = reinterpret_cast<uintptr_t>(methods + 1);
  // The table is constant: every context of this kind uses it, and so all of them meet the faults.
  if (mprotect(reinterpret_cast<void *>(begin), end - begin, PROT_READ | PROT_WRITE) != 0) return;
  allocate = methods->alloc;
  reallocate = methods->realloc;
  methods->alloc = fundb_allocate;
  methods->realloc = fundb_reallocate;
}

}  // namespace

void fundb_define_fault_settings() {
  DefineCustomIntVariable("fundb.debug_fail_at", "Lets the n-th step from now on fail.", nullptr,
                          &fail_at, 0, 0, INT_MAX, PGC_SUSET, 0, nullptr, nullptr, nullptr);
  DefineCustomEnumVariable("fundb.debug_fail_what", "Sets which steps are counted.", nullptr, &what,
                           kCall, kWhat, PGC_SUSET, 0, nullptr, fundb_assign_what, nullptr);
  DefineCustomStringVariable("fundb.debug_fail_with", "Sets the SQLSTATE of failing calls.",
                             nullptr, &fail_with, "XX000", PGC_SUSET, 0, nullptr, nullptr, nullptr);
}

void fundb_fault_point() {
  if (!IsTurn(kCall)) return;
  const char *s = fail_with;
  ereport(ERROR, (errcode(MAKE_SQLSTATE(s[0], s[1], s[2], s[3], s[4])), errmsg("fault injected")));
}

FaultScope::FaultScope() noexcept : outer_(inside++) {}
FaultScope::~FaultScope() { inside = outer_; }

NoFaults::NoFaults() noexcept : outer_(inside) { inside = 0; }
NoFaults::~NoFaults() { inside = outer_; }

namespace internal {
bool FailNew() { return IsTurn(kNew); }
}  // namespace internal

}  // namespace fundb::pg

// The linker gives our references to operator new to these (--wrap), and nobody else's.
extern "C" {
void *__real__Znwm(size_t size);
void *__real__Znam(size_t size);
void *__wrap__Znwm(size_t size);
void *__wrap__Znam(size_t size);

void *__wrap__Znwm(size_t size) {
  if (fundb::pg::internal::FailNew()) throw std::bad_alloc();
  return __real__Znwm(size);
}
void *__wrap__Znam(size_t size) {
  if (fundb::pg::internal::FailNew()) throw std::bad_alloc();
  return __real__Znam(size);
}
}

#endif
