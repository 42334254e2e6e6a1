#include "catalog/rule_texts.h"

#include <unordered_map>
#include <utility>

namespace fundb::catalog {

namespace {

struct KeptText {
  explicit KeptText(std::string given) : text(std::move(given)), bytes(text.size()) {}
  const std::string text;
  RuleBytes bytes;
};

using Texts = std::unordered_map<int, std::weak_ptr<const KeptText>>;

// Of rules that are gone, or of tables that were forgotten.
void DropUnused(Texts *texts) {
  for (auto item = texts->begin(); item != texts->end();) {
    item = item->second.expired() ? texts->erase(item) : std::next(item);
  }
}

}  // namespace

size_t RuleBytes::all_ = 0;

std::shared_ptr<const std::string> KeepRuleText(int id, std::string text) {
  // Leaked on purpose: no static object with a destructor.
  static auto *texts = new Texts();
  static size_t next_look = 1000;
  if (texts->size() >= next_look) {
    DropUnused(texts);
    next_look = 2 * texts->size() + 1000;
  }
  std::weak_ptr<const KeptText> &slot = (*texts)[id];
  std::shared_ptr<const KeptText> kept = slot.lock();
  if (kept == nullptr || kept->text != text) {
    kept = std::make_shared<const KeptText>(std::move(text));
    slot = kept;
  }
  return std::shared_ptr<const std::string>(kept, &kept->text);
}

}  // namespace fundb::catalog
