// What the checks of all tables of the registry share when rows are written (saving.h).  C++
// regime.
#pragma once

#include <optional>
#include <string>

#include "base/error.h"
#include "catalog/entities.h"
#include "catalog/native_triggers.h"
#include "catalog/relations.h"
#include "catalog/sql.h"
#include "catalog/trigger_row.h"
#include "pg/postgres.h"

namespace fundb::catalog {

// What the BEFORE row triggers begin with, where a row counts only when it is checked.
void BeginWrite(const TriggerData &event);

// The row that a BEFORE trigger may change.
HeapTuple TupleToStore(const TriggerData &event);
HeapTuple WithColumn(const TriggerData &event, HeapTuple tuple, const char *column, Datum value);

// The role that writes becomes the owner.  A superuser may name another (a restore does), and
// leaves the owner alone in an update that does not name it.
HeapTuple WithOwner(const TriggerData &event, HeapTuple tuple);

bool CurrentRoleIsSuperuser();

// The error of a check as one that names the object.  What must leave unchanged does.
[[noreturn]] void RethrowFor(const std::string &object, Error &error);

// Error 42501 without the TRIGGER privilege on the table.
void RequireTriggerPrivilege(const RelationFacts &table);

// The same for a table that gets a rule, and for the inheritance children that the rule watches,
// too.
void RequireRightToWatch(const RelationFacts &table);

// Error 42501 without the privilege on the table of the entity, unless its table is gone.
void RequireRightToRemove(const Entity &entity);

// Null or empty when there is none of that id.
std::optional<Entity> EntityById(const Value &id);
Value SchemaName(const Value &schema_id);

// A text of JavaScript that is written is longer than any that is compiled.  Sessions that come by
// it would hold it all the same, so it is not stored, broken or not.
bool HasLongCode(const Change &change, const char *column);
[[noreturn]] void RefuseLongCode(const std::string &object);

bool HasRules(const Value &entity_id);

// Makes the native triggers of the relation, if any, what its rules ask for.
void Adjust(Oid relation, Upkeep upkeep);

}  // namespace fundb::catalog
