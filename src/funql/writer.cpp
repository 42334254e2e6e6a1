#include "funql/writer.h"

#include "base/error.h"
#include "base/text.h"

namespace fundb::funql {

namespace {

constexpr std::string_view kKeywordCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ_ *";
constexpr std::string_view kNumberCharacters = "0123456789.eE+-";
constexpr std::string_view kOperatorCharacters = "+-*/<>=~!@#%^&|?.:";

class Writer {
 public:
  Writer(std::string_view funql, Steps *steps) : steps_(*steps), character_(funql.size() + 1) {
    int count = 0;
    for (size_t i = 0; i < funql.size(); ++i) {
      if ((static_cast<unsigned char>(funql[i]) & 0xC0) != 0x80) ++count;
      character_[i] = count;
    }
    character_[funql.size()] = count + 1;
  }

  void Write(const sql::Node &node) {
    steps_.Count();
    auto offset = static_cast<size_t>(node.position);
    if (node.position >= 0 && offset < character_.size()) {
      result_.positions.Add(Position(), character_[offset]);
    }
    switch (node.kind) {
      case sql::NodeKind::kKeyword:
        Checked(node.text, kKeywordCharacters);
        return;
      case sql::NodeKind::kName:
        result_.text += QuoteIdentifier(node.text);
        return;
      case sql::NodeKind::kString:
        result_.text += QuoteLiteral(node.text);
        return;
      case sql::NodeKind::kNumber:
        Checked(node.text, kNumberCharacters);
        return;
      case sql::NodeKind::kOperator:
        if (node.text.find("--") != std::string::npos) Refuse();
        Checked(node.text, kOperatorCharacters);
        return;
      case sql::NodeKind::kPlaceholder:
        result_.text += "$" + std::to_string(node.number);
        return;
      case sql::NodeKind::kType:
        result_.text += node.type.Sql();
        return;
      case sql::NodeKind::kSequence:
        return Children(node, " ");
      case sql::NodeKind::kTight:
        return Children(node, "");
      case sql::NodeKind::kList:
        return Children(node, ", ");
      case sql::NodeKind::kParentheses:
        result_.text += '(';
        Children(node, "");
        result_.text += ')';
        return;
      case sql::NodeKind::kBrackets:
        result_.text += '[';
        Children(node, "");
        result_.text += ']';
        return;
    }
  }

  WrittenSql Take() { return std::move(result_); }

 private:
  // 1-based, in characters; counts only what was added since the last call.
  int Position() {
    counted_ += CharacterCount(std::string_view(result_.text).substr(counted_bytes_));
    counted_bytes_ = result_.text.size();
    return counted_ + 1;
  }

  void Children(const sql::Node &node, const char *separator) {
    bool first = true;
    for (const sql::Node &child : node.children) {
      if (!first) result_.text += separator;
      first = false;
      Write(child);
    }
  }

  void Checked(const std::string &text, std::string_view allowed) {
    if (text.empty() || text.find_first_not_of(allowed) != std::string::npos) Refuse();
    result_.text += text;
  }

  // Never reached unless a stage before is wrong; then no statement is better than another one.
  [[noreturn]] static void Refuse() { throw Error(sqlstate::kInternal, "malformed piece of SQL"); }

  Steps &steps_;
  WrittenSql result_;
  std::vector<int> character_;
  int counted_ = 0;
  size_t counted_bytes_ = 0;
};

}  // namespace

std::string QuoteLiteral(std::string_view text) {
  bool backslash = text.find('\\') != std::string_view::npos;
  std::string quoted = backslash ? "E'" : "'";
  for (char c : text) {
    if (c == '\'' || c == '\\') quoted += c;
    quoted += c;
  }
  return quoted + "'";
}

WrittenSql Write(const sql::Node &node, std::string_view funql, Steps *steps) {
  Writer writer(funql, steps);
  writer.Write(node);
  return writer.Take();
}

void PositionMap::Add(int sql, int funql) {
  // Several nodes may begin at one place; the innermost, which comes last, tells most.
  if (!entries_.empty() && entries_.back().sql == sql) {
    entries_.back().funql = funql;
    return;
  }
  entries_.push_back({sql, funql});
}

int PositionMap::Find(int sql_position) const {
  int found = 0;
  for (const Entry &entry : entries_) {
    if (entry.sql > sql_position) break;
    found = entry.funql;
  }
  return found;
}

}  // namespace fundb::funql
