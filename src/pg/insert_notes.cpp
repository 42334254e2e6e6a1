#include "pg/insert_notes.h"

#include "base/scope_exit.h"
#include "pg/call.h"
#include "pg/executor.h"
#include "pg/insert_sets.h"

extern "C" {
#include "catalog/pg_class.h"
#include "nodes/execnodes.h"
}

namespace fundb::pg {

namespace {

struct Note {
  ItemPointerData row;
  int32 set;  // kNoSet: none
};

// As much as fits into the largest piece that PostgreSQL's allocator does not round up or keep
// apart.
constexpr size_t kBlockBytes = 8192;
struct Block {
  Block *next;
  int32 count;
  Note notes[(kBlockBytes - sizeof(void *) - sizeof(int32)) / sizeof(Note)];
};
static_assert(sizeof(Note) == 12 && sizeof(Block) <= kBlockBytes, "no byte is lost");

}  // namespace

// Of one trigger of one relation in one execution.
struct InsertNotes {
  InsertNotes *next;
  const EState *state;
  Oid trigger;
  bool by_row;
  bool is_lost;
  Bitmapset **sets;  // of all INSERTs into the relation
  int set_count;
  Block *first;
  Block *last;
  int64 count;
  // Triggers are called in the order of the notes: the next is here.
  Block *read_block;
  int32 read_at;
};

namespace {

// Of all executions under way.
InsertNotes *all_notes = nullptr;

// What the condition keeps from row to row: one result relation of a statement, in fn_extra.
struct Source {
  const EState *state;
  InsertNotes *notes;  // null until a row is inserted
  InsertSets sets;
  int first_set;  // its sets among those of the notes
  bool is_idle;   // nothing to note
};

// The execution is over.
void ForgetNotes(void *gone) noexcept {
  for (InsertNotes **at = &all_notes; *at != nullptr; at = &(*at)->next) {
    if (*at != gone) continue;
    *at = (*at)->next;
    return;
  }
}

InsertNotes *NotesOf(const EState *state, Oid trigger) noexcept {
  for (InsertNotes *notes = all_notes; notes != nullptr; notes = notes->next) {
    if (notes->state == state && notes->trigger == trigger) return notes;
  }
  return nullptr;
}

// In the memory of the execution.
InsertNotes *fundb_new_notes(const EState *state, Oid trigger) {
  auto *notes = static_cast<InsertNotes *>(palloc0(sizeof(InsertNotes)));
  auto *callback = static_cast<MemoryContextCallback *>(palloc(sizeof(MemoryContextCallback)));
  notes->state = state;
  notes->trigger = trigger;
  callback->func = ForgetNotes;
  callback->arg = notes;
  MemoryContextRegisterResetCallback(state->es_query_cxt, callback);
  notes->next = all_notes;
  all_notes = notes;
  return notes;
}

void fundb_add_sets(InsertNotes *notes, const InsertSets *sets) {
  if (sets->count == 0) return;
  size_t bytes = sizeof(Bitmapset *) * static_cast<size_t>(notes->set_count + sets->count);
  auto **all = static_cast<Bitmapset **>(palloc(bytes));
  for (int i = 0; i < notes->set_count; ++i) all[i] = notes->sets[i];
  for (int i = 0; i < sets->count; ++i) all[notes->set_count + i] = sets->sets[i];
  notes->sets = all;
  notes->set_count += sets->count;
}

void fundb_add_block(InsertNotes *notes) {
  auto *block = static_cast<Block *>(palloc(sizeof(Block)));
  block->next = nullptr;
  block->count = 0;
  if (notes->last == nullptr) {
    notes->first = notes->read_block = block;
  } else {
    notes->last->next = block;
  }
  notes->last = block;
}

// An INSERT has no old row.
bool IsInsert(const EState *state) noexcept {
  const ExprContext *context = state->es_per_tuple_exprcontext;
  return context != nullptr && context->ecxt_innertuple == nullptr &&
         context->ecxt_outertuple != nullptr;
}

Source *SourceOf(FunctionCallInfo call) {
  auto *source = static_cast<Source *>(call->flinfo->fn_extra);
  if (source != nullptr) return source;
  MemoryContext memory = call->flinfo->fn_mcxt;
  source =
      static_cast<Source *>(Call([&] { return MemoryContextAllocZero(memory, sizeof(Source)); }));
  source->state = ExecutorOf(call);
  source->is_idle = source->state == nullptr;
  call->flinfo->fn_extra = source;
  return source;
}

// At the first row that is inserted.
void Begin(FunctionCallInfo call, Source *source) {
  // Rows are noted from the first on, or not at all.
  source->is_idle = true;
  ConditionPlace found = PlaceOfCondition(call);
  if (found.trigger == nullptr) return;
  MemoryContext caller = MemoryContextSwitchTo(source->state->es_query_cxt);
  ScopeExit back([&] { MemoryContextSwitchTo(caller); });
  InsertSets sets = FindInsertSets(found.place);
  InsertNotes *notes = NotesOf(source->state, found.trigger->tgoid);
  bool is_first = notes == nullptr;
  Oid trigger = found.trigger->tgoid;
  Call([&] {
    if (is_first) notes = fundb_new_notes(source->state, trigger);
    source->first_set = notes->set_count;
    fundb_add_sets(notes, &sets);
  });
  bool by_row = MayDiffer(found.place, sets);
  if (is_first) notes->by_row = by_row;
  if (!is_first && !notes->by_row) notes->is_lost = true;
  source->sets = sets;
  source->notes = notes;
  source->is_idle = !notes->by_row;
}

}  // namespace

bool HasToNote(FunctionCallInfo call) noexcept {
  if (call->flinfo == nullptr) return false;
  const auto *source = static_cast<Source *>(call->flinfo->fn_extra);
  if (source == nullptr) return true;
  return !source->is_idle && IsInsert(source->state);
}

void NoteInsert(FunctionCallInfo call) {
  Source *source = SourceOf(call);
  if (source->is_idle || !IsInsert(source->state)) return;
  if (source->notes == nullptr) Begin(call, source);
  if (source->is_idle) return;
  InsertNotes *notes = source->notes;
  if (notes->last == nullptr || notes->last->count == lengthof(notes->last->notes)) {
    MemoryContext caller = MemoryContextSwitchTo(source->state->es_query_cxt);
    ScopeExit back([&] { MemoryContextSwitchTo(caller); });
    Call([&] { fundb_add_block(notes); });
  }
  int set = SetAtWork(source->sets);
  Note &note = notes->last->notes[notes->last->count++];
  note.row = source->state->es_per_tuple_exprcontext->ecxt_outertuple->tts_tid;
  note.set = set == kNoSet ? kNoSet : source->first_set + set;
  ++notes->count;
}

void StopNoting(FunctionCallInfo call) {
  Source *source = SourceOf(call);
  if (source->notes != nullptr) source->notes->is_lost = true;
  source->is_idle = true;
}

InsertNotes *FindInsertNotes(FunctionCallInfo call) noexcept {
  const EState *state = PlaceOf(call).state;
  const Trigger *trigger = reinterpret_cast<TriggerData *>(call->context)->tg_trigger;
  InsertNotes *notes = state == nullptr ? nullptr : NotesOf(state, trigger->tgoid);
  return notes == nullptr || notes->is_lost ? nullptr : notes;
}

bool IsByRow(const InsertNotes &notes) noexcept { return notes.by_row; }

bool FindNotedColumns(InsertNotes *notes, FunctionCallInfo call,
                      const Bitmapset **columns) noexcept {
  int set = notes->by_row || notes->set_count == 0 ? kNoSet : 0;
  auto *data = reinterpret_cast<TriggerData *>(call->context);
  // Rows of a foreign table have no place: there the order alone tells.
  bool has_place = data->tg_relation->rd_rel->relkind != RELKIND_FOREIGN_TABLE;
  for (int64 left = notes->by_row ? notes->count : 0; left > 0; --left) {
    if (notes->read_at == notes->read_block->count) {
      Block *next = notes->read_block->next;
      notes->read_block = next == nullptr ? notes->first : next;
      notes->read_at = 0;
    }
    Note *note = &notes->read_block->notes[notes->read_at++];
    if (has_place && !ItemPointerEquals(&note->row, &data->tg_trigslot->tts_tid)) continue;
    set = note->set;
    break;
  }
  *columns = set == kNoSet ? nullptr : notes->sets[set];
  return set != kNoSet;
}

}  // namespace fundb::pg
