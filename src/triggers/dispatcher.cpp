#include "triggers/dispatcher.h"

#include <cstring>

#include "base/scope_exit.h"
#include "base/text.h"
#include "catalog/registry.h"
#include "convert/image.h"
#include "pg/call.h"
#include "pg/encoding.h"
#include "pg/executor.h"
#include "pg/insert_columns.h"
#include "triggers/row_call.h"

extern "C" {
#include "access/sysattr.h"
}

namespace fundb::triggers {

namespace {

using convert::GeneratedColumns;
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

}  // namespace

HeapTuple Dispatcher::Dispatch(FunctionCallInfo call) {
  auto *data = reinterpret_cast<TriggerData *>(call->context);
  RowOperation operation = OperationOf(data->tg_event);
  bool before = TRIGGER_FIRED_BEFORE(data->tg_event);
  HeapTuple unchanged = operation == RowOperation::kUpdate ? data->tg_newtuple : data->tg_trigtuple;
  if (!settings_.enabled || catalog::IsRestoringAsSuperuser()) return unchanged;

  CallCache *cache = CacheOf(call, tables_, data->tg_relation);
  js::Engine &engine = surroundings_.engine();
  js::EngineUse use(engine);
  // Held for the whole call: a nested change of the rules makes a new version and leaves this one.
  TableVersionPin version(tables_.Current(*cache->entry, engine, data->tg_relation));
  bool in_partition = before && version->is_partition;
  bool is_move = in_partition && IsMove(call, operation);
  bool goes_on = false;
  ScopeExit note([&] {
    if (in_partition) NoteBefore(call, operation, is_move, goes_on);
  });
  if (version->by_event[before ? 1 : 0][static_cast<int>(operation)].empty()) {
    goes_on = true;
    return unchanged;
  }

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
  HeapTuple result = DispatchBefore(row, *version);
  goes_on = result != nullptr;
  return result;
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

void Dispatcher::NoteBefore(FunctionCallInfo call, RowOperation operation, bool is_move,
                            bool goes_on) {
  auto *data = reinterpret_cast<TriggerData *>(call->context);
  // A row that was skipped does not move.
  last_before_.kind = !goes_on                                        ? LastBefore::kNone
                      : operation == RowOperation::kUpdate            ? LastBefore::kUpdate
                      : operation == RowOperation::kDelete && is_move ? LastBefore::kMovedOut
                                                                      : LastBefore::kNone;
  if (last_before_.kind == LastBefore::kNone) return;
  last_before_.execution = pg::ExecutionOf(call);
  last_before_.relation = RelationGetRelid(data->tg_relation);
  last_before_.row = data->tg_trigtuple->t_self;
}

bool Dispatcher::Matches(const LoadedRule &rule, RowCall &row, const TableVersion &version) const {
  if (row.operation != RowOperation::kUpdate) return true;
  TupleDesc descriptor = RelationGetDescr(row.relation);
  // Which columns a broken rule waits for may not be known: it fails on any change.
  if (rule.rule->any_update || !rule.rule->broken_reason.empty()) {
    if (!row.knows_changed) {
      const pg::TupleLayout &layout = version.shape->layout();
      auto generated = row.before ? GeneratedColumns::kSkip : GeneratedColumns::kCount;
      // All of them, where `args` will be made of them.
      if (!rule.used.second || rule.used.uses.keeps_nothing ||
          descriptor->natts > convert::kMostComparedColumns) {
        return convert::AnyColumnDiffers(row.old_row, row.new_row, descriptor, layout, generated);
      }
      row.changed =
          convert::ChangedColumns(row.old_row, row.new_row, descriptor, layout, generated);
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
    if (!Matches(*rule, row, version)) continue;
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
               !convert::AnyColumnDiffers(row.old_row, row.new_row, descriptor,
                                          version.shape->layout(), GeneratedColumns::kSkip)) {
      return nullptr;  // nothing is left to write
    }
  }
  return row.new_row;
}

void Dispatcher::DispatchAfter(RowCall &row, const TableVersion &version) {
  for (LoadedRule *rule : version.by_event[0][static_cast<int>(row.operation)]) {
    if (Matches(*rule, row, version)) RunRule(*rule, row, version);
  }
}

}  // namespace fundb::triggers
