// SPDX-License-Identifier: Apache-2.0
#include "ops/dynamic_update_slice/dynamic_update_slice.h"

namespace mote::ops::dynamic_update_slice {

Result<Attributes> attributes(const graph::Graph& graph, const graph::Node& node) {
  AttributeReader reader(graph, node);
  MOTE_CHECK(reader.finish());
  return Attributes{};
}

AttributeMap to_map(const Attributes& /*attributes*/) {
  return {};
}

}  // namespace mote::ops::dynamic_update_slice
