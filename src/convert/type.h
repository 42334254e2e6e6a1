// Conversion of single values between PostgreSQL and JavaScript: one Type per SQL type, chosen once
// and kept. C++ regime; PostgreSQL's functions are called under guards, V8's failures become
// js::Pending.
#pragma once

#include <v8.h>

#include <string>
#include <string_view>

#include "pg/postgres.h"

namespace fundb::convert {

// What a value is meant for, for messages: {"column", "qty"}, {"argument", "since"}.
struct Target {
  std::string_view kind;
  std::string_view name;
  // Set by converters for a part of a value: the element [index] or the field `name` of `whole`.
  const Target *whole = nullptr;
  int64_t index = -1;
};

class Type {
 public:
  virtual ~Type() = default;

  // `value` is not null and stays readable only during the call.
  virtual v8::Local<v8::Value> ToJs(v8::Local<v8::Context> context, Datum value) const = 0;

  // `value` is neither null nor undefined.  The result is allocated in CurrentMemoryContext. Errors
  // name the target, its type and what is accepted: 22P02, 22003, 22007, 22008, 22021, 42804 and
  // those of domains.
  virtual Datum FromJs(v8::Local<v8::Context> context, v8::Local<v8::Value> value,
                       const Target &target) const = 0;

  // A NULL of this type is to be stored: domains may refuse it.
  virtual void CheckNull(const Target &) const {}

  // True when ToJs loses something that FromJs could not bring back byte for byte (microseconds,
  // the scale of a numeric, key order of json): a value that equals what ToJs gave then keeps the
  // stored bytes.
  virtual bool IsLossy() const = 0;

  // True when ToJs of a short value costs next to nothing, gives a primitive and cannot fail: such
  // values may be converted before anybody asks for them.
  virtual bool IsImmediate() const { return false; }

  // True when ToJs may give an array: then arrays of this type cannot tell a dimension from a
  // value.
  virtual bool MayBeArray() const { return false; }

  // The name as PostgreSQL shows it, with modifier: `character varying(10)`.
  const std::string &name() const { return name_; }

 protected:
  explicit Type(std::string name) : name_(std::move(name)) {}

 private:
  std::string name_;
};

// The converter of a type with its modifier (-1 = none).  Lives until the session's end; a changed
// type (ALTER TYPE, ALTER DOMAIN) gives a new one at the next call.
const Type &TypeFor(Oid type, int32 modifier);

// Counts up when a type that was asked for may have changed: its converter is to be asked for anew.
namespace internal {
extern uint64_t types_generation;
}
inline uint64_t TypesGeneration() noexcept { return internal::types_generation; }

// True when two JavaScript values say the same: primitives by SameValue, Dates by time, bytes by
// content, arrays and objects member by member in order.  Runs no user code.
bool SameContent(v8::Local<v8::Context> context, v8::Local<v8::Value> a, v8::Local<v8::Value> b);

}  // namespace fundb::convert
