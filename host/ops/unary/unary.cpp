// SPDX-License-Identifier: Apache-2.0
#include "ops/unary/unary.h"

#include <cmath>

#include "ops/operands.h"

namespace mote::ops::unary {
namespace {

constexpr std::string_view kFunctions[] = {
    "abs",   "ceil",        "cos",      "elu",  "exp",    "floor",       "hard_swish", "leaky_relu",
    "log",   "logical_not", "logistic", "neg",  "relu",   "relu_0_to_1", "relu6",      "relu_n1_to_1",
    "round", "rsqrt",       "sin",      "sqrt", "square", "tanh"};

}  // namespace

Result<Attributes> attributes(const graph::Graph& graph, const graph::Node& node) {
  AttributeReader reader(graph, node);
  Attributes result;
  result.function = static_cast<Function>(reader.choice("function", kFunctions));
  if (result.function == Function::kLeakyRelu) result.slope = reader.real("slope");
  MOTE_CHECK(reader.finish());
  if (!std::isfinite(result.slope)) return refuse(graph, node, "the slope is no finite number");
  return result;
}

AttributeMap to_map(const Attributes& attributes) {
  AttributeMap map = {{"function", std::string(kFunctions[static_cast<std::size_t>(attributes.function)])}};
  if (attributes.function == Function::kLeakyRelu) map["slope"] = attributes.slope;
  return map;
}

}  // namespace mote::ops::unary
