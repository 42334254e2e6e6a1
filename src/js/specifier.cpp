#include "js/specifier.h"

#include <optional>

#include "js/module_source.h"

namespace fundb::js {

namespace {

constexpr std::string_view kLibrary = "lib";
constexpr std::string_view kExtension = ".mjs";

// Resolves '.', '..' and double slashes; nothing when the path climbs out of the root or is empty.
std::optional<std::string> Normalize(std::string_view path) {
  std::vector<std::string_view> parts;
  size_t begin = 0;
  while (begin <= path.size()) {
    size_t end = path.find('/', begin);
    if (end == std::string_view::npos) end = path.size();
    std::string_view part = path.substr(begin, end - begin);
    if (part == "..") {
      if (parts.empty()) return std::nullopt;
      parts.pop_back();
    } else if (!part.empty() && part != ".") {
      parts.push_back(part);
    }
    begin = end + 1;
  }
  if (parts.empty()) return std::nullopt;
  std::string result;
  for (std::string_view part : parts) {
    if (!result.empty()) result += '/';
    result += part;
  }
  return result;
}

void Add(std::string_view folder, std::string_view specifier, std::vector<std::string> *names) {
  std::string path(folder);
  if (!path.empty()) path += '/';
  path += specifier;
  std::optional<std::string> name = Normalize(path);
  if (!name) return;
  bool has_extension =
      name->size() > kExtension.size() &&
      name->compare(name->size() - kExtension.size(), kExtension.size(), kExtension) == 0;
  size_t longest = has_extension ? kLongestModuleName : kLongestModuleName - kExtension.size();
  if (name->size() > longest) return;
  // A name without the extension is the same file: ask for the full name first.
  if (!has_extension) names->push_back(*name + std::string(kExtension));
  names->push_back(std::move(*name));
}

}  // namespace

std::vector<std::string> CandidateNames(std::string_view importer, std::string_view specifier) {
  std::vector<std::string> names;
  if (specifier.size() > kLongestSpecifier) return names;
  if (specifier.empty() || specifier.front() == '/') return names;
  std::string_view first = specifier.substr(0, specifier.find('/'));
  if (first == "." || first == "..") {
    size_t slash = importer.rfind('/');
    std::string_view folder =
        slash == std::string_view::npos ? std::string_view() : importer.substr(0, slash);
    Add(folder, specifier, &names);
  } else {
    Add(kLibrary, specifier, &names);
  }
  Add(importer, specifier, &names);
  return names;
}

}  // namespace fundb::js
