// Runs the rules of a row: BEFORE rules one after another, each on what the one before left, then
// AFTER rules. C++ regime; called by the extension's trigger function through pg::Enter.
#pragma once

#include "base/settings.h"
#include "js/engine.h"
#include "pg/executor.h"
#include "triggers/frame.h"
#include "triggers/table.h"

#include "pg/postgres.h"

namespace fundb::triggers {

// What the dispatcher needs of the session around it.
class Surroundings {
 public:
  virtual ~Surroundings() = default;

  virtual const Settings &settings() const = 0;
  // The engine, started when first asked for.  Throws Error.
  virtual js::Engine &engine() = 0;
};

class Dispatcher {
 public:
  explicit Dispatcher(Surroundings &surroundings) : surroundings_(surroundings) {}

  // One call of the native row trigger: the tuple to go on with, or null to skip the row.
  HeapTuple Dispatch(FunctionCallInfo call);

  // The innermost rule that is running, null outside of any.
  const Frame *innermost() const { return innermost_; }

  // Forgets every handler and shape, before the engine goes.  No rule may be running.
  void Clear() { tables_.Clear(); }

 private:
  struct RowCall;

  HeapTuple DispatchBefore(RowCall &row, const TableVersion &version);
  void DispatchAfter(RowCall &row, const TableVersion &version);
  bool Matches(const LoadedRule &rule, const RowCall &row) const;
  // False: the row is cancelled.
  bool RunRule(LoadedRule &rule, RowCall &row, const TableVersion &version);
  v8::Local<v8::Function> LoadHandler(LoadedRule &rule, js::Realm &realm);
  bool IsRunnable(LoadedRule &rule, js::Realm &realm, v8::Local<v8::Function> *handler);

  // The BEFORE call that ended last, to know the halves of a move between partitions by: PostgreSQL
  // updates, deletes and inserts one after another, and tells a trigger no more than that.
  struct LastBefore {
    pg::Execution execution;
    Oid relation = InvalidOid;
    ItemPointerData row;
    enum { kNone, kUpdate, kMovedOut } kind = kNone;
  };
  // True for the DELETE and INSERT halves of a move.
  bool IsMove(FunctionCallInfo call, convert::RowOperation operation) const;
  void NoteBefore(FunctionCallInfo call, convert::RowOperation operation, bool is_move);

  Surroundings &surroundings_;
  Tables tables_;
  LastBefore last_before_;
  const Frame *innermost_ = nullptr;
};

}  // namespace fundb::triggers
