#include "catalog/user_views.h"

#include <cstdlib>
#include <vector>

#include "catalog/kept_rows.h"
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
  // Leaked on purpose: no static object with a destructor.
  static auto *kept = new KeptRows<UserView>();
  std::string schema_name(schema);
  std::string view_name(name);
  std::string key = std::to_string(schema_name.size()) + ":" + schema_name + view_name;
  return kept->Find(GetRegistry().user_views_generation, key,
                    [&] { return ReadUserView(schema_name, view_name); });
}

}  // namespace fundb::catalog
