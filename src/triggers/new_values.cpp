#include "triggers/new_values.h"

#include "base/text.h"
#include "convert/image.h"
#include "js/run.h"
#include "pg/call.h"

extern "C" {
#include "executor/executor.h"
#include "rewrite/rewriteHandler.h"
#include "utils/datum.h"
}

namespace fundb::triggers {

namespace {

using convert::Column;
using convert::RowOperation;
using convert::RowState;

[[noreturn]] void ThrowGenerated(const Column &column) {
  Error error(sqlstate::kGeneratedAlways,
              "cannot set column " + Quoted(column.name) + ", which is always generated");
  error.Hint("Leave the column out of what the trigger returns.");
  error.report().column = column.name;
  throw error;
}

}  // namespace

// True when the value says what is stored already: the bytes stay as they are.
bool NewValues::IsStored(int index, v8::Local<v8::Value> value, bool of_old) {
  bool is_null;
  (void)state_.Stored(of_old, index, &is_null);
  // A json value may be null without being NULL.
  if (is_null) return value->IsNull();
  return convert::SameContent(context_, value,
                              convert::StoredToJs(context_, state_, of_old, index));
}

void NewValues::Change(int index, Datum value, bool is_null) {
  if (assigned_ != nullptr) RowState::Set(assigned_, index);
  changes_.Add(index, value, is_null);
}

void NewValues::Take(int index, v8::Local<v8::Value> value, bool is_read) {
  if (value->IsUndefined()) return LeaveOut(index);
  const Column &column = state_.shape->column(index);
  if (column.generated || column.identity_always) {
    bool unchanged = IsStored(index, value, false) ||
                     (state_.old_row.t_data != nullptr && IsStored(index, value, true));
    if (!unchanged) ThrowGenerated(column);
    return;
  }
  if (assigned_ != nullptr && !is_read) RowState::Set(assigned_, index);
  convert::Target target{"column", column.name};
  if (column.type->IsLossy()) {
    if (IsStored(index, value, false)) return;
    // A value read from event.old and put back is the old value, byte for byte.
    if (state_.old_row.t_data != nullptr && IsStored(index, value, true)) {
      bool is_null;
      Datum old_value = state_.Stored(true, index, &is_null);
      Change(index, old_value, is_null);
      return;
    }
  }
  if (value->IsNull()) {
    bool is_null;
    (void)state_.Stored(false, index, &is_null);
    if (is_null) return;
    column.type->CheckNull(target);
    Change(index, 0, true);
    return;
  }
  Datum made = column.type->FromJs(context_, value, target);
  // The same bytes: what is stored stays, compressed or out of line as it is, and a row in which
  // nothing changed is the same row to PostgreSQL.
  bool is_null;
  Datum stored = state_.Stored(false, index, &is_null);
  const FormData_pg_attribute &attribute = *TupleDescAttr(RelationGetDescr(relation_), index);
  if (!is_null && !convert::ImageDiffers(stored, made, attribute.attbyval, attribute.attlen)) {
    return;
  }
  Change(index, made, false);
}

void NewValues::LeaveOut(int index) {
  const Column &column = state_.shape->column(index);
  if (column.generated) return;
  bool is_null;
  if (state_.operation == RowOperation::kUpdate) {
    if (!state_.Differs(index)) return;
    Datum value = state_.Stored(true, index, &is_null);
    changes_.Add(index, value, is_null);
    return;
  }
  // A value that came from the default stays: asking again would use up a second sequence value.
  if (!RowState::Bit(state_.assigned, index)) return;
  RowState::Clear(assigned_, index);
  bool default_null = true;
  Datum value = DefaultOf(index, &default_null);
  (void)state_.Stored(false, index, &is_null);
  if (default_null && is_null) return;
  // A domain may refuse to be null where there is no default.
  if (default_null) column.type->CheckNull({"column", column.name});
  changes_.Add(index, value, default_null);
}

Datum NewValues::DefaultOf(int index, bool *is_null) {
  js::HostScope host(js::Engine::From(context_->GetIsolate()));
  return pg::Call([&] {
    Node *expression = build_column_default(relation_, index + 1);
    if (expression == nullptr) {
      *is_null = true;
      return static_cast<Datum>(0);
    }
    EState *executor = CreateExecutorState();
    ExprContext *expression_context = GetPerTupleExprContext(executor);
    ExprState *prepared = ExecPrepareExpr(reinterpret_cast<Expr *>(expression), executor);
    Datum value = ExecEvalExprSwitchContext(prepared, expression_context, is_null);
    const FormData_pg_attribute &attribute = *TupleDescAttr(RelationGetDescr(relation_), index);
    if (!*is_null) value = datumCopy(value, attribute.attbyval, attribute.attlen);
    FreeExecutorState(executor);
    return value;
  });
}

HeapTuple NewValues::Build() {
  if (changes_.size() == 0) return nullptr;
  return pg::Call([&] {
    return fundb_with_changes(&state_.new_row, RelationGetDescr(relation_), state_.shape->layout(),
                              changes_.begin(), changes_.end());
  });
}

}  // namespace fundb::triggers
