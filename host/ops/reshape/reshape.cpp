// SPDX-License-Identifier: Apache-2.0
#include "ops/reshape/reshape.h"

namespace mote::ops::reshape {

Result<Attributes> attributes(const graph::Graph& graph, const graph::Node& node) {
  AttributeReader reader(graph, node);
  const Attributes result = {reader.boolean("expands")};
  MOTE_CHECK(reader.finish());
  return result;
}

AttributeMap to_map(const Attributes& attributes) {
  return {{"expands", std::int64_t{attributes.expands ? 1 : 0}}};
}

}  // namespace mote::ops::reshape
