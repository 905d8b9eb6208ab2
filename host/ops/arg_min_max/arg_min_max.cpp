// SPDX-License-Identifier: Apache-2.0
#include "ops/arg_min_max/arg_min_max.h"

namespace mote::ops::arg_min_max {

Result<Attributes> attributes(const graph::Graph& graph, const graph::Node& node) {
  AttributeReader reader(graph, node);
  const Attributes result = {reader.boolean("largest")};
  MOTE_CHECK(reader.finish());
  return result;
}

AttributeMap to_map(const Attributes& attributes) {
  return {{"largest", std::int64_t{attributes.largest ? 1 : 0}}};
}

}  // namespace mote::ops::arg_min_max
