// The rules for module specifiers: which names an `import` may mean.  Standard C++ only.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fundb::js {

// No longer ones name a module, whatever `.` and `..` are in them: UTF-16 units or bytes.
inline constexpr size_t kLongestSpecifier = 10000;

// The module names that `specifier`, written in the module `importer`, may mean, in the order they
// are to be tried; the first that exists is meant.  Empty for what can name no module (a leading
// '/', a path that climbs out of the root, an empty or a very long one).
//   'admin/util'  in any module         -> lib/admin/util, lib/admin/util.mjs
//   './b.mjs'     in lib/a/x.mjs        -> lib/a/b.mjs, then lib/a/x.mjs/b.mjs
//   '../b.mjs'    in lib/a/x.mjs        -> lib/b.mjs, then lib/a/b.mjs (the importing file counts
//                                          as a folder too, as it did in the original)
std::vector<std::string> CandidateNames(std::string_view importer, std::string_view specifier);

}  // namespace fundb::js
