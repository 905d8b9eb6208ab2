// SPDX-License-Identifier: Apache-2.0
#include "ops/gradient.h"

#include <fmt/format.h>

#include "ops/gradient_support.h"
#include "ops/operands.h"
#include "ops/spatial.h"

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

kernels::FloatActivation float_bounds(Activation activation) {
  switch (activation) {
    case Activation::kNone:
      break;
    case Activation::kRelu:
      return {0.0f, INFINITY};
    case Activation::kRelu6:
      return {0.0f, 6.0f};
  }
  return kernels::no_activation();
}

kernels::Pool2dShape pool_2d_sample(const graph::Graph& graph, const graph::Node& node,
                                    const Pool2dAttributes& attributes) {
  const auto& in = graph.value(node.inputs[0]).shape;
  const auto& out = graph.value(node.outputs[0]).shape;
  kernels::Pool2dShape shape = {};
  shape.batch = 1;
  shape.in_height = in[1];
  shape.in_width = in[2];
  shape.channels = in[3];
  shape.out_height = out[1];
  shape.out_width = out[2];
  shape.kernel_height = attributes.window_height;
  shape.kernel_width = attributes.window_width;
  shape.stride_height = attributes.stride_height;
  shape.stride_width = attributes.stride_width;
  shape.pad_top =
      place_window({in[1], shape.kernel_height, shape.stride_height}, attributes.padding).pad_before;
  shape.pad_left =
      place_window({in[2], shape.kernel_width, shape.stride_width}, attributes.padding).pad_before;
  return shape;
}

}  // namespace mote::ops
