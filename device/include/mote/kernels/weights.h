// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the operators with weights share: their tables, the last step of a sum, and products of weight rows
// with a vector, written so that compilers vectorise them.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/core/fixed_point.h"
#include "mote/core/flash.h"
#include "mote/core/lanes.h"
#include "mote/kernels/float_activation.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {

/// Constants of a quantised layer, in the order that the variant's pack() wrote.
///
/// int8 inputs have an int32 bias; int16 inputs an int64 bias, or an int32 one, which makes their sums int32
/// too.
template <class Bias>
struct WeightTables {
  Flash<int8_t> weights;  ///< aligned to 4 bytes
  Flash<Bias> bias;
  Flash<int32_t> multiplier;  ///< an output channel, or one for all where the shape says so
  Flash<int8_t> shift;        ///< as multiplier
};

/// Constants of a float layer, in the order that the variant's pack() wrote.
template <class Weight>
struct FloatWeightTables;

/// Float weights; bias may be null.
template <>
struct FloatWeightTables<float> {
  Flash<float> weights;
  Flash<float> bias;
};

/// int8 weights, which stand for weight * scale (hybrid layer); bias may be null.
template <>
struct FloatWeightTables<int8_t> {
  Flash<int8_t> weights;
  Flash<float> bias;
  Flash<float> scale;  ///< an output channel, or one for all where the shape says so
};

/// Whether zero points and activation bounds are values of T, and the bounds in order.
template <class T, class Shape>
constexpr bool valid_quantization(const Shape& shape) {
  constexpr int32_t kMost = (int32_t{1} << (8 * sizeof(T) - 1)) - 1;
  constexpr int32_t kLeast = -kMost - 1;
  return shape.input_zero_point >= kLeast && shape.input_zero_point <= kMost &&
         shape.output_zero_point >= kLeast && shape.output_zero_point <= kMost &&
         shape.activation_min >= kLeast && shape.activation_min <= shape.activation_max &&
         shape.activation_max <= kMost;
}

