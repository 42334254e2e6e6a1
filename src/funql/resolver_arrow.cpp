// Arrows: which reference a field starts, and the joins or subselects that follow it.
#include <algorithm>
#include <set>

#include "funql/resolver_state.h"

namespace fundb::funql {

namespace {

bool SameTarget(const Reference &a, const Reference &b) {
  return a.target.schema == b.target.schema && a.target.name == b.target.name &&
         a.target_fields == b.target_fields;
}

}  // namespace

const Reference *Resolver::SingleReference(const Entity &entity, const std::string &field) {
  const Reference *found = nullptr;
  for (const Reference &reference : entity.references) {
    if (reference.fields.size() != 1 || reference.fields[0] != field) continue;
    if (found != nullptr && !SameTarget(*found, reference)) return nullptr;
    if (found == nullptr) found = &reference;
  }
  return found;
}

const Reference &Resolver::FieldReference(const Entity &entity, const std::string &name,
                                          Span span) {
  if (const Reference *single = SingleReference(entity, name)) return *single;
  // No reference of this field alone: several that disagree, one of several fields, or the name of
  // a constraint.
  std::vector<const Reference *> found;
  for (const Reference &reference : entity.references) {
    const auto &fields = reference.fields;
    if (std::find(fields.begin(), fields.end(), name) != fields.end()) found.push_back(&reference);
  }
  if (found.empty()) {
    for (const Reference &reference : entity.references) {
      if (reference.constraint == name) return reference;
    }
    ast::Name missing{name, span};
    if (!EntityColumn(entity, name)) EntityFieldMissing(entity, missing);
    std::vector<std::string> references;
    for (const Reference &reference : entity.references) {
      references.push_back(reference.fields.size() == 1 ? reference.fields[0]
                                                        : reference.constraint);
    }
    throw diagnostics_->NotAReference(
        span, "field \"" + name + "\" of entity \"" + entity.schema + "." + entity.name + "\"",
        references);
  }
  if (found.size() == 1) return *found[0];
  std::vector<std::string> constraints;
  for (const Reference *reference : found) constraints.push_back(reference->constraint);
  throw diagnostics_->AmbiguousReference(span, name, constraints);
}

const Reference &Resolver::BaseReference(const Base &base, Span span,
                                         std::vector<std::string> *columns) {
  if (base.constraint != nullptr) {
    *columns = base.constraint->fields;
    return *base.constraint;
  }
  if (base.table != nullptr && base.table->entity != nullptr) {
    const Reference &reference = FieldReference(*base.table->entity, base.info.name, span);
    *columns = reference.fields;
    return reference;
  }
  if (base.info.reference == nullptr) throw diagnostics_->NotAReference(span, base.shown, {});
  *columns = {base.info.name};
  return *base.info.reference;
}

bound::Table *Resolver::ArrowTable(bound::Table *from, const Reference &reference,
                                   const std::vector<std::string> &columns,
                                   const std::string &field, Span span) {
  steps_.Count(from->arrows.size());
  for (const auto &arrow : from->arrows) {
    if (arrow->reference == &reference && arrow->columns == columns) return &arrow->table;
  }
  // What nobody wrote (puns) must not fail.
  if (span.begin >= 0 && arrow_targets_.size() >= kMostArrows) {
    throw diagnostics_->TooMany(span, "different rows behind =>", kMostArrows);
  }
  const Entity &target = FindTarget(reference, span);
  auto arrow = std::make_unique<bound::Arrow>();
  arrow->reference = &reference;
  arrow->columns = columns;
  arrow->table.entity = &target;
  arrow_targets_.push_back(&target);
  // It stands beside its source, which may be that of an outer query.
  arrow->table.alias = NewAlias(from->alias + "__" + field, aliases_.at(from->alias));
  from->arrows.push_back(std::move(arrow));
  return &from->arrows.back()->table;
}

// PostgreSQL takes a bare name for a column first, and arrows bring columns that FunQL does not
// show: a source whose row is asked for by its name must not be called like one of those, and one
// that is asked for by t.* not like any field.
void Resolver::RenameWholeRows() {
  std::set<const bound::Table *> renamed;
  for (const auto &[table, starred] : whole_rows_) {
    // PostgreSQL's own name, in a command without joins.
    if (table == &statement_.command.excluded) continue;
    steps_.Count(arrow_targets_.size());
    const std::string &name = table->alias;
    bool hidden = starred || std::any_of(arrow_targets_.begin(), arrow_targets_.end(),
                                         [&name](const Entity *target) {
                                           return target->FindField(name) != nullptr;
                                         });
    if (!hidden || !renamed.insert(table).second) continue;
    std::string alias = table->alias + "__row";
    while (all_aliases_.count(alias) > 0) alias += "_";
    table->alias = NewAlias(alias);
  }
}

// The rest of a path, from arrow number `first` on, where `table` is what the arrow before led to.
bound::ExpressionPtr Resolver::Follow(bound::Table *table, const ast::FieldRef &field, size_t first,
                                      Span span) {
  for (size_t i = first; i + 1 < field.arrows.size(); ++i) {
    const ast::Name &name = field.arrows[i].field;
    const Reference &reference = FieldReference(*table->entity, name.text, name.span);
    table = ArrowTable(table, reference, reference.fields, name.text, name.span);
  }
  bound::ExpressionPtr result = EntityField(table, field.arrows.back().field);
  result->position = in_chunk_ ? -1 : span.begin;
  return result;
}

bound::ExpressionPtr Resolver::Arrows(Base base, const ast::FieldRef &field, Span span) {
  Span base_span = {field.names[0].span.begin, field.names.back().span.end};
  if (base.value || !base.table->joinable) return ArrowQuery(std::move(base), field, span);
  std::vector<std::string> columns;
  const Reference &reference = BaseReference(base, base_span, &columns);
  bound::Table *table =
      ArrowTable(base.table, reference, columns, field.names.back().text, base_span);
  return Follow(table, field, 0, span);
}

// Where no join can stand: $id=>name is (SELECT name FROM … WHERE id = $id).
bound::ExpressionPtr Resolver::ArrowQuery(Base base, const ast::FieldRef &field, Span span) {
  bound::ExpressionPtr node = Make(bound::ExpressionKind::kArrowQuery, span);
  const Entity *target = base.target;
  if (target != nullptr) {
    node->keys = target->key;
    node->operators = &target->key_operators;
    node->args.push_back(std::move(base.value));
  } else {
    std::vector<std::string> columns;
    Span base_span = {field.names[0].span.begin, field.names.back().span.end};
    const Reference &reference = BaseReference(base, base_span, &columns);
    target = &FindTarget(reference, base_span);
    node->keys = reference.target_fields;
    node->operators = &reference.operators;
    if (base.value) {
      node->args.push_back(std::move(base.value));
    } else {
      for (const std::string &column : columns) {
        bound::ColumnInfo info;
        info.name = column;
        node->args.push_back(MakeColumn(base.table, info, base_span));
      }
    }
  }
  ++depth_;
  node->start = std::make_unique<bound::Table>();
  node->start->entity = target;
  node->start->alias = NewAlias(target->name);
  bound::ExpressionPtr result = Follow(node->start.get(), field, 0, span);
  EndDepth();
  node->type = result->type;
  node->info = result->info;
  node->args.push_back(std::move(result));
  return node;
}

}  // namespace fundb::funql
