#include "triggers/direct_call.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "js/run.h"

namespace fundb::triggers {

namespace {

using convert::Column;
using convert::RowOperation;

// Longer values are converted when they are read.
constexpr size_t kLongestValue = 256;

bool IsShort(const Column &column, Datum value) {
  if (column.length != -1) return true;
  const char *pointer = DatumGetPointer(value);
  return !VARATT_IS_EXTERNAL(pointer) && !VARATT_IS_COMPRESSED(pointer) &&
         VARSIZE_ANY(pointer) <= kLongestValue;
}

bool IsPrimitive(v8::Local<v8::Value> value) { return value->IsString() || !value->IsObject(); }

}  // namespace

DirectCall::DirectCall(convert::RowShape &shape, RowOperation operation, bool before)
    : shape_(shape),
      memory_(new char[convert::StateBytes(shape) + 2 * convert::DeformedBytes(shape)]),
      state_(&convert::NewState(memory_.get(), shape, operation, before, nullptr, false)) {
  state_->deformed = memory_.get() + convert::StateBytes(shape);
}

bool DirectCall::AddRow(From from, const std::vector<js::NamedProperty> &names,
                        std::vector<std::string> *added) {
  for (const js::NamedProperty &name : names) {
    // The rows are frozen: V8 has words for that.
    if (name.is_written) return false;
    int index = shape_.Find(name.name);
    if (index < 0) continue;
    const Column &column = shape_.column(index);
    // Not computed yet.
    if (column.generated && state_->before && from == From::kNew) continue;
    if (!column.type->IsImmediate()) return false;
    added->push_back(name.name);
    given_.push_back({from, index, false});
  }
  return true;
}

bool DirectCall::AddArgs(const std::vector<js::NamedProperty> &names,
                         std::vector<js::AdapterForm::Column> *added) {
  // In the order of columns, in which the answer is to be read.
  std::vector<std::pair<int, const js::NamedProperty *>> columns;
  for (const js::NamedProperty &name : names) {
    int index = shape_.Find(name.name);
    if (index >= 0) {
      columns.emplace_back(index, &name);
    } else if (name.is_written) {
      // The answer will be refused.
      return false;
    }
  }
  std::sort(columns.begin(), columns.end());
  for (const auto &[index, property] : columns) {
    const js::NamedProperty &name = *property;
    if (name.is_read && !shape_.column(index).type->IsImmediate()) return false;
    added->push_back({name.name, name.is_read, name.is_written});
    int argument = -1;
    if (name.is_read) {
      argument = static_cast<int>(given_.size());
      given_.push_back({From::kArgs, index, name.is_written});
    }
    if (name.is_written) taken_.push_back({index, argument});
  }
  return true;
}

std::unique_ptr<DirectCall> DirectCall::Make(js::Realm &realm, const std::string &module,
                                             const js::ParameterUses &uses,
                                             convert::RowShape &shape, RowOperation operation,
                                             bool before) {
  if (!uses.keeps_nothing) return nullptr;
  std::unique_ptr<DirectCall> made(new DirectCall(shape, operation, before));
  js::AdapterForm form;
  form.has_args = operation != RowOperation::kDelete;
  form.has_event = uses.reads_event;
  form.has_new = operation != RowOperation::kDelete;
  form.has_old = operation != RowOperation::kInsert;
  if (form.has_args && !made->AddArgs(uses.args, &form.args)) return nullptr;
  if (form.has_new && !made->AddRow(From::kNew, uses.new_row, &form.new_row)) return nullptr;
  if (form.has_old && !made->AddRow(From::kOld, uses.old_row, &form.old_row)) return nullptr;
  if (form.has_args && form.args.empty() && !form.has_event) {
    v8::Context::Scope entered(realm.context());
    made->empty_args_.Reset(realm.isolate(), v8::Object::New(realm.isolate()));
  } else {
    made->adapter_ = realm.AdapterOf(module, form);
    if (made->adapter_ == nullptr) return nullptr;
  }
  return made;
}

namespace {

// Nothing can have been added to it.
class EmptyArgs final : public js::KnownObjects {
 public:
  explicit EmptyArgs(v8::Local<v8::Object> args) : args_(args) {}
  bool HasNoThen(v8::Local<v8::Value> value) const override { return value == args_; }

