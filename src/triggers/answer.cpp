#include "triggers/answer.h"

#include "base/small_vector.h"
#include "base/text.h"
#include "js/errors.h"
#include "js/handles.h"
#include "js/hidden_class.h"
#include "js/plain_object.h"
#include "triggers/frame.h"
#include "triggers/new_values.h"

namespace fundb::triggers {

namespace {

using convert::RowOperation;
using convert::RowState;

[[noreturn]] void ThrowBrokenContract(v8::Isolate *isolate, const catalog::Rule &rule,
                                      RowOperation operation, v8::Local<v8::Value> result) {
  bool is_delete = operation == RowOperation::kDelete;
  throw Error(sqlstate::kTriggerProtocol,
              RuleText(rule) + " returned " + js::Describe(isolate, result))
      .Detail(is_delete ? "A BEFORE trigger for deletes must return true or false."
                        : "A BEFORE trigger must return true, false or an object of fields.")
      .Hint(is_delete ? "Return true to delete the row, false to keep it."
                      : "Return args or true to go on, false to skip the row.");
}

[[noreturn]] void ThrowUnknownField(const convert::RowShape &shape, const std::string &name) {
  Error error(sqlstate::kUndefinedColumn,
              "column " + Quoted(name) + " of entity " +
                  Quoted(shape.entity_schema() + "." + shape.entity_name()) + " does not exist");
  std::string near = NearestName(name, shape.ColumnNames());
  error.Hint(near.empty()
                 ? "Return only columns of the table, or set fundb.unknown_fields to \"ignore\"."
                 : "Perhaps you meant column " + Quoted(near) + ".");
  error.report().column = name;
  throw error;
}

// Columns by index, in ascending order.
using Columns = SmallVector<int, 8>;

// Those that the handler touched.  A list of its own: converting a value may run scripts, and what
// those do to `args` comes too late.
void ListTouched(const RowState &state, Columns *touched) {
  for (int word = 0; word < state.words; ++word) {
    for (uint64_t bits = state.touched[word]; bits != 0; bits &= bits - 1) {
      touched->push_back(word * 64 + __builtin_ctzll(bits));
    }
  }
}

// One answered value per column: empty = left out.
using Values = std::vector<v8::Local<v8::Value>>;

class Reader {
 public:
  Reader(js::Realm &realm, Relation relation, const convert::Row &row, v8::Local<v8::Object> args,
         const convert::ArgsOutcome &outcome, uint64_t *assigned, const AnswerOptions &options,
         int capacity)
      : realm_(realm),
        context_(realm.context()),
        state_(*row.state),
        shape_(*row.state->shape),
        args_(args),
        outcome_(outcome),
        options_(options),
        values_(context_, relation, state_, assigned, capacity) {}

  // Whether no script can come to run while `args` is read: it holds nothing but plain values.
  // Keeps what it looked at: then nothing can change it before ReadArgs.
  bool HasOnlyPrimitives(const Columns &touched) {
    if (state_.has_extra || outcome_.may_run_scripts) return false;
    int count = 0;
    for (int index : touched) {
      v8::Local<v8::Value> value;
      if (RowState::Bit(state_.held, index) || IsByName(index)) {
        value = ValueOf(index);
        if (!value->IsString() && value->IsObject()) return false;
      }
      if (count < kFewValues) looked_at_[count++] = value;
    }
    looked_at_count_ = count;
    return true;
  }

  // The handler returned `args` itself: only what was touched can differ.
  void ReadArgs(const Columns &touched) {
    if (state_.has_extra) CheckExtraNames();
    int count = 0;
    for (int index : touched) {
      v8::Local<v8::Value> value;
      if (count < looked_at_count_) value = looked_at_[count++];
      if (state_.IsPresent(index)) {
        bool is_read = RowState::Bit(state_.handed, index) && !IsByName(index);
        values_.Take(index, value.IsEmpty() ? ValueOf(index) : value, is_read);
      } else {
        values_.LeaveOut(index);
      }
    }
  }

  HeapTuple Build() { return values_.Build(); }

  // The handler returned another object, taken apart into [[name, value], …] by Object.entries.
  void ReadEntries(v8::Local<v8::Array> entries) {
    Values values(static_cast<size_t>(shape_.size()));
    for (uint32_t i = 0; i < entries->Length(); ++i) {
      js::Engine::From(realm_.isolate()).CheckInterrupts();
      auto pair = js::Check(entries->Get(context_, i)).As<v8::Array>();
      auto name = js::Check(pair->Get(context_, 0)).As<v8::String>();
      std::string text = js::ToText(realm_.isolate(), name);
      int index = shape_.Find(std::string_view(text));
      if (index < 0) {
        if (options_.ignore_unknown_fields) continue;
        ThrowUnknownField(shape_, text);
      }
      values[static_cast<size_t>(index)] = js::Check(pair->Get(context_, 1));
    }
    for (int i = 0; i < shape_.size(); ++i) {
      if (shape_.column(i).dropped) continue;
      v8::Local<v8::Value> value = values[static_cast<size_t>(i)];
      if (value.IsEmpty()) {
        values_.LeaveOut(i);
      } else {
        values_.Take(i, value, false);
      }
    }
  }

 private:
  bool IsByName(int index) const { return index < 64 && RowState::Bit(&outcome_.by_name, index); }

  v8::Local<v8::Value> ValueOf(int index) {
    if (IsByName(index)) return js::Check(args_->Get(context_, shape_.NameOf(index)));
    return convert::ArgsValue(context_, args_, state_, index);
  }

