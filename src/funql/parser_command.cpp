// INSERT, UPDATE and DELETE.
#include "funql/parser_state.h"

namespace fundb::funql {

void Parser::CommandTarget(ast::Statement *statement) {
  statement->only = AcceptWord("only");
  statement->target = ExpectQualifiedName("an entity");
  if (AcceptWord("as")) {
    statement->target_alias = ExpectLabel("a name");
  } else if (AtBareAlias() && !AtWord("overriding")) {
    statement->target_alias = ExpectName("a name");
  }
}

void Parser::RefuseReturning() {
  if (!AtWord("returning")) return;
  throw diagnostics_.NotSupported(Peek().span, "RETURNING",
                                  "A command gives the number of rows.  Use insertEntry, which "
                                  "gives the new key, or query the rows afterwards.");
}

void Parser::InsertCommand(ast::Statement *statement) {
  statement->kind = ast::StatementKind::kInsert;
  ast::Insert &insert = statement->insert;
  ExpectWord("insert");
  ExpectWord("into");
  CommandTarget(statement);
  if (AtSymbol("(") && !AtQuery(1) && !AtParenthesizedQuery()) insert.fields = NameList();
  if (AcceptWord("overriding")) {
    if (!AtWord("system") && !AtWord("user")) Fail("SYSTEM VALUE or USER VALUE");
    insert.overriding = Take().text;
    ExpectWord("value");
  }
  if (AcceptWords({"default", "values"})) {
    insert.default_values = true;
  } else {
    insert.query = Query();
  }
  if (AtWords({"on", "conflict"})) OnConflict(&insert);
  RefuseReturning();
}

void Parser::OnConflict(ast::Insert *insert) {
  ExpectWord("on");
  ExpectWord("conflict");
  if (AcceptSymbol("(")) {
    insert->conflict_target = ExpressionList(")");
    if (AcceptWord("where")) insert->conflict_where = Expression();
  } else if (AcceptWord("on")) {
    ExpectWord("constraint");
    insert->conflict_constraint = ExpectName("a constraint");
  }
  ExpectWord("do");
  if (AcceptWord("nothing")) {
    insert->conflict = ast::ConflictAction::kNothing;
    return;
  }
  ExpectWord("update");
  insert->conflict = ast::ConflictAction::kUpdate;
  ExpectWord("set");
  insert->conflict_set = Assignments();
  if (AcceptWord("where")) insert->where = Expression();
}

// SET name[1] = …: the name with its subscripts; null without any.
ast::ExpressionPtr Parser::AssignedElement(const ast::Name &field) {
  if (AtSymbol(".")) {
    Error error = diagnostics_.Unexpected(Peek(), "\"=\"");
    error.report().hint = "The field that is assigned stands alone, without the entity's name.";
    throw std::move(error);
  }
  if (!AtSymbol("[")) return nullptr;
  ast::ExpressionPtr element = Make(ast::ExpressionKind::kField, field.span.begin);
  element->field = std::make_unique<ast::FieldRef>();
  element->field->names.push_back(field);
  element = Finish(std::move(element));
  while (AtSymbol("[")) element = Subscript(std::move(element));
  return element;
}

std::vector<ast::Assignment> Parser::Assignments() {
  std::vector<ast::Assignment> result;
  do {
    ast::Assignment assignment;
    int begin = Begin();
    if (AtSymbol("(")) {
      assignment.fields = NameList();
      assignment.is_row = true;
    } else {
      assignment.fields.push_back(ExpectName("a field"));
      assignment.element = AssignedElement(assignment.fields[0]);
    }
    ExpectSymbol("=");
    if (!assignment.is_row && AtWord("default")) {
      assignment.value = Make(ast::ExpressionKind::kDefault, Begin());
      Take();
    } else {
      assignment.value = Expression();
    }
    assignment.span = SpanFrom(begin);
    result.push_back(std::move(assignment));
  } while (AcceptSymbol(","));
  return result;
}

void Parser::UpdateCommand(ast::Statement *statement) {
  statement->kind = ast::StatementKind::kUpdate;
  ExpectWord("update");
  CommandTarget(statement);
  ExpectWord("set");
  statement->update.set = Assignments();
  if (AcceptWord("from")) statement->update.from = FromList();
  if (AcceptWord("where")) statement->update.where = Expression();
  RefuseReturning();
}

void Parser::DeleteCommand(ast::Statement *statement) {
  statement->kind = ast::StatementKind::kDelete;
  ExpectWord("delete");
  ExpectWord("from");
  CommandTarget(statement);
  if (AcceptWord("using")) statement->remove.from = FromList();
  if (AcceptWord("where")) statement->remove.where = Expression();
  RefuseReturning();
}

}  // namespace fundb::funql
