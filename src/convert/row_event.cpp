// `event` and its lazy parts: source, entity, old, new, args.  Every part is made when it is first
// read and is a plain property from then on.  V8 and PostgreSQL.

#include "convert/row.h"
#include "js/callback.h"
#include "js/handles.h"
#include "js/realm.h"

namespace fundb::convert {

namespace {

// Behind the state and its handle: the parts that were made, each undefined before.
enum Field { kState, kHandle, kEntity, kTime, kSource, kOld, kNew, kArgs, kFieldCount };
// The views have one more: undefined, or an array of the objects that were handed out.
enum ViewField { kViewState, kViewHandle, kViewValues, kViewFieldCount };

Row RowOf(v8::Local<v8::Object> event) {
  return {static_cast<RowState *>(event->GetAlignedPointerFromInternalField(kState)),
          event->GetInternalField(kHandle)};
}

v8::Local<v8::Object> PlainObject(v8::Local<v8::Context> context) {
  return v8::Object::New(context->GetIsolate());
}

void Put(v8::Local<v8::Context> context, v8::Local<v8::Object> object, const char *name,
         v8::Local<v8::Value> value) {
  js::Check(object->CreateDataProperty(context, js::NewName(context->GetIsolate(), name), value));
}

// A copy of the one original of the shape and realm: every event has an object of its own.
v8::Local<v8::Value> MakeEntity(v8::Local<v8::Context> context, const Row &row) {
  v8::Isolate *isolate = context->GetIsolate();
  RowShape &shape = *row.state->shape;
  const js::Realm *realm = &js::Realm::From(context);
  for (const RowShape::Original &original : shape.entity_originals) {
    if (original.realm == realm) return js::Borrow(original.object)->Clone();
  }
  v8::Local<v8::Object> entity = PlainObject(context);
  Put(context, entity, "schema", js::NewString(isolate, shape.entity_schema()));
  Put(context, entity, "name", js::NewString(isolate, shape.entity_name()));
  shape.entity_originals.push_back({realm, v8::Global<v8::Object>(isolate, entity)});
  return entity->Clone();
}

v8::Local<v8::Value> MakeTime(v8::Local<v8::Context> context, const Row &row) {
  return js::NewName(context->GetIsolate(), row.state->before ? "BEFORE" : "AFTER");
}

v8::Local<v8::Value> MakeSource(v8::Local<v8::Context> context, const Row &row) {
  v8::Isolate *isolate = context->GetIsolate();
  RowState &state = *row.state;
  v8::Local<v8::Object> source = PlainObject(context);
  switch (state.operation) {
    case RowOperation::kInsert:
      Put(context, source, "type", js::NewName(isolate, "insert"));
      // The key of a row that is not stored yet may still change: the contract gives none.
      Put(context, source, "newId",
          state.before ? v8::Local<v8::Value>(v8::Null(isolate)) : KeyToJs(context, state, false));
      break;
    case RowOperation::kUpdate:
      Put(context, source, "type", js::NewName(isolate, "update"));
      Put(context, source, "id", KeyToJs(context, state, state.before));
      break;
    case RowOperation::kDelete:
      Put(context, source, "type", js::NewName(isolate, "delete"));
      Put(context, source, "id", KeyToJs(context, state, true));
      break;
  }
  return source;
}

v8::Local<v8::Value> MakeOld(v8::Local<v8::Context> context, const Row &row) {
  if (row.state->old_row.t_data == nullptr) return v8::Undefined(context->GetIsolate());
  return NewView(context, row, true);
}

v8::Local<v8::Value> MakeNew(v8::Local<v8::Context> context, const Row &row) {
  if (row.state->new_row.t_data == nullptr) return v8::Undefined(context->GetIsolate());
  return NewView(context, row, false);
}

// The args once more, plus newId after an insert, for authors who look for them on the event.
v8::Local<v8::Value> MakeArgs(v8::Local<v8::Context> context, const Row &row) {
  RowState &state = *row.state;
  if (state.operation == RowOperation::kDelete) return v8::Undefined(context->GetIsolate());
  v8::Local<v8::Object> args = PlainObject(context);
  for (int i = 0; i < state.shape->size(); ++i) {
    if (state.shape->column(i).dropped || !state.WasPresent(i)) continue;
    js::Check(args->CreateDataProperty(context, state.shape->NameOf(i),
                                       StoredToJs(context, state, false, i)));
  }
  if (state.operation == RowOperation::kInsert && !state.before) {
    v8::Local<v8::String> name = js::NewName(context->GetIsolate(), "newId");
    if (state.shape->Find(v8::Local<v8::Name>(name)) < 0) {
      js::Check(args->CreateDataProperty(context, name, KeyToJs(context, state, false)));
    }
  }
  return args;
}

// A part is kept in its field.  (A property that V8 replaces by itself when it is read first would
// turn the event into a dictionary.)
template <Field kField, v8::Local<v8::Value> (*kMake)(v8::Local<v8::Context>, const Row &)>
void Lazy(v8::Local<v8::Name>, const v8::PropertyCallbackInfo<v8::Value> &info) {
  js::Callback(info, [&] {
    v8::Local<v8::Object> event = info.Holder();
    v8::Local<v8::Value> part = event->GetInternalField(kField);
    if (part->IsUndefined()) {
      part = kMake(info.GetIsolate()->GetCurrentContext(), RowOf(event));
      event->SetInternalField(kField, part);
    }
    info.GetReturnValue().Set(part);
  });
}

struct EventTemplate {
  explicit EventTemplate(v8::Isolate *isolate) {
    v8::HandleScope handles(isolate);
    v8::Local<v8::FunctionTemplate> function = v8::FunctionTemplate::New(isolate);
    v8::Local<v8::ObjectTemplate> made = function->InstanceTemplate();
    made->SetInternalFieldCount(kFieldCount);
    // V8 gives an object its template's accessors last one first; the outcome is the order that
    // JSON.stringify(event) shows: entity, time, source.  The others are not enumerable.
    v8::Local<v8::Value> none;
    made->SetNativeDataProperty(js::NewName(isolate, "args"), Lazy<kArgs, MakeArgs>, nullptr, none,
                                v8::DontEnum);
    made->SetNativeDataProperty(js::NewName(isolate, "new"), Lazy<kNew, MakeNew>, nullptr, none,
                                v8::DontEnum);
    made->SetNativeDataProperty(js::NewName(isolate, "old"), Lazy<kOld, MakeOld>, nullptr, none,
                                v8::DontEnum);
    made->SetNativeDataProperty(js::NewName(isolate, "source"), Lazy<kSource, MakeSource>);
    made->SetNativeDataProperty(js::NewName(isolate, "time"), Lazy<kTime, MakeTime>);
    made->SetNativeDataProperty(js::NewName(isolate, "entity"), Lazy<kEntity, MakeEntity>);
    constructor.Reset(isolate, function);
    value.Reset(isolate, made);
  }
  v8::Global<v8::FunctionTemplate> constructor;
  v8::Global<v8::ObjectTemplate> value;
};

// Once per realm: the object that every event is a copy of.  Copying is much cheaper than asking
// the template; no script ever sees the original.
struct EventOriginal {
  EventOriginal(v8::Local<v8::Context> context, const EventTemplate &made) {
    v8::Isolate *isolate = context->GetIsolate();
    v8::Context::Scope entered(context);
    UsePlainPrototype(context, made.constructor.Get(isolate));
    object.Reset(isolate, js::Check(made.value.Get(isolate)->NewInstance(context)));
  }
  v8::Global<v8::Object> object;
};

// One column of event.old or event.new.
void ViewGetter(v8::Local<v8::Name> name, const v8::PropertyCallbackInfo<v8::Value> &info) {
  js::Callback(info, [&] {
    v8::Isolate *isolate = info.GetIsolate();
    v8::Local<v8::Object> holder = info.Holder();
    auto *view = static_cast<RowView *>(holder->GetAlignedPointerFromInternalField(kViewState));
    v8::Local<v8::Context> context = isolate->GetCurrentContext();
    int index = info.Data().As<v8::Int32>()->Value();
    (void)name;
    v8::Local<v8::Value> kept;
    auto number = static_cast<uint32_t>(index);
    if (view->keeps_values) {
      kept = holder->GetInternalField(kViewValues);
      v8::Local<v8::Value> value = js::Check(kept.As<v8::Array>()->Get(context, number));
      if (!value->IsUndefined()) return info.GetReturnValue().Set(value);
    }
    v8::Local<v8::Value> value = StoredToJs(context, *view->row, view->of_old, index);
    if (value->IsObject()) {
      // The same object at each read, as with any property.
      if (!view->keeps_values) {
        kept = v8::Array::New(isolate);
        holder->SetInternalField(kViewValues, kept);
        view->keeps_values = true;
      }
      js::Check(kept.As<v8::Array>()->CreateDataProperty(context, number, value));
    }
    info.GetReturnValue().Set(value);
  });
}

v8::Local<v8::FunctionTemplate> ViewTemplate(v8::Isolate *isolate, RowShape &shape, bool before) {
  // BEFORE rules do not see generated columns, so there are two templates; [0] for AFTER.
  v8::Global<v8::FunctionTemplate> &slot = shape.view_templates[before ? 1 : 0];
  if (slot.IsEmpty()) {
    v8::Local<v8::FunctionTemplate> constructor = v8::FunctionTemplate::New(isolate);
    v8::Local<v8::ObjectTemplate> made = constructor->InstanceTemplate();
    made->SetInternalFieldCount(kViewFieldCount);
    // Last one first, see EventTemplate.
    for (int i = shape.size() - 1; i >= 0; --i) {
      const Column &column = shape.column(i);
      if (column.dropped || (before && column.generated)) continue;
      made->SetNativeDataProperty(
          shape.NameOf(i).As<v8::Name>(), ViewGetter, nullptr, v8::Int32::New(isolate, i),
          static_cast<v8::PropertyAttribute>(v8::ReadOnly | v8::DontDelete));
    }
    slot.Reset(isolate, constructor);
  }
  return slot.Get(isolate);
}

// The frozen object that all views of a shape in a realm are copies of, see EventOriginal.
v8::Local<v8::Object> ViewOriginal(v8::Local<v8::Context> context, RowShape &shape,
                                   bool hide_generated) {
  const js::Realm *realm = &js::Realm::From(context);
  auto &known = shape.view_originals[hide_generated ? 1 : 0];
  for (const RowShape::Original &original : known) {
    if (original.realm == realm) return js::Borrow(original.object);
  }
  v8::Isolate *isolate = shape.isolate();
  v8::Local<v8::FunctionTemplate> constructor = ViewTemplate(isolate, shape, hide_generated);
  UsePlainPrototype(context, constructor);
  v8::Local<v8::Object> view = js::Check(constructor->InstanceTemplate()->NewInstance(context));
  js::Check(view->SetIntegrityLevel(context, v8::IntegrityLevel::kFrozen));
  known.push_back({realm, v8::Global<v8::Object>(isolate, view)});
  return view;
}

}  // namespace

v8::Local<v8::Object> NewEvent(v8::Local<v8::Context> context, const Row &row) {
  js::Realm &realm = js::Realm::From(context);
  auto *original = realm.attachments().Find<EventOriginal>();
  if (original == nullptr) {
    auto &made = realm.engine().attachments().Of<EventTemplate>(realm.isolate());
    original = &realm.attachments().Of<EventOriginal>(context, made);
  }
  v8::Local<v8::Object> event = js::Borrow(original->object)->Clone();
  event->SetAlignedPointerInInternalField(kState, row.state);
  event->SetInternalField(kHandle, row.handle);
  return event;
}

v8::Local<v8::Object> NewView(v8::Local<v8::Context> context, const Row &row, bool of_old) {
  // event.old of an UPDATE or DELETE was stored, so its generated columns have values.
  bool hide_generated = row.state->before && !of_old;
  v8::Local<v8::Object> view = ViewOriginal(context, *row.state->shape, hide_generated)->Clone();
  view->SetAlignedPointerInInternalField(kViewState, &row.state->views[of_old ? 1 : 0]);
  view->SetInternalField(kViewHandle, row.handle);
  return view;
}

v8::Local<v8::Value> KeyToJs(v8::Local<v8::Context> context, RowState &state, bool of_old) {
  const std::vector<int> &key = state.shape->key();
  if (key.empty()) return v8::Null(context->GetIsolate());
  if (key.size() == 1) return StoredToJs(context, state, of_old, key[0]);
  v8::Local<v8::Object> object = v8::Object::New(context->GetIsolate());
  for (int index : key) {
    js::Check(object->CreateDataProperty(context, state.shape->NameOf(index),
                                         StoredToJs(context, state, of_old, index)));
  }
  return object;
}

}  // namespace fundb::convert
