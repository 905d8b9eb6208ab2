// SPDX-License-Identifier: Apache-2.0
#pragma once

// Sums, means, extremes and their like over any set of axes: SUM, MEAN, REDUCE_MAX, REDUCE_MIN, REDUCE_PROD,
// REDUCE_ALL, REDUCE_ANY.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/core/fixed_point.h"
#include "mote/kernels/overlay.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {

/// Axes that are kept or reduced after neighbours of the same kind were joined; of at most six, at most three
/// are of either kind.
constexpr int32_t kReduceAxes = 3;

/// Extents and strides (in elements of the input) of the axes that are kept and of those that are reduced,
/// each outermost first; unused axes have extent 1. What follows is for sums and means of int8 and int16
/// only.
struct ReduceShape {
  int32_t kept[kReduceAxes];
  int32_t kept_strides[kReduceAxes];
  int32_t reduced[kReduceAxes];
  int32_t reduced_strides[kReduceAxes];
  int32_t input_zero_point;
  int32_t output_zero_point;
  int32_t multiplier;  ///< Q31; input scale / output scale, for means divided by the count: mean_factor()
  int32_t shift;
  Rounding rounding;
};

/// The factor of a mean over `count` elements from the factor of a sum, as TFLite computes it: the division
/// truncates, after a shift that keeps the multiplier's bits. `count` at least 1.
constexpr Requantization mean_factor(Requantization sum, int64_t count) {
  int32_t shift = 0;
  while (shift < 32 && (count >> (shift + 1)) != 0) ++shift;
  if (shift > 31 + sum.shift) shift = 31 + sum.shift;
  return Requantization{static_cast<int32_t>((int64_t{sum.multiplier} << shift) / count), sum.shift - shift};
}

namespace detail {

constexpr int64_t reduced_count(const ReduceShape& shape) {
  return int64_t{shape.reduced[0]} * shape.reduced[1] * shape.reduced[2];
}

constexpr bool valid(const ReduceShape& shape) {
  int64_t elements = 1;
  for (int32_t axis = 0; axis < kReduceAxes; ++axis) {
    if (shape.kept[axis] < 1 || shape.reduced[axis] < 1) return false;
    if (shape.kept_strides[axis] < 0 || shape.reduced_strides[axis] < 0) return false;
    elements *= shape.kept[axis];
    if (elements > INT32_MAX) return false;
    elements *= shape.reduced[axis];
    if (elements > INT32_MAX) return false;
  }
  return true;
}

/// The lowest element of a reduction is its first.
struct ReduceRead {
  const ReduceShape& shape;
  constexpr int64_t operator()(int32_t axis, int32_t coordinate) const {
    return axis < kReduceAxes ? int64_t{coordinate} * shape.kept_strides[axis] : 0;
  }
};

constexpr int32_t reduce_input_ahead(const ReduceShape& shape) {
  const Walk walk = {{shape.kept[0], shape.kept[1], shape.kept[2], 1, 1, 1},
                     {shape.kept[1] * shape.kept[2], shape.kept[2], 1, 0, 0, 0}};
  return walk_ahead(walk, 1, ReduceRead{shape});
}

/// Sets each output, in order, to what `reduce(first)` returns; `first` is its first input element.
template <class T, class Reduce>
MOTE_INLINE void for_each_reduction(const ReduceShape& shape, const T* in, T* out, Reduce reduce) {
  for (int32_t axis0 = 0; axis0 < shape.kept[0]; ++axis0)
    for (int32_t axis1 = 0; axis1 < shape.kept[1]; ++axis1)
      for (int32_t axis2 = 0; axis2 < shape.kept[2]; ++axis2)
        *out++ = reduce(in + axis0 * shape.kept_strides[0] + axis1 * shape.kept_strides[1] +
                        axis2 * shape.kept_strides[2]);
}

/// Calls `take(element)` for each element of a reduction, in memory order.
template <class T, class Take>
MOTE_INLINE void for_each_element(const ReduceShape& shape, const T* first, Take take) {
  for (int32_t axis0 = 0; axis0 < shape.reduced[0]; ++axis0)
    for (int32_t axis1 = 0; axis1 < shape.reduced[1]; ++axis1) {
      const T* const from = first + axis0 * shape.reduced_strides[0] + axis1 * shape.reduced_strides[1];
      for (int32_t axis2 = 0; axis2 < shape.reduced[2]; ++axis2) take(from[axis2 * shape.reduced_strides[2]]);
    }
}

/// Two's complement addition and multiplication without overflow being undefined.
MOTE_INLINE constexpr float wrapping_add(float a, float b) {
  return a + b;
}
MOTE_INLINE constexpr int32_t wrapping_add(int32_t a, int32_t b) {
  return static_cast<int32_t>(static_cast<uint32_t>(a) + static_cast<uint32_t>(b));
}
MOTE_INLINE constexpr float wrapping_multiply(float a, float b) {
  return a * b;
}
MOTE_INLINE constexpr int32_t wrapping_multiply(int32_t a, int32_t b) {
  return static_cast<int32_t>(static_cast<uint32_t>(a) * static_cast<uint32_t>(b));
}

template <class T>
struct Extremes;
template <>
struct Extremes<int8_t> {
  static constexpr int8_t lowest() { return INT8_MIN; }
  static constexpr int8_t highest() { return INT8_MAX; }
};
template <>
struct Extremes<int32_t> {
  static constexpr int32_t lowest() { return INT32_MIN; }
  static constexpr int32_t highest() { return INT32_MAX; }
};
template <>
struct Extremes<float> {
  static constexpr float lowest() { return -3.402823466e+38f; }
  static constexpr float highest() { return 3.402823466e+38f; }
};

}  // namespace detail

