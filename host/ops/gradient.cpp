// SPDX-License-Identifier: Apache-2.0
#include "ops/gradient.h"

#include <fmt/format.h>

#include "ops/gradient_support.h"
#include "ops/operands.h"

#define MOTE_OP(name)              \
  namespace name {                 \
  extern const Gradient kGradient; \
  }
namespace mote::ops {
#include "ops_gradient.def"
}  // namespace mote::ops
#undef MOTE_OP

namespace mote::ops {

const Gradient* find_gradient(std::string_view op) {
#define MOTE_OP(name) \
  if (op == #name) return &name::kGradient;
#include "ops_gradient.def"
#undef MOTE_OP
  return nullptr;
}

Result<void> check_trainable(const graph::Graph& graph, const graph::Node& node) {
  const auto is_activation = [&](graph::ValueId id) {
    const graph::Value& value = graph.value(id);
    return value.dtype == graph::DType::kFloat32 && !value.shape.empty() && value.shape[0] == 1;
  };
  if (!is_activation(node.inputs[0]) || !is_activation(node.outputs[0]))
    return refuse(graph, node, "input and output must be float32 with batch 1");
  if (node.inputs.size() > 1 + kMaxParameters) return refuse(graph, node, "too many inputs");
  for (std::size_t input = 1; input < node.inputs.size(); ++input) {
    if (node.inputs[input] == graph::kNone) continue;
    const graph::Value& value = graph.value(node.inputs[input]);
    if (!value.is_constant() || value.dtype != graph::DType::kFloat32)
      return refuse(graph, node, fmt::format("'{}' must be a float32 constant", value.name));
  }
  return {};
}

}  // namespace mote::ops
