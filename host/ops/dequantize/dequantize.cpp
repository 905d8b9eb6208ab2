// SPDX-License-Identifier: Apache-2.0
#include "ops/dequantize/dequantize.h"

namespace mote::ops::dequantize {

Result<Attributes> attributes(const graph::Graph& graph, const graph::Node& node) {
  AttributeReader reader(graph, node);
  MOTE_CHECK(reader.finish());
  return Attributes{};
}

AttributeMap to_map(const Attributes& /*attributes*/) {
  return {};
}

}  // namespace mote::ops::dequantize
