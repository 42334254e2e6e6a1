#include "catalog/sql.h"

#include <cstdlib>
#include <string>
#include <unordered_map>

#include "pg/call.h"
#include "pg/encoding.h"
#include "pg/spi.h"

extern "C" {
#include "utils/array.h"
}

namespace fundb::catalog {

namespace {

// Our texts are few and fixed, so every plan is kept for the life of the session: to plan would
// cost more than to run.  PostgreSQL makes a plan anew when what it refers to changes.
const pg::Plan &PlanOf(const std::string &sql, size_t parameters) {
  static auto *plans = new std::unordered_map<std::string, pg::Plan>();
  pg::Plan &plan = (*plans)[sql];
  if (!plan.IsPrepared()) plan.Prepare(sql, std::vector<Oid>(parameters, TEXTOID));
  return plan;
}

enum class Sees { kSnapshot, kLatest, kLatestAndLocks };

std::vector<Values> Run(const std::string &sql, const Values &parameters, Sees sees) {
  pg::SpiSession session;
  const pg::Plan &plan = PlanOf(sql, parameters.size());
  pg::Parameters datums;
  for (const Value &value : parameters) {
    if (value.has_value()) {
      datums.Add(pg::Call([&] { return CStringGetTextDatum(pg::ToServer(*value)); }));
    } else {
      datums.Add(static_cast<Datum>(0), true);
    }
  }
  uint64_t count = sees == Sees::kSnapshot
                       ? pg::Execute(plan, datums, /*read_only=*/false, 0)
                       : pg::ExecuteNow(plan, datums, /*read_only=*/sees == Sees::kLatest);
  std::vector<Values> rows;
  if (SPI_tuptable == nullptr) return rows;
  int columns = SPI_tuptable->tupdesc->natts;
  rows.resize(count);
  for (uint64_t row = 0; row < count; ++row) {
    rows[row].reserve(columns);
    for (int column = 1; column <= columns; ++column) {
      rows[row].push_back(pg::TextAt(row, column));
    }
  }
  return rows;
}

}  // namespace

std::vector<Values> RunSql(const std::string &sql, const Values &parameters) {
  return Run(sql, parameters, Sees::kSnapshot);
}

std::vector<Values> ReadLatest(const std::string &sql, const Values &parameters) {
  return Run(sql, parameters, Sees::kLatest);
}

std::vector<Values> LockLatest(const std::string &sql, const Values &parameters) {
  return Run(sql, parameters, Sees::kLatestAndLocks);
}

std::string TextOf(Oid oid) { return std::to_string(oid); }

std::string ArrayText(const std::vector<Oid> &oids) {
  std::string text = "{";
  for (Oid oid : oids) {
    if (text.size() > 1) text += ',';
    text += std::to_string(oid);
  }
  return text + "}";
}

Oid OidOf(const Value &value) {
  return value.has_value() ? static_cast<Oid>(std::strtoul(value->c_str(), nullptr, 10))
                           : InvalidOid;
}

std::vector<std::optional<std::string>> TextArray(Datum array) {
  Datum *elements = nullptr;
  bool *nulls = nullptr;
  int count = 0;
  pg::Call([&] {
    deconstruct_array(reinterpret_cast<ArrayType *>(PG_DETOAST_DATUM(array)), TEXTOID, -1, false,
                      TYPALIGN_INT, &elements, &nulls, &count);
  });
  std::vector<std::optional<std::string>> result;
  result.reserve(count);
  for (int i = 0; i < count; ++i) {
    if (nulls[i]) {
      result.emplace_back();
    } else {
      char *element = pg::Call([&] { return TextDatumGetCString(elements[i]); });
      result.emplace_back(pg::FromServer(element));
    }
  }
  return result;
}

}  // namespace fundb::catalog
