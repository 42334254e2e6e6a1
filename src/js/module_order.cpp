#include "js/module_order.h"

#include <algorithm>

namespace fundb::js {

namespace {

class Walk {
 public:
  explicit Walk(const std::vector<std::vector<size_t>> &edges)
      : edges_(edges), nodes_(edges.size()) {}

  std::vector<std::vector<size_t>> Do() {
    Enter(0);
    while (!path_.empty()) {
      size_t at = path_.back();
      Node &node = nodes_[at];
      if (node.next == edges_[at].size()) {
        Leave(at);
        continue;
      }
      size_t to = edges_[at][node.next++];
      if (nodes_[to].number == 0) {
        Enter(to);
      } else if (nodes_[to].is_open) {
        node.lowest = std::min(node.lowest, nodes_[to].number);
      }
    }
    return std::move(groups_);
  }

 private:
  struct Node {
    size_t number = 0;  // 1, 2, … in the order of entering; 0 = not yet
    size_t lowest = 0;  // the lowest number of an open node that it reaches
    size_t next = 0;    // the edge to go next
    bool is_open = false;
  };

  void Enter(size_t at) {
    nodes_[at].number = nodes_[at].lowest = ++count_;
    nodes_[at].is_open = true;
    path_.push_back(at);
    open_.push_back(at);
  }

  void Leave(size_t at) {
    path_.pop_back();
    Node &node = nodes_[at];
    if (!path_.empty()) {
      Node &before = nodes_[path_.back()];
      before.lowest = std::min(before.lowest, node.lowest);
    }
    if (node.lowest != node.number) return;
    auto first = std::find(open_.rbegin(), open_.rend(), at).base() - 1;
    groups_.emplace_back(first, open_.end());
    for (size_t member : groups_.back()) nodes_[member].is_open = false;
    open_.erase(first, open_.end());
  }

  const std::vector<std::vector<size_t>> &edges_;
  std::vector<Node> nodes_;
  size_t count_ = 0;
  std::vector<size_t> path_;
  std::vector<size_t> open_;
  std::vector<std::vector<size_t>> groups_;
};

}  // namespace

std::vector<std::vector<size_t>> GroupsInOrder(const std::vector<std::vector<size_t>> &edges) {
  return Walk(edges).Do();
}

}  // namespace fundb::js
