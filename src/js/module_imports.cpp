#include "js/module_imports.h"

#include <utility>

namespace fundb::js {

void ModuleImports::Add(const std::string &specifier, const std::string &name) {
  auto [found, is_new] = names_.insert(name);
  if (is_new) in_order_.push_back(&*found);
  imports_.push_back({specifier, &*found});
}

const std::string *ModuleImports::Find(const std::string &specifier) const {
  size_t count = imports_.size();
  for (size_t i = 0; i < count; ++i) {
    size_t place = (next_ + i) % count;
    if (imports_[place].specifier != specifier) continue;
    next_ = place + 1;
    return imports_[place].name;
  }
  return nullptr;
}

void Importers::Add(const std::string &importer, const ModuleImports &imports) {
  for (const std::string *name : imports.names()) importers_[*name].push_back(&importer);
}

std::set<std::string> Importers::With(std::vector<std::string> names) const {
  std::set<std::string> found(names.begin(), names.end());
  while (!names.empty()) {
    auto importers = importers_.find(names.back());
    names.pop_back();
    if (importers == importers_.end()) continue;
    for (const std::string *importer : importers->second) {
      if (found.insert(*importer).second) names.push_back(*importer);
    }
  }
  return found;
}

}  // namespace fundb::js
