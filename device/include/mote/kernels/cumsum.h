// SPDX-License-Identifier: Apache-2.0
#pragma once

// Running sums along one axis: CUMSUM.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/core/fixed_point.h"
#include "mote/kernels/overlay.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {

/// [outer][depth][inner], summed along depth; what follows `reverse` is for int8 only.
struct CumsumShape {
  int32_t outer;
  int32_t depth;
  int32_t inner;
  bool exclusive;             ///< an element's own value is not in its sum
  bool reverse;               ///< from the last element to the first
  int32_t input_zero_point;   ///< -128..127
  int32_t output_zero_point;  ///< -128..127
  int32_t multiplier;         ///< Q31; with the shift, 2^-19 * input scale / output scale
  int32_t shift;              ///< -31..0
  Rounding rounding;
};

namespace detail {

struct CumsumRead {
  const Walk& walk;
  constexpr int64_t operator()(int32_t axis, int32_t coordinate) const {
    return int64_t{coordinate} * walk.out_strides[axis];
  }
};

constexpr bool valid(const CumsumShape& shape) {
  return shape.outer >= 1 && shape.depth >= 1 && shape.inner >= 1 &&
         int64_t{shape.outer} * shape.depth <= INT32_MAX / shape.inner;
}

/// Sums run one after another, each along the whole depth.
constexpr int32_t cumsum_input_ahead(const CumsumShape& shape) {
  const int32_t step = shape.reverse ? -shape.inner : shape.inner;
  const Walk walk = {{shape.outer, shape.inner, shape.depth, 1, 1, 1},
                     {shape.depth * shape.inner, 1, step, 0, 0, 0}};
  return walk_ahead(walk, 1, CumsumRead{walk});
}

/// Calls `start()` before each sum and `step(index)` for its elements in the order of adding.
template <class Start, class Step>
MOTE_INLINE void for_each_sum(const CumsumShape& shape, Start start, Step step) {
  for (int32_t outer = 0; outer < shape.outer; ++outer)
    for (int32_t inner = 0; inner < shape.inner; ++inner) {
      start();
      for (int32_t count = 0; count < shape.depth; ++count) {
        const int32_t depth = shape.reverse ? shape.depth - 1 - count : count;
        step((outer * shape.depth + depth) * shape.inner + inner);
      }
    }
}

}  // namespace detail

/// The float operator, each sum in the order of its elements: at most depth * 2^-24 * (sum |in|) off, to
/// first order, and the same bits as TFLite's reference.
struct CumsumFloat {
  static constexpr const char* kName = "float";
  static constexpr bool available(Isa) { return true; }
  static constexpr bool supports(const CumsumShape& shape, Limits) { return detail::valid(shape); }
  static constexpr int32_t scratch_bytes(const CumsumShape&) { return 0; }
  static constexpr int64_t macs(const CumsumShape&) { return 0; }
  static constexpr int32_t input_ahead_bytes(const CumsumShape& shape) {
    return detail::cumsum_input_ahead(shape) * static_cast<int32_t>(sizeof(float));
  }

  MOTE_INLINE static void run(const CumsumShape& shape, const float* in, float* out, void* /*scratch*/) {
    float sum = 0.0f;
    detail::for_each_sum(
        shape, [&] { sum = 0.0f; },
        [&](int32_t index) {
          const float with = sum + in[index];
          out[index] = shape.exclusive ? sum : with;
          sum = with;
        });
  }
};

/// The int8 operator. TFLite counts in units of 2^-19 of the input's scale and starts each sum at minus the
/// zero point instead of 0; so does this. Sums beyond 32 bits, which are undefined there, wrap.
struct CumsumInt8 {
  static constexpr const char* kName = "int8";
  static constexpr bool available(Isa) { return true; }
  static constexpr bool supports(const CumsumShape& shape, Limits) {
    return detail::valid(shape) && shape.shift >= -31 && shape.shift <= 0 && shape.multiplier >= 0 &&
           shape.input_zero_point >= -128 && shape.input_zero_point <= 127 &&
           shape.output_zero_point >= -128 && shape.output_zero_point <= 127;
  }
  static constexpr int32_t scratch_bytes(const CumsumShape&) { return 0; }
  static constexpr int64_t macs(const CumsumShape&) { return 0; }
  static constexpr int32_t input_ahead_bytes(const CumsumShape& shape) {
    return detail::cumsum_input_ahead(shape);
  }

  MOTE_INLINE static void run(const CumsumShape& shape, const int8_t* in, int8_t* out, void* /*scratch*/) {
    const Requantization factor = {shape.multiplier, shape.shift};
    int32_t sum = 0;
    detail::for_each_sum(
        shape, [&] { sum = wrapping_shift_left(-shape.input_zero_point, 19); },
        [&](int32_t index) {
          const int32_t value = wrapping_shift_left(in[index] - shape.input_zero_point, 19);
          const int32_t with =
              static_cast<int32_t>(static_cast<uint32_t>(sum) + static_cast<uint32_t>(value));
          const int32_t scaled = requantize(shape.exclusive ? sum : with, factor, shape.rounding);
          // |scaled| is at most 2^31 * 2^shift, below 2^31 - 128 wherever the multiplier is below 1 - 2^-24.
          const int64_t raw = int64_t{scaled} + shape.output_zero_point;
          out[index] = static_cast<int8_t>(clamp(raw, int64_t{-128}, int64_t{127}));
          sum = with;
        });
  }
};

}  // namespace kernels
}  // namespace mote
