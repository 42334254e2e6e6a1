// SPI would parse and run a statement under one search_path.  Here the two are taken apart: names
// in compiled SQL are PostgreSQL's own, while triggers and functions that the statement calls see
// the caller's path.

#include "api/run_command.h"

#include "api/search_path.h"

extern "C" {
#include "executor/executor.h"
#include "nodes/params.h"
#include "tcop/dest.h"
#include "tcop/utility.h"
#include "utils/plancache.h"
#include "utils/snapmgr.h"
}

namespace fundb::api {

namespace {

ParamListInfo MakeParameters(const std::vector<Oid> &types, const pg::Parameters &parameters) {
  int count = static_cast<int>(types.size());
  return pg::Call([&] {
    ParamListInfo list = makeParamList(count);
    for (int i = 0; i < count; ++i) {
      size_t n = static_cast<size_t>(i);
      ParamExternData *data = &list->params[i];
      data->value = parameters.values[n];
      data->isnull = parameters.nulls[n] == 'n';
      data->pflags = PARAM_FLAG_CONST;
      data->ptype = types[n];
    }
    return list;
  });
}

// One planned statement: PostgreSQL's own steps for it.
uint64 fundb_run_planned(PlannedStmt *statement, const char *text, ParamListInfo parameters) {
  if (statement->commandType == CMD_UTILITY) {
    ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                    errmsg("cannot run a command whose rewrite rules hold utility statements")));
  }
  CommandCounterIncrement();
  UpdateActiveSnapshotCommandId();
  QueryDesc *query = CreateQueryDesc(statement, text, GetActiveSnapshot(), InvalidSnapshot,
                                     None_Receiver, parameters, nullptr, 0);
  ExecutorStart(query, 0);
  ExecutorRun(query, ForwardScanDirection, 0, true);
  uint64 rows = query->estate->es_processed;
  ExecutorFinish(query);
  ExecutorEnd(query);
  FreeQueryDesc(query);
  return rows;
}

}  // namespace

uint64_t RunCommandPlan(const CompiledCommand &command, pg::Parameters &parameters) {
  ParamListInfo list = MakeParameters(command.parameter_types, parameters);
  CachedPlan *plan;
  {
    CatalogPath path;
    plan = pg::Call([&] {
      auto *source =
          static_cast<CachedPlanSource *>(linitial(SPI_plan_get_plan_sources(command.plan.get())));
      return GetCachedPlan(source, list, CurrentResourceOwner, nullptr);
    });
  }
  const char *text = command.command.sql.c_str();
  return pg::Call([&] {
    uint64 rows = 0;
    PushActiveSnapshot(GetTransactionSnapshot());
    for (int i = 0; i < list_length(plan->stmt_list); ++i) {
      auto *statement = static_cast<PlannedStmt *>(list_nth(plan->stmt_list, i));
      uint64 processed = fundb_run_planned(statement, text, list);
      if (statement->canSetTag) rows = processed;
    }
    PopActiveSnapshot();
    ReleaseCachedPlan(plan, CurrentResourceOwner);
    return rows;
  });
}

}  // namespace fundb::api
