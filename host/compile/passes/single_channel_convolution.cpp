// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "compile/passes/passes.h"
#include "ops/operands.h"
#include "ops/shape.h"

namespace mote::compile {
namespace {

/// Whether every output channel reads the only input channel, so that the node is a convolution too. Floats
/// would be summed in another order.
bool is_convolution(const graph::Graph& graph, const graph::Node& node) {
  if (node.op != "depthwise_conv_2d") return false;
  const graph::Value& in = *ops::input(graph, node, 0);
  const graph::Value& weights = *ops::input(graph, node, 1);
  const bool is_int = in.dtype == graph::DType::kInt8 || in.dtype == graph::DType::kInt16;
  return is_int && in.shape.back() == 1 && weights.is_constant() && weights.dtype == graph::DType::kInt8 &&
         weights.data.size() == static_cast<std::size_t>(weights.element_count());
}

/// [1][row][col][channel] as [channel][row][col][1].
graph::Value convolution_weights(const graph::Value& weights) {
  graph::Value result = weights;
  const auto channels = static_cast<std::size_t>(weights.shape[3]);
  const std::size_t taps = weights.data.size() / std::max<std::size_t>(channels, 1);
  result.shape = {weights.shape[3], weights.shape[1], weights.shape[2], 1};
  for (std::size_t ch = 0; ch < channels; ++ch)
    for (std::size_t tap = 0; tap < taps; ++tap)
      result.data[ch * taps + tap] = weights.data[tap * channels + ch];
  if (result.quantization && result.quantization->per_axis()) result.quantization->axis = 0;
  return result;
}

}  // namespace

Result<graph::Graph> single_channel_convolution(const graph::Graph& graph) {
  graph::Graph result = graph;
  for (graph::Node& node : result.nodes) {
    if (!is_convolution(result, node)) continue;
    node.op = "conv_2d";
    node.inputs[1] = result.add(convolution_weights(result.value(node.inputs[1])));
  }
  return result;
}

}  // namespace mote::compile
