// Writes of the registry's tables with the rights of their owner, on behalf of whoever changed a
// table or registers one.  C++ regime; needs an OwnerScope.
#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "catalog/registry.h"
#include "catalog/sql.h"

namespace fundb::catalog {

// Tables of the registry.
using Tables = std::initializer_list<Oid Registry::*>;

// What a deleted row takes along is deleted from other tables.
constexpr Tables kDeletesSchema = {&Registry::schemas, &Registry::namespaces};
constexpr Tables kDeletesEntity = {&Registry::entities, &Registry::triggers, &Registry::relations};

// Throws 42501 when writing these tables would run something that is not a superuser's or the
// extension's owner's: a trigger, or whatever an owner of the table put there.  Such a function may
// do anything with the owner's rights.  Only a superuser gets such a trigger there, but it might
// have been there first, or have been made while event triggers were off.  The tables stay locked
// against new ones.
void RequireOwnTables(Tables tables);

// Runs a statement that writes these tables, those included that foreign keys of the registry
// write.
std::vector<Values> WriteRegistry(Tables tables, const std::string &sql,
                                  const Values &parameters = {});

}  // namespace fundb::catalog
