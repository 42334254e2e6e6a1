// Composite types <-> plain objects, a property per column.

#include <memory>
#include <string>
#include <vector>

#include "base/text.h"
#include "convert/detoasted.h"
#include "convert/factories.h"
#include "convert/refusal.h"
#include "convert/stack.h"
#include "convert/text_io.h"
#include "js/engine.h"
#include "js/handles.h"
#include "js/large_value.h"
#include "js/plain_object.h"
#include "pg/encoding.h"

#include "convert/postgres_values.h"

namespace fundb::convert {

namespace {

constexpr char kHint[] = "Accepted are objects with a property for each column.";

struct Field {
  std::string name;  // in the server's encoding; empty for a dropped column
  const Type *type;  // null for a dropped column
};

// The columns of a row type as of some moment.
class Fields {
 public:
  // `descriptor` is a copy without reference count, taken over.
  explicit Fields(TupleDesc descriptor) : descriptor_(descriptor) {
    for (int i = 0; i < descriptor->natts; ++i) {
      Form_pg_attribute column = TupleDescAttr(descriptor, i);
      if (column->attisdropped) {
        fields_.push_back({std::string(), nullptr});
      } else {
        fields_.push_back({pg::FromServer(NameStr(column->attname)),
                           &TypeFor(column->atttypid, column->atttypmod)});
      }
    }
  }
  ~Fields() {
    pg::CallQuietly([this] { FreeTupleDesc(descriptor_); });
  }
  Fields(const Fields &) = delete;
  Fields &operator=(const Fields &) = delete;

  TupleDesc descriptor() const { return descriptor_; }
  size_t size() const { return fields_.size(); }
  const Field &operator[](size_t index) const { return fields_[index]; }

  int Find(std::string_view name) const {
    for (size_t i = 0; i < fields_.size(); ++i) {
      if (fields_[i].type != nullptr && fields_[i].name == name) return static_cast<int>(i);
    }
    return -1;
  }

  std::vector<std::string> Names() const {
    std::vector<std::string> names;
    for (const Field &field : fields_) {
      if (field.type != nullptr) names.push_back(field.name);
    }
    return names;
  }

 private:
  TupleDesc descriptor_;
  std::vector<Field> fields_;
};

// A descriptor copied to the session's memory.
TupleDesc CopyDescriptor(MemoryContext memory, Oid type, int32 modifier) {
  return pg::Call([&] {
    MemoryContext previous = MemoryContextSwitchTo(memory);
    TupleDesc copy = lookup_rowtype_tupdesc_copy(type, modifier);
    MemoryContextSwitchTo(previous);
    return copy;
  });
}

class CompositeType final : public Type {
 public:
  explicit CompositeType(const TypeSeed &seed)
      : Type(seed.name), oid_(seed.oid), memory_(seed.memory) {}

  v8::Local<v8::Value> ToJs(v8::Local<v8::Context> context, Datum value) const override;
  Datum FromJs(v8::Local<v8::Context> context, v8::Local<v8::Value> value,
               const Target &target) const override;

  // Rows inside a row may hold what a column that was dropped since left behind.
  bool IsLossy() const override { return true; }

 private:
  // Shared, since a change of the type (by code that a conversion runs) replaces the cached one
  // while it is in use.
  using FieldsPointer = std::shared_ptr<const Fields>;

  // The columns as they are now.
  FieldsPointer Current() const;
  void ReadMembers(const Refused &refused, v8::Local<v8::Context> context, const Fields &fields,
                   Datum *values, bool *nulls) const;

