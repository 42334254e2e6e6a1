#include "convert/row_shape.h"

#include "convert/row_args.h"
#include "convert/row_block.h"
#include "js/handles.h"
#include "pg/encoding.h"
#include "pg/memory.h"

extern "C" {
#include "access/tupdesc.h"
#include "catalog/pg_attribute.h"
#include "catalog/pg_index.h"
}

namespace fundb::convert {

namespace {

// The primary key's attribute numbers go to `numbers`; returns how many.  Also a deferrable key
// names a row.
int PrimaryKey(Relation relation, int16 *numbers, int capacity) {
  int count = 0;
  pg::Call([&] {
    // rd_pkindex is only set once the list of indexes was read.
    List *indexes = RelationGetIndexList(relation);
    list_free(indexes);
    if (!OidIsValid(relation->rd_pkindex)) return;
    HeapTuple tuple = SearchSysCache1(INDEXRELID, ObjectIdGetDatum(relation->rd_pkindex));
    if (!HeapTupleIsValid(tuple)) return;
    auto *index = reinterpret_cast<Form_pg_index>(GETSTRUCT(tuple));
    for (int i = 0; i < index->indnkeyatts && count < capacity; ++i) {
      numbers[count++] = index->indkey.values[i];
    }
    ReleaseSysCache(tuple);
  });
  return count;
}

bool IsOdd(const std::string &name) {
  return name == "__proto__" ||
         (!name.empty() && name.find_first_not_of("0123456789") == std::string::npos);
}

}  // namespace

RowShape::RowShape(v8::Isolate *isolate, Relation relation, std::string entity_schema,
                   std::string entity_name)
    : isolate_(isolate),
      relation_(RelationGetRelid(relation)),
      entity_schema_(std::move(entity_schema)),
      entity_name_(std::move(entity_name)),
      memory_(nullptr),
      descriptor_(nullptr) {
  // The relation's own descriptor may go away at any invalidation; rows outlive it.
  memory_ = pg::Call([] {
    return AllocSetContextCreate(TopMemoryContext, "fundb row shape", ALLOCSET_SMALL_SIZES);
  });
  try {
    pg::MemoryScope scope(memory_);
    descriptor_ = pg::Call([&] { return CreateTupleDescCopyConstr(RelationGetDescr(relation)); });
    layout_ = pg::LayoutOf(descriptor_);

    columns_.resize(static_cast<size_t>(descriptor_->natts));
    names_.resize(columns_.size());
    size_t capacity = 4;
    while (capacity < columns_.size() * 2) capacity *= 2;
    slots_.assign(capacity, -1);
    mask_ = static_cast<unsigned>(capacity - 1);

    v8::HandleScope handles(isolate);
    then_.Reset(isolate, js::NewName(isolate, "then"));
    for (int i = 0; i < size(); ++i) {
      const FormData_pg_attribute &attribute = *TupleDescAttr(descriptor_, i);
      Column &column = columns_[static_cast<size_t>(i)];
      column.dropped = attribute.attisdropped;
      column.length = attribute.attlen;
      column.by_value = attribute.attbyval;
      if (column.dropped) continue;
      column.name = pg::FromServer(NameStr(attribute.attname));
      column.type_oid = attribute.atttypid;
      column.type = &TypeFor(attribute.atttypid, attribute.atttypmod);
      column.generated = attribute.attgenerated != '\0';
      column.identity_always = attribute.attidentity == ATTRIBUTE_IDENTITY_ALWAYS;
      if (IsOdd(column.name)) has_odd_names_ = true;
      if (column.name == "then") has_then_ = true;
      if (!column.generated && i < 64) insertable_ |= uint64_t{1} << i;
      v8::Local<v8::String> name = js::NewName(isolate, column.name);
      names_[static_cast<size_t>(i)].Reset(isolate, name);
      auto slot = static_cast<unsigned>(name->GetIdentityHash()) & mask_;
      while (slots_[slot] >= 0) slot = (slot + 1) & mask_;
      slots_[slot] = i;
    }

    int16 numbers[INDEX_MAX_KEYS];
    int count = PrimaryKey(relation, numbers, INDEX_MAX_KEYS);
    for (int i = 0; i < count; ++i) {
      key_.push_back(numbers[i] - 1);
      columns_[static_cast<size_t>(numbers[i] - 1)].is_key = true;
      if (numbers[i] <= 64) key_columns_ |= uint64_t{1} << (numbers[i] - 1);
    }
  } catch (...) {
    MemoryContextDelete(memory_);
    throw;
  }
}

RowShape::~RowShape() {
  for (auto &made : view_templates) made.Reset();
  MemoryContextDelete(memory_);
}

int RowShape::Find(v8::Local<v8::Name> name) const {
  if (!name->IsString()) return -1;
  auto slot = static_cast<unsigned>(name->GetIdentityHash()) & mask_;
  for (; slots_[slot] >= 0; slot = (slot + 1) & mask_) {
    // Property names are internalised, so the same name is the same object; a column's name was
    // made so.
    if (names_[static_cast<size_t>(slots_[slot])] == name) return slots_[slot];
  }
  return -1;
}

int RowShape::Find(std::string_view name) const {
  for (int i = 0; i < size(); ++i) {
    if (!column(i).dropped && column(i).name == name) return i;
  }
  return -1;
}

std::vector<std::string> RowShape::ColumnNames() const {
  std::vector<std::string> names;
  for (const Column &column : columns_) {
    if (!column.dropped) names.push_back(column.name);
  }
  return names;
}

}  // namespace fundb::convert
