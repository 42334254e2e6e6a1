// In which order the modules of a graph are evaluated.
#pragma once

#include <cstddef>
#include <vector>

namespace fundb::js {

// The nodes that can be reached from node 0, in groups: nodes that reach each other are one group,
// and each group comes behind all that it reaches.  Otherwise the order is that of a walk in depth
// along the edges as they are listed; the first of a group is where the walk entered it.
// `edges[i]` are the nodes that node i leads to.  By Tarjan's algorithm, without recursion.
std::vector<std::vector<size_t>> GroupsInOrder(const std::vector<std::vector<size_t>> &edges);

}  // namespace fundb::js
