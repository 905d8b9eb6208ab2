// SPDX-License-Identifier: Apache-2.0
#pragma once

// Fully connected layer: out[row][n] = sum over k of weights[n][k] * in[row][k] + bias[n].
//
// Quantised: acc = bias[n] + sum (in - input zero point) * weight;
//       out = clamp(requantize(acc, multiplier[n], shift[n]) + output zero point, activation_min,
//       activation_max).
// T is int8_t (Bias int32_t) or int16_t (Bias int64_t, or int32_t, which makes the sums int32 as in TFLite).
// Every variant is bit-exact to FullyConnectedReference, and that to TFLite Micro's reference kernel, per
// tensor and per channel. Weights are symmetric (their zero point is 0) and constant; batch_matmul.h has
// those that are not.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/core/fixed_point.h"
#include "mote/core/flash.h"
#include "mote/kernels/float_activation.h"
#include "mote/kernels/variant.h"
#include "mote/kernels/weights.h"

namespace mote {
namespace kernels {

/// Sizes and quantisation of a fully connected layer: input [batch][in_features], output
/// [batch][out_features]. Float kernels leave the quantisation alone, but for per_channel.
struct FullyConnectedShape {
  int32_t batch;
  int32_t in_features;
  int32_t out_features;
  int32_t input_zero_point;   ///< a value of the input's type
  int32_t output_zero_point;  ///< likewise
  int32_t activation_min;     ///< quantised, a value of the output's type
  int32_t activation_max;     ///< at least activation_min
  bool per_channel;           ///< one multiplier and shift (or scale) an output, or one for all
  Rounding rounding;
};

/// Constants of an int8 layer.
using FullyConnectedTables = WeightTables<int32_t>;

/// Whether the sizes and ranges of `shape` have a meaning for inputs and outputs of type T.
template <class T = int8_t>
constexpr bool valid(const FullyConnectedShape& shape) {
  return shape.batch >= 0 && shape.in_features >= 0 && shape.out_features >= 0 &&
         valid_quantization<T>(shape);
}

namespace detail {

/// input_ahead of a kernel that reads a row for the last time when it has written `before_last` of its
/// outputs, in elements.
///
/// They must lie before the row; and each row that is longer on the output side pushes the following ones
/// back.
constexpr int32_t fully_connected_input_ahead(const FullyConnectedShape& shape, int32_t before_last) {
  return shape.batch == 0 || shape.in_features == 0 || shape.out_features == 0
             ? 0
             : before_last + (shape.out_features > shape.in_features
                                  ? (shape.batch - 1) * (shape.out_features - shape.in_features)
                                  : 0);
}

/// The outputs before the last block of a kernel that reads a block's inputs before it writes the block.
constexpr int32_t before_last_block(int32_t outputs, int32_t block) {
  return (outputs - 1) / block * block;
}

/// The factor of output channel `ch`.
MOTE_INLINE Requantization factor_of(bool per_channel, Flash<int32_t> multiplier, Flash<int8_t> shift,
                                     int32_t ch) {
  const int32_t index = per_channel ? ch : 0;
  return Requantization{multiplier[index], shift[index]};
}

/// The output of channel `ch`.
template <class T, class Bias, class Sum>
MOTE_INLINE T fully_connected_output(const FullyConnectedShape& shape, const WeightTables<Bias>& tables,
                                     Sum sum, int32_t ch) {
  return quantized_output<T>(shape, static_cast<Bias>(sum + tables.bias[ch]),
                             factor_of(shape.per_channel, tables.multiplier, tables.shift, ch));
}

}  // namespace detail

/// The definition of the quantised operator. Slow, obvious, and never to be optimised. Weights [out][in],
/// bias as in the model.
template <class T, class Bias>
struct FullyConnectedReference {
  static constexpr const char* kName = "reference";
  static constexpr bool available(Isa) { return true; }

