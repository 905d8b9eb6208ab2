// SPDX-License-Identifier: Apache-2.0
#include "ops/cumsum/cumsum.h"

namespace mote::ops::cumsum {

Result<Attributes> attributes(const graph::Graph& graph, const graph::Node& node) {
  AttributeReader reader(graph, node);
  const Attributes result = {reader.boolean("exclusive"), reader.boolean("reverse")};
  MOTE_CHECK(reader.finish());
  return result;
}

AttributeMap to_map(const Attributes& attributes) {
  return {{"exclusive", std::int64_t{attributes.exclusive ? 1 : 0}},
          {"reverse", std::int64_t{attributes.reverse ? 1 : 0}}};
}

}  // namespace mote::ops::cumsum
