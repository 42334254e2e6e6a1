#include "catalog/user_views.h"

#include <cstdlib>
#include <map>
#include <utility>
#include <vector>

#include "catalog/registry.h"
#include "catalog/sql.h"

namespace fundb::catalog {

namespace {

std::optional<UserView> ReadUserView(const std::string &schema, const std::string &name) {
  OwnerScope scope;
  std::vector<Values> rows = ReadLatest(
      "SELECT v.id, v.query, v.allow_broken FROM public.user_views AS v"
      " JOIN public.schemas AS s ON s.id = v.schema_id WHERE s.name = $1 AND v.name = $2",
      {schema, name});
  if (rows.empty()) return std::nullopt;
  UserView view;
  view.id = std::atoi(rows[0][0]->c_str());
  view.query = std::move(*rows[0][1]);
  view.allow_broken = *rows[0][2] == "t";
  return view;
}

}  // namespace

std::optional<UserView> FindUserView(std::string_view schema, std::string_view name) {
  using Cache = std::map<std::pair<std::string, std::string>, std::optional<UserView>>;
  static Cache *cache = new Cache();
  static uint64_t cached_at = 0;
  static const pg::RelationGeneration *watched = nullptr;

  const pg::RelationGeneration *generation = GetRegistry().user_views_generation;
  if (generation != watched || generation->generation != cached_at) {
    cache->clear();
    watched = generation;
    cached_at = generation->generation;
  }
  std::pair<std::string, std::string> key(schema, name);
  auto found = cache->find(key);
  if (found != cache->end()) return found->second;

  // Reading may itself take in an invalidation: what was read then counts as older than it.
  uint64_t version = generation->generation;
  std::optional<UserView> view = ReadUserView(key.first, key.second);
  if (view.has_value()) view->version = version;
  if (generation->generation == cached_at) (*cache)[key] = view;
  return view;
}

}  // namespace fundb::catalog
