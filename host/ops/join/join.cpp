// SPDX-License-Identifier: Apache-2.0
#include "ops/join/join.h"

namespace mote::ops::join {
namespace {

constexpr std::int32_t kMostAxes = 1 << 10;

}  // namespace

Result<Attributes> attributes(const graph::Graph& graph, const graph::Node& node) {
  AttributeReader reader(graph, node);
  const Attributes result = {reader.boolean("stacks"), reader.integer("axis", -kMostAxes, kMostAxes)};
  MOTE_CHECK(reader.finish());
  return result;
}

AttributeMap to_map(const Attributes& attributes) {
  return {{"stacks", std::int64_t{attributes.stacks ? 1 : 0}}, {"axis", std::int64_t{attributes.axis}}};
}

}  // namespace mote::ops::join
