// Ast to FunQL text in one normal form: every operand that could come apart in parentheses, names
// quoted only where they must be.  Parsing the text gives the same tree again.
#pragma once

#include <string>

#include "funql/ast.h"

namespace fundb::funql {

std::string Format(const ast::Statement &statement);

}  // namespace fundb::funql
