// The native triggers of watched tables: one for each timing that some rule has, for all events,
// so that later changes of a rule's events, code or priority need no lock on the table.
// C++ regime; needs an OwnerScope.
//
// A partitioned table has them once, PostgreSQL clones them to its partitions; a partition with
// rules of its own has its own only while no clone is there.  Inheritance children have them as
// well as their parents.
#pragma once

#include <string>
#include <vector>

#include "pg/postgres.h"

namespace fundb::catalog {

// "zz_": PostgreSQL fires row triggers by name, so the AFTER rules run behind foreign-key actions
// ("RI_…") and the BEFORE rules behind the triggers that an application is likely to have.
inline constexpr const char *kBeforeTrigger = "zz_fundb_before";
inline constexpr const char *kAfterTrigger = "zz_fundb_after";
// Those of partitioned tables have other names: else a table with rules of its own could not be
// attached as a partition, since the clones would meet its triggers.
inline constexpr const char *kRootBeforeTrigger = "zz_fundb_root_before";
inline constexpr const char *kRootAfterTrigger = "zz_fundb_root_after";

enum class Upkeep {
  kAdd,     // rules came: sessions that add do not wait for each other
  kAdjust,  // rules may have gone: waits for those who add, so that none loses its trigger
  kFollow   // the table changed and is locked: the same, but nobody is waited for without need
};

// Makes the native triggers of a relation, its partitions and inheritance children what the rules
// ask for.  A relation that is gone is skipped.  Adds a line for each change to `changes`, if any.
void AdjustNativeTriggers(Oid relation, Upkeep upkeep, std::vector<std::string> *changes);

// The same for all relations that have rules or native triggers.
void AdjustAllNativeTriggers(std::vector<std::string> *changes);

// True when the relation has any, clones included.
bool HasNativeTriggers(Oid relation);

// True when the relation has a native trigger of this name that is whole, and no other of its
// timing: it runs rules once for each row.
bool IsWholeNativeTrigger(Oid relation, const std::string &name);

// Keeps in mind whether the native triggers of a relation are enabled, for when they are created
// again.
void RememberTriggerStates(Oid relation);

}  // namespace fundb::catalog
