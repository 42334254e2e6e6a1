#include "triggers/frame.h"

namespace fundb::triggers {

std::string FrameText(const Frame &frame) {
  const catalog::Rule &rule = *frame.rule;
  std::string text = rule.name + "(" + rule.entity_schema + "." + rule.entity_name;
  if (frame.row != nullptr) {
    std::string key = convert::KeyText(*frame.shape, frame.row);
    if (!key.empty()) text += ", " + key;
  }
  return text + ")";
}

std::string RuleText(const catalog::Rule &rule) {
  return catalog::DescribeRule(rule.entity_schema, rule.entity_name, rule.name);
}

}  // namespace fundb::triggers
