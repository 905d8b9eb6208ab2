// SPDX-License-Identifier: Apache-2.0
#include "ops/log_softmax/log_softmax.h"

namespace mote::ops::log_softmax {

Result<Attributes> attributes(const graph::Graph& graph, const graph::Node& node) {
  MOTE_CHECK(AttributeReader(graph, node).finish());
  return Attributes{};
}

}  // namespace mote::ops::log_softmax
