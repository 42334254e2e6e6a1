// Registering schemas and entities, and which relation an entity is.  C++ regime.
#pragma once

#include <string>

#include "catalog/relations.h"

#include "pg/postgres.h"

namespace fundb::catalog {

// The id of the registry's row; registers what is missing.  For users: checks that the current role
// may register.
int SchemaId(const std::string &name);
int EntityId(Oid relation);

// The same without asking; needs an OwnerScope.
int RegisterSchema(const std::string &name);

// Writes down which relation an entity is and which namespace a schema is; InvalidOid: none.
// Need an OwnerScope.
void MapEntity(const std::string &entity_id, Oid relation);
void MapSchema(const std::string &schema_id, Oid schema);

// The same for all that can be found by name and are not written down yet.  A schema that came
// after the namespace of its name is the namespace only if its owner may rename such rows anyway:
// else whoever may create schemas could take a namespace of modules and rules over by its name, and
// then rename it.  True when anything was found.
bool MapUnmapped();

// Forgets the entities of temporary tables that are gone: a session's end tells nobody.  Returns
// how many there were.  And the schemas of temporary tables that have none.  Need an OwnerScope.
int ForgetLostTemporaries();
void ForgetTemporarySchemas();

// Throws unless the relation may have rules (`what` begins the message).
void RequireRulesPossible(const RelationFacts &table, const std::string &what);

}  // namespace fundb::catalog
