// What the top level's result is: columns, puns, keys, attributes.
#include <algorithm>

#include "funql/resolver_state.h"

namespace fundb::funql {

namespace {

// The entity that the rows stand for one by one: a source alone, or the side of an outer join that
// keeps all its rows.
const bound::Source *MainSource(const bound::Source *source) {
  while (source != nullptr && source->kind == bound::SourceKind::kJoin) {
    if (source->join == bound::JoinKind::kLeft) {
      source = source->left.get();
    } else if (source->join == bound::JoinKind::kRight) {
      source = source->right.get();
    } else {
      return nullptr;
    }
  }
  bool entity = source != nullptr && source->kind == bound::SourceKind::kEntity;
  return entity && source->table.entity != nullptr ? source : nullptr;
}

bool KeyIsReadable(const Entity &entity) {
  if (entity.key.empty()) return false;
  return std::all_of(entity.key.begin(), entity.key.end(), [&entity](const std::string &name) {
    const Field *field = entity.FindField(name);
    return field != nullptr && field->readable;
  });
}

// Does the value differ from row to row?  Calls and subqueries may; with SINGLE they are said not
// to.
bool DependsOnRows(const bound::Expression &node, bool single) {
  if (node.kind == bound::ExpressionKind::kColumn ||
      node.kind == bound::ExpressionKind::kWholeRow ||
      (!single && (node.query != nullptr || node.call != nullptr))) {
    return true;
  }
  return std::any_of(node.args.begin(), node.args.end(), [single](const auto &arg) {
    return arg != nullptr && DependsOnRows(*arg, single);
  });
}

}  // namespace

bound::Body *Resolver::TopBody(bound::Query *query) {
  while (query->body->kind == bound::BodyKind::kQuery && query->order.empty() && !query->limit &&
         !query->offset) {
    query = query->body->query.get();
  }
  return query->body.get();
}

void Resolver::Describe(bound::Query *query, const ast::Statement &statement) {
  for (size_t i = 0; i < query->columns.size(); ++i) {
    const bound::ColumnInfo &info = query->columns[i];
    ResultColumn column;
    column.name = info.name;
    column.position = static_cast<int>(i);
    column.type = ResolvedType(info);
    if (info.entity != nullptr && info.field != nullptr) {
      column.origin = FieldOrigin{{info.entity->schema, info.entity->name}, info.field->name, -1};
    }
    if (info.reference != nullptr) column.reference = info.reference->target;
    result_.columns.push_back(std::move(column));
  }
  result_.column_count = static_cast<int>(query->columns.size());
  bound::Body *body = TopBody(query);
  if (body->kind == bound::BodyKind::kSelect) {
    DescribeSelect(&body->select, statement);
  } else {
    MainEntity(statement, nullptr);
  }
}

void Resolver::DescribeSelect(bound::Select *select, const ast::Statement &statement) {
  // Hidden columns must neither change the rows nor need a place in GROUP BY.
  bool rows_of_from =
      !select->distinct && select->group_by.empty() && !select->having && !select->has_aggregates;
  const bound::Source *main = rows_of_from ? MainSource(select->from.get()) : nullptr;
  MainEntity(statement, main == nullptr ? nullptr : main->table.entity);
  if (rows_of_from) {
    Puns(select);
    if (main != nullptr && KeyIsReadable(*main->table.entity)) MainKey(select, *main);
    EntityIds(select);
  }
  if (main != nullptr) {
    for (size_t i = 0; i < result_.columns.size(); ++i) {
      const bound::Expression &expression = *select->items[i].expression;
      result_.columns[i].is_main_field = result_.columns[i].origin.has_value() &&
                                         expression.kind == bound::ExpressionKind::kColumn &&
                                         expression.table == &main->table;
    }
  }
  HiddenAttributes(select);
  result_.column_count = static_cast<int>(select->items.size());
}

void Resolver::MainEntity(const ast::Statement &statement, const Entity *detected) {
  if (!statement.has_main_entity && detected == nullptr) return;
  struct MainEntity main;
  if (statement.has_main_entity) {
    const Entity &declared = FindEntity(statement.main_entity);
    if (detected != nullptr && detected->oid != declared.oid) {
      throw diagnostics_->MainEntityMismatch(statement.main_entity.span,
                                             declared.schema + "." + declared.name,
                                             detected->schema + "." + detected->name);
    }
    main.entity = {declared.schema, declared.name};
    main.for_insert = statement.for_insert;
  } else {
    main.entity = {detected->schema, detected->name};
  }
  result_.main_entity = std::move(main);
}

int Resolver::AddHidden(bound::Select *select, bound::ExpressionPtr expression, std::string name) {
  if (select->items.size() >= kMostColumns) {
    throw diagnostics_->TooManyColumns({0, 0}, "result columns, with those of attributes and keys");
  }
  auto taken = [this, select](const std::string &candidate) {
    steps_.Count(select->items.size());
    return std::any_of(select->items.begin(), select->items.end(),
                       [&candidate](const bound::Item &item) { return item.name == candidate; });
  };
  std::string unique = name;
  for (int number = 2; taken(unique); ++number) unique = name + "__" + std::to_string(number);
  select->items.push_back({std::move(expression), std::move(unique)});
  return static_cast<int>(select->items.size()) - 1;
}

int Resolver::ColumnPosition(bound::Select *select, bound::Table *table, const std::string &column,
                             const std::string &hidden_name) {
  steps_.Count(select->items.size());
  for (size_t i = 0; i < select->items.size(); ++i) {
    const bound::Expression &expression = *select->items[i].expression;
    if (expression.kind == bound::ExpressionKind::kColumn && expression.table == table &&
        expression.text == column) {
      return static_cast<int>(i);
    }
  }
  bound::ColumnInfo info;
  info.name = column;
  return AddHidden(select, MakeColumn(table, info, {-1, -1}), hidden_name);
}

// A reference column brings the main field of the row it refers to.
void Resolver::Puns(bound::Select *select) {
  for (size_t i = 0; i < result_.columns.size(); ++i) {
    const bound::Expression &expression = *select->items[i].expression;
    const Reference *reference = expression.info.reference;
    if (expression.kind != bound::ExpressionKind::kColumn || reference == nullptr) continue;
    const Entity *target = schema_.FindEntity(reference->target.schema, reference->target.name);
    if (target == nullptr) continue;
    const Field *main = target->FindField(target->MainFieldName());
    const Field *key = target->FindField(reference->target_fields[0]);
    // A query must not fail for a hidden column that it did not ask for.
    if (main == nullptr || key == nullptr || !main->readable || !key->readable) continue;
    ResultColumn &column = result_.columns[i];
    column.pun_type = main->type;
    if (main == key) {
      column.pun = column.position;
      continue;
    }
    bound::Table *table =
        ArrowTable(expression.table, *reference, {expression.text}, expression.text, {-1, -1});
    column.pun = AddHidden(select, MakeColumn(table, *EntityColumn(*target, main->name), {-1, -1}),
                           "__pun__" + column.name);
  }
}

void Resolver::MainKey(bound::Select *select, const bound::Source &main) {
  struct MainEntity &entity = *result_.main_entity;
  const std::vector<std::string> &key = main.table.entity->key;
  auto *table = const_cast<bound::Table *>(&main.table);
  for (size_t i = 0; i < key.size(); ++i) {
    std::string name = key.size() == 1 ? "__main_id" : "__main_id__" + std::to_string(i);
    entity.key.push_back(key[i]);
    entity.positions.push_back(ColumnPosition(select, table, key[i], name));
  }
  entity.table_position = TablePosition(select, table, "__main_sub_entity");
}

// Where the result says in which table of an inheritance tree a row of the source is stored; -1
// where there is but one.
int Resolver::TablePosition(bound::Select *select, bound::Table *table,
                            const std::string &hidden_name) {
  const Entity &entity = *table->entity;
  if (!table->has_descendants || !entity.readable) return -1;
  AddSubTables(entity);
  return ColumnPosition(select, table, "tableoid", hidden_name);
}

void Resolver::AddSubTables(const Entity &entity) {
  std::vector<SubTable> &known = result_.sub_tables;
  if (std::any_of(known.begin(), known.end(),
                  [&entity](const SubTable &table) { return table.oid == entity.oid; })) {
    return;
  }
  known.push_back({entity.oid, {entity.schema, entity.name}});
  for (const EntityName &child : entity.children) {
    const Entity *found = schema_.FindEntity(child.schema, child.name);
    if (found != nullptr) AddSubTables(*found);
  }
}

// The keys of the rows that plain columns come from, one group per table.
void Resolver::EntityIds(bound::Select *select) {
  std::vector<bound::Table *> tables;
  for (size_t i = 0; i < result_.columns.size(); ++i) {
    const bound::Expression &expression = *select->items[i].expression;
    ResultColumn &column = result_.columns[i];
    if (expression.kind != bound::ExpressionKind::kColumn || !column.origin) continue;
    bound::Table *table = expression.table;
    if (table->entity == nullptr || !KeyIsReadable(*table->entity)) continue;
    auto known = std::find(tables.begin(), tables.end(), table);
    column.origin->id_column = static_cast<int>(known - tables.begin());
    if (known != tables.end()) continue;
    tables.push_back(table);
    EntityId id;
    id.entity = {table->entity->schema, table->entity->name};
    id.key = table->entity->key;
    std::string name = "__id__" + std::to_string(tables.size() - 1);
    for (const std::string &field : id.key) {
      id.positions.push_back(ColumnPosition(select, table, field, name));
    }
    id.table_position =
        TablePosition(select, table, "__sub_entity__" + std::to_string(tables.size() - 1));
    result_.entity_ids.push_back(std::move(id));
  }
}

// ---- attributes ---------------------------------------------------------------------------------

void Resolver::ItemAttribute(const ast::Attribute &attribute, const ast::Expression *item,
                             size_t column, PendingAttribute::Place place, Scope *scope) {
  PendingAttribute pending;
  pending.place = place;
  pending.column = column;
  pending.attribute.name = attribute.name.text;
  pending.attribute.internal = attribute.internal;
  pending.single = attribute.dependency == ast::AttributeDependency::kSingle ||
                   attribute.dependency == ast::AttributeDependency::kConst;
  const ast::Expression &value = *attribute.value;
  if (value.kind == ast::ExpressionKind::kMapping) {
    // CASE over the cell's value.
    bound::ExpressionPtr node = Make(bound::ExpressionKind::kCase, value.span);
    node->has_operand = true;
    node->has_else = value.has_else;
    node->args.push_back(Expression(*item, scope));
    for (const ast::ExpressionPtr &arg : value.args) node->args.push_back(Expression(*arg, scope));
    node->type = ResultType(*node);
    pending.value = std::move(node);
    // MAPPING END and MAPPING ELSE x END have no branch to choose.
    if (value.args.size() < 2) {
      pending.attribute.constant = value.args.empty() ? "null" : JsonConstant(*value.args[0]);
      pending.value = nullptr;
    }
  } else if (IsConstant(value)) {
    pending.attribute.constant = JsonConstant(value);
  } else {
    pending.value = Expression(value, scope);
  }
  pending_.push_back(std::move(pending));
}

void Resolver::HiddenAttributes(bound::Select *select) {
  for (PendingAttribute &pending : pending_) {
    using Place = PendingAttribute::Place;
    Place place = pending.place;
    if (pending.value) {
      // One more column would make other rows distinct.
      if (select->distinct) continue;
      if (place == Place::kResult && DependsOnRows(*pending.value, pending.single))
        place = Place::kRow;
      pending.attribute.type = pending.value->type;
      std::string prefix = place == Place::kResult ? "__attr__"
                           : place == Place::kRow  ? "__row_attr__"
                                                   : "__cell_attr__";
      if (place == Place::kCell) prefix += result_.columns[pending.column].name + "__";
      pending.attribute.position =
          AddHidden(select, std::move(pending.value), prefix + pending.attribute.name);
    }
    std::vector<Attribute> &list = place == Place::kResult ? result_.attributes
                                   : place == Place::kRow
                                       ? result_.row_attributes
                                       : result_.columns[pending.column].attributes;
    list.push_back(std::move(pending.attribute));
  }
  pending_.clear();
}

}  // namespace fundb::funql
