// SPDX-License-Identifier: Apache-2.0
#include "ops/shape.h"

#include <fmt/format.h>

#include "ops/conv_2d/conv_2d.h"
#include "ops/operands.h"
#include "ops/spatial.h"

namespace mote::ops::conv_2d {
namespace {

/// Keeps row and column indices of the kernels within int32.
constexpr std::int64_t kMaximumReach = 1 << 24;

std::int64_t reach(std::int32_t kernel, std::int32_t dilation) {
  return std::int64_t{kernel - 1} * dilation + 1;
}

Result<std::vector<ValueType>> infer(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(const Attributes attributes, conv_2d::attributes(graph, node));
  MOTE_CHECK(check_arity(graph, node, 2, 3));
  const graph::Value& in = *input(graph, node, 0);
  const graph::Value& weights = *input(graph, node, 1);
  if (in.shape.size() != 4)
    return refuse(graph, node,
                  fmt::format("input is {}, expected [batch, row, col, ch]", graph::shape_text(in.shape)));
  if (weights.shape.size() != 4)
    return refuse(
        graph, node,
        fmt::format("weights are {}, expected [out_ch, row, col, in_ch]", graph::shape_text(weights.shape)));
  if (in.shape[3] != weights.shape[3])
    return refuse(graph, node,
                  fmt::format("input has {} channels, weights expect {}", in.shape[3], weights.shape[3]));
  MOTE_CHECK(check_weights(graph, node, weights.shape[0]));
  const SpatialExtent rows =
      place_window({in.shape[1], weights.shape[1], attributes.stride_height, attributes.dilation_height},
                   attributes.padding);
  const SpatialExtent cols =
      place_window({in.shape[2], weights.shape[2], attributes.stride_width, attributes.dilation_width},
                   attributes.padding);
  if (reach(weights.shape[1], attributes.dilation_height) > kMaximumReach ||
      reach(weights.shape[2], attributes.dilation_width) > kMaximumReach)
    return refuse(graph, node,
                  fmt::format("the dilated kernel reaches over more than {} elements", kMaximumReach));
  if (rows.out < 1 || cols.out < 1)
    return refuse(
        graph, node,
        fmt::format("a kernel of {} x {} with dilation {} x {} does not fit into an input of {} x {}",
                    weights.shape[1], weights.shape[2], attributes.dilation_height, attributes.dilation_width,
                    in.shape[1], in.shape[2]));
  return std::vector{ValueType{in.dtype, {in.shape[0], rows.out, cols.out, weights.shape[0]}}};
}

}  // namespace

extern const Shape kShape = {infer};

}  // namespace mote::ops::conv_2d
