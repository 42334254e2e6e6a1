// The server programming interface: a connection as a scope, kept plans, results as text or datums.
// C++ regime; every call is guarded.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/small_vector.h"

#include "pg/call.h"

namespace fundb::pg {

// Connects for the life of the object.  Results live in the connection's memory until then.
class SpiSession {
 public:
  SpiSession() {
    Call([] {
      if (SPI_connect() != SPI_OK_CONNECT) elog(ERROR, "could not connect to the executor");
    });
  }
  ~SpiSession() {
    CallQuietly([] { SPI_finish(); });
  }
  SpiSession(const SpiSession &) = delete;
  SpiSession &operator=(const SpiSession &) = delete;
};

// A plan kept over connections and transactions.
class Plan {
 public:
  Plan() = default;
  ~Plan() { Drop(); }
  Plan(Plan &&other) noexcept : plan_(other.plan_) { other.plan_ = nullptr; }
  Plan &operator=(Plan &&other) noexcept {
    if (this != &other) {
      Drop();
      plan_ = other.plan_;
      other.plan_ = nullptr;
    }
    return *this;
  }

  // Prepares and keeps.  Needs an open SpiSession.
  void Prepare(const std::string &sql, const std::vector<Oid> &types);
  // The same, but `setup` is called with `argument` whenever PostgreSQL parses the text, also anew
  // and on its own account.  It must let the parser know the types, and may refuse.  Run it with
  // ExecuteWith and ExecuteInto.
  void Prepare(const std::string &sql, ParserSetupHook setup, void *argument);
  // What PostgreSQL holds for it now; more once it was planned.
  size_t Bytes() const;
  bool IsPrepared() const { return plan_ != nullptr; }
  SPIPlanPtr get() const { return plan_; }

 private:
  void Drop() noexcept {
    if (plan_ != nullptr) CallQuietly([this] { SPI_freeplan(plan_); });
    plan_ = nullptr;
  }

  SPIPlanPtr plan_ = nullptr;
};

// Values of a plan's parameters.
struct Parameters {
  SmallVector<Datum, 8> values;
  SmallVector<char, 8> nulls;  // ' ' or 'n', as SPI wants them

  void Add(Datum value, bool is_null = false) {
    values.push_back(value);
    nulls.push_back(is_null ? 'n' : ' ');
  }
};

// Runs a kept plan and returns the number of rows; the rows are in SPI_tuptable.  limit 0 = no
// limit.
uint64_t Execute(const Plan &plan, Parameters &parameters, bool read_only, long limit);

// The same for a plan with a parser's setup: the number of rows.
uint64_t ExecuteWith(const Plan &plan, const Parameters &parameters, const std::vector<Oid> &types);

// Runs a kept plan of a query and hands its rows to a receiver.
void ExecuteInto(const Plan &plan, const Parameters &parameters, const std::vector<Oid> &types,
                 DestReceiver *receiver);

// Runs a kept plan with a snapshot that sees everything committed by now, whatever the isolation
// level, and our own changes: for the registry, which must never be older than the invalidation
// that made us read it.  Queries that lock rows are not read-only.
uint64_t ExecuteNow(const Plan &plan, Parameters &parameters, bool read_only = true);

// Column `number` (1-based) of row `row` of SPI_tuptable.
std::optional<std::string> TextAt(uint64_t row, int number);
Datum DatumAt(uint64_t row, int number, bool *is_null);
// The same in CurrentMemoryContext, for when SPI_tuptable is freed.
Datum CopyAt(uint64_t row, int number, bool *is_null);
// The type of column `number`.
Oid TypeAt(int number);

}  // namespace fundb::pg
