// The names that a FROM makes visible, and how they nest.  Part of the resolver.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "funql/bound.h"

namespace fundb::funql {

// One thing in FROM under its visible name.
struct ScopeItem {
  std::string name;
  // Set for an entity without an alias, which schema.entity.field may name too.
  std::string schema;
  bound::Table *table = nullptr;
  std::vector<bound::ColumnInfo> columns;
  // A function's columns are known to PostgreSQL only: any further name may be one of them.
  bool open = false;
};

// A column of an item, or (merged >= 0) one that USING merged out of two.
struct ScopeColumn {
  const ScopeItem *item = nullptr;
  int merged = -1;
  bound::ColumnInfo info;
};

// USING (name): one visible column instead of two.
struct MergedColumn {
  std::string name;
  bound::JoinKind join = bound::JoinKind::kInner;
  ScopeColumn left, right;
  // Whose value it shows, and as what: plainly, or in the type that both sides have in common.
  enum class Shows { kLeft, kRight, kBoth } shows = Shows::kLeft;
  enum class Form { kPlain, kCast, kCommon } form = Form::kPlain;
  // Not known = PostgreSQL alone knows what the two have in common.
  Type type;
  // How many columns it is put together of.
  size_t pieces = 1;
  // A later USING of the same name took its place.
  bool superseded = false;
};

// A column that `*` gives: one of an item's, or (merged >= 0) a merged one.
struct StarColumn {
  const ScopeItem *item = nullptr;
  size_t column = 0;
  int merged = -1;
};

// Where the two sides of a join begin in a scope's items and in what `*` gives.
struct JoinSides {
  size_t begin = 0, middle = 0;
  size_t merged_begin = 0;
  size_t star_begin = 0, star_middle = 0;
};

struct Scope {
  Scope *parent = nullptr;
  std::deque<ScopeItem> items;
  std::deque<MergedColumn> merged;
  // In SQL's order: of a join its merged columns, then the rest of its left and of its right side.
  std::vector<StarColumn> star;
  // Items and merged columns before these are not visible (inside an ON).
  size_t begin = 0;
  size_t merged_begin = 0;
  // The level whose aggregates these are; null where there can be none.
  bound::Select *select = nullptr;
};

// A WITH entry in force.
struct VisibleCommonTable {
  std::string name;
  std::vector<bound::ColumnInfo> columns;
  // As in bound::CommonTable.
  size_t number = 0;
};

}  // namespace fundb::funql