  /// Exact where TFLite is defined: its sums do not overflow (they are summed in int64 here).
  static constexpr bool supports(FullyConnectedShape shape, Limits limits) {
    return valid<T>(shape) && accumulators_fit<Bias>(limits);
  }
  static constexpr int32_t scratch_bytes(FullyConnectedShape) { return 0; }
  static constexpr int32_t packed_bytes(FullyConnectedShape shape) {
    return shape.in_features * shape.out_features;
  }
  static constexpr int32_t input_ahead_bytes(FullyConnectedShape shape) {
    return detail::fully_connected_input_ahead(shape, shape.out_features - 1) *
           static_cast<int32_t>(sizeof(T));
  }
  static constexpr int64_t macs(FullyConnectedShape shape) {
    return int64_t{shape.batch} * shape.in_features * shape.out_features;
  }

  /// Copies the weights; a null bias becomes zeros.
  static void pack(FullyConnectedShape shape, const int8_t* weights, const Bias* bias, int8_t* packed_weights,
                   Bias* packed_bias) {
    detail::copy_weights(packed_bytes(shape), shape.out_features, weights, bias, packed_weights, packed_bias);
  }

  MOTE_INLINE static void run(FullyConnectedShape shape, const WeightTables<Bias>& tables, const T* in,
                              T* out, void* /*scratch*/) {
    for (int32_t row = 0; row < shape.batch; ++row) {
      for (int32_t ch = 0; ch < shape.out_features; ++ch) {
        int64_t sum = 0;
        for (int32_t k = 0; k < shape.in_features; ++k) {
          const int32_t value = in[row * shape.in_features + k];
          sum += int64_t{tables.weights[ch * shape.in_features + k]} * (value - shape.input_zero_point);
        }
        out[row * shape.out_features + ch] = detail::fully_connected_output<T>(shape, tables, sum, ch);
      }
    }
  }
};

/// Portable C++ for any core: the input's zero point is folded into the bias, weights stay [out][in], four
/// outputs at a time; no scratch.
template <class T, class Bias>
struct FullyConnectedPlain {
  using Reference = FullyConnectedReference<T, Bias>;
  static constexpr const char* kName = "plain";
  static constexpr bool available(Isa) { return true; }

  /// Exact because the folded bias and every partial sum are within max_abs_accumulator, which fits the sum.
  static constexpr bool supports(FullyConnectedShape shape, Limits limits) {
    return Reference::supports(shape, limits);
  }
  static constexpr int32_t scratch_bytes(FullyConnectedShape) { return 0; }
  static constexpr int32_t packed_bytes(FullyConnectedShape shape) { return Reference::packed_bytes(shape); }
  static constexpr int32_t input_ahead_bytes(FullyConnectedShape shape) {
    return detail::fully_connected_input_ahead(shape, detail::before_last_block(shape.out_features, kBlock)) *
           static_cast<int32_t>(sizeof(T));
  }
  static constexpr int64_t macs(FullyConnectedShape shape) { return Reference::macs(shape); }

  /// Folds the zero point: bias - zero point * sum of weights (it fits where supports() says so).
  static void pack(FullyConnectedShape shape, const int8_t* weights, const Bias* bias, int8_t* packed_weights,
                   Bias* packed_bias) {
    Reference::pack(shape, weights, bias, packed_weights, packed_bias);
    for (int32_t ch = 0; ch < shape.out_features; ++ch) {
      int64_t sum = 0;
      for (int32_t k = 0; k < shape.in_features; ++k) sum += weights[ch * shape.in_features + k];
      packed_bias[ch] = static_cast<Bias>(packed_bias[ch] - shape.input_zero_point * sum);
    }
  }

  MOTE_INLINE static void run(FullyConnectedShape shape, const WeightTables<Bias>& tables, const T* in,
                              T* out, void* /*scratch*/) {
    for (int32_t row = 0; row < shape.batch; ++row) {
      for (int32_t ch = 0; ch < shape.out_features; ch += kBlock) {
        const int32_t count = detail::at_most(kBlock, shape.out_features - ch);
        Bias sums[kBlock];
        detail::row_products(in, tables.weights + ch * shape.in_features, count, shape.in_features, sums);
        for (int32_t lane = 0; lane < count; ++lane)
          *out++ = detail::fully_connected_output<T>(shape, tables, sums[lane], ch + lane);
      }
      in += shape.in_features;
    }
  }

