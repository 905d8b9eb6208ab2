// SPDX-License-Identifier: Apache-2.0
#include "ops/shape.h"

#include <fmt/format.h>

#include "ops/operands.h"
#include "ops/pool_2d.h"

namespace mote::ops::l2_pool_2d {
namespace {

Result<std::vector<ValueType>> infer(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(std::vector<ValueType> types, infer_pool_2d(graph, node));
  if (types[0].dtype != graph::DType::kFloat32)
    return refuse(graph, node,
                  fmt::format("{} input is not supported, expected float32", to_string(types[0].dtype)));
  return types;
}

}  // namespace

extern const Shape kShape = {infer};

}  // namespace mote::ops::l2_pool_2d
