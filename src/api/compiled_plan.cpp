#include "api/compiled_plan.h"

#include "catalog/schema_adapter.h"

extern "C" {
#include "utils/plancache.h"
}

namespace fundb::api {

namespace {

// Cheaper than the setting, and gone with the subtransaction if an error comes between.
class TrustedPath {
 public:
  TrustedPath() {
    const std::vector<Oid> &schemas = catalog::TrustedSchemas();
    const Oid *ids = schemas.data();
    int count = static_cast<int>(schemas.size());
    pg::Call([&] {
      OverrideSearchPath path = {};
      for (int i = 0; i < count; ++i) path.schemas = lappend_oid(path.schemas, ids[i]);
      PushOverrideSearchPath(&path);
    });
  }
  ~TrustedPath() {
    pg::CallQuietly([] { PopOverrideSearchPath(); });
  }
  TrustedPath(const TrustedPath &) = delete;
  TrustedPath &operator=(const TrustedPath &) = delete;
};

CachedPlanSource *SourceOf(const pg::Plan &plan) {
  List *sources = pg::Call([&] { return SPI_plan_get_plan_sources(plan.get()); });
  return static_cast<CachedPlanSource *>(linitial(sources));
}

}  // namespace

void CompiledPlan::Prepare(std::string sql, std::vector<Oid> types) {
  sql_ = std::move(sql);
  types_ = std::move(types);
  TrustedPath path;
  auto plan = std::make_shared<pg::Plan>();
  plan->Prepare(sql_, types_);
  // Before the old plan goes, and what is known of it with it.
  CachedPlanSource *source = SourceOf(*plan);
  plan_ = std::move(plan);
  source_ = source;
  parsed_ = source->query_context;
  lookup_ = pg::KeyLookup();
}

bool CompiledPlan::IsValid() const { return source_->is_valid; }

std::shared_ptr<const pg::Plan> CompiledPlan::Settle() {
  if (!source_->is_valid || source_->query_context != parsed_) {
    // Copies: they are what is assigned.
    Prepare(std::string(sql_), std::vector<Oid>(types_));
  }
  CachedPlanSource *source = source_;
  pg::Call([&] {
    if (OverrideSearchPathMatchesCurrent(source->search_path)) return;
    source->search_path = GetOverrideSearchPath(source->query_context);
    // The planner may have inlined functions under the path of before.
    if (source->gplan != nullptr) source->gplan->is_valid = false;
  });
  return plan_;
}

size_t CompiledPlan::Bytes() const {
  // The tree of the query lies below the source's context, the generic plan beside it.
  size_t bytes = sql_.capacity() + MemoryContextMemAllocated(source_->context, true);
  if (source_->gplan != nullptr) bytes += MemoryContextMemAllocated(source_->gplan->context, true);
  return bytes;
}

uint64_t CompiledPlan::Execute(pg::Parameters &parameters) {
  std::shared_ptr<const pg::Plan> plan = Settle();
  return pg::Execute(*plan, parameters, false, 0);
}

void CompiledPlan::ExecuteInto(const pg::Parameters &parameters, DestReceiver *receiver) {
  std::shared_ptr<const pg::Plan> plan = Settle();
  if (lookup_.Run(source_, parameters, receiver)) return;
  pg::ExecuteInto(*plan, parameters, types_, receiver);
}

void CompiledPlan::ColumnType(int position, Oid *type, int32 *modifier) const {
  Form_pg_attribute column = TupleDescAttr(source_->resultDesc, position);
  *type = column->atttypid;
  *modifier = column->atttypmod;
}

}  // namespace fundb::api
