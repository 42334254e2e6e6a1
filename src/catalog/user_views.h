// Named user views (public.user_views).  C++ regime; reads with the rights of the extension's
// owner.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "pg/postgres.h"

namespace fundb::catalog {

struct UserView {
  int id = 0;
  std::string query;  // FunQL
  bool allow_broken = false;
  // The registry's user_views_generation when the text was read.
  uint64_t version = 0;

  size_t TextBytes() const { return query.size(); }
};

// The view of that schema and name; none when there is none.  Kept for a while.
std::optional<UserView> FindUserView(std::string_view schema, std::string_view name);

}  // namespace fundb::catalog
