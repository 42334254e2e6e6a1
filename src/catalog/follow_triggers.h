// CREATE TRIGGER by others: what may not take the place of a native trigger.  C++ regime; takes the
// owner's rights itself.
#pragma once

namespace fundb::catalog {

// After CREATE TRIGGER.  Throws 42501 for triggers of others than superusers on the registry's
// tables, and for those that bear a native trigger's name or call its function and are none.  One
// on a partitioned table goes again where no rule asks for it, and so do those that its clones make
// needless.  A session that restores a dump is noted instead (see NoteRestoredTrigger).
void FollowCreateTrigger();

}  // namespace fundb::catalog
