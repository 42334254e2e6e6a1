// FunQL text to Ast: recursive descent, with a table of binding powers for operators.
#pragma once

#include "funql/ast.h"
#include "funql/diagnostics.h"
#include "funql/steps.h"

namespace fundb::funql {

// A query with its arguments, or a command.
ast::Statement ParseStatement(const Diagnostics &diagnostics, Steps *steps);

// One expression that is the whole text (chunk.where).
ast::ExpressionPtr ParseExpressionText(const Diagnostics &diagnostics, Steps *steps);

// One type that is the whole text (the arguments of chunk.where).
ast::TypeName ParseTypeText(const Diagnostics &diagnostics, Steps *steps);

}  // namespace fundb::funql
