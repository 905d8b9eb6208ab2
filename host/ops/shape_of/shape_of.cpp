// SPDX-License-Identifier: Apache-2.0
#include "ops/shape_of/shape_of.h"

namespace mote::ops::shape_of {

Result<Attributes> attributes(const graph::Graph& graph, const graph::Node& node) {
  AttributeReader reader(graph, node);
  const Attributes result = {reader.boolean("broadcasts")};
  MOTE_CHECK(reader.finish());
  return result;
}

AttributeMap to_map(const Attributes& attributes) {
  return {{"broadcasts", std::int64_t{attributes.broadcasts ? 1 : 0}}};
}

}  // namespace mote::ops::shape_of
