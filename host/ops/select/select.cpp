// SPDX-License-Identifier: Apache-2.0
#include "ops/select/select.h"

#include "ops/operands.h"

namespace mote::ops::select {

Result<Attributes> attributes(const graph::Graph& graph, const graph::Node& node) {
  AttributeReader reader(graph, node);
  const Attributes result = {reader.boolean("broadcasts")};
  MOTE_CHECK(reader.finish());
  return result;
}

AttributeMap to_map(const Attributes& attributes) {
  return {{"broadcasts", std::int64_t{attributes.broadcasts ? 1 : 0}}};
}

std::vector<std::int32_t> condition_shape(const graph::Graph& graph, const graph::Node& node,
                                          const Attributes& attributes) {
  std::vector<std::int32_t> shape = input(graph, node, 0)->shape;
  // An element for each index of the first axis: aligned there, not at the last.
  if (!attributes.broadcasts && shape.size() == 1) shape.resize(input(graph, node, 1)->shape.size(), 1);
  return shape;
}

}  // namespace mote::ops::select
