// Ast to Bound: every name is looked up, every argument becomes a parameter, puns, keys and
// attributes become hidden result columns.  Throws Error for whatever does not exist.
#pragma once

#include <memory>

#include "funql/ast.h"
#include "funql/bound.h"
#include "funql/diagnostics.h"
#include "funql/steps.h"

namespace fundb::funql {

enum class Purpose { kView, kCommand };

// The result points into `schema`'s data and into itself (hence the pointer).
std::unique_ptr<bound::Statement> Resolve(const ast::Statement &statement, const Schema &schema,
                                          const CompileOptions &options,
                                          const Diagnostics &diagnostics, Purpose purpose,
                                          Steps *steps);

}  // namespace fundb::funql
