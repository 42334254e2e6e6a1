#include "pg/spi.h"
#include "pg/encoding.h"

extern "C" {
#include "nodes/params.h"
#include "tcop/dest.h"
#include "utils/datum.h"
#include "utils/plancache.h"
#include "utils/snapmgr.h"
}

namespace fundb::pg {

namespace {

SPIPlanPtr fundb_keep(SPIPlanPtr plan) {
  if (plan == nullptr) {
    elog(ERROR, "could not prepare a statement: %s", SPI_result_code_string(SPI_result));
  }
  if (SPI_keepplan(plan) != 0) elog(ERROR, "could not keep a prepared statement");
  return plan;
}

ParamListInfo fundb_list(const Parameters &parameters, const std::vector<Oid> &types) {
  int count = static_cast<int>(types.size());
  if (count == 0) return nullptr;
  ParamListInfo list = makeParamList(count);
  for (int i = 0; i < count; ++i) {
    auto index = static_cast<size_t>(i);
    ParamExternData &parameter = list->params[i];
    parameter.value = parameters.values[index];
    parameter.isnull = parameters.nulls[index] == 'n';
    // The planner may take it for a constant; the plan is asked for anew with each set.
    parameter.pflags = PARAM_FLAG_CONST;
    parameter.ptype = types[index];
  }
  return list;
}

}  // namespace

void Plan::Prepare(const std::string &sql, const std::vector<Oid> &types) {
  Drop();
  plan_ = Call([&] {
    return fundb_keep(SPI_prepare(ToServer(sql), static_cast<int>(types.size()),
                                  const_cast<Oid *>(types.data())));
  });
}

void Plan::Prepare(const std::string &sql, ParserSetupHook setup, void *argument) {
  Drop();
  plan_ = Call([&] { return fundb_keep(SPI_prepare_params(ToServer(sql), setup, argument, 0)); });
}

size_t Plan::Bytes() const {
  return Call([&] {
    size_t bytes = 0;
    ListCell *cell;
    foreach (cell, SPI_plan_get_plan_sources(plan_)) {
      // The tree of the query lies below the source's context, the generic plan beside it.
      const auto *source = static_cast<const CachedPlanSource *>(lfirst(cell));
      bytes += MemoryContextMemAllocated(source->context, true);
      if (source->gplan != nullptr)
        bytes += MemoryContextMemAllocated(source->gplan->context, true);
    }
    return bytes;
  });
}

uint64_t Execute(const Plan &plan, Parameters &parameters, bool read_only, long limit) {
  return Call([&] {
    // PostgreSQL would read values that are not there.
    int count = static_cast<int>(parameters.values.size());
    if (SPI_getargcount(plan.get()) != count) {
      elog(ERROR, "a statement of %d parameters got %d", SPI_getargcount(plan.get()), count);
    }
    int code = SPI_execute_plan(plan.get(), parameters.values.data(), parameters.nulls.data(),
                                read_only, limit);
    if (code < 0) elog(ERROR, "could not run a statement: %s", SPI_result_code_string(code));
    return SPI_processed;
  });
}

uint64_t ExecuteWith(const Plan &plan, const Parameters &parameters,
                     const std::vector<Oid> &types) {
  return Call([&] {
    SPIExecuteOptions options = {};
    options.params = fundb_list(parameters, types);
    int code = SPI_execute_plan_extended(plan.get(), &options);
    if (code < 0) elog(ERROR, "could not run a statement: %s", SPI_result_code_string(code));
    return SPI_processed;
  });
}

void ExecuteInto(const Plan &plan, const Parameters &parameters, const std::vector<Oid> &types,
                 DestReceiver *receiver) {
  Call([&] {
    SPIExecuteOptions options = {};
    options.params = fundb_list(parameters, types);
    options.must_return_tuples = true;
    options.dest = receiver;
    int code = SPI_execute_plan_extended(plan.get(), &options);
    if (code < 0) elog(ERROR, "could not run a query: %s", SPI_result_code_string(code));
  });
}

uint64_t ExecuteNow(const Plan &plan, Parameters &parameters, bool read_only) {
  return Call([&] {
    Snapshot snapshot = RegisterSnapshot(GetLatestSnapshot());
    int code = SPI_execute_snapshot(plan.get(), parameters.values.data(), parameters.nulls.data(),
                                    snapshot, InvalidSnapshot, read_only, false, 0);
    if (code < 0) elog(ERROR, "could not run a statement: %s", SPI_result_code_string(code));
    UnregisterSnapshot(snapshot);
    return SPI_processed;
  });
}

std::optional<std::string> TextAt(uint64_t row, int number) {
  char *text =
      Call([&] { return SPI_getvalue(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, number); });
  if (text == nullptr) return std::nullopt;
  return FromServer(text);
}

Datum DatumAt(uint64_t row, int number, bool *is_null) {
  return Call([&] {
    return SPI_getbinval(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, number, is_null);
  });
}

Datum CopyAt(uint64_t row, int number, bool *is_null) {
  return Call([&] {
    TupleDesc shape = SPI_tuptable->tupdesc;
    Datum value = SPI_getbinval(SPI_tuptable->vals[row], shape, number, is_null);
    if (*is_null) return value;
    Form_pg_attribute column = TupleDescAttr(shape, number - 1);
    return datumCopy(value, column->attbyval, column->attlen);
  });
}

Oid TypeAt(int number) {
  return Call([&] { return SPI_gettypeid(SPI_tuptable->tupdesc, number); });
}

}  // namespace fundb::pg
