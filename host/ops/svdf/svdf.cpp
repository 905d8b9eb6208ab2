// SPDX-License-Identifier: Apache-2.0
#include "ops/svdf/svdf.h"

namespace mote::ops::svdf {
namespace {

constexpr std::string_view kActivations[] = {"none", "relu", "relu6", "relu_n1_to_1", "tanh", "sign_bit"};

}  // namespace

Result<Attributes> attributes(const graph::Graph& graph, const graph::Node& node) {
  AttributeReader reader(graph, node);
  Attributes result;
  result.rank = reader.integer("rank", 1, kMaximumStep);
  result.activation = static_cast<FilterActivation>(reader.choice("activation", kActivations));
  MOTE_CHECK(reader.finish());
  return result;
}

AttributeMap to_map(const Attributes& attributes) {
  return {
      {"activation", std::string(kActivations[static_cast<std::size_t>(attributes.activation)])},
      {"rank", std::int64_t{attributes.rank}},
  };
}

}  // namespace mote::ops::svdf
