#include "js/parameters.h"

#include <string>
#include <string_view>
#include <vector>

#include "js/handles.h"
#include "js/source_text.h"

namespace fundb::js {

namespace {

// What stands before a plain parameter list: async, function, a name, a star.
bool IsPlainHead(std::string_view head) {
  if (Has(head, "class")) return false;
  for (char c : head) {
    if (!IsBlankOrLineEnd(c) && !IsNameCharacter(c) && c != '*') return false;
  }
  return true;
}

// Splits a list of plain ASCII names; false when there is anything else in it.
bool SplitNames(std::string_view list, std::vector<std::string_view> *names) {
  size_t at = 0;
  auto skip_blanks = [&] {
    while (at < list.size() && IsBlankOrLineEnd(list[at])) ++at;
  };
  skip_blanks();
  while (at < list.size()) {
    size_t start = at;
    while (at < list.size() && IsNameCharacter(list[at])) ++at;
    if (at == start) return false;
    names->push_back(list.substr(start, at - start));
    skip_blanks();
    if (at == list.size()) return true;
    if (list[at++] != ',') return false;
    skip_blanks();
  }
  return true;
}

}  // namespace

UsedParameters FindUsedParameters(v8::Local<v8::Context> context,
                                  v8::Local<v8::Function> function) {
  v8::Isolate *isolate = context->GetIsolate();
  v8::Local<v8::String> source;
  UsedParameters all;
  v8::TryCatch caught(isolate);
  if (!function->FunctionProtoToString(context).ToLocal(&source)) return all;
  std::string text = ToText(isolate, source);
  size_t open = text.find('(');
  if (open == std::string::npos) return all;
  size_t close = text.find(')', open);
  if (close == std::string::npos) return all;
  std::string_view whole = text;
  std::vector<std::string_view> names;
  if (!IsPlainHead(whole.substr(0, open)) ||
      !SplitNames(whole.substr(open + 1, close - open - 1), &names)) {
    return all;
  }
  for (std::string_view name : names) {
    if (name.size() > kLongestName) return all;
  }
  std::string_view body = whole.substr(close + 1);
  // A name can be written with escapes, and these two reach parameters without naming them.
  if (Has(body, "\\u") || Has(body, "arguments") || Has(body, "eval")) return all;
  if (Has(body, "[native code]")) return all;
  UsedParameters used;
  used.first = !names.empty() && Has(body, names[0]);
  used.second = names.size() > 1 && Has(body, names[1]);
  used.uses = FindUses(whole);
  return used;
}

}  // namespace fundb::js
