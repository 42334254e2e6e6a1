// Shared modules (public.modules) by their virtual file names.  C++ regime; reads with the rights
// of the extension's owner.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "pg/postgres.h"

namespace fundb::catalog {

struct Module {
  std::string name;  // lib/<schema>/<path>, with .mjs
  std::string source;
  // The registry's modules_generation when the text was read.
  uint64_t version = 0;
  bool allow_broken = false;
  std::string owner_name;
  Oid owner = InvalidOid;  // invalid when the role is gone

  size_t TextBytes() const { return name.size() + source.size() + owner_name.size(); }
};

// The module that a virtual name `lib/<schema>/<path>` means, with or without `.mjs`; none when
// there is none.  Kept for a while.
std::optional<Module> FindModule(std::string_view virtual_name);

// lib/<schema>/<path>; slashes in the schema's name are written as %2F.
std::string ModuleName(std::string_view schema, std::string_view path);

// What is wrong with a path, in the words of the original ("File should have .mjs extension"); ""
// when nothing is.
std::string FindPathProblem(std::string_view path);

}  // namespace fundb::catalog
