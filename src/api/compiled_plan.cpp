#include "api/compiled_plan.h"

#include <set>
#include <utility>

#include "base/text.h"
#include "catalog/schema_adapter.h"
#include "convert/pinned_settings.h"
#include "pg/encoding.h"

extern "C" {
#include "miscadmin.h"
#include "nodes/nodeFuncs.h"
#include "parser/parse_param.h"
#include "storage/lmgr.h"
#include "utils/plancache.h"
#include "utils/rls.h"
}

namespace fundb::api {

namespace {

// Whether names are found by the trusted path now.
bool is_trusted = false;

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
    is_trusted = true;
  }
  ~TrustedPath() {
    is_trusted = was_trusted_;
    pg::CallQuietly([] { PopOverrideSearchPath(); });
  }
  TrustedPath(const TrustedPath &) = delete;
  TrustedPath &operator=(const TrustedPath &) = delete;

 private:
  // A constant of the text may run a domain's check, and with it another rule's queries.
  const bool was_trusted_ = is_trusted;
};

// For the parser, each time that a statement is parsed.  C regime.
void fundb_setup_parser(ParseState *state, void *argument) {
  if (!is_trusted) {
    ereport(ERROR, (errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
                    errmsg("definitions that a query uses were changed while it was started"),
                    errhint("Run the statement again.")));
  }
  const auto &types = *static_cast<const std::vector<Oid> *>(argument);
  setup_parse_fixed_parameters(state, types.data(), static_cast<int>(types.size()));
}

// The tables of a statement, and its functions in FROM that have an alias.
struct Sources {
  List *tables;
  List *functions;
};

bool fundb_collect_sources(Node *node, Sources *sources);

// As PostgreSQL's headers declare walkers: without their arguments.
bool (*Walker())() {
  return reinterpret_cast<bool (*)()>(reinterpret_cast<void (*)()>(fundb_collect_sources));
}

// Collects the sources of a query tree and those within.  C regime.
bool fundb_collect_sources(Node *node, Sources *sources) {
  if (node == nullptr) return false;
  if (IsA(node, RangeTblEntry)) {
    auto *entry = reinterpret_cast<RangeTblEntry *>(node);
    if (entry->rtekind == RTE_RELATION) {
      sources->tables = lappend(sources->tables, entry);
    } else if (entry->rtekind == RTE_FUNCTION && entry->alias != nullptr) {
      sources->functions = lappend(sources->functions, entry);
    }
    return false;
  }
  if (IsA(node, Query)) {
    return query_tree_walker(reinterpret_cast<Query *>(node), Walker(), sources,
                             QTW_EXAMINE_RTES_BEFORE);
  }
  return expression_tree_walker(node, Walker(), sources);
}

// Columns without a name of ours keep the function's own, which the language could not know when it
// decided whose a name is.
void RequireNamedColumns(const List *functions,
                         const std::vector<funql::NamedFunction> &named_functions) {
  if (named_functions.empty()) return;
  // There may be tens of thousands.  Those in other places of the query may have the same alias.
  std::set<std::pair<std::string, size_t>> named;
  for (const funql::NamedFunction &one : named_functions) named.insert({one.alias, one.columns});
  for (int i = 0; i < list_length(functions); ++i) {
    const auto *entry = static_cast<const RangeTblEntry *>(list_nth(functions, i));
    std::string alias = pg::FromServer(entry->alias->aliasname);
    int count = list_length(entry->alias->colnames);
    if (named.count({alias, static_cast<size_t>(count)}) == 0) continue;
    pg::Call([] { CHECK_FOR_INTERRUPTS(); });
    int unnamed = -count;
    std::string names;
    for (int j = 0; j < list_length(entry->eref->colnames); ++j) {
      std::string name = pg::FromServer(strVal(list_nth(entry->eref->colnames, j)));
      // Dropped columns of a table whose rows it brings have none, and get none of the list.
      if (name.empty()) continue;
      ++unnamed;
      names += (names.empty() ? "" : ", ") + name;
    }
    if (unnamed <= 0) continue;
    throw Error(sqlstate::kNotSupported,
                "function " + Quoted(alias) + " has columns that are not named")
        .Hint("Name all of them: AS " + alias + " (" + names + ").");
  }
}

