// SPDX-License-Identifier: Apache-2.0
#include "ops/compare/compare.h"

namespace mote::ops::compare {
namespace {

constexpr std::string_view kFunctions[] = {"equal",      "not_equal", "less",
                                           "less_equal", "greater",   "greater_equal"};

}  // namespace

Result<Attributes> attributes(const graph::Graph& graph, const graph::Node& node) {
  AttributeReader reader(graph, node);
  Attributes result;
  result.function = static_cast<Function>(reader.choice("function", kFunctions));
  MOTE_CHECK(reader.finish());
  return result;
}

AttributeMap to_map(const Attributes& attributes) {
  return {{"function", std::string(kFunctions[static_cast<std::size_t>(attributes.function)])}};
}

}  // namespace mote::ops::compare
