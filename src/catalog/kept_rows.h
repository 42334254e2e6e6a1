// What was found of a table of the registry by name, and that there is none of a name, for as long
// as the table stays as it is.  Bounded: scripts ask for any names, of any length.  C++ regime.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "catalog/registry.h"

namespace fundb::catalog {

// `Row` has a `version`, and TextBytes() of what it holds.
template <typename Row>
class KeptRows {
 public:
  // `generation` is the table's; `read` reads the row from it.
  template <typename Read>
  std::optional<Row> Find(const pg::RelationGeneration *generation, const std::string &name,
                          Read read) {
    if (generation != watched_ || generation->generation != kept_at_) {
      Clear();
      watched_ = generation;
      kept_at_ = generation->generation;
    }
    auto found = rows_.find(name);
    if (found != rows_.end()) return found->second;

    // Reading may itself take in an invalidation: what was read then counts as older than it.
    uint64_t version = generation->generation;
    std::optional<Row> row = read();
    if (row.has_value()) row->version = version;
    if (generation->generation == kept_at_) Keep(name, row);
    return row;
  }

 private:
  // Many times what rules use, and nothing beside the rest of a session.
  static constexpr size_t kMostBytes = 16 << 20;
  // Of an entry beside its texts.
  static constexpr size_t kEntryBytes = 200;

  void Keep(const std::string &name, const std::optional<Row> &row) {
    size_t bytes = kEntryBytes + name.size() + (row.has_value() ? row->TextBytes() : 0);
    if (bytes > kMostBytes - bytes_) Clear();
    if (bytes > kMostBytes) return;
    rows_[name] = row;
    bytes_ += bytes;
  }

  void Clear() {
    rows_.clear();
    bytes_ = 0;
  }

  std::unordered_map<std::string, std::optional<Row>> rows_;
  size_t bytes_ = 0;
  uint64_t kept_at_ = 0;
  const pg::RelationGeneration *watched_ = nullptr;
};

}  // namespace fundb::catalog
