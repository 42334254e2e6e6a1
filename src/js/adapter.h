// Calls a handler that keeps nothing of a row (js/escape.h) with the columns as arguments.
//
// Objects with accessors cost V8 a call of C++ for each column that a handler reads or sets.  For
// a handler that is only seen to name columns, a small function made for it puts the columns into
// plain objects, calls it, and gives back what it left in `args`:
//
//     (a0, a1) => {
//       const args = {t4: unset, t1: a0};
//       const result = handler({new: {id: a1}}, args);
//       if (result === args) return args.t4;
//       …
//     }
//
// V8 compiles the handler into that, and nothing is left of the objects.  V8 only.
#pragma once

#include <v8.h>

#include <string>
#include <vector>

#include "base/small_vector.h"
#include "js/realm.h"
#include "js/run.h"

namespace fundb::js {

// Names must be plain (ASCII letters, digits, _ and $, no digit first), and each be there once.
struct AdapterForm {
  struct Column {
    std::string name;
    bool is_given;  // its value is an argument
    bool is_taken;  // its value is asked for afterwards
  };
  // What the handler gets; otherwise undefined.
  bool has_args = false;
  bool has_event = false;
  bool has_new = false;
  bool has_old = false;
  std::vector<Column> args;
  std::vector<std::string> new_row;
  std::vector<std::string> old_row;
};

// What a handler left behind.
struct AdapterOutcome {
  // It returned `args`: `taken` is what the taken columns hold, in order; empty for a column that
  // was neither given nor set.  Otherwise it returned `result`, or a promise of it.
  bool is_args = false;
  v8::Local<v8::Value> result;
  SmallVector<v8::Local<v8::Value>, 4> taken;
};

class Adapter {
 public:
  // Use Realm::AdapterOf.
  Adapter(Realm &realm, v8::Local<v8::Function> handler, const AdapterForm &form);

  // The text of the function that makes the adapter; equal for equal forms.
  static std::string SourceOf(const AdapterForm &form);
  const std::string &source() const { return source_; }

  // As js::Run, with the given columns of args, new_row and old_row, in this order.
  void Run(Realm &realm, int argc, v8::Local<v8::Value> *argv, const RunOptions &options,
           AdapterOutcome *outcome) const;

 private:
  class Body;

  // Puts into `outcome` what `returned` says; gives what is still to be waited for, and then in
  // `args` what the handler was called with.  Throws Pending.
  v8::Local<v8::Value> Read(v8::Local<v8::Context> context, v8::Local<v8::Value> returned,
                            AdapterOutcome *outcome, v8::Local<v8::Value> *args) const;
  v8::Local<v8::Value> Unbox(v8::Local<v8::Context> context, const char *name) const;
  void Take(v8::Local<v8::Value> value, AdapterOutcome *outcome) const;

  // What the function returns instead of the usual results (and `args` without taken columns), and
  // what a column that is only taken holds before: symbols that no script can get hold of.
  enum Mark { kTrue, kFalse, kUndefined, kArgs, kUnset, kMarkCount };

  std::string source_;
  v8::Global<v8::Function> function_;
  std::vector<std::string> taken_;
  v8::Global<v8::Value> marks_[kMarkCount];
  // Has any other result as `value`, and beside it `args`.
  v8::Global<v8::Object> box_;
};

}  // namespace fundb::js
