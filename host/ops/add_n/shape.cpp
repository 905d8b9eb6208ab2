// SPDX-License-Identifier: Apache-2.0
#include "ops/shape.h"

#include <fmt/format.h>

#include "ops/add_n/add_n.h"
#include "ops/operands.h"

namespace mote::ops::add_n {
namespace {

using graph::DType;

Result<std::vector<ValueType>> infer(const graph::Graph& graph, const graph::Node& node) {
  MOTE_CHECK(add_n::attributes(graph, node));
  MOTE_CHECK(check_arity(graph, node, 2, kMaximumInputs));
  const graph::Value& first = *input(graph, node, 0);
  if (first.dtype != DType::kFloat32 && first.dtype != DType::kInt8)
    return refuse(graph, node,
                  fmt::format("{} is not supported, expected float32 or int8", to_string(first.dtype)));
  for (std::size_t index = 1; index < node.inputs.size(); ++index) {
    const graph::Value* other = input(graph, node, index);
    if (other == nullptr || other->dtype != first.dtype || other->shape != first.shape ||
        other->quantization != first.quantization)
      return refuse(graph, node,
                    fmt::format("input {} has another type, shape or scale than input 0", index));
  }
  return std::vector{ValueType{first.dtype, first.shape}};
}

}  // namespace

extern const Shape kShape = {infer};

}  // namespace mote::ops::add_n