 private:
  v8::Local<v8::Object> args_;
};

}  // namespace

void DirectCall::Run(js::Realm &realm, v8::Local<v8::Function> handler,
                     const js::RunOptions &options, DirectValues *values) const {
  if (adapter_ != nullptr) {
    adapter_->Run(realm, static_cast<int>(values->arguments.size()), values->arguments.data(),
                  options, &values->outcome);
    return;
  }
  v8::Local<v8::Object> args = js::Borrow(empty_args_);
  v8::Local<v8::Value> arguments[] = {v8::Undefined(realm.isolate()), args};
  EmptyArgs known(args);
  js::RunOptions with_known = options;
  with_known.known_objects = &known;
  js::AdapterOutcome &outcome = values->outcome;
  outcome.result = js::Run(realm, handler, 2, arguments, with_known);
  outcome.is_args = outcome.result == args;
}

bool DirectCall::Begin(v8::Local<v8::Context> context, const DirectRow &row, DirectValues *values) {
  if (given_.empty() && taken_.empty()) return true;
  convert::RowState &state = *state_;
  state.Restart(row.assigned, row.knows_assigned);
  if (row.old_row != nullptr) state.old_row = *row.old_row;
  if (row.new_row != nullptr) state.new_row = *row.new_row;
  state.knows_changed = row.knows_changed;
  state.changed = row.changed;
  v8::Isolate *isolate = shape_.isolate();
  for (const Given &given : given_) {
    bool is_old = given.from == From::kOld;
    bool is_null = false;
    if (given.from == From::kArgs && !state.WasPresent(given.index)) {
      values->arguments.push_back(v8::Undefined(isolate));
      continue;
    }
    Datum value = state.Stored(is_old, given.index, &is_null);
    if (is_null) {
      values->arguments.push_back(v8::Null(isolate));
      continue;
    }
    // The value of a default: should `args` hold it afterwards, nobody can tell whether the handler
    // assigned it, which the next rule must know.
    if (given.is_taken && row.has_next && row.assigned != nullptr &&
        !convert::RowState::Bit(row.assigned, given.index)) {
      return false;
    }
    const Column &column = shape_.column(given.index);
    if (!IsShort(column, value)) return false;
    try {
      values->arguments.push_back(column.type->ToJs(context, value));
    } catch (const js::Pending &) {
      throw Error(sqlstate::kOutOfMemory, "could not read the row for the trigger");
    }
  }
  return true;
}

HeapTuple DirectCall::Answer(js::Realm &realm, Relation relation, uint64_t *assigned,
                             const js::RunOptions &options, const DirectValues &values) {
  if (taken_.empty()) return nullptr;
  NewValues made(realm.context(), relation, *state_, assigned, static_cast<int>(taken_.size()));
  // A run has a deadline: a check of a domain may run SQL.
  bool needs_run = options.timeout_ms != 0;
  auto is_new = [&](size_t i, v8::Local<v8::Value> value) {
    int argument = taken_[i].argument;
    return !value.IsEmpty() &&
           (argument < 0 || value != values.arguments[static_cast<size_t>(argument)]);
  };
  for (v8::Local<v8::Value> value : values.outcome.taken) {
    if (!value.IsEmpty() && !IsPrimitive(value)) needs_run = true;
  }
  auto take = [&] {
    for (size_t i = 0; i < taken_.size(); ++i) {
      v8::Local<v8::Value> value = values.outcome.taken[i];
      if (is_new(i, value)) made.Take(taken_[i].index, value, false);
    }
  };
  if (!needs_run) {
    js::EnteredRealm entered(realm);
    try {
      take();
    } catch (const js::Pending &) {
      throw Error(sqlstate::kOutOfMemory, "could not read what the trigger returned");
    }
  } else {
    // Conversion may run JavaScript (toJSON, getters of json values).
    js::Guard(realm, options, take);
  }
  return made.Build();
}

}  // namespace fundb::triggers
