// SPDX-License-Identifier: Apache-2.0
#include "ops/l2_normalization/l2_normalization.h"

namespace mote::ops::l2_normalization {

Result<Attributes> attributes(const graph::Graph& graph, const graph::Node& node) {
  MOTE_CHECK(AttributeReader(graph, node).finish());
  return Attributes{};
}

}  // namespace mote::ops::l2_normalization
