// SPDX-License-Identifier: Apache-2.0
#include "ops/add_n/add_n.h"

namespace mote::ops::add_n {

Result<Attributes> attributes(const graph::Graph& graph, const graph::Node& node) {
  AttributeReader reader(graph, node);
  MOTE_CHECK(reader.finish());
  return Attributes{};
}

AttributeMap to_map(const Attributes& /*attributes*/) {
  return {};
}

}  // namespace mote::ops::add_n
