// What is known of a table's rows: columns with their converters, names as V8 strings, key.  Made
// once per relation and version of its definition.  C++ regime.
#pragma once

#include <v8.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "convert/type.h"
#include "js/handles.h"
#include "pg/tuple_walker.h"

#include "pg/postgres.h"

namespace fundb::js {
class Realm;
}

namespace fundb::convert {

struct Column {
  std::string name;
  const Type *type = nullptr;  // null for a dropped column
  Oid type_oid = InvalidOid;
  int16 length = 0;  // as pg_attribute.attlen, attbyval
  bool by_value = false;
  bool dropped = false;
  bool is_key = false;           // of the primary key
  bool generated = false;        // GENERATED ALWAYS AS (…) STORED
  bool identity_always = false;  // GENERATED ALWAYS AS IDENTITY
};

class RowBlock;
struct ArgsOriginal;

class RowShape {
 public:
  // `entity_*`: what events of this relation call it (a partition goes by its root's name).
  RowShape(v8::Isolate *isolate, Relation relation, std::string entity_schema,
           std::string entity_name);
  ~RowShape();
  RowShape(const RowShape &) = delete;
  RowShape &operator=(const RowShape &) = delete;

  Oid relation() const { return relation_; }
  const std::string &entity_schema() const { return entity_schema_; }
  const std::string &entity_name() const { return entity_name_; }
  // Columns by index, dropped ones included: index = attribute number - 1.
  int size() const { return static_cast<int>(columns_.size()); }
  const Column &column(int index) const { return columns_[static_cast<size_t>(index)]; }
  TupleDesc descriptor() const { return descriptor_; }
  const pg::TupleLayout &layout() const { return layout_; }
  // Indexes of the primary key's columns, in its order; empty without one.
  const std::vector<int> &key() const { return key_; }
  // Some column is named like an array index or "__proto__", which V8 keeps apart from other
  // properties.
  bool has_odd_names() const { return has_odd_names_; }
  // Some column is named "then", so that a row's object may be taken for a promise.
  bool has_then() const { return has_then_; }
  // The columns that an INSERT's `args` can have, as a set; only for tables of up to 64 columns.
  uint64_t insertable() const { return insertable_; }
  uint64_t key_columns() const { return key_columns_; }

  // The column of a property name, -1 when there is none.  Runs no JavaScript.
  int Find(v8::Local<v8::Name> name) const;
  int Find(std::string_view name) const;
  v8::Local<v8::String> NameOf(int index) const {
    return js::Borrow(names_[static_cast<size_t>(index)]);
  }
  // Whether a property's name is "then".
  bool IsThen(v8::Local<v8::Name> name) const { return js::Borrow(then_) == name; }
  // Names of the columns that are not dropped, for hints.
  std::vector<std::string> ColumnNames() const;

  v8::Isolate *isolate() const { return isolate_; }

  // The block that new rows go to (row_block.h).
  RowBlock *current_block = nullptr;
  // Template of event.old and event.new, made when first needed (row_event.cpp).
  v8::Global<v8::FunctionTemplate> view_templates[2];
  // What the views of each realm are copied from.
  struct Original {
    const js::Realm *realm;
    v8::Global<v8::Object> object;
  };
  std::vector<Original> view_originals[2];
  // The same for event.entity.
  std::vector<Original> entity_originals;
  // The same for `args` (row_args.h).
  std::vector<std::unique_ptr<ArgsOriginal>> args_originals;

 private:
  v8::Isolate *isolate_;
  Oid relation_;
  std::string entity_schema_;
  std::string entity_name_;
  MemoryContext memory_;
  TupleDesc descriptor_;
  pg::TupleLayout layout_;
  std::vector<Column> columns_;
  std::vector<int> key_;
  std::vector<v8::Global<v8::String>> names_;
  v8::Global<v8::String> then_;
  // Open addressing over the names' hashes; -1 = free.
  std::vector<int> slots_;
  unsigned mask_ = 0;
  bool has_odd_names_ = false;
  bool has_then_ = false;
  uint64_t insertable_ = 0;
  uint64_t key_columns_ = 0;
};

}  // namespace fundb::convert
