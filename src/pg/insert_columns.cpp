#include "pg/insert_columns.h"

#include "base/scope_exit.h"
#include "pg/call.h"

namespace fundb::pg {

const InsertedColumns *FindInsertedColumns(FunctionCallInfo call) {
  TriggerPlace place = PlaceOf(call);
  bool before = TRIGGER_FIRED_BEFORE(reinterpret_cast<TriggerData *>(call->context)->tg_event);
  InsertNotes *notes = before ? nullptr : FindInsertNotes(call);
  MemoryContext memory = call->flinfo->fn_mcxt;
  auto *columns = static_cast<InsertedColumns *>(
      Call([&] { return MemoryContextAllocZero(memory, sizeof(InsertedColumns)); }));
  columns->notes = notes;
  columns->by_row = notes != nullptr && IsByRow(*notes);
  if (before && place.relation != nullptr) {
    MemoryContext caller = MemoryContextSwitchTo(memory);
    ScopeExit back([&] { MemoryContextSwitchTo(caller); });
    columns->sets = FindInsertSets(place);
    columns->by_row = columns->sets.by_row;
  }
  return columns;
}

bool FindColumnsOfRow(const InsertedColumns &inserted, FunctionCallInfo call,
                      const Bitmapset **columns) noexcept {
  if (inserted.notes != nullptr) return FindNotedColumns(inserted.notes, call, columns);
  int set = SetAtWork(inserted.sets);
  *columns = set == kNoSet ? nullptr : inserted.sets.sets[set];
  return set != kNoSet;
}

}  // namespace fundb::pg