namespace detail {

MOTE_INLINE constexpr int32_t requantized(int32_t sum, Requantization factor, Rounding rounding) {
  return requantize(sum, factor, rounding);
}
MOTE_INLINE constexpr int32_t requantized(int64_t sum, Requantization factor, Rounding) {
  return requantize_wide(sum, factor);
}

/// clamp(sum * factor + output zero point); the zero point is added last, so that nothing overflows.
template <class T, class Sum, class Shape>
MOTE_INLINE T quantized_output(const Shape& shape, Sum sum, Requantization factor) {
  const int32_t zero_point = shape.output_zero_point;
  return static_cast<T>(clamp(requantized(sum, factor, shape.rounding), shape.activation_min - zero_point,
                              shape.activation_max - zero_point) +
                        zero_point);
}

/// The output of one channel, with one factor a channel, from its sum without bias.
template <class T, class Bias, class Sum, class Shape>
MOTE_INLINE T channel_output(const Shape& shape, const WeightTables<Bias>& tables, Sum sum, int32_t ch) {
  return quantized_output<T>(shape, static_cast<Bias>(sum + tables.bias[ch]),
                             Requantization{tables.multiplier[ch], tables.shift[ch]});
}

/// The outputs of `count` channels from `first` on, at most kLanes.
template <class T, class Bias, class Sum, class Shape>
MOTE_INLINE void channel_outputs(const Shape& shape, const WeightTables<Bias>& tables, int32_t first,
                                 int32_t count, const Sum* sums, T* out) {
  MOTE_LANES
  for (int32_t lane = 0; lane < count; ++lane)
    out[lane] = channel_output<T>(shape, tables, sums[lane], first + lane);
}

/// The same where lanes are vectors: without branches or stores that may alias, so that compilers vectorise
/// it.
template <Rounding kRounding, class T, class Bias, class Sum, class Shape>
MOTE_INLINE void vector_channel_outputs(Shape shape, const WeightTables<Bias>& tables, int32_t first,
                                        int32_t count, const Sum* sums, T* out) {
  T values[kLanes];
  shape.rounding = kRounding;
  if (count == kLanes)
    channel_outputs(shape, tables, first, kLanes, sums, values);
  else
    channel_outputs(shape, tables, first, count, sums, values);
  for (int32_t lane = 0; lane < count; ++lane) out[lane] = values[lane];
}

/// channel_outputs() in the way that suits the core.
template <class T, class Bias, class Sum, class Shape>
MOTE_INLINE void lane_outputs(const Shape& shape, const WeightTables<Bias>& tables, int32_t first,
                              int32_t count, const Sum* sums, T* out) {
  if (!kLanesAreVectors)
    channel_outputs(shape, tables, first, count, sums, out);
  else if (shape.rounding == Rounding::kDouble)
    vector_channel_outputs<Rounding::kDouble>(shape, tables, first, count, sums, out);
  else
    vector_channel_outputs<Rounding::kSingle>(shape, tables, first, count, sums, out);
}

MOTE_INLINE float scaled(const FloatWeightTables<float>&, float sum, int32_t) {
  return sum;
}
MOTE_INLINE float scaled(const FloatWeightTables<int8_t>& tables, float sum, int32_t scale) {
  return sum * tables.scale[scale];
}

/// clamp(sum * scale[scale] + bias[ch]).
template <class Weight>
MOTE_INLINE float float_output(FloatActivation activation, const FloatWeightTables<Weight>& tables, float sum,
                               int32_t ch, int32_t scale) {
  sum = scaled(tables, sum, scale);
  if (tables.bias) sum += tables.bias[ch];
  return clamp(sum, activation.activation_min, activation.activation_max);
}

/// The smaller one.
MOTE_INLINE constexpr int32_t at_most(int32_t most, int32_t value) {
  return value < most ? value : most;
}

/// Copies weights; a null bias becomes zeros.
template <class Bias>
void copy_weights(int32_t weight_count, int32_t channels, const int8_t* weights, const Bias* bias,
                  int8_t* packed_weights, Bias* packed_bias) {
  for (int32_t index = 0; index < weight_count; ++index) packed_weights[index] = weights[index];
  for (int32_t ch = 0; ch < channels; ++ch) packed_bias[ch] = bias != nullptr ? bias[ch] : 0;
}

/// An exact product. Of two int8 it is one of 16 bits, which is what int has on AVR.
MOTE_INLINE constexpr int32_t product(int8_t weight, int8_t value) {
  return static_cast<int16_t>(weight) * static_cast<int16_t>(value);
}
MOTE_INLINE constexpr int32_t product(int8_t weight, int16_t value) {
  return static_cast<int32_t>(weight) * value;
}

/// Products that are summed in int32 before they go into a sum of type Sum: all of them if that is int32; 256
/// products of 16 and 8 bits stay within 2^30.
template <class Sum>
constexpr int32_t narrow_products(int32_t count) {
  return sizeof(Sum) == sizeof(int32_t) || count < 256 ? count : 256;
}

/// sums[row] = product of each row of `weights` [rows][count] with x.
///
/// X is int8_t or int16_t. Sums of int32 must fit; the caller says why they do.
template <class Sum, class X>
MOTE_INLINE void row_products(const X* x, Flash<int8_t> weights, int32_t rows, int32_t count, Sum* sums) {
  int32_t row = 0;
  for (; row + 4 <= rows; row += 4) {
    for (int32_t lane = 0; lane < 4; ++lane) sums[row + lane] = 0;
    for (int32_t first = 0; first < count;) {
      const int32_t chunk = narrow_products<Sum>(count - first);
      int32_t sum0 = 0, sum1 = 0, sum2 = 0, sum3 = 0;
      const Flash<int8_t> row0 = weights + first;
      const Flash<int8_t> row1 = row0 + count, row2 = row1 + count, row3 = row2 + count;
      for (int32_t k = 0; k < chunk; ++k) {
        const X value = x[first + k];
        sum0 += product(row0[k], value);
        sum1 += product(row1[k], value);
        sum2 += product(row2[k], value);
        sum3 += product(row3[k], value);
      }
      sums[row] += sum0;
      sums[row + 1] += sum1;
      sums[row + 2] += sum2;
      sums[row + 3] += sum3;
      first += chunk;
    }
    weights = weights + 4 * count;
  }
  for (; row < rows; ++row) {
    sums[row] = 0;
    for (int32_t first = 0; first < count;) {
      const int32_t chunk = narrow_products<Sum>(count - first);
      int32_t sum = 0;
      for (int32_t k = 0; k < chunk; ++k) sum += product(weights[first + k], x[first + k]);
      sums[row] += sum;
      first += chunk;
    }
    weights = weights + count;
  }
}

/// Rows of float weights that go together: as many as fill a vector register.
constexpr int32_t kFloatRows = 8;

/// Reorders [rows][count] into blocks of kFloatRows rows, [count][rows of the block] each; the last may have
/// fewer.
template <class Weight>
void pack_float_rows(int32_t rows, int32_t count, const Weight* weights, Weight* packed) {
  for (int32_t first = 0; first < rows; first += kFloatRows) {
    const int32_t block = rows - first < kFloatRows ? rows - first : kFloatRows;
    for (int32_t k = 0; k < count; ++k)
      for (int32_t row = 0; row < block; ++row) *packed++ = weights[(first + row) * count + k];
  }
}

/// sums[row] = product of each of the rows, at most kFloatRows, of one packed block with x, summed in the
/// order of x.
template <class Weight>
MOTE_INLINE void float_row_products(const float* x, Flash<Weight> block, int32_t rows, int32_t count,
                                    float (&sums)[kFloatRows]) {
  for (int32_t row = 0; row < kFloatRows; ++row) sums[row] = 0.0f;
  if (rows == kFloatRows) {
    for (int32_t k = 0; k < count; ++k)
      for (int32_t row = 0; row < kFloatRows; ++row)
        sums[row] += x[k] * static_cast<float>(block[k * kFloatRows + row]);
    return;
  }
  for (int32_t k = 0; k < count; ++k)
    for (int32_t row = 0; row < rows; ++row) sums[row] += x[k] * static_cast<float>(block[k * rows + row]);
}

}  // namespace detail
}  // namespace kernels
}  // namespace mote
