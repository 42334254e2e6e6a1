#include "js/top_level.h"

#include <vector>

#include "js/tokens.h"

namespace fundb::js {

namespace {

class Walk {
 public:
  explicit Walk(const Tokens &tokens) : tokens_(tokens) {}

  bool MeetsAwait() {
    for (at_ = 0; at_ < tokens_.size(); ++at_) {
      std::string_view text = tokens_[at_].text;
      if (tokens_[at_].kind == Token::kString) continue;
      if (text == "(") {
        parentheses_.push_back(IsOfFunction());
      } else if (text == ")") {
        if (parentheses_.empty()) return true;
        of_function_ = parentheses_.back();
        parentheses_.pop_back();
      } else if (text == "{") {
        bool is_body = Before(1) == "=>" || (Before(1) == ")" && of_function_);
        braces_.push_back(is_body);
        if (is_body) ++bodies_;
      } else if (text == "}") {
        if (braces_.empty()) return true;
        if (braces_.back()) --bodies_;
        braces_.pop_back();
      } else if (text == "await" && bodies_ == 0) {
        return true;
      }
    }
    return false;
  }

 private:
  std::string_view Before(size_t count) const {
    return count > at_ ? std::string_view() : tokens_[at_ - count].text;
  }

  // The parenthesis of `function (`, `function name (`, `function *name (`, not of `a.function (`.
  bool IsOfFunction() const {
    for (size_t count = 1; count <= 3; ++count) {
      std::string_view text = Before(count);
      if (text == "function") {
        std::string_view behind = Before(count + 1);
        return behind != "." && behind != "?.";
      }
      bool is_name = !text.empty() && tokens_[at_ - count].kind == Token::kWord && count == 1;
      if (!is_name && text != "*") return false;
    }
    return false;
  }

  const Tokens &tokens_;
  size_t at_ = 0;
  // Whether each that is open belongs to a function; the last that was closed.
  std::vector<bool> parentheses_;
  bool of_function_ = false;
  std::vector<bool> braces_;
  int bodies_ = 0;
};

}  // namespace

bool MayWaitAtTopLevel(std::string_view source) {
  if (source.find("await") == std::string_view::npos) return false;
  Tokens tokens;
  return !Split(source, &tokens) || Walk(tokens).MeetsAwait();
}

}  // namespace fundb::js
