// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the tables of int8 and the shapes of int16 share.
#include <limits>

#include "ops/kernel.h"
#include "ops/operands.h"
#include "ops/unary/unary.h"

namespace mote::ops::unary {

/// Scales and zero points of input and output.
struct Scales {
  TensorScale in;
  TensorScale out;

  /// Input scale / output scale, a division of floats as TFLite Micro has it.
  double ratio() const { return static_cast<double>(in.scale / out.scale); }
};

Result<Scales> scales_of(const graph::Graph& graph, const graph::Node& node);

/// What clamps the result of a rectifier, as real numbers.
struct Bounds {
  float least = 0;
  float most = std::numeric_limits<float>::infinity();
};

Bounds bounds_of(Function rectifier);

/// round(real / scale) + zero point, within the type; the type's largest for infinity.
std::int32_t quantized(float real, TensorScale scale, graph::DType type);

/// Factors of leaky_relu; the negative one's multiplier is below zero for a negative slope.
struct LeakyFactors {
  Requantization positive;
  Requantization negative;
};

LeakyFactors leaky_factors(const Scales& scales, double slope);

/// 1 / (sqrt(input scale) * output scale).
Result<Requantization> rsqrt_factor(const graph::Graph& graph, const graph::Node& node, const Scales& scales);

}  // namespace mote::ops::unary
