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

// Each throws what is wrong (42601, 22023) and returns when nothing is.
void CheckRuleCode(const std::string &module_name, const std::string &source);
void CheckModuleCode(const std::string &module_name, const std::string &source);
void CheckUserViewQuery(const std::string &schema, const std::string &query);

}  // namespace fundb::catalog
