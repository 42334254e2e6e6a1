// Joins: what each shows, and how USING and NATURAL merge columns.
#include <algorithm>

#include "funql/resolver_state.h"
#include "funql/types.h"

namespace fundb::funql {

bound::SourcePtr Resolver::Join(const ast::Source &source, Scope *scope) {
  auto result = std::make_unique<bound::Source>();
  result->kind = bound::SourceKind::kJoin;
  result->position = source.span.begin;
  result->join = static_cast<bound::JoinKind>(source.join);
  JoinSides sides;
  sides.begin = scope->items.size();
  sides.merged_begin = scope->merged.size();
  sides.star_begin = scope->star.size();
  result->left = Source(*source.left, scope);
  sides.middle = scope->items.size();
  sides.star_middle = scope->star.size();
  result->right = Source(*source.right, scope);
  if (source.natural || !source.using_fields.empty()) Using(source, sides, scope, result.get());
  if (source.on) {
    // Only the two sides are visible in ON, not what stands before them in FROM.
    size_t outer = std::exchange(scope->begin, sides.begin);
    size_t outer_merged = std::exchange(scope->merged_begin, sides.merged_begin);
    result->on = Expression(*source.on, scope);
    scope->begin = outer;
    scope->merged_begin = outer_merged;
  }
  return result;
}

namespace {

// Does the merged column with this index show `item`'s column of its name?
bool Covers(const Scope &scope, int merged, const ScopeItem *item) {
  const MergedColumn &column = scope.merged[static_cast<size_t>(merged)];
  for (const ScopeColumn *side : {&column.left, &column.right}) {
    if (side->merged >= 0 ? Covers(scope, side->merged, item) : side->item == item) return true;
  }
  return false;
}

}  // namespace

bool Resolver::IsMergedAway(const Scope &scope, const ScopeItem &item,
                            const std::string &name) const {
  steps_.Count(scope.merged.size());
  for (size_t i = 0; i < scope.merged.size(); ++i) {
    if (scope.merged[i].name == name && Covers(scope, static_cast<int>(i), &item)) return true;
  }
  return false;
}

// The column `name` among the items [begin, end), merged ones included.
ScopeColumn Resolver::UsingColumn(const std::string &name, Span span, size_t begin, size_t end,
                                  Scope *scope) {
  std::vector<ScopeColumn> found;
  for (size_t i = 0; i < scope->merged.size(); ++i) {
    const MergedColumn &merged = scope->merged[i];
    if (merged.superseded || merged.name != name) continue;
    for (size_t at = begin; at < end; ++at) {
      steps_.Count();
      if (!Covers(*scope, static_cast<int>(i), &scope->items[at])) continue;
      found.push_back({nullptr, static_cast<int>(i), {}});
      break;
    }
  }
  for (size_t at = begin; at < end; ++at) {
    const ScopeItem &item = scope->items[at];
    if (IsMergedAway(*scope, item, name)) continue;
    steps_.Count(item.columns.size());
    for (const bound::ColumnInfo &column : item.columns) {
      if (column.name == name) found.push_back({&item, -1, column});
    }
  }
  if (found.empty()) {
    std::vector<std::string> names;
    for (size_t at = begin; at < end; ++at) {
      for (const bound::ColumnInfo &column : scope->items[at].columns) names.push_back(column.name);
    }
    throw diagnostics_->UnknownField(span, name, "one side of the join", names);
  }
  if (found.size() > 1) throw diagnostics_->AmbiguousField(span, name, {name});
  return found[0];
}

namespace {

const std::string &NameOf(const Scope &scope, const StarColumn &column) {
  return column.merged >= 0 ? scope.merged[static_cast<size_t>(column.merged)].name
                            : column.item->columns[column.column].name;
}

}  // namespace

// The names that NATURAL means, in the order of the left side.
std::vector<ast::Name> Resolver::NaturalNames(const JoinSides &sides, const Scope &scope,
                                              Span span) const {
  steps_.Count(scope.star.size() - sides.star_begin);
  for (size_t i = sides.begin; i < scope.items.size(); ++i) {
    RequireColumns(scope.items[i], span, "NATURAL");
  }
  std::set<std::string> right;
  for (size_t at = sides.star_middle; at < scope.star.size(); ++at) {
    right.insert(NameOf(scope, scope.star[at]));
  }
  std::vector<ast::Name> names;
  std::set<std::string> taken;
  for (size_t at = sides.star_begin; at < sides.star_middle; ++at) {
    const std::string &name = NameOf(scope, scope.star[at]);
    if (right.count(name) == 1 && taken.insert(name).second) names.push_back({name, span});
  }
  return names;
}

// What the two sides show becomes what their join shows: the columns merged from number `first` on,
// then what is left of each side.
void Resolver::MergeStar(const JoinSides &sides, size_t first, Scope *scope) const {
  steps_.Count(scope->star.size() - sides.star_begin);
  std::set<std::pair<const ScopeItem *, std::string>> taken;
  std::vector<StarColumn> columns;
  for (size_t i = first; i < scope->merged.size(); ++i) {
    const MergedColumn &merged = scope->merged[i];
    for (const ScopeColumn *side : {&merged.left, &merged.right}) {
      if (side->merged < 0) taken.insert({side->item, side->info.name});
    }
    if (!merged.superseded) columns.push_back({nullptr, 0, static_cast<int>(i)});
  }
  for (size_t at = sides.star_begin; at < scope->star.size(); ++at) {
    const StarColumn &column = scope->star[at];
    bool gone = column.merged >= 0 ? scope->merged[static_cast<size_t>(column.merged)].superseded
                                   : taken.count({column.item, NameOf(*scope, column)}) == 1;
    if (!gone) columns.push_back(column);
  }
  scope->star.resize(sides.star_begin);
  scope->star.insert(scope->star.end(), columns.begin(), columns.end());
}

namespace {

// Types of one kind whose values become those of a higher rank by themselves, and never back; 0: of
// no such kind.
int Rank(const Type &type) {
  constexpr std::pair<const char *, int> kRanks[] = {
      {"int2", 11},   {"int4", 12},   {"int8", 13},      {"numeric", 14},
      {"float4", 15}, {"float8", 16}, {"varchar", 21},   {"bpchar", 21},
      {"text", 21},   {"date", 31},   {"timestamp", 32}, {"timestamptz", 33}};
  if (type.schema != "pg_catalog" || type.is_array) return 0;
  for (const auto &[name, rank] : kRanks) {
    if (type.name == name) return rank;
  }
  return 0;
}

Type WithoutModifiers(Type type) {
  type.modifiers.clear();
  return type;
}

}  // namespace

// What the merged column of a left and a right column of these types is, as in SQL: the left one
// (the right one of a RIGHT JOIN), but of the type that both have in common.
void Resolver::Merge(const Type &left, const Type &right, MergedColumn *merged) const {
  using Shows = MergedColumn::Shows;
  using Form = MergedColumn::Form;
  bool outer_right = merged->join == bound::JoinKind::kRight;
  merged->shows = outer_right ? Shows::kRight : Shows::kLeft;
  bool same = left.IsKnown() && left.schema == right.schema && left.name == right.name &&
              left.is_array == right.is_array;
  int ranks[] = {Rank(left), Rank(right)};
  bool comparable = same || (ranks[0] != 0 && ranks[1] != 0 && ranks[0] / 10 == ranks[1] / 10);
  bool is_right = !same && comparable && ranks[1] > ranks[0];
  if (same) {
    merged->type = outer_right ? right : left;
  } else if (comparable) {
    merged->type = WithoutModifiers(is_right ? right : left);
  } else {
    merged->type = CommonType({&left, &right});
  }
  if (merged->join == bound::JoinKind::kFull) {
    merged->shows = Shows::kBoth;
  } else if (!comparable) {
    merged->form = Form::kCommon;
  } else if (merged->join == bound::JoinKind::kInner) {
    // Both are equal: the one that needs no cast.
    if (is_right) merged->shows = Shows::kRight;
  } else if (!same && is_right != outer_right) {
    merged->form = Form::kCast;
  }
}

Resolver::Base Resolver::MergedBase(const MergedColumn &merged, const Scope &scope, Span span) {
  using Shows = MergedColumn::Shows;
  using Form = MergedColumn::Form;
  bool both = merged.shows == Shows::kBoth || merged.form == Form::kCommon;
  bool right = merged.shows == Shows::kRight;
  Base shown = ScopeColumnBase(right ? merged.right : merged.left, scope, span);
  auto value = [&](Base *side) {
    return side->value ? std::move(side->value) : MakeColumn(side->table, side->info, span);
  };
  if (!both && merged.form == Form::kPlain) {
    if (!right || merged.join != bound::JoinKind::kInner) return shown;
    // The right side only for its type: arrows may start from either, the values are equal.
    const Reference *reference = ScopeColumnBase(merged.left, scope, span).info.reference;
    if (shown.info.reference != nullptr || reference == nullptr) return shown;
    shown.value = value(&shown);
    shown.info.reference = reference;
    return shown;
  }
  Base base;
  base.info.name = merged.name;
  base.info.type = merged.type;
  base.info.reference = shown.info.reference;
  base.shown = "field \"" + merged.name + "\"";
  if (!both) {
    base.value = Make(bound::ExpressionKind::kCast, span);
    base.value->args.push_back(value(&shown));
  } else {
    Base other = ScopeColumnBase(right ? merged.left : merged.right, scope, span);
    bound::ExpressionPtr second = value(&other);
    if (merged.shows != Shows::kBoth) {
      // Never its value, only its type: PostgreSQL makes nothing of it when it plans.
      bound::ExpressionPtr never = Make(bound::ExpressionKind::kCase, span);
      never->args.push_back(Make(bound::ExpressionKind::kBoolean, span));
      never->args.back()->text = "false";
      never->args.push_back(std::move(second));
      second = std::move(never);
    }
    base.value = Make(bound::ExpressionKind::kCall, span);
    base.value->call = std::make_unique<bound::Call>();
    base.value->call->name = "COALESCE";
    base.value->args.push_back(value(&shown));
    base.value->args.push_back(std::move(second));
    // Of two types neither of which is preferred, PostgreSQL takes the first.
    if (right) std::swap(base.value->args[0], base.value->args[1]);
  }
  base.value->type = merged.type;
  return base;
}

// A column of a type that only PostgreSQL knows is put together of all that it was merged from, and
// the next join's ON holds it whole.
void Resolver::CountPieces(const Scope &scope, Span span, MergedColumn *merged) {
  auto pieces = [&scope](const ScopeColumn &side) {
    return side.merged < 0 ? size_t{1} : scope.merged[static_cast<size_t>(side.merged)].pieces;
  };
  merged->pieces = std::max(pieces(merged->left), pieces(merged->right));
  if (merged->form != MergedColumn::Form::kCommon) return;
  merged->pieces = pieces(merged->left) + pieces(merged->right);
  merged_pieces_ += merged->pieces;
  if (merged_pieces_ > kMostMergedPieces) throw diagnostics_->TooManyMerged(span, merged->name);
}

// USING and NATURAL become an ON: the joins of arrows, which stand between the two sides, would
// bring more columns of the same name into PostgreSQL's own USING.
void Resolver::Using(const ast::Source &source, const JoinSides &sides, Scope *scope,
                     bound::Source *join) {
  size_t first = scope->merged.size();
  std::vector<ast::Name> names =
      source.natural ? NaturalNames(sides, *scope, source.span) : source.using_fields;
  auto condition = Make(bound::ExpressionKind::kAnd, source.span);
  for (const ast::Name &name : names) {
    MergedColumn merged;
    merged.name = name.text;
    merged.join = join->join;
    merged.left = UsingColumn(name.text, name.span, sides.begin, sides.middle, scope);
    merged.right = UsingColumn(name.text, name.span, sides.middle, scope->items.size(), scope);
    bound::ExpressionPtr equal = Make(bound::ExpressionKind::kOperator, name.span);
    equal->text = "=";
    std::vector<Type> types;
    for (const ScopeColumn *side : {&merged.left, &merged.right}) {
      Base base = ScopeColumnBase(*side, *scope, name.span);
      types.push_back(base.info.type);
      equal->args.push_back(base.value ? std::move(base.value)
                                       : MakeColumn(base.table, base.info, name.span));
      if (side->merged >= 0) scope->merged[static_cast<size_t>(side->merged)].superseded = true;
    }
    CheckOperands(*equal, name.span);
    Merge(types[0], types[1], &merged);
    CountPieces(*scope, name.span, &merged);
    condition->args.push_back(std::move(equal));
    scope->merged.push_back(std::move(merged));
  }
  MergeStar(sides, first, scope);
  if (condition->args.size() == 1) {
    join->on = std::move(condition->args[0]);
  } else if (!condition->args.empty()) {
    join->on = std::move(condition);
  } else {
    // NATURAL without a common name.
    join->on = Make(bound::ExpressionKind::kBoolean, source.span);
    join->on->text = "true";
  }
}

}  // namespace fundb::funql
