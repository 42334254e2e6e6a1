// Runs the rules of a row: BEFORE rules one after another, each on what the one before left, then
// AFTER rules. C++ regime; called by the extension's trigger function through pg::Enter.
#pragma once

#include "base/settings.h"
#include "js/engine.h"
#include "js/run.h"
#include "pg/executor.h"
#include "pg/inval.h"
#include "triggers/frame.h"
#include "triggers/table.h"

#include "pg/postgres.h"

namespace fundb::triggers {

// What the dispatcher needs of the session around it.
class Surroundings {
 public:
  virtual ~Surroundings() = default;

  // The engine, started when first asked for.  Throws Error.
  js::Engine &engine() {
    // For every row.
    if (engine_ != nullptr && checked_at_ == pg::Invalidations() && !engine_->NeedsReplacement()) {
      return *engine_;
    }
    return FindEngine();
  }

 protected:
  virtual js::Engine &FindEngine() = 0;

  // What FindEngine found: good for as long as pg::Invalidations() stays.  Null: ask again.
  void Remember(js::Engine *engine, uint64_t checked_at) {
    engine_ = engine;
    checked_at_ = checked_at;
  }

 private:
  js::Engine *engine_ = nullptr;
  uint64_t checked_at_ = 0;
};

class Dispatcher {
 public:
  // `settings` are always the current ones.
  Dispatcher(Surroundings &surroundings, const Settings &settings)
      : surroundings_(surroundings), settings_(settings) {}

  // One call of the native row trigger: the tuple to go on with, or null to skip the row.
  HeapTuple Dispatch(FunctionCallInfo call);

  // The innermost rule that is running, null outside of any.
  const Frame *innermost() const { return innermost_; }

  // Forgets every handler and shape, before the engine goes.  No rule may be running.
  void Clear() { tables_.Clear(); }

 private:
  struct RowCall;
  struct Given;
  class GivenArgs;

  HeapTuple DispatchBefore(RowCall &row, const TableVersion &version);
  void DispatchAfter(RowCall &row, const TableVersion &version);
  bool Matches(const LoadedRule &rule, RowCall &row, const TableVersion &version) const;
  // False: the row is cancelled.
  bool RunRule(LoadedRule &rule, RowCall &row, const TableVersion &version);
  // Makes what the rule's handler can see of the row.
  static void Give(LoadedRule &rule, const RowCall &row, const TableVersion &version,
                   js::Realm &realm, Given *given);
  // What the handler returned is no boolean: the row goes on as that says.
  void Accept(LoadedRule &rule, RowCall &row, const TableVersion &version, js::Realm &realm,
              Given *given, v8::Local<v8::Value> result, const js::RunOptions &run);
  // Calls the handler, with objects of the row; true where the row is to be written.
  bool Call(LoadedRule &rule, RowCall &row, const TableVersion &version, js::Realm &realm,
            js::RunOptions *run);
  // The same by rule.direct.  False where that is not possible.
  bool CallDirectly(LoadedRule &rule, RowCall &row, const TableVersion &version, js::Realm &realm,
                    const js::RunOptions &run, bool *is_kept);
  // Whether rule.handler is there for the realm.
  bool IsRunnable(LoadedRule &rule, js::Realm &realm);
  bool Load(LoadedRule &rule, js::Realm &realm);

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
  void NoteBefore(FunctionCallInfo call, convert::RowOperation operation, bool is_move,
                  bool goes_on);

  Surroundings &surroundings_;
  const Settings &settings_;
  Tables tables_;
  LastBefore last_before_;
  const Frame *innermost_ = nullptr;
};

}  // namespace fundb::triggers
