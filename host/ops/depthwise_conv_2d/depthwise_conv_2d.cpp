// SPDX-License-Identifier: Apache-2.0
#include "ops/depthwise_conv_2d/depthwise_conv_2d.h"

namespace mote::ops::depthwise_conv_2d {

Result<Attributes> attributes(const graph::Graph& graph, const graph::Node& node) {
  return conv_2d::attributes(graph, node);
}

}  // namespace mote::ops::depthwise_conv_2d
