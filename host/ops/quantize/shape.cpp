// SPDX-License-Identifier: Apache-2.0
#include "ops/shape.h"

#include <fmt/format.h>

#include <algorithm>

#include "ops/operands.h"
#include "ops/quantize/quantize.h"

namespace mote::ops::quantize {
namespace {

using graph::DType;

/// The types that TFLite Micro has a change of scale to.
std::vector<DType> targets(DType from) {
  switch (from) {
    case DType::kFloat32:
      return {DType::kInt8, DType::kInt16};
    case DType::kInt8:
      return {DType::kInt8, DType::kUInt8, DType::kInt16, DType::kInt32};
    case DType::kUInt8:
      return {DType::kInt8};
    case DType::kInt16:
      return {DType::kInt8, DType::kInt16, DType::kInt32};
    case DType::kInt32:
      return {DType::kInt8, DType::kInt16};
    default:
      return {};
  }
}

Result<std::vector<ValueType>> infer(const graph::Graph& graph, const graph::Node& node) {
  MOTE_CHECK(quantize::attributes(graph, node));
  MOTE_CHECK(check_arity(graph, node, 1, 1));
  const graph::Value& in = *input(graph, node, 0);
  const DType to = output(graph, node).dtype;
  if (std::ranges::count(targets(in.dtype), to) == 0)
    return refuse(graph, node, fmt::format("{} to {} is not supported", to_string(in.dtype), to_string(to)));
  return std::vector{ValueType{to, in.shape}};
}

}  // namespace

extern const Shape kShape = {infer};

}  // namespace mote::ops::quantize
