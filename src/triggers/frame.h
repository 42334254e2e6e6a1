// The chain of rules that are running, innermost first, as the nesting of C++ frames.
#pragma once

#include <string>

#include "catalog/rules.h"
#include "convert/row.h"

namespace fundb::triggers {

struct Frame {
  const catalog::Rule *rule = nullptr;
  // The row to name the call by: the old one, or the new one of an INSERT; null before it is known.
  HeapTuple row = nullptr;
  const convert::RowShape *shape = nullptr;
  const Frame *outer = nullptr;
  int depth = 1;
};

// `name(schema.table, id)` of one frame, as the chain of the depth limit shows it.
std::string FrameText(const Frame &frame);

// The context line of a rule: trigger "name" of entity "schema.table".
std::string RuleText(const catalog::Rule &rule);

}  // namespace fundb::triggers
