#include "triggers/dispatcher.h"

#include <cstring>

#include "base/scope_exit.h"
#include "base/text.h"
#include "catalog/registry.h"
#include "convert/image.h"
#include "js/errors.h"
#include "js/realm.h"
#include "js/run.h"
#include "pg/call.h"
#include "pg/encoding.h"
#include "pg/executor.h"
#include "pg/insert_columns.h"
#include "triggers/answer.h"

extern "C" {
#include "access/sysattr.h"
}

namespace fundb::triggers {

namespace {

using convert::RowOperation;
using convert::RowState;

// What a trigger call keeps from row to row of one statement, in fn_extra.
struct CallCache {
  Tables::Entry *entry;
  Tables *owner;
  const pg::InsertedColumns *columns;
  bool knows_assigned;
  int words;
  uint64_t assigned[FLEXIBLE_ARRAY_MEMBER];
};

CallCache *CacheOf(FunctionCallInfo call, Tables &tables, Relation relation) {
  auto *cache = static_cast<CallCache *>(call->flinfo->fn_extra);
  if (cache != nullptr && cache->owner == &tables) return cache;
  int words = (RelationGetNumberOfAttributes(relation) + 63) / 64;
  Tables::Entry &entry = tables.EntryOf(RelationGetRelid(relation));
  size_t bytes = offsetof(CallCache, assigned) + sizeof(uint64_t) * static_cast<size_t>(words);
  cache = static_cast<CallCache *>(
      pg::Call([&] { return MemoryContextAllocZero(call->flinfo->fn_mcxt, bytes); }));
  cache->entry = &entry;
  cache->owner = &tables;
  cache->words = words;
  call->flinfo->fn_extra = cache;
  return cache;
}

// The columns that the statement assigns in the row of an INSERT.
const uint64_t *AssignedColumns(FunctionCallInfo call, CallCache *cache) {
  bool is_first = cache->columns == nullptr;
  if (is_first) cache->columns = pg::FindInsertedColumns(call);
  if (!is_first && !cache->columns->by_row) return cache->assigned;
  std::memset(cache->assigned, 0, sizeof(uint64_t) * static_cast<size_t>(cache->words));
  const Bitmapset *columns;
  cache->knows_assigned = pg::FindColumnsOfRow(*cache->columns, call, &columns);
  for (int bit = -1; (bit = bms_next_member(columns, bit)) >= 0;) {
    int index = bit + FirstLowInvalidHeapAttributeNumber - 1;
    if (index >= 0 && index < cache->words * 64) RowState::Set(cache->assigned, index);
  }
  return cache->assigned;
}

RowOperation OperationOf(TriggerEvent event) {
  if (TRIGGER_FIRED_BY_INSERT(event)) return RowOperation::kInsert;
  if (TRIGGER_FIRED_BY_UPDATE(event)) return RowOperation::kUpdate;
  return RowOperation::kDelete;
}

// The errors of a run, in words that name the rule.
class Wording final : public js::RunWording {
 public:
  explicit Wording(const catalog::Rule &rule) : rule_(rule) {}

  Report NeverResolved() const override {
    Report report;
    report.sqlstate = sqlstate::kTriggerProtocol;
    report.message = "the promise returned by " + RuleText(rule_) + " never resolved";
    report.hint = "There are no timers: await only calls of FunDB and promises that settle.";
    return report;
  }

  Report TimedOut(int timeout_ms) const override {
    Report report;
    report.sqlstate = sqlstate::kQueryCanceled;
    report.message = "canceling " + RuleText(rule_) + " due to rule timeout";
    report.detail = "The rule ran longer than " + std::to_string(timeout_ms) + " ms.";
    report.hint = "Make the rule do less, or raise fundb.rule_timeout.";
    return report;
  }

