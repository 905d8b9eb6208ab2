// SPDX-License-Identifier: Apache-2.0
#include "ops/difference_scale.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "ops/operands.h"

namespace mote::ops {
namespace {

/// Differences from the row's maximum are held with five integer bits.
constexpr int kIntegerBits = 5;

}  // namespace

Result<DifferenceScale> difference_scale(const graph::Graph& graph, const graph::Node& node, double step) {
  // The factor that brings a quantised difference to Q5.26, at least 1 by TFLite's rule.
  const double factor = std::min(step * (1 << (31 - kIntegerBits)), 2147483647.0);
  if (factor < 1.0)
    return refuse(graph, node, fmt::format("beta * input scale is {}, expected at least 2^-26", step));
  DifferenceScale scale{quantized_multiplier(factor)};
  const double widest = std::ldexp((1 << kIntegerBits) - 1, 31 - kIntegerBits - scale.factor.shift);
  scale.least = -static_cast<std::int32_t>(std::floor(widest));
  return scale;
}

RowsAndDepth rows_and_depth(const graph::Graph& graph, const graph::Node& node) {
  const graph::Value& in = *input(graph, node, 0);
  return {static_cast<std::int32_t>(in.element_count() / in.shape.back()), in.shape.back()};
}

Result<void> check_fixed_scale(const graph::Graph& graph, const graph::Node& node, TensorScale expected,
                               double tolerance) {
  MOTE_TRY(const TensorScale out, tensor_scale(graph, node, output(graph, node), "output"));
  const double difference = std::abs(static_cast<double>(out.scale) - static_cast<double>(expected.scale));
  if (difference <= tolerance * static_cast<double>(expected.scale) && out.zero_point == expected.zero_point)
    return {};
  return refuse(
      graph, node,
      fmt::format("output has scale {} and zero point {}, expected 1/{} and {}", out.scale, out.zero_point,
                  std::lround(1.0 / static_cast<double>(expected.scale)), expected.zero_point));
}

}  // namespace mote::ops