  Oid oid_;
  MemoryContext memory_;
  mutable FieldsPointer cached_;
  mutable uint64 cached_identifier_ = 0;
  mutable uint64 cached_generation_ = 0;
};

CompositeType::FieldsPointer CompositeType::Current() const {
  uint64 identifier = pg::Call([this] {
    TypeCacheEntry *entry = lookup_type_cache(oid_, TYPECACHE_TUPDESC);
    return entry->tupDesc_identifier;
  });
  uint64 generation = TypesGeneration();
  if (cached_ == nullptr || identifier != cached_identifier_ || generation != cached_generation_) {
    cached_ = std::make_shared<const Fields>(CopyDescriptor(memory_, oid_, -1));
    cached_identifier_ = identifier;
    cached_generation_ = generation;
  }
  return cached_;
}

v8::Local<v8::Value> CompositeType::ToJs(v8::Local<v8::Context> context, Datum value) const {
  // Rows without a named type nest as deep as a query puts them together.
  CheckStackDepth();
  v8::Isolate *isolate = context->GetIsolate();
  v8::EscapableHandleScope handles(isolate);
  Detoasted detoasted(value, Detoasted::Alignment::kFull);
  auto *header = reinterpret_cast<HeapTupleHeader>(detoasted.get());
  // An anonymous row says itself what it is made of.
  FieldsPointer fields =
      oid_ != RECORDOID
          ? Current()
          : std::make_shared<const Fields>(CopyDescriptor(memory_, HeapTupleHeaderGetTypeId(header),
                                                          HeapTupleHeaderGetTypMod(header)));
  HeapTupleData tuple{};
  tuple.t_len = HeapTupleHeaderGetDatumLength(header);
  ItemPointerSetInvalid(&tuple.t_self);
  tuple.t_tableOid = InvalidOid;
  tuple.t_data = header;
  std::vector<Datum> values(fields->size());
  std::unique_ptr<bool[]> nulls(new bool[fields->size()]());
  pg::Call([&] { heap_deform_tuple(&tuple, fields->descriptor(), values.data(), nulls.get()); });
  js::LargeValueScope large(isolate, detoasted.size());
  v8::Local<v8::Object> object = v8::Object::New(isolate);
  for (size_t i = 0; i < fields->size(); ++i) {
    const Field &field = (*fields)[i];
    if (field.type == nullptr) continue;
    v8::Local<v8::Value> member =
        nulls[i] ? v8::Null(isolate).As<v8::Value>() : field.type->ToJs(context, values[i]);
    js::Check(object->CreateDataProperty(context, js::NewName(isolate, field.name), member));
  }
  large.Finish();
  return handles.Escape(object);
}

void CompositeType::ReadMembers(const Refused &refused, v8::Local<v8::Context> context,
                                const Fields &fields, Datum *values, bool *nulls) const {
  v8::Isolate *isolate = context->GetIsolate();
  v8::Local<v8::Object> object = refused.value.As<v8::Object>();
  v8::Local<v8::Array> names = js::Check(object->GetOwnPropertyNames(
      context, static_cast<v8::PropertyFilter>(v8::ONLY_ENUMERABLE | v8::SKIP_SYMBOLS),
      v8::KeyConversionMode::kConvertToString));
  if (names->Length() == 0 && js::IsInstance(context, object)) {
    Refuse(refused, sqlstate::kDatatypeMismatch, kHint, "The object has no properties of its own.");
  }
  for (uint32_t i = 0; i < names->Length(); ++i) {
    v8::HandleScope handles(isolate);
    v8::Local<v8::Value> key = js::Check(names->Get(context, i));
    std::string name = js::ToText(isolate, key.As<v8::String>());
    int index = fields.Find(name);
    if (index < 0) {
      std::string near = NearestName(name, fields.Names());
      Error error(sqlstate::kUndefinedColumn,
                  "type " + this->name() + " has no column " + Quoted(name));
      error.Detail("The value was given for " + DescribeTarget(refused.target) + ".")
          .Hint(near.empty() ? std::string() : "Perhaps you meant " + Quoted(near) + ".");
      NameTarget(&error.report(), *this, refused.target);
      throw error;
    }
    v8::Local<v8::Value> member = js::Check(object->Get(context, key));
    if (member->IsNullOrUndefined()) continue;
    const Field &field = fields[static_cast<size_t>(index)];
    values[index] = field.type->FromJs(context, member, {"field", field.name, &refused.target});
    nulls[index] = false;
  }
  for (size_t i = 0; i < fields.size(); ++i) {
    if (nulls[i] && fields[i].type != nullptr) {
      fields[i].type->CheckNull({"field", fields[i].name, &refused.target});
    }
  }
}

Datum CompositeType::FromJs(v8::Local<v8::Context> context, v8::Local<v8::Value> value,
                            const Target &target) const {
  Refused refused{*this, target, context->GetIsolate(), value};
  if (!js::IsPlainObject(context, value)) {
    Refuse(refused, sqlstate::kDatatypeMismatch, kHint);
  }
  if (oid_ == RECORDOID) {
    Refuse(refused, sqlstate::kNotSupported, "Use a named composite type.");
  }
  // A type that contains arrays of itself takes objects of any depth.
  if (StackIsTooDeep()) Refuse(refused, "54001", kHint, "The object is nested too deep.");
  FieldsPointer fields = Current();
  std::vector<Datum> values(fields->size());
  std::unique_ptr<bool[]> nulls(new bool[fields->size()]);
  for (size_t i = 0; i < fields->size(); ++i) nulls[i] = true;
  ReadMembers(refused, context, *fields, values.data(), nulls.get());
  HeapTuple tuple = CallInput(refused, kHint, [&] {
    return heap_form_tuple(fields->descriptor(), values.data(), nulls.get());
  });
  js::Engine::From(refused.isolate).CountTransfer(tuple->t_len);
  return pg::Call([&] { return HeapTupleGetDatum(tuple); });
}

}  // namespace

TypePointer MakeComposite(const TypeSeed &seed) { return std::make_unique<CompositeType>(seed); }

}  // namespace fundb::convert
