// SPDX-License-Identifier: Apache-2.0
#include "ops/shape.h"

#include <fmt/format.h>

#include <algorithm>

#include "ops/batch_matmul/batch_matmul.h"
#include "ops/operands.h"

namespace mote::ops::batch_matmul {
namespace {

Result<std::vector<ValueType>> infer(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(const Attributes attributes, batch_matmul::attributes(graph, node));
  MOTE_CHECK(check_arity(graph, node, 2, 2));
  MOTE_CHECK(check_float_or_quantized(graph, node));
  const graph::Value& left = *input(graph, node, 0);
  const graph::Value& right = *input(graph, node, 1);
  if (left.dtype != right.dtype)
    return refuse(graph, node,
                  fmt::format("{} times {} is not supported, expected one type", to_string(left.dtype),
                              to_string(right.dtype)));
  MOTE_TRY(const Sizes sizes, batch_matmul::sizes(graph, node, attributes));
  const std::size_t axes = std::max(left.shape.size(), right.shape.size()) - 2;
  std::vector<std::int32_t> shape(sizes.batch.end() - static_cast<std::ptrdiff_t>(axes), sizes.batch.end());
  shape.push_back(sizes.rows);
  shape.push_back(sizes.cols);
  return std::vector{ValueType{left.dtype, std::move(shape)}};
}

}  // namespace

extern const Shape kShape = {infer};

}  // namespace mote::ops::batch_matmul
