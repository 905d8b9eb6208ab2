// SPDX-License-Identifier: Apache-2.0
#include "ops/fully_connected/fully_connected.h"

namespace mote::ops::fully_connected {

Result<Attributes> attributes(const graph::Graph& graph, const graph::Node& node) {
  AttributeReader reader(graph, node);
  Attributes result;
  result.activation = reader.activation();
  result.keep_dimensions = reader.boolean("keep_dimensions");
  MOTE_CHECK(reader.finish());
  return result;
}

AttributeMap to_map(const Attributes& attributes) {
  return {
      {"activation", to_attribute(attributes.activation)},
      {"keep_dimensions", std::int64_t{attributes.keep_dimensions}},
  };
}

}  // namespace mote::ops::fully_connected
