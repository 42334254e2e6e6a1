#include "catalog/modules.h"

#include <string>
#include <vector>

#include "pg/call.h"

#include "catalog/kept_rows.h"
#include "catalog/registry.h"
#include "catalog/sql.h"
#include "pg/encoding.h"

namespace fundb::catalog {

namespace {

constexpr std::string_view kPrefix = "lib/";
constexpr std::string_view kExtension = ".mjs";

std::string Replaced(std::string_view text, std::string_view from, std::string_view to) {
  std::string result;
  size_t position = 0;
  for (size_t found; (found = text.find(from, position)) != std::string_view::npos;
       position = found + from.size()) {
    result += text.substr(position, found - position);
    result += to;
  }
  result += text.substr(position);
  return result;
}

bool EndsWith(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

std::optional<Module> ReadModule(std::string_view virtual_name) {
  if (virtual_name.substr(0, kPrefix.size()) != kPrefix) return std::nullopt;
  std::string_view rest = virtual_name.substr(kPrefix.size());
  size_t slash = rest.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  std::string schema = Replaced(Replaced(rest.substr(0, slash), "%2F", "/"), "%25", "%");
  std::string path(rest.substr(slash + 1));
  OwnerScope scope;
  std::vector<Values> rows = ReadLatest(
      "SELECT s.name, m.path, m.source, m.allow_broken, m.owner FROM public.modules AS m"
      " JOIN public.schemas AS s ON s.id = m.schema_id"
      " WHERE s.name = $1 AND m.path IN ($2, $2 || '.mjs') ORDER BY m.path <> $2 LIMIT 1",
      {schema, path});
  if (rows.empty()) return std::nullopt;
  Values &row = rows[0];
  Module module;
  module.name = ModuleName(*row[0], *row[1]);
  module.source = std::move(*row[2]);
  module.allow_broken = *row[3] == "t";
  module.owner_name = std::move(*row[4]);
  module.owner = pg::Call([&] { return get_role_oid(pg::ToServer(module.owner_name), true); });
  return module;
}

}  // namespace

std::string ModuleName(std::string_view schema, std::string_view path) {
  std::string name(kPrefix);
  name += Replaced(Replaced(schema, "%", "%25"), "/", "%2F");
  name += '/';
  name += path;
  return name;
}

std::string FindPathProblem(std::string_view path) {
  if (path.empty()) return "Path shouldn't be empty.";
  if (path[0] == '/') return "Path shouldn't be absolute.";
  std::string normalized;
  size_t position = 0;
  while (position <= path.size()) {
    size_t slash = path.find('/', position);
    if (slash == std::string_view::npos) slash = path.size();
    std::string_view component = path.substr(position, slash - position);
    if (component == "..") return "Path shouldn't contain \"..\".";
    if (!component.empty() && component != ".") {
      if (!normalized.empty()) normalized += '/';
      normalized += component;
    }
    position = slash + 1;
  }
  if (normalized != path) return "Path should be normalized to \"" + normalized + "\".";
  if (!EndsWith(path, kExtension) || path.size() == kExtension.size() ||
      path[path.size() - kExtension.size() - 1] == '/') {
    return "File should have .mjs extension.";
  }
  return "";
}

std::optional<Module> FindModule(std::string_view virtual_name) {
  // Leaked on purpose: no static object with a destructor.
  static auto *kept = new KeptRows<Module>();
  return kept->Find(GetRegistry().modules_generation, std::string(virtual_name),
                    [&] { return ReadModule(virtual_name); });
}

}  // namespace fundb::catalog
