// SPDX-License-Identifier: Apache-2.0
#include "ops/binary/binary.h"

#include "ops/operands.h"

namespace mote::ops::binary {
namespace {

constexpr std::string_view kFunctions[] = {
    "add",       "sub",       "mul",   "div",         "maximum",   "minimum", "squared_difference",
    "floor_div", "floor_mod", "prelu", "logical_and", "logical_or"};

}  // namespace

Result<Attributes> attributes(const graph::Graph& graph, const graph::Node& node) {
  AttributeReader reader(graph, node);
  Attributes result;
  result.function = static_cast<Function>(reader.choice("function", kFunctions));
  result.activation = reader.activation();
  MOTE_CHECK(reader.finish());
  if (result.activation != Activation::kNone && !has_activation(result.function))
    return refuse(graph, node, "only add, sub, mul and div have an activation");
  return result;
}

AttributeMap to_map(const Attributes& attributes) {
  return {
      {"function", std::string(kFunctions[static_cast<std::size_t>(attributes.function)])},
      {"activation", to_attribute(attributes.activation)},
  };
}

}  // namespace mote::ops::binary
