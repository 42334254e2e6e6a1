// Failures on purpose, for test/t/050_faults.pl: a chosen crossing into PostgreSQL, allocation of
// PostgreSQL's or allocation of C++ fails.  Exists in builds with FUNDB_FAULTS=1 only; in all
// others everything here is empty.
#pragma once

namespace fundb::pg {

#ifdef FUNDB_FAULTS

// Defines fundb.debug_fail_at (counts down; what meets 0 fails), fundb.debug_fail_what and
// fundb.debug_fail_with.  C regime.
void fundb_define_fault_settings();

// In Call: raises when it is its turn.  C regime.
void fundb_fault_point();

// Faults happen only inside of Enter, on the thread that runs it.
class FaultScope {
 public:
  FaultScope() noexcept;
  ~FaultScope();
  FaultScope(const FaultScope &) = delete;
  FaultScope &operator=(const FaultScope &) = delete;

 private:
  int outer_;
};

// No faults for as long as it lives: what cannot fail outside of a test must not fail in one.
class NoFaults {
 public:
  NoFaults() noexcept;
  ~NoFaults();
  NoFaults(const NoFaults &) = delete;
  NoFaults &operator=(const NoFaults &) = delete;

 private:
  int outer_;
};

#else

inline void fundb_define_fault_settings() {}
inline void fundb_fault_point() {}
class FaultScope {
 public:
  FaultScope() noexcept {}
};
class NoFaults {
 public:
  NoFaults() noexcept {}
};

#endif

}  // namespace fundb::pg
