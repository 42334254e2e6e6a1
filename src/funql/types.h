// The types the language knows by itself, with PostgreSQL's fixed oids; every other type is asked
// of the Schema.
#pragma once

#include <string_view>
#include <vector>

#include "funql/schema.h"

namespace fundb::funql {

// By a name of the language (int, string, datetime, …) or of pg_catalog (int4, timestamptz, …);
// null for any other.
const Type *BuiltinType(std::string_view name);

// By pg_catalog's name only; null for any other.
const Type *CatalogType(std::string_view name);

// The array type over a type that is none.
Type ArrayOf(const Type &element);

// What values of these types have in common: known only where all are of the very same type, for
// which type of several PostgreSQL would take is its own affair.  It may still lack operators.
Type CommonType(const std::vector<const Type *> &types);

std::vector<std::string> BuiltinTypeNames();

}  // namespace fundb::funql
