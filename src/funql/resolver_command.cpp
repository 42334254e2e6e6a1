// INSERT, UPDATE and DELETE.
#include <algorithm>

#include "funql/resolver_state.h"

namespace fundb::funql {

void Resolver::Command(const ast::Statement &statement) {
  Arguments(statement);
  Pragmas(statement);
  bound::Command &command = statement_.command;
  switch (statement.kind) {
    case ast::StatementKind::kQuery:
      statement_.kind = CommandKind::kSelect;
      statement_.query = Query(*statement.query, nullptr, Naming::kFree);
      return;
    case ast::StatementKind::kInsert:
      statement_.kind = CommandKind::kInsert;
      command.with = With(statement.with, nullptr);
      return Insert(statement);
    case ast::StatementKind::kUpdate:
      statement_.kind = CommandKind::kUpdate;
      command.with = With(statement.with, nullptr);
      return Update(statement);
    case ast::StatementKind::kDelete:
      statement_.kind = CommandKind::kDelete;
      command.with = With(statement.with, nullptr);
      return Delete(statement);
  }
}

// The entity that is written.  Its rows are in no FROM that could hold joins.
void Resolver::Target(const ast::Statement &statement, Scope *scope) {
  const Entity &entity = FindEntity(statement.target);
  bound::Command &command = statement_.command;
  command.only = statement.only;
  command.target.entity = &entity;
  command.target.joinable = false;
  const std::string &alias = statement.target_alias.text;
  command.target.alias = NewAlias(alias.empty() ? entity.name : alias);
  ScopeItem item;
  item.name = alias.empty() ? entity.name : alias;
  if (alias.empty()) item.schema = entity.schema;
  item.table = &command.target;
  item.columns = EntityColumns(entity);
  scope->items.push_back(std::move(item));
}

std::string Resolver::AssignableField(const ast::Name &name, std::set<std::string> *assigned) {
  const Entity &entity = *statement_.command.target.entity;
  const Field *field = entity.FindField(name.text);
  if (field == nullptr && name.text == "__main") field = entity.FindField(entity.MainFieldName());
  if (field == nullptr) EntityFieldMissing(entity, name);
  if (!assigned->insert(field->name).second) {
    throw diagnostics_->DuplicateAssignment(name.span, field->name);
  }
  return field->name;
}

std::vector<bound::Assignment> Resolver::Assignments(
    const std::vector<ast::Assignment> &assignments, Scope *scope) {
  std::vector<bound::Assignment> result;
  std::set<std::string> assigned;
  const Entity &entity = *statement_.command.target.entity;
  for (const ast::Assignment &assignment : assignments) {
    bound::Assignment bound_assignment;
    bound_assignment.is_row = assignment.is_row;
    bound_assignment.position = assignment.span.begin;
    for (const ast::Name &name : assignment.fields) {
      // Several elements of one field may be assigned.
      std::set<std::string> any;
      std::string field = AssignableField(name, assignment.element ? &any : &assigned);
      if (assignment.element) {
        bound_assignment.element = AssignedElement(*assignment.element, field, scope);
      }
      bool is_default = assignment.value->kind == ast::ExpressionKind::kDefault;
      if (entity.FindField(field)->generated && !is_default) {
        throw diagnostics_->GeneratedField(name.span, field, entity.schema + "." + entity.name);
      }
      bound_assignment.fields.push_back(std::move(field));
    }
    const ast::Expression &value = *assignment.value;
    if (assignment.is_row && value.kind == ast::ExpressionKind::kQuery) {
      // A subquery here may have as many columns as there are fields.
      bound_assignment.value = Make(bound::ExpressionKind::kQuery, value.span);
      bound_assignment.value->query = Query(*value.query, scope, Naming::kFree);
      if (bound_assignment.value->query->columns.size() != assignment.fields.size()) {
        throw diagnostics_->ColumnCount(value.span,
                                        "number of columns does not match number of values");
      }
    } else {
      bound_assignment.value = Expression(value, scope);
      if (!assignment.is_row && bound_assignment.element == nullptr) {
        MeetEnum(&bound_assignment.value, entity.FindField(bound_assignment.fields[0])->type);
      }
      // Of t.* in it there may be more than were written.
      const bound::Expression &row = *bound_assignment.value;
      size_t values = row.kind == bound::ExpressionKind::kRow ? row.args.size() : 1;
      if (assignment.is_row && values != assignment.fields.size()) {
        throw diagnostics_->ColumnCount(value.span,
                                        "number of columns does not match number of values");
      }
    }
    result.push_back(std::move(bound_assignment));
  }
  return result;
}

// Enum arguments that stand where a field of an enum type is inserted.
void Resolver::MeetTargets(bound::Body *body) const {
  const bound::Command &command = statement_.command;
  const Entity &entity = *command.target.entity;
  std::vector<const Type *> types;
  for (const std::string &field : command.fields) {
    types.push_back(&entity.FindField(field)->type);
  }
  if (command.fields.empty()) {
    for (const Field &field : entity.fields) types.push_back(&field.type);
  }
  auto meet = [&](bound::ExpressionPtr *value, size_t place) {
    steps_.Count();
    if (place < types.size()) MeetEnum(value, *types[place]);
  };
  for (std::vector<bound::ExpressionPtr> &row : body->rows) {
    for (size_t i = 0; i < row.size(); ++i) meet(&row[i], i);
  }
  for (size_t i = 0; i < body->select.items.size(); ++i) meet(&body->select.items[i].expression, i);
}

bound::ExpressionPtr Resolver::AssignedElement(const ast::Expression &element,
                                               const std::string &field, Scope *scope) {
  if (element.kind == ast::ExpressionKind::kField) {
    // Stands without its table there.
    bound::ExpressionPtr node = Make(bound::ExpressionKind::kOutputName, element.span);
    node->text = field;
    return node;
  }
  bool slice = element.kind == ast::ExpressionKind::kSlice;
  bound::ExpressionPtr node =
      Make(slice ? bound::ExpressionKind::kSlice : bound::ExpressionKind::kSubscript, element.span);
  node->args.push_back(AssignedElement(*element.args[0], field, scope));
  for (size_t i = 1; i < element.args.size(); ++i) {
    node->args.push_back(element.args[i] ? Expression(*element.args[i], scope) : nullptr);
  }
  return node;
}

void Resolver::Insert(const ast::Statement &statement) {
  const ast::Insert &insert = statement.insert;
  bound::Command &command = statement_.command;
  Scope scope;
  Target(statement, &scope);
  std::set<std::string> assigned;
  for (const ast::Name &name : insert.fields) {
    command.fields.push_back(AssignableField(name, &assigned));
  }
  command.default_values = insert.default_values;
  command.overriding = insert.overriding;
  if (insert.query) {
    // The target is not visible in what is inserted.
    command.query = Query(*insert.query, nullptr, Naming::kFree);
    MeetTargets(command.query->body.get());
    size_t values = command.query->columns.size();
    if (!insert.fields.empty() && values != insert.fields.size()) {
      throw diagnostics_->ColumnCount(insert.query->span,
                                      values < insert.fields.size()
                                          ? "INSERT has more target fields than values"
                                          : "INSERT has more values than target fields");
    }
  }
  if (insert.conflict == ast::ConflictAction::kNone) return;
  command.conflict = static_cast<bound::ConflictAction>(insert.conflict);
  command.conflict_constraint = insert.conflict_constraint.text;
  for (const ast::ExpressionPtr &target : insert.conflict_target) {
    command.conflict_target.push_back(Expression(*target, &scope));
  }
  if (insert.conflict_where) command.conflict_where = Expression(*insert.conflict_where, &scope);
  if (insert.conflict != ast::ConflictAction::kUpdate) return;
  ScopeItem excluded;
  excluded.name = "excluded";
  aliases_.emplace("excluded", depth_);
  excluded.table = &command.excluded;
  command.excluded.alias = "excluded";
  command.excluded.entity = command.target.entity;
  command.excluded.joinable = false;
  // Unqualified names mean the stored row: only the qualified ones find this.
  excluded.columns = {};
  scope.items.push_back(std::move(excluded));
  command.set = Assignments(insert.conflict_set, &scope);
  if (insert.where) command.where = Expression(*insert.where, &scope);
}

void Resolver::Update(const ast::Statement &statement) {
  bound::Command &command = statement_.command;
  Scope scope;
  Target(statement, &scope);
  if (statement.update.from) command.from = Source(*statement.update.from, &scope);
  command.set = Assignments(statement.update.set, &scope);
  if (statement.update.where) command.where = Expression(*statement.update.where, &scope);
}

void Resolver::Delete(const ast::Statement &statement) {
  bound::Command &command = statement_.command;
  Scope scope;
  Target(statement, &scope);
  if (statement.remove.from) command.from = Source(*statement.remove.from, &scope);
  if (statement.remove.where) command.where = Expression(*statement.remove.where, &scope);
}

}  // namespace fundb::funql