 private:
  const catalog::Rule &rule_;
};

Error DepthError(const Frame &frame, int max_depth) {
  std::string chain;
  for (const Frame *at = &frame; at != nullptr; at = at->outer) {
    chain.insert(0, chain.empty() ? FrameText(*at) : FrameText(*at) + " → ");
  }
  return Error(sqlstate::kTooComplex,
               "triggers are nested more than " + std::to_string(max_depth) + " deep")
      .Detail("The chain is " + chain + ".")
      .Hint("Let a trigger not write what fires it again, or raise fundb.max_depth.");
}

}  // namespace

// One call for one row.
struct Dispatcher::RowCall {
  // The one the version was made with: asking again could give its replacement.
  js::Engine *engine;
  FunctionCallInfo call;
  Relation relation;
  RowOperation operation;
  bool before;
  bool is_move;
  HeapTuple old_row;
  HeapTuple new_row;
  // INSERT: the columns assigned by now, null for other operations.
  uint64_t *assigned = nullptr;
  // False where the statement has no list of columns: a move, logical replication.
  bool knows_assigned = false;
  // A rule answered with an object: an update that changes nothing any more is not to be written.
  bool replaced = false;
  // UPDATE: the columns that differ between the rows, once somebody had to know.
  uint64_t changed = 0;
  bool knows_changed = false;
  // A column that differed before a rule changed the row, -1 when none is known.
  int changed_before = -1;

  void TellChanged(RowState *state) const {
    state->knows_changed = knows_changed;
    state->changed = changed;
  }

  convert::Row Copy(const TableVersion &version) const {
    return convert::NewRow(*engine, version.shape, operation, before, old_row, new_row, assigned,
                           knows_assigned);
  }
};

// What a handler is given of a row.  What it cannot see is not made.
struct Dispatcher::Given {
  v8::Local<v8::Value> arguments[2];
  v8::Local<v8::Object> args;
  convert::Row row;
  // Objects that the handler does not keep serve again.  A nested call of the same rule finds none.
  std::unique_ptr<convert::ReusedRow> reused;
  uint64_t generation = 0;  // of the handler
};

class Dispatcher::GivenArgs final : public js::KnownObjects {
 public:
  explicit GivenArgs(const Given &given) : given_(given) {}
  bool HasNoThen(v8::Local<v8::Value> value) const override {
    return value == given_.args && convert::IsArgsWithoutThen(*given_.row.state, given_.args);
  }

