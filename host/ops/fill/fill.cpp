// SPDX-License-Identifier: Apache-2.0
#include "ops/fill/fill.h"

namespace mote::ops::fill {

Result<Attributes> attributes(const graph::Graph& graph, const graph::Node& node) {
  AttributeReader reader(graph, node);
  const Attributes result = {reader.boolean("zeros")};
  MOTE_CHECK(reader.finish());
  return result;
}

AttributeMap to_map(const Attributes& attributes) {
  return {{"zeros", std::int64_t{attributes.zeros ? 1 : 0}}};
}

}  // namespace mote::ops::fill
