// SPDX-License-Identifier: Apache-2.0
#include "ops/conv_2d_shape.h"

#include <fmt/format.h>

#include "ops/operands.h"

namespace mote::ops {
namespace {

/// Keeps row and column indices of the kernels within int32.
constexpr std::int64_t kMaximumReach = 1 << 24;

std::int64_t reach(const SpatialAxis& axis) {
  return std::int64_t{axis.window - 1} * axis.dilation + 1;
}

}  // namespace

Result<void> check_ranks(const graph::Graph& graph, const graph::Node& node, const graph::Value& in,
                         const graph::Value& weights, std::string_view expected) {
  if (in.shape.size() != 4)
    return refuse(graph, node,
                  fmt::format("input is {}, expected [batch, row, col, ch]", graph::shape_text(in.shape)));
  if (weights.shape.size() != 4)
    return refuse(graph, node,
                  fmt::format("weights are {}, expected {}", graph::shape_text(weights.shape), expected));
  return {};
}

Result<std::pair<std::int32_t, std::int32_t>> place_kernel(const graph::Graph& graph, const graph::Node& node,
                                                           const SpatialAxis& rows, const SpatialAxis& cols,
                                                           Padding padding) {
  if (reach(rows) > kMaximumReach || reach(cols) > kMaximumReach)
    return refuse(graph, node,
                  fmt::format("the dilated kernel reaches over more than {} elements", kMaximumReach));
  const std::int32_t out_rows = place_window(rows, padding).out, out_cols = place_window(cols, padding).out;
  if (out_rows < 1 || out_cols < 1)
    return refuse(
        graph, node,
        fmt::format("a kernel of {} x {} with dilation {} x {} does not fit into an input of {} x {}",
                    rows.window, cols.window, rows.dilation, cols.dilation, rows.in, cols.in));
  return std::pair(out_rows, out_cols);
}

}  // namespace mote::ops