 private:
  const Given &given_;
};

HeapTuple Dispatcher::Dispatch(FunctionCallInfo call) {
  auto *data = reinterpret_cast<TriggerData *>(call->context);
  RowOperation operation = OperationOf(data->tg_event);
  bool before = TRIGGER_FIRED_BEFORE(data->tg_event);
  HeapTuple unchanged = operation == RowOperation::kUpdate ? data->tg_newtuple : data->tg_trigtuple;
  if (!settings_.enabled || catalog::IsRestoringAsSuperuser()) return unchanged;

  CallCache *cache = CacheOf(call, tables_, data->tg_relation);
  js::Engine &engine = surroundings_.engine();
  // Held for the whole call: a nested change of the rules makes a new version and leaves this one.
  TableVersionPin version(tables_.Current(*cache->entry, engine, data->tg_relation));
  bool in_partition = before && version->is_partition;
  bool is_move = in_partition && IsMove(call, operation);
  ScopeExit note([&] {
    if (in_partition) NoteBefore(call, operation, is_move);
  });
  if (version->by_event[before ? 1 : 0][static_cast<int>(operation)].empty()) return unchanged;

  RowCall row;
  row.engine = &engine;
  row.call = call;
  row.relation = data->tg_relation;
  row.operation = operation;
  row.before = before;
  row.is_move = is_move;
  row.old_row = operation == RowOperation::kInsert ? nullptr : data->tg_trigtuple;
  row.new_row = operation == RowOperation::kDelete ? nullptr : unchanged;
  // Rules add to the set: it is a copy, in place for tables of a usual width.
  constexpr int kUsualWords = 4;
  uint64_t few[kUsualWords];
  std::vector<uint64_t> many;
  if (operation == RowOperation::kInsert) {
    row.assigned = few;
    if (cache->words > kUsualWords) {
      many.resize(static_cast<size_t>(cache->words));
      row.assigned = many.data();
    }
    size_t bytes = sizeof(uint64_t) * static_cast<size_t>(cache->words);
    // A move comes from an UPDATE, which has no list of columns.
    if (is_move) {
      std::memset(row.assigned, 0, bytes);
    } else {
      std::memcpy(row.assigned, AssignedColumns(call, cache), bytes);
      row.knows_assigned = cache->knows_assigned;
    }
  }
  if (!before) {
    DispatchAfter(row, *version);
    return unchanged;
  }
  return DispatchBefore(row, *version);
}

bool Dispatcher::IsMove(FunctionCallInfo call, RowOperation operation) const {
  auto *data = reinterpret_cast<TriggerData *>(call->context);
  const LastBefore &last = last_before_;
  if (operation == RowOperation::kUpdate) return false;
  if (pg::IsAppliedUpdate(call)) return true;
  if (last.kind == LastBefore::kNone) return false;
  if (last.execution.state == nullptr || !(last.execution == pg::ExecutionOf(call))) return false;
  if (operation == RowOperation::kInsert) return last.kind == LastBefore::kMovedOut;
  return last.kind == LastBefore::kUpdate && last.relation == RelationGetRelid(data->tg_relation) &&
         ItemPointerEquals(const_cast<ItemPointerData *>(&last.row), &data->tg_trigtuple->t_self);
}

void Dispatcher::NoteBefore(FunctionCallInfo call, RowOperation operation, bool is_move) {
  auto *data = reinterpret_cast<TriggerData *>(call->context);
  last_before_.kind = operation == RowOperation::kUpdate              ? LastBefore::kUpdate
                      : operation == RowOperation::kDelete && is_move ? LastBefore::kMovedOut
                                                                      : LastBefore::kNone;
  if (last_before_.kind == LastBefore::kNone) return;
  last_before_.execution = pg::ExecutionOf(call);
  last_before_.relation = RelationGetRelid(data->tg_relation);
  last_before_.row = data->tg_trigtuple->t_self;
}

bool Dispatcher::Matches(const LoadedRule &rule, RowCall &row) const {
  if (row.operation != RowOperation::kUpdate) return true;
  TupleDesc descriptor = RelationGetDescr(row.relation);
  // Which columns a broken rule waits for may not be known: it fails on any change.
  if (rule.rule->any_update || !rule.rule->broken_reason.empty()) {
    if (!row.knows_changed) {
      // All of them, where `args` will be made of them.
      if (!rule.used.second || descriptor->natts > convert::kMostComparedColumns) {
        return convert::AnyColumnDiffers(row.old_row, row.new_row, descriptor);
      }
      row.changed = convert::ChangedColumns(row.old_row, row.new_row, descriptor);
      row.knows_changed = true;
    }
    return row.changed != 0;
  }
  for (int index : rule.fields) {
    if (convert::ColumnDiffers(row.old_row, row.new_row, descriptor, index)) return true;
  }
  return false;
}

HeapTuple Dispatcher::DispatchBefore(RowCall &row, const TableVersion &version) {
  HeapTuple proposed = row.new_row;
  for (LoadedRule *rule : version.by_event[1][static_cast<int>(row.operation)]) {
    if (!Matches(*rule, row)) continue;
    if (RunRule(*rule, row, version)) continue;
    if (row.is_move || pg::IsForeignKeyAction(row.call)) {
      // What is applied shows no update that could be skipped.
      bool has_update = row.is_move && !pg::IsAppliedUpdate(row.call);
      throw Error(sqlstate::kTriggeredDataChange, RuleText(*rule->rule) + " cannot skip this row")
          .Detail(row.is_move ? "The row is on its way to another partition."
                              : "The row is being changed by the action of a foreign key.")
          .Hint(has_update ? "Skip it in a BEFORE trigger for updates instead."
                           : "Return true, or refuse the whole statement with an error.");
    }
    return nullptr;
  }
  if (row.operation == RowOperation::kDelete) return row.old_row;
  if (row.operation == RowOperation::kUpdate && row.replaced) {
    TupleDesc descriptor = RelationGetDescr(row.relation);
    if (pg::IsForeignKeyAction(row.call)) {
      // What the foreign key's action sets must arrive, or the row would refer to nothing.
      for (int i = 0; i < descriptor->natts; ++i) {
        if (!convert::ColumnDiffers(row.old_row, proposed, descriptor, i) ||
            !convert::ColumnDiffers(proposed, row.new_row, descriptor, i)) {
          continue;
        }
        std::string name = pg::FromServer(NameStr(TupleDescAttr(descriptor, i)->attname));
        throw Error(sqlstate::kTriggeredDataChange,
                    "a trigger cannot change column " + Quoted(name) + " here")
            .Detail("The action of a foreign key is changing this column.")
            .Hint("Return true or leave the column as it is in args.")
            .Column(name);
      }
    } else if ((row.changed_before < 0 ||
                !convert::ColumnDiffers(row.old_row, row.new_row, descriptor,
                                        row.changed_before)) &&
               !convert::AnyColumnDiffers(row.old_row, row.new_row, descriptor)) {
      return nullptr;  // nothing is left to write
    }
  }
  return row.new_row;
}

void Dispatcher::DispatchAfter(RowCall &row, const TableVersion &version) {
  for (LoadedRule *rule : version.by_event[0][static_cast<int>(row.operation)]) {
    if (Matches(*rule, row)) RunRule(*rule, row, version);
  }
}

bool Dispatcher::IsRunnable(LoadedRule &rule, js::Realm &realm) {
  // For every row.  A rule that is broken by its row alone has no handler.
  if (rule.realm_generation == realm.generation() && !rule.handler.IsEmpty()) return true;
  return Load(rule, realm);
}

bool Dispatcher::Load(LoadedRule &rule, js::Realm &realm) {
  Report broken;
  broken.sqlstate = sqlstate::kInvalidParameter;
  broken.message = rule.rule->broken_reason;
  if (broken.message.empty()) {
    try {
      v8::Local<v8::Function> handler =
          realm.LoadHandler(rule.rule->module_name, rule.rule->procedure);
      rule.handler.Reset(realm.isolate(), handler);
      rule.used = js::FindUsedParameters(realm.context(), handler);
      rule.reused.reset();
      rule.stands_for_async = realm.StandsForAsync(rule.rule->module_name);
      // Loading may itself have made older handlers out of date.
      rule.realm_generation = realm.generation();
      return true;
    } catch (Error &error) {
      if (IsUncatchable(error.report()) || MustLeaveUnchanged(error.report())) throw;
      broken = std::move(error.report());
    }
  }
  if (!rule.rule->allow_broken) {
    broken.message = RuleText(*rule.rule) + " is broken: " + broken.message;
    if (broken.hint.empty()) {
      broken.hint = "Mend or delete the row of public.triggers, or set its allow_broken.";
    }
    throw Error(std::move(broken));
  }
  std::string text =
      pg::ToServerForced(RuleText(*rule.rule) + " is broken and was skipped: " + broken.message);
  pg::Call([&] { ereport(WARNING, (errmsg_internal("%s", text.c_str()))); });
  return false;
}

void Dispatcher::Give(LoadedRule &rule, const RowCall &row, const TableVersion &version,
                      js::Realm &realm, Given *given) {
  bool takes_args = rule.used.second && row.operation != RowOperation::kDelete;
  if (!rule.used.first && !takes_args) return;
  given->generation = rule.realm_generation;
  v8::Local<v8::Context> context = realm.context();
  if (rule.used.keeps_nothing && !version.shape->has_then()) {
    given->reused = std::move(rule.reused);
    if (given->reused == nullptr || given->reused->operation() != row.operation) {
      given->reused = std::make_unique<convert::ReusedRow>(realm, version.shape, row.operation);
    }
    given->row = given->reused->Begin(row.before, row.old_row, row.new_row, row.assigned,
                                      row.knows_assigned);
    row.TellChanged(given->row.state);
    if (rule.used.first) given->arguments[0] = given->reused->Event();
    if (takes_args) given->args = given->reused->Args();
  } else {
    given->row = row.Copy(version);
    row.TellChanged(given->row.state);
    if (rule.used.first) given->arguments[0] = convert::NewEvent(context, given->row);
    if (takes_args) given->args = convert::NewArgs(context, given->row);
  }
  if (takes_args) given->arguments[1] = given->args;
}

void Dispatcher::TakeBack(LoadedRule &rule, Given *given) {
  given->reused->End();
  if (rule.realm_generation == given->generation) rule.reused = std::move(given->reused);
}

void Dispatcher::Accept(LoadedRule &rule, RowCall &row, const TableVersion &version,
                        js::Realm &realm, Given *given, v8::Local<v8::Value> result,
                        const js::RunOptions &run) {
  if (given->row.state == nullptr) given->row = row.Copy(version);
  AnswerOptions options;
  options.rule = rule.rule;
  options.ignore_unknown_fields = settings_.ignore_unknown_fields;
  options.run.timeout_ms = run.timeout_ms;
  options.run.wording = run.wording;
  Answer answer =
      ReadAnswer(realm, row.relation, given->row, given->args, result, row.assigned, options);
  if (answer.kind == Answer::kReplace) {
    row.new_row = answer.row;
    row.replaced = true;
    if (row.knows_changed && row.changed != 0) row.changed_before = __builtin_ctzll(row.changed);
    row.knows_changed = false;
  }
}

bool Dispatcher::RunRule(LoadedRule &rule, RowCall &row, const TableVersion &version) {
  Frame frame;
  frame.rule = rule.rule;
  frame.outer = innermost_;
  frame.depth = innermost_ == nullptr ? 1 : innermost_->depth + 1;
  const Frame *outer = innermost_;
  innermost_ = &frame;
  ScopeExit restore([&] { innermost_ = outer; });

  try {
    // The common case without a jump buffer.
    if (stack_is_too_deep()) pg::Call([] { check_stack_depth(); });
    js::Realm &realm = row.engine->RealmOf(GetUserId());
    v8::Isolate *isolate = realm.isolate();
    v8::HandleScope handles(isolate);
    if (!IsRunnable(rule, realm)) return true;

    frame.shape = version.shape.get();
    frame.row = row.operation == RowOperation::kInsert ? row.new_row : row.old_row;
    if (frame.depth > settings_.max_depth) throw DepthError(frame, settings_.max_depth);

    Given given;
    given.arguments[0] = given.arguments[1] = v8::Undefined(isolate);
    if (rule.used.first || rule.used.second) Give(rule, row, version, realm, &given);
    Wording wording(*rule.rule);
    GivenArgs args(given);
    js::RunOptions run;
    run.timeout_ms = settings_.rule_timeout_ms;
    run.wording = &wording;
    run.stands_for_async = rule.stands_for_async;
    if (!given.args.IsEmpty()) run.known_objects = &args;
    // V8 looks at the handle before it enters the function, and no more once nested work may have
    // put another handler in its place.
    v8::Local<v8::Value> result = js::Run(realm, js::Borrow(rule.handler), 2, given.arguments, run);
    bool is_false = result == v8::False(isolate);
    if (row.before && !is_false && result != v8::True(isolate)) {
      Accept(rule, row, version, realm, &given, result, run);
    }
    if (given.reused != nullptr) TakeBack(rule, &given);
    return !(row.before && is_false);
  } catch (Error &error) {
    Report &report = error.report();
    if (!report.context.empty()) report.context += '\n';
    report.context += RuleText(*rule.rule);
    PassRule(report, rule.rule->owner_schema, rule.rule->name);
    throw;
  }
}

}  // namespace fundb::triggers