  void CheckExtraNames() {
    if (options_.ignore_unknown_fields) return;
    CheckFirstNumbers();
    v8::Local<v8::Array> names = js::Check(args_->GetOwnPropertyNames(
        context_, static_cast<v8::PropertyFilter>(v8::ONLY_ENUMERABLE | v8::SKIP_SYMBOLS),
        v8::KeyConversionMode::kKeepNumbers));
    for (uint32_t i = 0; i < names->Length(); ++i) {
      js::Engine::From(realm_.isolate()).CheckInterrupts();
      v8::HandleScope handles(realm_.isolate());
      auto name = js::Check(js::Check(names->Get(context_, i))->ToString(context_));
      std::string text = js::ToText(realm_.isolate(), name);
      if (shape_.Find(std::string_view(text)) < 0) ThrowUnknownField(shape_, text);
    }
  }

  // There may be millions of numbers, which V8 lists in one go that nothing can end: mostly one of
  // the first is enough.
  void CheckFirstNumbers() {
    constexpr uint32_t kFirst = 10'000;
    v8::Isolate *isolate = realm_.isolate();
    if (js::HaveNoElements(args_, v8::Object::New(isolate))) return;
    for (uint32_t i = 0; i < kFirst; ++i) {
      js::Engine::From(isolate).CheckInterrupts();
      if (!js::Check(args_->HasRealIndexedProperty(context_, i))) continue;
      v8::HandleScope handles(isolate);
      auto key = v8::Integer::NewFromUnsigned(isolate, i);
      bool is_enumerable =
          (js::Check(args_->GetPropertyAttributes(context_, key)) & v8::DontEnum) == 0;
      std::string text = std::to_string(i);
      if (is_enumerable && shape_.Find(std::string_view(text)) < 0) ThrowUnknownField(shape_, text);
    }
  }

  js::Realm &realm_;
  v8::Local<v8::Context> context_;
  RowState &state_;
  const convert::RowShape &shape_;
  v8::Local<v8::Object> args_;
  const convert::ArgsOutcome &outcome_;
  const AnswerOptions &options_;
  // Of the first columns that were touched, in order; empty for what is to be asked for.
  static constexpr int kFewValues = 4;
  v8::Local<v8::Value> looked_at_[kFewValues];
  int looked_at_count_ = 0;
  NewValues values_;
};

// Object.entries of the realm: its own frozen one.
struct ObjectEntries {
  explicit ObjectEntries(v8::Local<v8::Context> context) {
    v8::Isolate *isolate = context->GetIsolate();
    v8::Local<v8::Value> object =
        js::Check(context->Global()->Get(context, js::NewName(isolate, "Object")));
    function.Reset(isolate,
                   js::Check(object.As<v8::Object>()->Get(context, js::NewName(isolate, "entries")))
                       .As<v8::Function>());
  }
  v8::Global<v8::Function> function;
};

convert::ArgsOutcome LookAt(js::Realm &realm, v8::Local<v8::Object> args, RowState &state,
                            const js::RunOptions &run) {
  convert::ArgsOutcome outcome;
  if (convert::KnowArgs(args, state, &outcome)) return outcome;
  js::Guard(realm, run, [&] { outcome = convert::TakeStockOfArgs(realm.context(), args, state); });
  return outcome;
}

}  // namespace

Answer ReadAnswer(js::Realm &realm, Relation relation, const convert::Row &row,
                  v8::Local<v8::Object> args, v8::Local<v8::Value> result, uint64_t *assigned,
                  const AnswerOptions &options) {
  v8::Isolate *isolate = realm.isolate();
  RowState &state = *row.state;
  Answer answer;
  bool same = result == args;
  if (state.operation == RowOperation::kDelete ||
      (!same && !js::IsPlainObject(realm.context(), result))) {
    v8::Context::Scope entered(realm.context());
    ThrowBrokenContract(isolate, *options.rule, state.operation, result);
  }
  answer.kind = Answer::kReplace;
  Columns touched;
  convert::ArgsOutcome outcome;
  if (same) {
    outcome = LookAt(realm, args, state, options.run);
    ListTouched(state, &touched);
    if (touched.empty() && !state.has_extra) {
      answer.kind = Answer::kKeep;
      return answer;
    }
  }
  js::EnteredRealm entered(realm);
  v8::Local<v8::Array> entries;
  if (!same) {
    auto &object_entries = realm.attachments().Of<ObjectEntries>(realm.context());
    v8::Local<v8::Value> argument = result;
    v8::Local<v8::Value> taken =
        js::Run(realm, js::Borrow(object_entries.function), 1, &argument, options.run);
    entries = taken.As<v8::Array>();
    // One that has but getters looks empty, too.
    if (entries->Length() == 0 && !result->IsProxy() &&
        js::IsInstance(realm.context(), result.As<v8::Object>())) {
      ThrowBrokenContract(isolate, *options.rule, state.operation, result);
    }
  }
  Reader reader(realm, relation, row, args, outcome, assigned, options,
                same ? static_cast<int>(touched.size()) : state.shape->size());
  // A run has a deadline: a check of a domain may run SQL.
  if (same && options.run.timeout_ms == 0 && reader.HasOnlyPrimitives(touched)) {
    try {
      reader.ReadArgs(touched);
    } catch (const js::Pending &) {
      throw Error(sqlstate::kOutOfMemory, "could not read what the trigger returned");
    }
  } else {
    // Conversion may run JavaScript (toJSON, getters of json values).
    js::Guard(realm, options.run, [&] {
      if (same) {
        reader.ReadArgs(touched);
      } else {
        reader.ReadEntries(entries);
      }
    });
  }
  answer.row = reader.Build();
  if (answer.row == nullptr) answer.kind = Answer::kKeep;
  return answer;
}

}  // namespace fundb::triggers
