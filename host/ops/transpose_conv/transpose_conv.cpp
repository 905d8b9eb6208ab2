// SPDX-License-Identifier: Apache-2.0
#include "ops/transpose_conv/transpose_conv.h"

namespace mote::ops::transpose_conv {

Result<Attributes> attributes(const graph::Graph& graph, const graph::Node& node) {
  AttributeReader reader(graph, node);
  Attributes result;
  result.padding = reader.padding();
  result.stride_height = reader.integer("stride_height", 1, kMaximumStep);
  result.stride_width = reader.integer("stride_width", 1, kMaximumStep);
  result.activation = reader.activation();
  MOTE_CHECK(reader.finish());
  return result;
}

AttributeMap to_map(const Attributes& attributes) {
  return {
      {"activation", to_attribute(attributes.activation)},
      {"padding", to_attribute(attributes.padding)},
      {"stride_height", std::int64_t{attributes.stride_height}},
      {"stride_width", std::int64_t{attributes.stride_width}},
  };
}

}  // namespace mote::ops::transpose_conv
