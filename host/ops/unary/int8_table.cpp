// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "mote/core/fixed_point_functions.h"
#include "mote/core/float_rounding.h"
#include "ops/unary/factors.h"
#include "ops/unary/kernel.h"

namespace mote::ops::unary {
namespace {

using graph::DType;
using Table = std::array<std::int8_t, 256>;

/// A node's table from a function of the input's number that gives the output's, which is saturated.
template <class Function>
Table table_of(Function function) {
  Table table;
  for (std::int32_t value = -128; value <= 127; ++value)
    table[static_cast<std::uint8_t>(value)] = saturate<std::int8_t>(function(value));
  return table;
}

std::unexpected<Error> too_far_apart(const graph::Graph& graph, const graph::Node& node) {
  return refuse(graph, node, "the scales of input and output are too far apart");
}

/// Whether every difference of int8 from a zero point may be multiplied.
bool is_defined(Requantization factor) {
  return factor.shift <= 22;
}

Result<Table> rectifier_table(const graph::Graph& graph, const graph::Node& node, const Scales& scales,
                              unary::Function function, Rounding rounding) {
  const Requantization factor = quantized_multiplier(scales.ratio());
  if (!is_defined(factor)) return too_far_apart(graph, node);
  const Bounds bounds = bounds_of(function);
  // RELU6 clamps the input's numbers and leaves them as they are.
  const bool rescales = function != unary::Function::kRelu6;
  const TensorScale of_bounds = rescales ? scales.out : scales.in;
  const std::int32_t least = quantized(bounds.least, of_bounds, DType::kInt8);
  const std::int32_t most = quantized(bounds.most, of_bounds, DType::kInt8);
  return table_of([&](std::int32_t value) {
    const std::int32_t scaled =
        rescales ? requantize(value - scales.in.zero_point, factor, rounding) + scales.out.zero_point : value;
    return std::min(std::max(scaled, least), most);
  });
}

Result<Table> leaky_relu_table(const graph::Graph& graph, const graph::Node& node, const Scales& scales,
                               double slope, Rounding rounding) {
  const LeakyFactors factors = leaky_factors(scales, slope);
  if (!is_defined(factors.positive) || !is_defined(factors.negative)) return too_far_apart(graph, node);
  const Requantization magnitude = {std::abs(factors.negative.multiplier), factors.negative.shift};
  return table_of([&](std::int32_t value) {
    const std::int32_t centred = value - scales.in.zero_point;
    if (centred >= 0) return requantize(centred, factors.positive, rounding) + scales.out.zero_point;
    const std::int32_t scaled = requantize(centred, magnitude, rounding);
    return (factors.negative.multiplier < 0 ? -scaled : scaled) + scales.out.zero_point;
  });
}

/// LOGISTIC and TANH: inputs in Q4.27, saturated from 15 on; the output has `fraction_bits` and no scale of
/// its own.
Result<Table> sigmoid_table(const graph::Graph& graph, const graph::Node& node, const Scales& scales,
                            unary::Function function, Rounding rounding) {
  const bool is_logistic = function == unary::Function::kLogistic;
  if (is_logistic && scales.out.zero_point != -128)
    return refuse(graph, node, "the output's zero point is not -128");
  int shift = 0;
  const double fraction = std::frexp(static_cast<double>(scales.in.scale) * 0x1p27, &shift);
  if (shift < 0) return refuse(graph, node, "the input's scale is below 2^-28");
  const Requantization factor = {
      static_cast<std::int32_t>(std::min(std::round(std::ldexp(fraction, 31)), 2147483647.0)), shift};
  const auto radius = static_cast<std::int32_t>(std::floor(std::ldexp(15.0, 27 - shift)));
  return table_of([&](std::int32_t value) {
    const std::int32_t centred = value - scales.in.zero_point;
    if (centred <= -radius) return -128;
    if (centred >= radius) return 127;
    const std::int32_t in_q27 = requantize(centred, factor, rounding);
    return is_logistic ? rounding_divide_by_power_of_two(logistic_q31(in_q27), 23) - 128
                       : rounding_divide_by_power_of_two(tanh_q31(in_q27), 24);
  });
}

Result<Table> abs_table(const graph::Graph& graph, const graph::Node& node, const Scales& scales,
                        Rounding rounding) {
  const Requantization factor = quantized_multiplier(scales.ratio());
  if (!is_defined(factor)) return too_far_apart(graph, node);
  const bool rescales = scales.in.scale != scales.out.scale;
  return table_of([&](std::int32_t value) {
    const std::int32_t magnitude = std::abs(value - scales.in.zero_point);
    return (rescales ? requantize(magnitude, factor, rounding) : magnitude) + scales.out.zero_point;
  });
}

/// The largest value for zero; for what is below, too, where TFLite stops.
Result<Table> rsqrt_table(const graph::Graph& graph, const graph::Node& node, const Scales& scales,
                          Rounding rounding) {
  MOTE_TRY(const Requantization factor, rsqrt_factor(graph, node, scales));
  if (factor.shift < -11 || factor.shift > 30) return too_far_apart(graph, node);
  return table_of([&](std::int32_t value) {
    const std::int32_t centred = value - scales.in.zero_point;
    if (centred <= 0) return 127;
    return wrapping_add(inverse_square_root_scaled(centred, factor, rounding), scales.out.zero_point);
  });
}

/// The 16-bit fixed-point steps of TFLite's HARD_SWISH.
struct HardSwish {
  std::int32_t input_zero_point;
  std::int32_t output_zero_point;
  std::int32_t output_multiplier;  ///< Q15
  std::int32_t output_shift;       ///< at most 0
  std::int32_t reluish_multiplier;
  std::int32_t reluish_shift;

