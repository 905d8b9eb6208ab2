// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "ops/operands.h"
#include "ops/pool_2d.h"
#include "ops/shape.h"
#include "ops/spatial.h"

namespace mote::ops {

Result<std::vector<ValueType>> infer_pool_2d(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(const Pool2dAttributes attributes, pool_2d_attributes(graph, node));
  MOTE_CHECK(check_arity(graph, node, 1, 1));
  MOTE_CHECK(check_float_or_quantized(graph, node));
  const graph::Value& in = *input(graph, node, 0);
  if (in.shape.size() != 4)
    return refuse(graph, node,
                  fmt::format("input is {}, expected [batch, row, col, ch]", graph::shape_text(in.shape)));
  const SpatialExtent rows =
      place_window({in.shape[1], attributes.window_height, attributes.stride_height}, attributes.padding);
  const SpatialExtent cols =
      place_window({in.shape[2], attributes.window_width, attributes.stride_width}, attributes.padding);
  if (rows.out < 1 || cols.out < 1)
    return refuse(graph, node,
                  fmt::format("a window of {} x {} does not fit into an input of {} x {}",
                              attributes.window_height, attributes.window_width, in.shape[1], in.shape[2]));
  return std::vector{ValueType{in.dtype, {in.shape[0], rows.out, cols.out, in.shape[3]}}};
}

}  // namespace mote::ops
