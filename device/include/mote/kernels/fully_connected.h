// SPDX-License-Identifier: Apache-2.0
#pragma once

// Fully connected layer: out[row][n] = sum over k of weights[n][k] * in[row][k] + bias[n].
//
// int8: acc = bias[n] + sum (in - input zero point) * weight;
//       out = clamp(requantize(acc, multiplier[n], shift[n]) + output zero point, activation_min,
//       activation_max).
// Every variant is bit-exact to FullyConnectedReference, and that to TFLite Micro's reference kernel (double
// rounding), per tensor and per channel. Weights are symmetric (their zero point is 0).

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/core/fixed_point.h"
#include "mote/core/flash.h"
#include "mote/kernels/float_activation.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {

/// Sizes and quantisation of a fully connected layer: input [batch][in_features], output
/// [batch][out_features].
struct FullyConnectedShape {
  int32_t batch;
  int32_t in_features;
  int32_t out_features;
  int32_t input_zero_point;   ///< -128..127
  int32_t output_zero_point;  ///< -128..127
  int32_t activation_min;     ///< -128..127, quantised
  int32_t activation_max;     ///< activation_min..127
  bool per_channel;           ///< one multiplier and shift an output, or one for all
};

/// Constants of an int8 layer, in the order that the variant's pack() wrote. `weights` is aligned to 4 bytes.
struct FullyConnectedTables {
  Flash<int8_t> weights;
  Flash<int32_t> bias;        ///< out_features
  Flash<int32_t> multiplier;  ///< out_features if per_channel, else 1
  Flash<int8_t> shift;        ///< as multiplier
};

/// Constants of a float layer: weights [out_features][in_features], bias [out_features] or null.
struct FullyConnectedFloatTables {
  Flash<float> weights;
  Flash<float> bias;
};

/// Whether the sizes and ranges of `shape` have a meaning.
constexpr bool valid(const FullyConnectedShape& shape) {
  return shape.batch >= 0 && shape.in_features >= 0 && shape.out_features >= 0 &&
         shape.input_zero_point >= -128 && shape.input_zero_point <= 127 && shape.output_zero_point >= -128 &&
         shape.output_zero_point <= 127 && shape.activation_min >= -128 &&
         shape.activation_min <= shape.activation_max && shape.activation_max <= 127;
}

namespace detail {

/// input_ahead of a kernel that writes each output element after its last look at that element's inputs, in
/// elements.
///
/// All of a row's inputs are read for its last output, so the first out_features - 1 outputs must lie before
/// the row; and each row that is longer on the output side pushes the following ones back.
constexpr int32_t fully_connected_input_ahead(const FullyConnectedShape& shape) {
  return shape.batch == 0 || shape.in_features == 0 || shape.out_features == 0
             ? 0
             : shape.out_features - 1 +
                   (shape.out_features > shape.in_features
                        ? (shape.batch - 1) * (shape.out_features - shape.in_features)
                        : 0);
}

/// The factor of output channel `ch`.
MOTE_INLINE Requantization factor_of(bool per_channel, Flash<int32_t> multiplier, Flash<int8_t> shift,
                                     int32_t ch) {
  const int32_t index = per_channel ? ch : 0;
  return Requantization{multiplier[index], shift[index]};
}

}  // namespace detail

/// The definition of the operator. Slow, obvious, and never to be optimised. Weights [out][in], bias as in
/// the model.
struct FullyConnectedReference {
  static constexpr const char* kName = "reference";
  static constexpr bool available(Isa) { return true; }

  /// Exact where TFLite is defined: accumulators fit int32 (they are summed in int64 here).
  static constexpr bool supports(FullyConnectedShape shape, Limits limits) {
    return valid(shape) && accumulators_fit_int32(limits);
  }
  static constexpr int32_t scratch_bytes(FullyConnectedShape) { return 0; }
  static constexpr int32_t packed_bytes(FullyConnectedShape shape) {
    return shape.in_features * shape.out_features;
  }
  static constexpr int32_t input_ahead_bytes(FullyConnectedShape shape) {
    return detail::fully_connected_input_ahead(shape);
  }
  static constexpr int64_t macs(FullyConnectedShape shape) {
    return int64_t{shape.batch} * shape.in_features * shape.out_features;
  }

  /// Copies the weights; a null bias becomes zeros.
  static void pack(FullyConnectedShape shape, const int8_t* weights, const int32_t* bias,
                   int8_t* packed_weights, int32_t* packed_bias) {
    for (int32_t index = 0; index < packed_bytes(shape); ++index) packed_weights[index] = weights[index];
    for (int32_t ch = 0; ch < shape.out_features; ++ch) packed_bias[ch] = bias != nullptr ? bias[ch] : 0;
  }

