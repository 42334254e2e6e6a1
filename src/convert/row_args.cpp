// `args`: what its two forms have in common.  V8 and PostgreSQL.

#include "convert/row_args.h"

#include "js/handles.h"
#include "js/realm.h"

namespace fundb::convert {

namespace {

// A string longer than this is kept once it was read: a loop over args.text must not build it again
// each time.
constexpr int kKeptStringLength = 64;

v8::Local<v8::Array> ValuesOf(v8::Isolate *isolate, v8::Local<v8::Object> object) {
  v8::Local<v8::Value> field = object->GetInternalField(args::kValues);
  if (!field->IsArray()) {
    v8::Local<v8::Array> values = v8::Array::New(isolate);
    object->SetInternalField(args::kValues, values);
    return values;
  }
  return field.As<v8::Array>();
}

// The field that holds a column's value, 0 when the array does (or nothing).
int SlotOf(const RowState &state, int index) {
  for (int i = 0; i < state.slot_count; ++i) {
    if (state.slot_columns[i] == index) return args::kFirstSlot + i;
  }
  return 0;
}

void Hold(v8::Local<v8::Object> object, RowState &state, int index, v8::Local<v8::Value> value) {
  int slot = RowState::Bit(state.held, index) ? SlotOf(state, index) : 0;
  if (slot == 0 && !RowState::Bit(state.held, index) && state.slot_count < RowState::kSlots) {
    slot = args::kFirstSlot + state.slot_count;
    state.slot_columns[state.slot_count++] = static_cast<int16>(index);
  }
  if (slot != 0) {
    object->SetInternalField(slot, value);
  } else {
    v8::Isolate *isolate = state.shape->isolate();
    js::Check(ValuesOf(isolate, object)
                  ->CreateDataProperty(isolate->GetCurrentContext(), static_cast<uint32_t>(index),
                                       value));
  }
  RowState::Set(state.held, index);
}

v8::Local<v8::Value> Held(v8::Local<v8::Context> context, v8::Local<v8::Object> object,
                          RowState &state, int index) {
  int slot = SlotOf(state, index);
  if (slot != 0) return object->GetInternalField(slot);
  return js::Check(
      ValuesOf(state.shape->isolate(), object)->Get(context, static_cast<uint32_t>(index)));
}

}  // namespace

void args::Assign(v8::Local<v8::Object> object, RowState &state, int index,
                  v8::Local<v8::Value> value) {
  Hold(object, state, index, value);
  RowState::Set(state.known, index);
  RowState::Set(state.present, index);
  RowState::Set(state.touched, index);
  RowState::Clear(state.handed, index);
}

void args::Remove(RowState &state, int index) {
  RowState::Set(state.known, index);
  RowState::Clear(state.present, index);
  RowState::Set(state.touched, index);
}

void UsePlainPrototype(v8::Local<v8::Context> context,
                       v8::Local<v8::FunctionTemplate> constructor) {
  v8::Isolate *isolate = context->GetIsolate();
  v8::Local<v8::Function> function = js::Check(constructor->GetFunction(context));
  v8::Local<v8::Value> plain = v8::Object::New(isolate)->GetPrototype();
  js::Check(function->Set(context, js::NewName(isolate, "prototype"), plain));
}

v8::Local<v8::Object> NewArgs(v8::Local<v8::Context> context, const Row &row) {
  js::Realm &realm = js::Realm::From(context);
  v8::Local<v8::Object> object = args::NewPlain(context, realm, *row.state);
  if (object.IsEmpty()) object = args::NewIntercepted(context, realm);
  object->SetAlignedPointerInInternalField(args::kState, row.state);
  object->SetInternalField(args::kHandle, row.handle);
  return object;
}

v8::Local<v8::Value> ArgsValue(v8::Local<v8::Context> context, v8::Local<v8::Object> object,
                               RowState &state, int index) {
  if (RowState::Bit(state.held, index)) return Held(context, object, state, index);
  v8::Local<v8::Value> value = StoredToJs(context, state, false, index);
  if (value->IsObject()) {
    Hold(object, state, index, value);
    if (!RowState::Bit(state.touched, index)) RowState::Set(state.handed, index);
    RowState::Set(state.touched, index);
  } else if (value->IsString() && value.As<v8::String>()->Length() > kKeptStringLength) {
    Hold(object, state, index, value);
  }
  return value;
}

v8::Local<v8::Value> StoredToJs(v8::Local<v8::Context> context, RowState &state, bool of_old,
                                int index) {
  bool is_null;
  Datum datum = state.Stored(of_old, index, &is_null);
  if (is_null) return v8::Null(context->GetIsolate());
  return state.shape->column(index).type->ToJs(context, datum);
}

}  // namespace fundb::convert