// What Reduce<T, Function> does: where it starts, and what an element makes of what there is so far.

/// The largest; as in TFLite, the lowest finite float where all are NaN or minus infinity.
struct LargestOf {
  static constexpr const char* kName = "max";
  template <class T>
  static constexpr T start() {
    return detail::Extremes<T>::lowest();
  }
  template <class T>
  MOTE_INLINE static constexpr T next(T sofar, T value) {
    return value > sofar ? value : sofar;
  }
};

/// The smallest, likewise.
struct SmallestOf {
  static constexpr const char* kName = "min";
  template <class T>
  static constexpr T start() {
    return detail::Extremes<T>::highest();
  }
  template <class T>
  MOTE_INLINE static constexpr T next(T sofar, T value) {
    return value < sofar ? value : sofar;
  }
};

/// The sum; of floats in memory order, at most count * 2^-24 * (sum |in|) off, to first order; of int32
/// modulo 2^32.
struct SumOf {
  static constexpr const char* kName = "sum";
  template <class T>
  static constexpr T start() {
    return T{0};
  }
  template <class T>
  MOTE_INLINE static constexpr T next(T sofar, T value) {
    return detail::wrapping_add(sofar, value);
  }
};

/// The product; of floats in memory order, at most count * 2^-24 of it off, to first order; of int32 modulo
/// 2^32.
struct ProductOf {
  static constexpr const char* kName = "prod";
  template <class T>
  static constexpr T start() {
    return T{1};
  }
  template <class T>
  MOTE_INLINE static constexpr T next(T sofar, T value) {
    return detail::wrapping_multiply(sofar, value);
  }
};

/// Whether all are true (bool: 1).
struct AllOf {
  static constexpr const char* kName = "all";
  template <class T>
  static constexpr T start() {
    return T{1};
  }
  template <class T>
  MOTE_INLINE static constexpr T next(T sofar, T value) {
    return static_cast<T>(sofar != 0 && value != 0 ? 1 : 0);
  }
};

/// Whether any is true.
struct AnyOf {
  static constexpr const char* kName = "any";
  template <class T>
  static constexpr T start() {
    return T{0};
  }
  template <class T>
  MOTE_INLINE static constexpr T next(T sofar, T value) {
    return static_cast<T>(sofar != 0 || value != 0 ? 1 : 0);
  }
};

namespace detail {

/// What all reductions answer alike.
template <class T>
struct ReduceTraits {
  static constexpr bool available(Isa) { return true; }
  static constexpr bool supports(const ReduceShape& shape, Limits) { return detail::valid(shape); }
  static constexpr int32_t scratch_bytes(const ReduceShape&) { return 0; }
  static constexpr int64_t macs(const ReduceShape&) { return 0; }
  static constexpr int32_t input_ahead_bytes(const ReduceShape& shape) {
    return detail::reduce_input_ahead(shape) * static_cast<int32_t>(sizeof(T));
  }
};

}  // namespace detail

/// LargestOf and SmallestOf of float, int8 and int32, SumOf and ProductOf of float and int32, AllOf and AnyOf
/// of int8 (which stands for bool). Integers exact.
template <class T, class Function>
struct Reduce : detail::ReduceTraits<T> {
  static constexpr const char* kName = Function::kName;

  MOTE_INLINE static void run(const ReduceShape& shape, const T* in, T* out, void* /*scratch*/) {
    detail::for_each_reduction(shape, in, out, [&](const T* first) {
      T result = Function::template start<T>();
      detail::for_each_element(shape, first, [&](T value) { result = Function::next(result, value); });
      return result;
    });
  }
};

/// MEAN in float: the sum in memory order divided by the count; see SumOf for the error, and one rounding
/// more.
struct MeanFloat : detail::ReduceTraits<float> {
  static constexpr const char* kName = "mean";

  MOTE_INLINE static void run(const ReduceShape& shape, const float* in, float* out, void* /*scratch*/) {
    const float count = static_cast<float>(detail::reduced_count(shape));
    detail::for_each_reduction(shape, in, out, [&](const float* first) {
      float sum = 0.0f;
      detail::for_each_element(shape, first, [&](float value) { sum += value; });
      return sum / count;
    });
  }
};

/// MEAN and SUM of int8 and int16: saturate(requantize(sum - count * input zero point) + output zero point).
/// Exact; sums beyond 32 bits, which are undefined in TFLite, wrap.
template <class T>
struct SumQuantized : detail::ReduceTraits<T> {
  static constexpr const char* kName = "quantized_sum";

  MOTE_INLINE static void run(const ReduceShape& shape, const T* in, T* out, void* /*scratch*/) {
    const Requantization factor = {shape.multiplier, shape.shift};
    const int32_t zeros =
        static_cast<int32_t>(static_cast<uint32_t>(-detail::reduced_count(shape) * shape.input_zero_point));
    detail::for_each_reduction(shape, in, out, [&](const T* first) {
      int32_t sum = zeros;
      detail::for_each_element(shape, first,
                               [&](T value) { sum = detail::wrapping_add(sum, int32_t{value}); });
      const int64_t result = int64_t{requantize(sum, factor, shape.rounding)} + shape.output_zero_point;
      const int64_t lowest = sizeof(T) == 1 ? INT8_MIN : INT16_MIN;
      const int64_t highest = sizeof(T) == 1 ? INT8_MAX : INT16_MAX;
      return static_cast<T>(clamp(result, lowest, highest));
    });
  }
};

}  // namespace kernels
}  // namespace mote
