// Calls the handler of a rule with the columns that it names, instead of objects that stand for the
// whole row (js/adapter.h).  For handlers that keep nothing of a row, and columns whose values cost
// next to nothing to convert: a handler may not come to read them.  V8 and PostgreSQL.
#pragma once

#include <v8.h>

#include <memory>
#include <string>
#include <vector>

#include "convert/row.h"
#include "js/adapter.h"
#include "js/escape.h"
#include "triggers/new_values.h"

#include "pg/postgres.h"

namespace fundb::triggers {

// The row of one call.  It must stay as long as the call.
struct DirectRow {
  HeapTuple old_row;
  HeapTuple new_row;
  const uint64_t *assigned;
  bool knows_assigned;
  bool knows_changed;
  uint64_t changed;
  // Other rules come after this one, and `assigned` is theirs, too.
  bool has_next;
};

// What one call gives to the handler and gets from it.
struct DirectValues {
  SmallVector<v8::Local<v8::Value>, 8> arguments;
  js::AdapterOutcome outcome;
};

// For one rule, realm, operation and timing; serves one call after another, not two at a time.
class DirectCall {
 public:
  // Null where the handler is none for it.  Throws Error.
  // `module`: the handler's.
  static std::unique_ptr<DirectCall> Make(js::Realm &realm, const std::string &module,
                                          const js::ParameterUses &uses, convert::RowShape &shape,
                                          convert::RowOperation operation, bool before);

  // Reads the columns.  False for a row that is none for it: with long values, which are only
  // converted when a handler reads them, or with a default that may be assigned as it is.  Needs a
  // HandleScope that lives until Answer.
  bool Begin(v8::Local<v8::Context> context, const DirectRow &row, DirectValues *values);
  // Calls `handler`, the one of Make's module.  Throws Error.
  void Run(js::Realm &realm, v8::Local<v8::Function> handler, const js::RunOptions &options,
           DirectValues *values) const;
  // The row with what a handler that returned `args` set there, null when that is nothing new; see
  // NewValues.  Throws Error.
  HeapTuple Answer(js::Realm &realm, Relation relation, uint64_t *assigned,
                   const js::RunOptions &options, const DirectValues &values);

 private:
  enum class From { kArgs, kNew, kOld };
  struct Given {
    From from;
    int index;
    bool is_taken;
  };
  struct Taken {
    int index;
    int argument;  // its place among the arguments, -1 when it is none
  };

  DirectCall(convert::RowShape &shape, convert::RowOperation operation, bool before);

  // Adds the columns of `names` that there are; false when one of them is none for a direct call.
  bool AddRow(From from, const std::vector<js::NamedProperty> &names,
              std::vector<std::string> *added);
  bool AddArgs(const std::vector<js::NamedProperty> &names,
               std::vector<js::AdapterForm::Column> *added);

  convert::RowShape &shape_;
  std::unique_ptr<char[]> memory_;
  convert::RowState *state_;
  // Null for a handler that names no column, which needs none: `args` is always the same empty
  // object.
  std::shared_ptr<const js::Adapter> adapter_;
  v8::Global<v8::Object> empty_args_;
  std::vector<Given> given_;
  std::vector<Taken> taken_;  // in ascending order of columns
};

}  // namespace fundb::triggers