  static std::int32_t high_mul(std::int32_t a, std::int32_t b) {
    return saturate<std::int16_t>((a * b + (1 << 14)) >> 15);
  }
  static std::int32_t shift_left(std::int32_t value, std::int32_t bits) {
    return static_cast<std::int32_t>(std::clamp<std::int64_t>(std::int64_t{value} << bits, -32768, 32767));
  }

  /// The input with 7 more bits times the output's factor, times (input + 3) / 6 clamped to 0 ... 1 in Q15.
  std::int32_t operator()(std::int32_t value) const {
    const std::int32_t fine = (value - input_zero_point) * 128;
    std::int32_t gate = fine;
    if (reluish_shift > 0) gate = shift_left(gate, reluish_shift - 1);
    gate = high_mul(gate, reluish_multiplier);
    if (reluish_shift > 0) gate = shift_left(gate, 1);
    if (reluish_shift < 0) gate = rounding_divide_by_power_of_two(gate, std::min(-reluish_shift, 31));
    gate = (gate + (1 << 15)) >> 1;
    const std::int32_t product = gate * high_mul(fine, output_multiplier) / (1 << 15);
    return rounding_divide_by_power_of_two(product, std::min(-output_shift, 31)) + output_zero_point;
  }
};

std::int32_t to_q15(std::int32_t multiplier_q31) {
  return multiplier_q31 >= INT32_MAX - (1 << 15) ? 32767 : (multiplier_q31 + (1 << 15)) >> 16;
}

Result<Table> hard_swish_table(const graph::Graph& graph, const graph::Node& node, const Scales& scales) {
  const float fine_scale = (1.0f / 128.0f) * scales.in.scale;
  const Requantization out = quantized_multiplier(static_cast<double>(fine_scale / scales.out.scale));
  const Requantization reluish = quantized_multiplier(static_cast<double>(fine_scale / (3.0f / 32768.0f)));
  if (out.shift > 0 || reluish.shift > 15) return too_far_apart(graph, node);
  return table_of(HardSwish{scales.in.zero_point, scales.out.zero_point, to_q15(out.multiplier), out.shift,
                            to_q15(reluish.multiplier), reluish.shift});
}

float on_real(unary::Function function, float x) {
  switch (function) {
    case unary::Function::kCeil:
      return ceil_f32(x);
    case unary::Function::kCos:
      return std::cos(x);
    case unary::Function::kElu:
      return x < 0.0f ? std::exp(x) - 1.0f : x;
    case unary::Function::kExp:
      return std::exp(x);
    case unary::Function::kFloor:
      return floor_f32(x);
    case unary::Function::kLog:
      return std::log(x);
    case unary::Function::kNeg:
      return -x;
    case unary::Function::kRound:
      return round_half_even_f32(x);
    case unary::Function::kSin:
      return std::sin(x);
    case unary::Function::kSqrt:
      return std::sqrt(x);
    case unary::Function::kSquare:
      return x * x;
    default:
      return x;
  }
}

/// What is no number goes to the end of the range.
Table real_table(const Scales& scales, unary::Function function) {
  const float per_step = 1 / scales.out.scale;
  return table_of([&](std::int32_t value) {
    const float real = scales.in.scale * static_cast<float>(value - scales.in.zero_point);
    const float steps = std::round(on_real(function, real) * per_step);
    const float shifted = steps + static_cast<float>(scales.out.zero_point);
    return std::isnan(shifted) ? -128 : static_cast<std::int32_t>(std::clamp(shifted, -128.0f, 127.0f));
  });
}

}  // namespace

Result<Table> int8_table(const graph::Graph& graph, const graph::Node& node, Rounding rounding) {
  MOTE_TRY(const Attributes attributes, unary::attributes(graph, node));
  MOTE_TRY(const Scales scales, scales_of(graph, node));
  switch (attributes.function) {
    case unary::Function::kRelu:
    case unary::Function::kRelu0To1:
    case unary::Function::kRelu6:
    case unary::Function::kReluN1To1:
      return rectifier_table(graph, node, scales, attributes.function, rounding);
    case unary::Function::kLeakyRelu:
      return leaky_relu_table(graph, node, scales, attributes.slope, rounding);
    case unary::Function::kLogistic:
    case unary::Function::kTanh:
      return sigmoid_table(graph, node, scales, attributes.function, rounding);
    case unary::Function::kAbs:
      return abs_table(graph, node, scales, rounding);
    case unary::Function::kRsqrt:
      return rsqrt_table(graph, node, scales, rounding);
    case unary::Function::kHardSwish:
      return hard_swish_table(graph, node, scales);
    default:
      return real_table(scales, attributes.function);
  }
}

}  // namespace mote::ops::unary
