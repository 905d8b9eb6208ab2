// SPDX-License-Identifier: Apache-2.0
#pragma once

// Products of pairs of matrices, neither of them constant by necessity: out[b][i][j] = sum over k of
// left[b][i][k] * right[b][k][j] + bias[j], with up to three batch axes, along each of which either side may
// have one matrix for all. A fully connected layer whose weights are no constants is one too, with its
// weights transposed.
//
// Quantised, T = int8_t (Sum int32_t) or int16_t (Sum int64_t): the sum of (left - zero point) * (right -
// zero point), requantised with one factor. Bit-exact to TFLite Micro's reference kernel.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/core/fixed_point.h"
#include "mote/core/flash.h"
#include "mote/kernels/float_activation.h"
#include "mote/kernels/variant.h"
#include "mote/kernels/weights.h"

namespace mote {
namespace kernels {

/// Sizes and quantisation; missing batch axes are 1.
struct BatchMatmulShape {
  int32_t batch[3];        ///< of the output
  int32_t left_batch[3];   ///< batch[axis], or 1: one for all
  int32_t right_batch[3];  ///< likewise
  int32_t rows;
  int32_t depth;
  int32_t cols;
  bool left_transposed;     ///< left is [depth][rows]
  bool right_transposed;    ///< right is [cols][depth]
  int32_t left_zero_point;  ///< a value of the type, as all of the following; float kernels leave them alone
  int32_t right_zero_point;
  int32_t output_zero_point;
  int32_t multiplier;  ///< Q31
  int32_t shift;       ///< -31..30, or -31..7 for int16
  int32_t activation_min;
  int32_t activation_max;  ///< at least activation_min
  Rounding rounding;
};

/// The bias of a layer, cols long or null.
template <class Bias>
struct BatchMatmulTables {
  Flash<Bias> bias;
};

namespace detail {

constexpr bool valid_batches(const BatchMatmulShape& shape) {
  for (int32_t axis = 0; axis < 3; ++axis) {
    const int32_t batch = shape.batch[axis];
    if (batch < 0 || (shape.left_batch[axis] != batch && shape.left_batch[axis] != 1) ||
        (shape.right_batch[axis] != batch && shape.right_batch[axis] != 1))
      return false;
  }
  return true;
}

/// Position of the matrix for a batch among those of a side.
MOTE_INLINE constexpr int32_t matrix_index(const int32_t (&side)[3], int32_t first, int32_t second,
                                           int32_t third) {
  return ((side[0] == 1 ? 0 : first) * side[1] + (side[1] == 1 ? 0 : second)) * side[2] +
         (side[2] == 1 ? 0 : third);
}

/// Calls `store(row, col, left first element, right first element)` for each output in memory order;
/// consecutive k are left_step and right_step apart.
template <class T, class Visit>
MOTE_INLINE void for_each_matrix_element(const BatchMatmulShape& shape, const T* left, const T* right,
                                         Visit visit) {
  const int32_t left_row = shape.left_transposed ? 1 : shape.depth;
  const int32_t right_col = shape.right_transposed ? shape.depth : 1;
  for (int32_t first = 0; first < shape.batch[0]; ++first)
    for (int32_t second = 0; second < shape.batch[1]; ++second)
      for (int32_t third = 0; third < shape.batch[2]; ++third) {
        const T* a = left + matrix_index(shape.left_batch, first, second, third) * shape.rows * shape.depth;
        const T* b = right + matrix_index(shape.right_batch, first, second, third) * shape.depth * shape.cols;
        for (int32_t row = 0; row < shape.rows; ++row)
          for (int32_t col = 0; col < shape.cols; ++col) visit(col, a + row * left_row, b + col * right_col);
      }
}

MOTE_INLINE constexpr int32_t left_step(const BatchMatmulShape& shape) {
  return shape.left_transposed ? shape.rows : 1;
}
MOTE_INLINE constexpr int32_t right_step(const BatchMatmulShape& shape) {
  return shape.right_transposed ? 1 : shape.cols;
}

constexpr int64_t batch_matmul_macs(const BatchMatmulShape& shape) {
  return int64_t{shape.batch[0]} * shape.batch[1] * shape.batch[2] * shape.rows * shape.depth * shape.cols;
}

/// The most outputs that are written within one product before an element of the operand is read, minus that
/// element's place in its matrix.
constexpr int64_t matrix_lead(const BatchMatmulShape& shape, int32_t input) {
  const int64_t last_row = shape.rows - 1;
  const int64_t last_col = shape.cols - 1;
  if (input !=
      0) {  // Column `col` of the last row reads from `right` its column, which starts at col * step.
    const int64_t slope = 1 - (shape.right_transposed ? shape.depth : 1);
    return last_row * shape.cols + (slope > 0 ? last_col * slope : 0);
  }
  const int64_t slope = shape.cols - (shape.left_transposed ? 1 : shape.depth);
  return last_col + (slope > 0 ? last_row * slope : 0);
}

/// How many elements operand `input` must start behind the output's start.
constexpr int32_t batch_matmul_input_ahead(const BatchMatmulShape& shape, int32_t input) {
  if (batch_matmul_macs(shape) == 0) return 0;
  const int32_t(&side)[3] = input == 0 ? shape.left_batch : shape.right_batch;
  const int64_t size = int64_t{shape.depth} * (input == 0 ? shape.rows : shape.cols);
  int64_t ahead = 0;
  int64_t written = 0;
  for (int32_t first = 0; first < shape.batch[0]; ++first)
    for (int32_t second = 0; second < shape.batch[1]; ++second)
      for (int32_t third = 0; third < shape.batch[2]; ++third) {
        const int64_t lead =
            written + matrix_lead(shape, input) - matrix_index(side, first, second, third) * size;
        if (lead > ahead) ahead = lead;
        written += int64_t{shape.rows} * shape.cols;
      }
  return static_cast<int32_t>(ahead);
}

}  // namespace detail

/// Whether the sizes and ranges of `shape` have a meaning for operands of type T.
template <class T = int8_t>
constexpr bool valid(const BatchMatmulShape& shape) {
  constexpr int32_t kMost = (int32_t{1} << (8 * sizeof(T) - 1)) - 1;
  return detail::valid_batches(shape) && shape.rows >= 0 && shape.depth >= 0 && shape.cols >= 0 &&
         shape.left_zero_point >= -kMost - 1 && shape.left_zero_point <= kMost &&
         shape.right_zero_point >= -kMost - 1 && shape.right_zero_point <= kMost &&
         shape.output_zero_point >= -kMost - 1 && shape.output_zero_point <= kMost &&
         shape.activation_min >= -kMost - 1 && shape.activation_min <= shape.activation_max &&
         shape.activation_max <= kMost;
}

/// The quantised operator.
template <class T, class Sum>
struct BatchMatmulReference {
  static constexpr const char* kName = "reference";
  static constexpr bool available(Isa) { return true; }

