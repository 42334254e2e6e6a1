// What only the engine can tell about code that is saved: does it compile, do its imports resolve,
// is its default export a function?  Calls fundb.check_rule and its siblings, which live above the
// catalog.  C++ regime.
//
// The code runs as whoever saves it (or looks at fundb.broken), never as the extension's owner.
// That others' code is evaluated with the rights of whoever looks does no harm: at its top level a
// module cannot reach the database, and it keeps nothing.
#pragma once

#include <string>

namespace fundb::catalog {

// Each throws what is wrong (42601, 22023) and returns when nothing is.  With a limit (in
// milliseconds, 0 = none) code that runs longer, or takes too much memory, is wrong as well
// (54000).
void CheckRuleCode(const std::string &module_name, const std::string &source, int limit_ms);
void CheckModuleCode(const std::string &module_name, const std::string &source, int limit_ms);
void CheckUserViewQuery(const std::string &schema, const std::string &query);

}  // namespace fundb::catalog
