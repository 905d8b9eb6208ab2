// SPDX-License-Identifier: Apache-2.0
#include "ops/shape.h"

#include "ops/operands.h"
#include "ops/split/split.h"

namespace mote::ops::split {
namespace {

/// While the axis is not constant yet, the outputs' own shapes are believed; lowering asks again.
Result<std::vector<ValueType>> infer(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(const Attributes attributes, split::attributes(graph, node));
  MOTE_TRY(const std::optional<Cut> cut, cut_of(graph, node));
  const graph::Value& in = *input(graph, node, data_input(attributes.function));
  std::vector<ValueType> types;
  for (std::size_t part = 0; part < node.outputs.size(); ++part) {
    std::vector<std::int32_t> shape = cut ? in.shape : graph.value(node.outputs[part]).shape;
    if (cut && attributes.function == Function::kUnpack)
      shape.erase(shape.begin() + static_cast<std::ptrdiff_t>(cut->axis));
    else if (cut)
      shape[cut->axis] = cut->extents[part];
    types.push_back({in.dtype, std::move(shape)});
  }
  return types;
}

}  // namespace

extern const Shape kShape = {infer};

}  // namespace mote::ops::split
