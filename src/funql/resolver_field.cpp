// Names of fields and arguments; what follows them behind arrows is in resolver_arrow.cpp.
#include "funql/resolver_state.h"
#include "funql/types.h"

namespace fundb::funql {

namespace {

// SQL's calls without parentheses; a field of that name comes first.
struct Keyword {
  const char *name;
  const char *type;
};
constexpr Keyword kKeywords[] = {{"current_date", "date"},
                                 {"current_time", "timetz"},
                                 {"current_timestamp", "timestamptz"},
                                 {"localtime", "time"},
                                 {"localtimestamp", "timestamp"},
                                 {"current_user", "name"},
                                 {"session_user", "name"},
                                 {"current_role", "name"},
                                 {"current_schema", "name"},
                                 {"current_catalog", "name"}};

struct Global {
  const char *name;
  ParameterKind kind;
  const char *type;
};
constexpr Global kGlobals[] = {{"user_id", ParameterKind::kUserId, "int4"},
                               {"user", ParameterKind::kUser, "text"},
                               {"lang", ParameterKind::kLang, "text"},
                               {"transaction_time", ParameterKind::kTransactionTime, "timestamptz"},
                               {"transaction_id", ParameterKind::kTransactionId, "int8"}};

}  // namespace

// ---- the left end -------------------------------------------------------------------------------

std::vector<ScopeColumn> Resolver::FindUnqualified(const ast::Name &name, Scope *scope,
                                                   Scope **where) const {
  for (Scope *at = scope; at != nullptr; at = at->parent) {
    std::vector<ScopeColumn> found;
    steps_.Count(at->merged.size());
    for (size_t i = at->merged_begin; i < at->merged.size(); ++i) {
      const MergedColumn &merged = at->merged[i];
      if (!merged.superseded && merged.name == name.text) {
        found.push_back({nullptr, static_cast<int>(i), {}});
      }
    }
    for (size_t i = at->begin; i < at->items.size(); ++i) {
      const ScopeItem &item = at->items[i];
      if (IsMergedAway(*at, item, name.text)) continue;
      steps_.Count(1 + item.columns.size());
      for (const bound::ColumnInfo &column : item.columns) {
        if (column.name == name.text) found.push_back({&item, -1, column});
      }
    }
    // What only entities have is looked for level by level, too.
    if (!found.empty() || !SpecialItems(name, *at).empty()) {
      if (where != nullptr) *where = at;
      return found;
    }
  }
  return {};
}

Resolver::Base Resolver::ScopeColumnBase(const ScopeColumn &column, const Scope &scope, Span span) {
  Base base;
  if (column.merged < 0) {
    base.table = column.item->table;
    base.info = column.info;
    base.shown = "field \"" + column.info.name + "\"";
    return base;
  }
  return MergedBase(scope.merged[static_cast<size_t>(column.merged)], scope, span);
}

Resolver::Base Resolver::ItemBase(const ScopeItem &item, const ast::Name &name, bool arrows) {
  Base base;
  base.table = item.table;
  base.shown = "field \"" + name.text + "\"";
  steps_.Count(item.columns.size());
  for (const bound::ColumnInfo &column : item.columns) {
    if (column.name != name.text) continue;
    base.info = column;
    return base;
  }
  const Entity *entity = item.table->entity;
  if (entity != nullptr) {
    for (const Reference &reference : entity->references) {
      if (!arrows || reference.constraint != name.text) continue;
      base.constraint = &reference;
      return base;
    }
    base.value = EntityField(item.table, name);
    base.info = base.value->info;
    // A plain column keeps its table, so that arrows may start from it.
    if (base.value->kind == bound::ExpressionKind::kColumn) base.value = nullptr;
    return base;
  }
  if (item.open) {
    base.info.name = name.text;
    return base;
  }
  std::vector<std::string> names;
  for (const bound::ColumnInfo &column : item.columns) names.push_back(column.name);
  throw diagnostics_->UnknownField(name.span, name.text, "source \"" + item.name + "\"", names);
}

const ScopeItem *Resolver::FindSource(const std::string &name, Scope *scope) const {
  for (Scope *at = scope; at != nullptr; at = at->parent) {
    steps_.Count(at->items.size());
    for (size_t i = at->begin; i < at->items.size(); ++i) {
      if (at->items[i].name == name) return &at->items[i];
    }
  }
  return nullptr;
}

// The whole row of a source; by t.* also where a field is called t.
std::optional<Resolver::Base> Resolver::RowBase(const ast::Name &name, bool star, Scope *scope) {
  const ScopeItem *item = FindSource(name.text, scope);
  if (item == nullptr) return std::nullopt;
  Base base;
  base.value = Make(bound::ExpressionKind::kWholeRow, name.span);
  base.value->table = item->table;
  // A function's only column is named by the alias: that one must stay.
  if (!item->open) whole_rows_.push_back({item->table, star});
  base.shown = "source \"" + name.text + "\"";
  return base;
}

// A name that is none of the known columns: the whole row of a source, or a column of a function
// whose columns only PostgreSQL knows.
std::optional<Resolver::Base> Resolver::OpenBase(const ast::Name &name, Scope *scope) {
  if (auto base = RowBase(name, false, scope)) return base;
  for (Scope *at = scope; at != nullptr; at = at->parent) {
    std::vector<const ScopeItem *> open;
    for (size_t i = at->begin; i < at->items.size(); ++i) {
      if (at->items[i].open) open.push_back(&at->items[i]);
    }
    if (open.size() == 1) return ItemBase(*open[0], name, false);
  }
  return std::nullopt;
}

// A function whose columns are not known, and which is called so: its only column is called so,
// too, if it has but one.
const ScopeItem *Resolver::OpenItem(const ast::Name &name, const Scope &scope) const {
  steps_.Count(scope.items.size());
  for (size_t i = scope.begin; i < scope.items.size(); ++i) {
    const ScopeItem &item = scope.items[i];
    if (item.open && item.columns.empty() && item.name == name.text) return &item;
  }
  return nullptr;
}

// A name that an outer query has, where a nearer function may have a column of that name, too.
void Resolver::RefuseIfOpen(const ast::Name &name, const Scope &scope) const {
  for (size_t i = scope.begin; i < scope.items.size(); ++i) {
    const ScopeItem &item = scope.items[i];
    if (!item.open || !item.columns.empty()) continue;
    throw diagnostics_->MayBeColumnOf(name.span, name.text, item.name);
  }
}

Resolver::Base Resolver::UnqualifiedBase(const ast::Name &name, bool arrows, Scope *scope) {
  Scope *where = nullptr;
  std::vector<ScopeColumn> found = FindUnqualified(name, scope, &where);
  // Nearer than what was found is such a function.
  for (Scope *at = scope; where != nullptr && at != where; at = at->parent) {
    if (OpenItem(name, *at) != nullptr) return *OpenBase(name, scope);
    RefuseIfOpen(name, *at);
  }
  if (!found.empty() && OpenItem(name, *where) != nullptr) {
    found.push_back({OpenItem(name, *where), -1, {}});
  }
  if (found.size() > 1) {
    std::vector<std::string> shown;
    for (const ScopeColumn &column : found) {
      shown.push_back((column.item == nullptr ? "" : column.item->name + ".") + name.text);
    }
    throw diagnostics_->AmbiguousField(name.span, name.text, shown);
  }
  if (found.size() == 1) return ScopeColumnBase(found[0], *where, name.span);
  if (auto base = SpecialBase(name, scope)) return std::move(*base);
  if (arrows) {
    if (auto base = ConstraintBase(name, scope)) return std::move(*base);
  }
  if (auto base = OpenBase(name, scope)) return std::move(*base);
  for (const Keyword &keyword : kKeywords) {
    if (name.text != keyword.name) continue;
    Base base;
    base.value = Make(bound::ExpressionKind::kKeyword, name.span);
    base.value->text = keyword.name;
    base.value->type = *CatalogType(keyword.type);
    base.shown = name.text;
    return base;
  }
  UnknownUnqualified(name, scope);
}

Resolver::Base Resolver::QualifiedBase(const ast::FieldRef &field, bool arrows, Scope *scope) {
  bool with_schema = field.names.size() == 3;
  const ast::Name &source = field.names[with_schema ? 1 : 0];
  for (Scope *at = scope; at != nullptr; at = at->parent) {
    steps_.Count(at->items.size());
    for (size_t i = at->begin; i < at->items.size(); ++i) {
      const ScopeItem &item = at->items[i];
      if (item.name == source.text && (!with_schema || item.schema == field.names[0].text)) {
        return ItemBase(item, field.names.back(), arrows);
      }
    }
  }
  UnknownQualified(field, scope);
}

Resolver::Base Resolver::ArgumentBase(const ast::Name &name) {
  const std::vector<Argument> &arguments = in_chunk_ ? chunk_arguments_ : result_.arguments;
  const ArgumentIndex &index = in_chunk_ ? chunk_index_ : argument_index_;
  auto found = index.find(name.text);
  if (found == index.end()) {
    std::vector<std::string> names;
    for (const Argument &argument : arguments) names.push_back(argument.name);
    throw diagnostics_->UnknownArgument(name.span, name.text, names);
  }
  const Argument &argument = arguments[static_cast<size_t>(found->second)];
  Base base;
  base.value = Make(bound::ExpressionKind::kParameter, name.span);
  base.value->index =
      AddParameter(in_chunk_ ? ParameterKind::kChunkArgument : ParameterKind::kArgument,
                   found->second, argument.type);
  base.value->type = argument.type;
  base.shown = "argument \"" + name.text + "\"";
  if (argument.reference && !argument.type.is_array) {
    base.target = schema_.FindEntity(argument.reference->schema, argument.reference->name);
  }
  return base;
}

Resolver::Base Resolver::GlobalBase(const ast::Name &name) {
  std::vector<std::string> names;
  for (const Global &global : kGlobals) {
    names.emplace_back(global.name);
    if (name.text != global.name) continue;
    Base base;
    Type type = *CatalogType(global.type);
    if (global.kind == ParameterKind::kUserId) {
      // The key of public.users, where there is such a table.
      const Entity *users = schema_.FindEntity("public", "users");
      if (users != nullptr && users->key.size() == 1) {
        base.target = users;
        type = users->FindField(users->key[0])->type;
      }
    }
    base.value = Make(bound::ExpressionKind::kParameter, name.span);
    base.value->index = AddParameter(global.kind, 0, type);
    base.value->type = type;
    base.shown = "argument \"$$" + name.text + "\"";
    return base;
  }
  throw diagnostics_->UnknownGlobal(name.span, name.text, names);
}

Resolver::Base Resolver::FieldBase(const ast::FieldRef &field, Scope *scope) {
  switch (field.root) {
    case ast::RootKind::kArgument:
      return ArgumentBase(field.names[0]);
    case ast::RootKind::kGlobal:
      return GlobalBase(field.names[0]);
    case ast::RootKind::kNames:
      break;
  }
  if (field.star) {
    if (auto base = RowBase(field.names[0], true, scope)) return std::move(*base);
    UnknownQualified(field, scope);
  }
  bool arrows = !field.arrows.empty();
  return field.names.size() == 1 ? UnqualifiedBase(field.names[0], arrows, scope)
                                 : QualifiedBase(field, arrows, scope);
}

bound::ExpressionPtr Resolver::FieldExpression(const ast::Expression &expression, Scope *scope) {
  const ast::FieldRef &field = *expression.field;
  Base base = FieldBase(field, scope);
  if (!field.arrows.empty()) return Arrows(std::move(base), field, expression.span);
  if (base.value) return std::move(base.value);
  return MakeColumn(base.table, base.info, expression.span);
}

}  // namespace fundb::funql
