// Where the text of library modules comes from.  Declared here, implemented over the catalog.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace fundb::js {

// The longest text of a module, in bytes of UTF-8.  V8 compiles it in one go, in which nothing can
// stop it; this takes it half a second at most.
inline constexpr size_t kLongestModule = 1024 * 1024;

// The longest name of a module that can be imported, in bytes.  A module may import many thousands,
// each of which is kept with its name.
inline constexpr size_t kLongestModuleName = 1000;

struct ModuleText {
  std::string name;      // the virtual file name, as `lib/<schema>/<path>`
  std::string source;    // UTF-8
  uint64_t version = 0;  // changes with the text; for diagnosis only, the text itself is compared
};

class ModuleSource {
 public:
  virtual ~ModuleSource() = default;

  // The library module of exactly this name (`lib/admin/util.mjs`; the search for the name without
  // extension is done by the caller).  Never called while JavaScript is on the stack, so it may run
  // SQL.  May throw Error.
  virtual std::optional<ModuleText> Find(const std::string &name) = 0;
};

}  // namespace fundb::js