CachedPlanSource *SourceOf(const pg::Plan &plan) {
  List *sources = pg::Call([&] { return SPI_plan_get_plan_sources(plan.get()); });
  return static_cast<CachedPlanSource *>(linitial(sources));
}

}  // namespace

void CompiledPlan::Prepare(std::string sql, std::vector<Oid> types,
                           std::vector<funql::NamedFunction> named_functions) {
  sql_ = std::move(sql);
  named_functions_ = std::move(named_functions);
  auto known_types = std::make_shared<const std::vector<Oid>>(std::move(types));
  auto plan = std::make_shared<pg::Plan>();
  {
    // Constants become values here, and stay so for as long as the plan is kept.
    convert::PinnedSettings pinned;
    TrustedPath path;
    plan->Prepare(sql_, fundb_setup_parser, const_cast<std::vector<Oid> *>(known_types.get()));
  }
  // Before the old plan goes, and what is known of it with it.
  CachedPlanSource *source = SourceOf(*plan);
  Sources sources = {NIL, NIL};
  pg::Call([&] {
    ListCell *cell;
    foreach (cell, source->query_list) {
      (void)fundb_collect_sources(static_cast<Node *>(lfirst(cell)), &sources);
    }
  });
  RequireNamedColumns(sources.functions, named_functions_);
  locks_.clear();
  for (int i = 0; i < list_length(sources.tables); ++i) {
    const auto *table = static_cast<const RangeTblEntry *>(list_nth(sources.tables, i));
    locks_.push_back({table->relid, table->rellockmode});
  }
  plan_ = std::move(plan);
  types_ = std::move(known_types);
  source_ = source;
  parsed_ = source->query_context;
  lookup_ = pg::KeyLookup();
}

bool CompiledPlan::IsValid() const { return source_->is_valid; }

bool CompiledPlan::IsSettled() const {
  const Lock *locks = locks_.data();
  size_t count = locks_.size();
  pg::Call([&] {
    for (size_t i = 0; i < count; ++i) LockRelationOid(locks[i].relation, locks[i].mode);
  });
  if (!source_->is_valid || source_->query_context != parsed_) return false;
  // Row security is a part of the tree, and of another one for other roles and settings.
  return !source_->dependsOnRLS ||
         (source_->rewriteRoleId == GetUserId() && source_->rewriteRowSecurity == row_security);
}

std::shared_ptr<const pg::Plan> CompiledPlan::Settle() {
  // Each time others may have changed it once more; at last the parser's setup refuses.
  constexpr int kAttempts = 5;
  for (int i = 0; i < kAttempts && !IsSettled(); ++i) {
    // Copies: they are what is assigned.
    Prepare(std::string(sql_), std::vector<Oid>(*types_),
            std::vector<funql::NamedFunction>(named_functions_));
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

size_t CompiledPlan::Bytes() const { return sql_.capacity() + plan_->Bytes(); }

uint64_t CompiledPlan::Execute(pg::Parameters &parameters) {
  std::shared_ptr<const pg::Plan> plan = Settle();
  return pg::ExecuteWith(*plan, parameters, *types_);
}

void CompiledPlan::ExecuteInto(const pg::Parameters &parameters, DestReceiver *receiver) {
  std::shared_ptr<const pg::Plan> plan = Settle();
  if (lookup_.Run(source_, parameters, receiver)) return;
  pg::ExecuteInto(*plan, parameters, *types_, receiver);
}

void CompiledPlan::ColumnType(int position, Oid *type, int32 *modifier) const {
  Form_pg_attribute column = TupleDescAttr(source_->resultDesc, position);
  *type = column->atttypid;
  *modifier = column->atttypmod;
}

}  // namespace fundb::api