  /// Exact where TFLite is defined: sums, bias included, do not overflow. The zero points take values to 2^8
  /// or 2^16.
  ///
  /// `limits`: max_abs_accumulator bounds the bias alone; the products are bounded by the depth.
  static constexpr bool supports(BatchMatmulShape shape, Limits limits) {
    return valid<T>(shape) && accumulators_fit<Sum>(bounds(shape, limits));
  }
  static constexpr int32_t scratch_bytes(BatchMatmulShape) { return 0; }
  static constexpr int32_t input_ahead_bytes(BatchMatmulShape shape, int32_t input) {
    return detail::batch_matmul_input_ahead(shape, input) * static_cast<int32_t>(sizeof(T));
  }
  static constexpr int64_t macs(BatchMatmulShape shape) { return detail::batch_matmul_macs(shape); }

  MOTE_INLINE static void run(BatchMatmulShape shape, const BatchMatmulTables<Sum>& tables, const T* left,
                              const T* right, T* out, void* /*scratch*/) {
    const int32_t left_step = detail::left_step(shape), right_step = detail::right_step(shape);
    const Requantization factor = {shape.multiplier, shape.shift};
    detail::for_each_matrix_element(shape, left, right, [&](int32_t col, const T* a, const T* b) {
      Sum sum = 0;
      for (int32_t k = 0; k < shape.depth; ++k)
        sum += static_cast<Sum>(a[k * left_step] - shape.left_zero_point) *
               (b[k * right_step] - shape.right_zero_point);
      if (tables.bias) sum += tables.bias[col];
      *out++ = detail::quantized_output<T>(shape, sum, factor);
    });
  }

 private:
  static constexpr Limits bounds(const BatchMatmulShape& shape, Limits limits) {
    const int64_t left = largest(shape.left_zero_point), right = largest(shape.right_zero_point);
    return Limits{limits.max_abs_accumulator + left * right * shape.depth, shape.shift, shape.shift, 0};
  }
  static constexpr int64_t largest(int64_t zero_point) {
    return (int64_t{1} << (8 * sizeof(T) - 1)) + (zero_point < 0 ? -zero_point : zero_point);
  }
};

/// The float operator: sums in the order of k, then adds the bias; error bound as
/// FullyConnectedFloatReference.
struct BatchMatmulFloat {
  static constexpr const char* kName = "float";
  static constexpr bool available(Isa) { return true; }
  static constexpr bool supports(BatchMatmulShape shape) { return valid(shape); }
  static constexpr int32_t scratch_bytes(BatchMatmulShape) { return 0; }
  static constexpr int32_t input_ahead_bytes(BatchMatmulShape shape, int32_t input) {
    return detail::batch_matmul_input_ahead(shape, input) * static_cast<int32_t>(sizeof(float));
  }
  static constexpr int64_t macs(BatchMatmulShape shape) { return detail::batch_matmul_macs(shape); }

  MOTE_INLINE static void run(BatchMatmulShape shape, FloatActivation activation,
                              const BatchMatmulTables<float>& tables, const float* left, const float* right,
                              float* out, void* /*scratch*/) {
    const int32_t left_step = detail::left_step(shape), right_step = detail::right_step(shape);
    detail::for_each_matrix_element(shape, left, right, [&](int32_t col, const float* a, const float* b) {
      float sum = 0.0f;
      for (int32_t k = 0; k < shape.depth; ++k) sum += a[k * left_step] * b[k * right_step];
      if (tables.bias) sum += tables.bias[col];
      *out++ = clamp(sum, activation.activation_min, activation.activation_max);
    });
  }
};

}  // namespace kernels
}  // namespace mote
