// SPDX-License-Identifier: Apache-2.0
#include "ops/pool_2d.h"

namespace mote::ops {

Result<Pool2dAttributes> pool_2d_attributes(const graph::Graph& graph, const graph::Node& node) {
  AttributeReader reader(graph, node);
  Pool2dAttributes result;
  result.padding = reader.padding();
  result.stride_height = reader.integer("stride_height", 1, kMaximumStep);
  result.stride_width = reader.integer("stride_width", 1, kMaximumStep);
  result.window_height = reader.integer("window_height", 1, kMaximumStep);
  result.window_width = reader.integer("window_width", 1, kMaximumStep);
  result.activation = reader.activation();
  MOTE_CHECK(reader.finish());
  return result;
}

AttributeMap to_map(const Pool2dAttributes& attributes) {
  return {
      {"activation", to_attribute(attributes.activation)},
      {"padding", to_attribute(attributes.padding)},
      {"stride_height", std::int64_t{attributes.stride_height}},
      {"stride_width", std::int64_t{attributes.stride_width}},
      {"window_height", std::int64_t{attributes.window_height}},
      {"window_width", std::int64_t{attributes.window_width}},
  };
}

}  // namespace mote::ops
