// The two forms of `args`, for the row_args files only.
//
// Plain: an object whose own properties are native accessors, one per column that is present,
// copied from an original that is made once per set of columns.  V8 looks such properties up as
// fast as any others, and an object that nobody added to or deleted from still has its original's
// hidden class. Intercepted: V8 asks for each name.  Several times slower, but good for every
// table: wide ones, many different sets of columns, columns named like array indexes.
//
// Both have the same internal fields.  Values that were assigned or handed out as objects are held
// in slots, one field each, and in an array (undefined until there is one) when there are more.
#pragma once

#include <v8.h>

#include <cstdint>
#include <vector>

#include "convert/row.h"

namespace fundb::convert {

// What the plain form's objects are copied from, by realm and by set of columns.
struct ArgsOriginal {
  const js::Realm *realm;
  uint64_t present;
  v8::Global<v8::Object> object;

  // Forms that handlers gave to copies by adding properties, and which columns those are.
  struct Grown {
    v8::Global<v8::Object> example;
    uint64_t added;
  };
  std::vector<Grown> grown;
  size_t next_grown = 0;
};

namespace args {

enum Field { kState, kHandle, kValues, kFirstSlot, kFieldCount = kFirstSlot + RowState::kSlots };

inline RowState &StateOf(v8::Local<v8::Object> args) {
  return *static_cast<RowState *>(args->GetAlignedPointerFromInternalField(kState));
}

void Assign(v8::Local<v8::Object> args, RowState &state, int index, v8::Local<v8::Value> value);
void Remove(RowState &state, int index);

// Objects without a row yet.  The plain form is empty when the row is none for it.
v8::Local<v8::Object> NewIntercepted(v8::Local<v8::Context> context, js::Realm &realm);
v8::Local<v8::Object> NewPlain(v8::Local<v8::Context> context, js::Realm &realm, RowState &state);

}  // namespace args

}  // namespace fundb::convert
