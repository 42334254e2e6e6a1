// Follows what happens to tables and schemas outside of the registry: renamed, moved, dropped,
// attached.  Called by the event triggers and by fundb.sync().  C++ regime; takes the owner's
// rights itself.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pg/postgres.h"

namespace fundb::catalog {

// The bodies of the event triggers.  They do nothing while the extension is not wholly installed.
// The first finds the tables of entities that were restored before their tables or beside them;
// afterwards it would be too late to know them by their names.
void BeforeDdl();
void FollowDdl(std::string_view tag);
void FollowDrop();

// Makes registry and native triggers agree with the database; one line for each change.
std::vector<std::string> Synchronize();

}  // namespace fundb::catalog
