// SPDX-License-Identifier: Apache-2.0
#include "ops/l2_pool_2d/l2_pool_2d.h"

namespace mote::ops::l2_pool_2d {

Result<Attributes> attributes(const graph::Graph& graph, const graph::Node& node) {
  return pool_2d_attributes(graph, node);
}

}  // namespace mote::ops::l2_pool_2d