  MOTE_INLINE static void run(FullyConnectedShape shape, const FullyConnectedTables& tables, const int8_t* in,
                              int8_t* out, void* /*scratch*/) {
    for (int32_t row = 0; row < shape.batch; ++row) {
      for (int32_t ch = 0; ch < shape.out_features; ++ch) {
        int64_t acc = tables.bias[ch];
        for (int32_t k = 0; k < shape.in_features; ++k) {
          const int32_t weight = tables.weights[ch * shape.in_features + k];
          acc += weight * (in[row * shape.in_features + k] - shape.input_zero_point);
        }
        const Requantization factor =
            detail::factor_of(shape.per_channel, tables.multiplier, tables.shift, ch);
        const int32_t value = requantize(static_cast<int32_t>(acc), factor) + shape.output_zero_point;
        out[row * shape.out_features + ch] =
            static_cast<int8_t>(clamp(value, shape.activation_min, shape.activation_max));
      }
    }
  }
};

/// Portable C++ for any core: the input's zero point is folded into the bias, weights stay [out][in].
struct FullyConnectedPlain {
  static constexpr const char* kName = "plain";
  static constexpr bool available(Isa) { return true; }

  /// Exact because the folded bias and every partial sum are within max_abs_accumulator, which fits int32.
  static constexpr bool supports(FullyConnectedShape shape, Limits limits) {
    return valid(shape) && accumulators_fit_int32(limits);
  }
  static constexpr int32_t scratch_bytes(FullyConnectedShape) { return 0; }
  static constexpr int32_t packed_bytes(FullyConnectedShape shape) {
    return shape.in_features * shape.out_features;
  }
  static constexpr int32_t input_ahead_bytes(FullyConnectedShape shape) {
    return detail::fully_connected_input_ahead(shape);
  }
  static constexpr int64_t macs(FullyConnectedShape shape) { return FullyConnectedReference::macs(shape); }

  /// Folds the zero point: bias - zero point * sum of weights (within int32 where supports() says so).
  static void pack(FullyConnectedShape shape, const int8_t* weights, const int32_t* bias,
                   int8_t* packed_weights, int32_t* packed_bias) {
    for (int32_t ch = 0; ch < shape.out_features; ++ch) {
      int64_t folded = bias != nullptr ? bias[ch] : 0;
      for (int32_t k = 0; k < shape.in_features; ++k) {
        const int8_t weight = weights[ch * shape.in_features + k];
        packed_weights[ch * shape.in_features + k] = weight;
        folded -= shape.input_zero_point * weight;
      }
      packed_bias[ch] = static_cast<int32_t>(folded);
    }
  }

  MOTE_INLINE static void run(FullyConnectedShape shape, const FullyConnectedTables& tables, const int8_t* in,
                              int8_t* out, void* /*scratch*/) {
    for (int32_t row = 0; row < shape.batch; ++row) {
      Flash<int8_t> weights = tables.weights;
      for (int32_t ch = 0; ch < shape.out_features; ++ch) {
        int32_t acc = tables.bias[ch];
        for (int32_t k = 0; k < shape.in_features; ++k)
          acc += static_cast<int16_t>(static_cast<int16_t>(weights[k]) * static_cast<int16_t>(in[k]));
        weights = weights + shape.in_features;
        const Requantization factor =
            detail::factor_of(shape.per_channel, tables.multiplier, tables.shift, ch);
        const int32_t value = requantize(acc, factor) + shape.output_zero_point;
        *out++ = static_cast<int8_t>(clamp(value, shape.activation_min, shape.activation_max));
      }
      in += shape.in_features;
    }
  }
};

/// The float operator: sums in the order of the inputs, then adds the bias (null: none).
///
/// Against exact arithmetic the error is at most (in_features + 1) * 2^-24 * (sum |weight * in| + |bias|), to
/// first order; fused multiply-adds, which a compiler may use, stay within it.
struct FullyConnectedFloat {
  static constexpr const char* kName = "float";
  static constexpr bool available(Isa) { return true; }
  static constexpr bool supports(FullyConnectedShape shape) { return valid(shape); }
  static constexpr int32_t scratch_bytes(FullyConnectedShape) { return 0; }
  static constexpr int32_t input_ahead_bytes(FullyConnectedShape shape) {
    return detail::fully_connected_input_ahead(shape) * static_cast<int32_t>(sizeof(float));
  }
  static constexpr int64_t macs(FullyConnectedShape shape) { return FullyConnectedReference::macs(shape); }

  MOTE_INLINE static void run(FullyConnectedShape shape, FloatActivation activation,
                              const FullyConnectedFloatTables& tables, const float* in, float* out,
                              void* /*scratch*/) {
    for (int32_t row = 0; row < shape.batch; ++row) {
      for (int32_t ch = 0; ch < shape.out_features; ++ch) {
        float acc = 0.0f;
        for (int32_t k = 0; k < shape.in_features; ++k)
          acc += tables.weights[ch * shape.in_features + k] * in[row * shape.in_features + k];
        if (tables.bias) acc += tables.bias[ch];
        out[row * shape.out_features + ch] = clamp(acc, activation.activation_min, activation.activation_max);
      }
    }
  }
};

}  // namespace kernels
}  // namespace mote
