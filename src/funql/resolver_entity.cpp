// Names that an entity answers to: its fields, __main, sub_entity, system columns, constraints.
#include <algorithm>

#include "funql/resolver_state.h"
#include "funql/types.h"

namespace fundb::funql {

namespace {

struct SystemColumn {
  const char *name;
  const char *type;
};
constexpr SystemColumn kSystemColumns[] = {
    {"tableoid", "oid"}, {"ctid", "tid"}, {"xmin", "xid"}, {"xmax", "xid"}};

bool IsSpecial(const std::string &name) {
  if (name == "__main" || name == "sub_entity") return true;
  return std::any_of(std::begin(kSystemColumns), std::end(kSystemColumns),
                     [&name](const SystemColumn &column) { return name == column.name; });
}

}  // namespace

std::optional<bound::ColumnInfo> Resolver::EntityColumn(const Entity &entity,
                                                        const std::string &name) const {
  bound::ColumnInfo info;
  info.entity = &entity;
  info.name = name;
  steps_.Count(entity.fields.size());
  const Field *field = entity.FindField(name);
  if (field == nullptr && name == "__main") {
    info.name = entity.MainFieldName();
    field = entity.FindField(info.name);
  }
  if (field != nullptr) {
    info.field = field;
    info.type = field->type;
    info.reference = SingleReference(entity, info.name);
    return info;
  }
  if (entity.kind == EntityKind::kView) return std::nullopt;
  for (const SystemColumn &column : kSystemColumns) {
    if (name != column.name) continue;
    info.type = *CatalogType(column.type);
    return info;
  }
  return std::nullopt;
}

bound::ExpressionPtr Resolver::EntityField(bound::Table *table, const ast::Name &name) {
  const Entity &entity = *table->entity;
  if (std::optional<bound::ColumnInfo> info = EntityColumn(entity, name.text)) {
    return MakeColumn(table, *info, name.span);
  }
  if (name.text == "sub_entity" && entity.kind != EntityKind::kView) {
    return SubEntity(table, name.span);
  }
  EntityFieldMissing(entity, name);
}

// {schema, name} of the table that a row is stored in.
bound::ExpressionPtr Resolver::SubEntity(bound::Table *table, Span span) {
  bound::ExpressionPtr node = Make(bound::ExpressionKind::kSubEntity, span);
  node->type = *CatalogType("jsonb");
  node->args.push_back(MakeColumn(table, *EntityColumn(*table->entity, "tableoid"), span));
  return node;
}

// The sources of one level that answer to such a name.
std::vector<const ScopeItem *> Resolver::SpecialItems(const ast::Name &name,
                                                      const Scope &level) const {
  std::vector<const ScopeItem *> found;
  if (!IsSpecial(name.text)) return found;
  for (size_t i = level.begin; i < level.items.size(); ++i) {
    const Entity *entity = level.items[i].table->entity;
    if (entity == nullptr) continue;
    steps_.Count(entity->fields.size());
    bool known = name.text == "sub_entity" ? entity->kind != EntityKind::kView
                                           : EntityColumn(*entity, name.text).has_value();
    if (known) found.push_back(&level.items[i]);
  }
  return found;
}

std::optional<Resolver::Base> Resolver::SpecialBase(const ast::Name &name, Scope *scope) {
  for (Scope *at = scope; at != nullptr; at = at->parent) {
    std::vector<const ScopeItem *> found = SpecialItems(name, *at);
    if (found.size() == 1) return ItemBase(*found[0], name, false);
    if (found.empty()) continue;
    std::vector<std::string> shown;
    for (const ScopeItem *item : found) shown.push_back(item->name + "." + name.text);
    throw diagnostics_->AmbiguousField(name.span, name.text, shown);
  }
  return std::nullopt;
}

std::optional<Resolver::Base> Resolver::ConstraintBase(const ast::Name &name, Scope *scope) {
  for (Scope *at = scope; at != nullptr; at = at->parent) {
    std::vector<const ScopeItem *> found;
    std::vector<std::string> shown;
    for (size_t i = at->begin; i < at->items.size(); ++i) {
      const Entity *entity = at->items[i].table->entity;
      if (entity == nullptr) continue;
      steps_.Count(entity->references.size());
      for (const Reference &reference : entity->references) {
        if (reference.constraint != name.text) continue;
        // Its name is unique in its table only.
        found.push_back(&at->items[i]);
        shown.push_back(at->items[i].name + "." + name.text);
        break;
      }
    }
    if (found.size() > 1) throw diagnostics_->AmbiguousField(name.span, name.text, shown);
    if (found.size() == 1) return ItemBase(*found[0], name, true);
  }
  return std::nullopt;
}

}  // namespace fundb::funql
