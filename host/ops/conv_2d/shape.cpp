// SPDX-License-Identifier: Apache-2.0
#include "ops/shape.h"

#include <fmt/format.h>

#include "ops/conv_2d/conv_2d.h"
#include "ops/conv_2d_shape.h"
#include "ops/operands.h"

namespace mote::ops::conv_2d {
namespace {

Result<std::vector<ValueType>> infer(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(const Attributes attributes, conv_2d::attributes(graph, node));
  MOTE_CHECK(check_arity(graph, node, 2, 3));
  const graph::Value& in = *input(graph, node, 0);
  const graph::Value& weights = *input(graph, node, 1);
  MOTE_CHECK(check_ranks(graph, node, in, weights, "[out_ch, row, col, in_ch]"));
  // Fewer channels are those of a group.
  if (in.shape[3] % weights.shape[3] != 0)
    return refuse(graph, node,
                  fmt::format("input has {} channels, weights expect {}", in.shape[3], weights.shape[3]));
  const std::int32_t groups = in.shape[3] / weights.shape[3];
  if (weights.shape[0] % groups != 0)
    return refuse(graph, node,
                  fmt::format("{} output channels do not divide into {} groups", weights.shape[0], groups));
  MOTE_CHECK(check_weights(graph, node, weights.shape[0]));
  MOTE_TRY(const auto extent,
           place_kernel(graph, node,
                        {in.shape[1], weights.shape[1], attributes.stride_height, attributes.dilation_height},
                        {in.shape[2], weights.shape[2], attributes.stride_width, attributes.dilation_width},
                        attributes.padding));
  return std::vector{ValueType{in.dtype, {in.shape[0], extent.first, extent.second, weights.shape[0]}}};
}

}  // namespace

extern const Shape kShape = {infer};

}  // namespace mote::ops::conv_2d