 private:
  static constexpr int32_t kBlock = 4;
};

/// The definition of the float operator: sums in the order of the inputs, times the scale if weights are
/// int8, then adds the bias (null: none).
///
/// int8 weights stand for weight * scale exactly (hybrid layer; activations stay float, where TFLite
/// quantises them anew in each run). Against exact arithmetic the error is at most (in_features + 2) * 2^-24
/// * (sum |weight * in| + |bias|), to first order; fused multiply-adds, which a compiler may use, stay within
/// it.
template <class Weight>
struct FullyConnectedFloatReference {
  static constexpr const char* kName = "float_reference";
  static constexpr bool available(Isa) { return true; }
  static constexpr bool supports(FullyConnectedShape shape) { return valid(shape); }
  static constexpr int32_t scratch_bytes(FullyConnectedShape) { return 0; }
  static constexpr int32_t packed_bytes(FullyConnectedShape shape) {
    return shape.in_features * shape.out_features * static_cast<int32_t>(sizeof(Weight));
  }
  static constexpr int32_t input_ahead_bytes(FullyConnectedShape shape) {
    return detail::fully_connected_input_ahead(shape, shape.out_features - 1) *
           static_cast<int32_t>(sizeof(float));
  }
  static constexpr int64_t macs(FullyConnectedShape shape) {
    return int64_t{shape.batch} * shape.in_features * shape.out_features;
  }
  static void pack(FullyConnectedShape shape, const Weight* weights, Weight* packed) {
    for (int32_t index = 0; index < shape.in_features * shape.out_features; ++index)
      packed[index] = weights[index];
  }

  MOTE_INLINE static void run(FullyConnectedShape shape, FloatActivation activation,
                              const FloatWeightTables<Weight>& tables, const float* in, float* out,
                              void* /*scratch*/) {
    for (int32_t row = 0; row < shape.batch; ++row) {
      for (int32_t ch = 0; ch < shape.out_features; ++ch) {
        float sum = 0.0f;
        for (int32_t k = 0; k < shape.in_features; ++k)
          sum += static_cast<float>(tables.weights[ch * shape.in_features + k]) *
                 in[row * shape.in_features + k];
        out[row * shape.out_features + ch] =
            detail::float_output(activation, tables, sum, ch, shape.per_channel ? ch : 0);
      }
    }
  }
};

/// The same sums, eight outputs at a time from packed weights.
template <class Weight>
struct FullyConnectedFloatPlain {
  using Reference = FullyConnectedFloatReference<Weight>;
  static constexpr const char* kName = "float_plain";
  static constexpr bool available(Isa) { return true; }
  static constexpr bool supports(FullyConnectedShape shape) { return valid(shape); }
  static constexpr int32_t scratch_bytes(FullyConnectedShape) { return 0; }
  static constexpr int32_t packed_bytes(FullyConnectedShape shape) { return Reference::packed_bytes(shape); }
  static constexpr int32_t input_ahead_bytes(FullyConnectedShape shape) {
    return detail::fully_connected_input_ahead(
               shape, detail::before_last_block(shape.out_features, detail::kFloatRows)) *
           static_cast<int32_t>(sizeof(float));
  }
  static constexpr int64_t macs(FullyConnectedShape shape) { return Reference::macs(shape); }

  /// The order of detail::pack_float_rows().
  static void pack(FullyConnectedShape shape, const Weight* weights, Weight* packed) {
    detail::pack_float_rows(shape.out_features, shape.in_features, weights, packed);
  }

  MOTE_INLINE static void run(FullyConnectedShape shape, FloatActivation activation,
                              const FloatWeightTables<Weight>& tables, const float* in, float* out,
                              void* /*scratch*/) {
    for (int32_t row = 0; row < shape.batch; ++row) {
      for (int32_t ch = 0; ch < shape.out_features; ch += detail::kFloatRows) {
        const int32_t count = detail::at_most(detail::kFloatRows, shape.out_features - ch);
        float sums[detail::kFloatRows];
        detail::float_row_products(in, tables.weights + ch * shape.in_features, count, shape.in_features,
                                   sums);
        for (int32_t lane = 0; lane < count; ++lane)
          *out++ = detail::float_output(activation, tables, sums[lane], ch + lane,
                                        shape.per_channel ? ch + lane : 0);
      }
      in += shape.in_features;
    }
  }
};

}  // namespace kernels
}  // namespace mote
