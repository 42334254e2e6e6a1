// SQL text as a tree of pieces.  A piece knows what it is (keyword, name, literal, …) and the
// writer alone turns it into characters, so nothing a user wrote can become anything but a quoted
// name, a quoted literal, a checked number or a checked operator.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "funql/schema.h"

namespace fundb::funql::sql {

enum class NodeKind {
  kKeyword,      // text: capitals, blanks and underscores only
  kName,         // text, quoted by the writer
  kString,       // text, quoted by the writer
  kNumber,       // text: digits, a point, an exponent
  kOperator,     // text: PostgreSQL's operator characters only
  kPlaceholder,  // number: $1, $2, …
  kType,         // type
  kSequence,     // children with blanks between
  kTight,        // children with nothing between
  kList,         // children with commas between
  kParentheses,  // children as in kTight, in ( )
  kBrackets,     // children as in kTight, in [ ]
};

struct Node {
  NodeKind kind = NodeKind::kSequence;
  std::string text;
  int number = 0;
  Type type;
  // Byte offset in the FunQL text that this piece comes from; -1 = none of its own.
  int position = -1;
  std::vector<Node> children;
};

inline Node Leaf(NodeKind kind, std::string_view text) {
  Node node;
  node.kind = kind;
  node.text = text;
  return node;
}
inline Node Keyword(std::string_view text) { return Leaf(NodeKind::kKeyword, text); }
inline Node Name(std::string_view text) { return Leaf(NodeKind::kName, text); }
inline Node String(std::string_view text) { return Leaf(NodeKind::kString, text); }
inline Node Number(std::string_view text) { return Leaf(NodeKind::kNumber, text); }
inline Node Operator(std::string_view text) { return Leaf(NodeKind::kOperator, text); }
inline Node TypeName(const Type &type) {
  Node node;
  node.kind = NodeKind::kType;
  node.type = type;
  return node;
}
inline Node Placeholder(int number) {
  Node node;
  node.kind = NodeKind::kPlaceholder;
  node.number = number;
  return node;
}

template <typename... Children>
Node Branch(NodeKind kind, Children &&...children) {
  Node node;
  node.kind = kind;
  (node.children.push_back(std::forward<Children>(children)), ...);
  return node;
}
template <typename... Children>
Node Sequence(Children &&...children) {
  return Branch(NodeKind::kSequence, std::forward<Children>(children)...);
}
template <typename... Children>
Node Tight(Children &&...children) {
  return Branch(NodeKind::kTight, std::forward<Children>(children)...);
}
template <typename... Children>
Node List(Children &&...children) {
  return Branch(NodeKind::kList, std::forward<Children>(children)...);
}
template <typename... Children>
Node Parentheses(Children &&...children) {
  return Branch(NodeKind::kParentheses, std::forward<Children>(children)...);
}
template <typename... Children>
Node Brackets(Children &&...children) {
  return Branch(NodeKind::kBrackets, std::forward<Children>(children)...);
}

// schema.name; the name alone without a schema.
inline Node Qualified(std::string_view schema, std::string_view name) {
  if (schema.empty()) return Name(name);
  return Tight(Name(schema), Operator("."), Name(name));
}

}  // namespace fundb::funql::sql
