// SPDX-License-Identifier: Apache-2.0
#include "ops/shape.h"

#include <fmt/format.h>

#include "ops/gather/gather.h"
#include "ops/operands.h"

namespace mote::ops::gather {
namespace {

using graph::DType;

/// An int8 table of embeddings may be looked up as floats.
Result<DType> output_type(const graph::Graph& graph, const graph::Node& node, Function function) {
  const graph::Value& table = *input(graph, node, table_input(function));
  const bool widens = function == Function::kEmbeddingLookup && table.dtype == DType::kInt8 &&
                      output(graph, node).dtype == DType::kFloat32;
  if (!widens) return table.dtype;
  const bool symmetric =
      table.quantization && !table.quantization->per_axis() && table.quantization->zero_point.at(0) == 0;
  if (!symmetric)
    return refuse(graph, node, "the int8 table needs one scale and the zero point 0 to give float32");
  return DType::kFloat32;
}

Result<std::vector<ValueType>> infer(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(const Attributes attributes, gather::attributes(graph, node));
  MOTE_CHECK(check_arity(graph, node, 2, 2));
  const graph::Value& numbers = *input(graph, node, numbers_input(attributes.function));
  const bool may_be_wide = attributes.function != Function::kEmbeddingLookup;
  if (numbers.dtype != DType::kInt32 && !(may_be_wide && numbers.dtype == DType::kInt64))
    return refuse(graph, node,
                  fmt::format("numbers of slices are {}, expected int32{}", to_string(numbers.dtype),
                              may_be_wide ? " or int64" : ""));
  MOTE_TRY(const DType type, output_type(graph, node, attributes.function));
  MOTE_TRY(Layout layout, layout_of(graph, node));
  return std::vector{ValueType{type, std::move(layout.shape)}};
}

}  // namespace

extern const Shape kShape = {infer};

}  // namespace mote::ops::gather
