// What happens when rows of the registry are written: rights and owner before, checks and native
// triggers after.  The bodies of the registry's own trigger functions.  C++ regime; they run as the
// writer and take the owner's rights where they need them.
//
// Everything is checked by the AFTER triggers, when all rows of the statement are there: modules
// that import each other can be saved together, and no row slips through a check because what it
// refers to comes with the same statement.  Functions that the statement calls see its rows before
// that.  So the BEFORE triggers ask for the rights to what is there already, and what a statement
// wrote counts when it is checked (unchecked.h).
#pragma once

#include "pg/postgres.h"

namespace fundb::catalog {

// The row triggers.  The BEFORE ones give the row that is to be stored.
HeapTuple BeforeSchema(const TriggerData &event);
void AfterSchema(const TriggerData &event);
HeapTuple BeforeEntity(const TriggerData &event);
void AfterEntity(const TriggerData &event);
HeapTuple BeforeRule(const TriggerData &event);
void AfterRule(const TriggerData &event);
HeapTuple BeforeModule(const TriggerData &event);
void AfterModule(const TriggerData &event);
HeapTuple BeforeUserView(const TriggerData &event);
void AfterUserView(const TriggerData &event);

// The statement triggers.
void BeforeTruncate();
void AfterTruncate(const TriggerData &event);

}  // namespace fundb::catalog
