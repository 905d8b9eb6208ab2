// SPDX-License-Identifier: Apache-2.0
#include "ops/shape.h"

#include <fmt/format.h>

#include "ops/conv_2d_shape.h"
#include "ops/transpose_conv/transpose_conv.h"

namespace mote::ops::transpose_conv {
namespace {

/// The shape that the output has: that of the first operand if it is known, else the declared one.
std::vector<std::int32_t> output_shape(const graph::Graph& graph, const graph::Node& node) {
  const graph::Value& wanted = *input(graph, node, 0);
  return wanted.is_constant() && wanted.dtype == graph::DType::kInt32 ? graph::elements<std::int32_t>(wanted)
                                                                      : output(graph, node).shape;
}

Result<std::vector<ValueType>> infer(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(const Attributes attributes, transpose_conv::attributes(graph, node));
  MOTE_CHECK(check_arity(graph, node, 3, 4));
  const graph::Value& in = *input(graph, node, kOperands.in);
  const graph::Value& weights = *input(graph, node, kOperands.weights);
  MOTE_CHECK(check_ranks(graph, node, in, weights, "[out_ch, row, col, in_ch]"));
  if (in.shape[3] != weights.shape[3])
    return refuse(graph, node,
                  fmt::format("input has {} channels, weights expect {}", in.shape[3], weights.shape[3]));
  MOTE_CHECK(check_weights(graph, node, weights.shape[0], kOperands));
  const std::vector<std::int32_t> out = output_shape(graph, node);
  if (out.size() != 4 || out[0] != in.shape[0] || out[1] < 1 || out[2] < 1 || out[3] != weights.shape[0])
    return refuse(graph, node,
                  fmt::format("output shape is {}, expected [{}, row, col, {}]", graph::shape_text(out),
                              in.shape[0], weights.shape[0]));
  if (std::int64_t{out[1]} * out[2] > graph::kMaximumValueBytes)
    return refuse(graph, node, fmt::format("an output of {} is too large", graph::shape_text(out)));
  MOTE_TRY(const auto extent,
           place_kernel(graph, node, {out[1], weights.shape[1], attributes.stride_height},
                        {out[2], weights.shape[2], attributes.stride_width}, attributes.padding));
  if (extent.first != in.shape[1] || extent.second != in.shape[2])
    return refuse(graph, node,
                  fmt::format("input is {} x {}, a convolution of the output {} x {} gives {} x {}",
                              in.shape[1], in.shape[2], out[1], out[2], extent.first, extent.second));
  return std::vector{ValueType{in.dtype, out}};
}

}  // namespace

extern const Shape kShape = {infer};

}  // namespace mote::ops::transpose_conv
