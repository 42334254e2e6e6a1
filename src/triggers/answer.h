// What a BEFORE rule answered, unless it was just true or false: other values for the row.  Errors
// are precise: they name the column and say what is accepted.  V8 and PostgreSQL.
#pragma once

#include <v8.h>

#include <vector>

#include "catalog/rules.h"
#include "convert/row.h"
#include "js/realm.h"
#include "js/run.h"

namespace fundb::triggers {

struct AnswerOptions {
  const catalog::Rule *rule = nullptr;
  bool ignore_unknown_fields = false;
  js::RunOptions run;
};

struct Answer {
  enum Kind { kKeep, kReplace } kind = kKeep;
  // kReplace: the row with the new values, allocated in CurrentMemoryContext.
  HeapTuple row = nullptr;
};

// `args` is the object that the handler got (empty when it got none), `result` what it returned
// (promises resolved), no boolean.  For an INSERT, columns that the answer sets are added to
// `assigned`. Errors: 39P01 broken return contract, 42703 no such column, 428C9 generated column,
// those of conversion.
Answer ReadAnswer(js::Realm &realm, Relation relation, const convert::Row &row,
                  v8::Local<v8::Object> args, v8::Local<v8::Value> result, uint64_t *assigned,
                  const AnswerOptions &options);

}  // namespace fundb::triggers
