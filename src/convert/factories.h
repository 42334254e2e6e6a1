// Makers of converters, one per family of types.  type.cpp chooses.  C++ regime; all may throw
// Error.
#pragma once

#include <memory>
#include <string>

#include "convert/type.h"

namespace fundb::convert {

// What every converter knows of its type.
struct TypeSeed {
  Oid oid;
  int32 modifier;  // -1 = none
  std::string name;
  MemoryContext memory;  // lives as long as the session, for what PostgreSQL keeps per function
};

using TypePointer = std::unique_ptr<Type>;

TypePointer MakeInteger(const TypeSeed &seed);  // int2, int4, int8, oid
TypePointer MakeFloat(const TypeSeed &seed);    // float4, float8
TypePointer MakeBoolean(const TypeSeed &seed);
TypePointer MakeNumeric(const TypeSeed &seed);
TypePointer MakeText(const TypeSeed &seed);  // text, varchar, char(n), and types that share text's
                                             // input function, as citext
TypePointer MakeName(const TypeSeed &seed);
TypePointer MakeEnum(const TypeSeed &seed);
TypePointer MakeUuid(const TypeSeed &seed);
TypePointer MakeBytes(const TypeSeed &seed);
TypePointer MakeTemporal(const TypeSeed &seed);  // date, time, timetz, timestamp, timestamptz
TypePointer MakeInterval(const TypeSeed &seed);
TypePointer MakeJson(const TypeSeed &seed);  // json, jsonb
TypePointer MakeArray(const TypeSeed &seed, Oid element);
TypePointer MakeComposite(const TypeSeed &seed);  // also record
TypePointer MakeDomain(const TypeSeed &seed, const Type &base);
TypePointer MakeOther(const TypeSeed &seed);  // by the text that PostgreSQL writes and reads

}  // namespace fundb::convert
