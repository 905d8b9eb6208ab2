// SPDX-License-Identifier: Apache-2.0
#pragma once

// Singular value decomposition filter, a dense layer over time in `rank` terms: each filter is a product with
// the input (`feature`), whose last `memory` values are kept in a state [batch][filters][memory], newest
// last, and weighted over time (`time`); a unit is the sum of `rank` filters.
//
//   state = state moved by one, then clamp(requantize(sum of feature * (in - input zero point))) + state zero
//   point out   = clamp(requantize(bias + sum of time * (state - state zero point)) + output zero point)
//
// int8 is bit-exact to TFLite Micro's reference kernel, which applies no activation there.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/core/fixed_point.h"
#include "mote/core/flash.h"
#include "mote/core/math.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {

/// Input [batch][inputs], output [batch][filters / rank].
struct SvdfShape {
  int32_t batch;
  int32_t inputs;
  int32_t filters;  ///< a multiple of rank
  int32_t rank;
  int32_t memory;  ///< at least 1
  int32_t input_zero_point;
  int32_t state_zero_point;  ///< 0 for an int16 state
  int32_t output_zero_point;
  int32_t state_multiplier;  ///< input scale * feature scale / state scale
  int32_t state_shift;
  int32_t output_multiplier;  ///< state scale * time scale / output scale
  int32_t output_shift;
  Rounding rounding;
};

/// Constants as the model has them.
template <class State>
struct SvdfTables {
  Flash<int8_t> feature;  ///< [filters][inputs]
  Flash<State> time;      ///< [filters][memory]
  Flash<int32_t> bias;    ///< [filters / rank], or null
};

namespace detail {

/// Elements between output and input so that no row of the output reaches an input row that is still to be
/// read.
template <class Shape>
constexpr int32_t svdf_ahead(const Shape& shape) {
  return shape.batch > 1 && shape.filters / shape.rank > shape.inputs
             ? (shape.batch - 1) * (shape.filters / shape.rank - shape.inputs)
             : 0;
}

template <class Shape>
constexpr bool valid_svdf(const Shape& shape) {
  return shape.batch >= 0 && shape.inputs >= 0 && shape.rank >= 1 && shape.filters >= 0 &&
         shape.filters % shape.rank == 0 && shape.memory >= 1;
}

/// Moves every filter's values one step towards the past.
template <class State>
MOTE_INLINE void age(State* state, int32_t filters, int32_t memory) {
  for (int32_t index = 0; index < filters * memory - 1; ++index) state[index] = state[index + 1];
}

}  // namespace detail

/// The int8 operator; `State` is int8_t or int16_t, of the state and the weights over time.
template <class State>
struct SvdfReference {
  static constexpr const char* kName = "reference";
  static constexpr bool available(Isa) { return true; }

  /// Exact where TFLite is defined: `limits` holds a bound on the products with the input, and their shift.
  /// Sums over time of large int16 weights can only be bounded beyond int32; where one does not fit, TFLite
  /// is undefined and this wraps.
  static constexpr bool supports(const SvdfShape& shape, Limits limits) {
    return detail::valid_svdf(shape) && shape.state_multiplier >= 0 && shape.output_multiplier >= 0 &&
           shape.output_shift >= -31 && shape.output_shift <= 30 && accumulators_fit_int32(limits);
  }
  static constexpr int32_t scratch_bytes(const SvdfShape&) { return 0; }

  /// A row's outputs are written after all of the row was read.
  static constexpr int32_t input_ahead_bytes(const SvdfShape& shape) { return detail::svdf_ahead(shape); }
  static constexpr int64_t macs(const SvdfShape& shape) {
    return int64_t{shape.batch} * shape.filters * (int64_t{shape.inputs} + shape.memory);
  }

  /// `state` [in, out] [batch][filters][memory], the state zero point at first.
  MOTE_INLINE static void run(const SvdfShape& shape, const SvdfTables<State>& tables, const int8_t* in,
                              int8_t* out, State* state, void* /*scratch*/) {
    for (int32_t row = 0; row < shape.batch; ++row) {
      detail::age(state, shape.filters, shape.memory);
      remember(shape, tables, in, state);
      weigh(shape, tables, state, out);
      in += shape.inputs;
      out += shape.filters / shape.rank;
      state += shape.filters * shape.memory;
    }
  }

 private:
  MOTE_INLINE static void remember(const SvdfShape& shape, const SvdfTables<State>& tables, const int8_t* in,
                                   State* state) {
    const Requantization factor = {shape.state_multiplier, shape.state_shift};
    for (int32_t filter = 0; filter < shape.filters; ++filter) {
      int32_t sum = 0;
      for (int32_t index = 0; index < shape.inputs; ++index)
        sum += tables.feature[filter * shape.inputs + index] * (in[index] - shape.input_zero_point);
      const int32_t value = saturate<State>(requantize(sum, factor, shape.rounding));
      // With a zero point it can wrap, as in TFLite Micro.
      state[filter * shape.memory + shape.memory - 1] = static_cast<State>(value + shape.state_zero_point);
    }
  }

  MOTE_INLINE static void weigh(const SvdfShape& shape, const SvdfTables<State>& tables, const State* state,
                                int8_t* out) {
    const Requantization factor = {shape.output_multiplier, shape.output_shift};
    const int32_t places = shape.rank * shape.memory;  // of one unit
    for (int32_t unit = 0; unit < shape.filters / shape.rank; ++unit) {
      int32_t sum = tables.bias ? tables.bias[unit] : 0;
      for (int32_t place = unit * places; place < (unit + 1) * places; ++place)
        sum = wrapping_add(sum, tables.time[place] * (state[place] - shape.state_zero_point));
      // The zero point is added last, so that nothing overflows.
      const int32_t value = clamp(requantize(sum, factor, shape.rounding), -128 - shape.output_zero_point,
                                  127 - shape.output_zero_point);
      out[unit] = static_cast<int8_t>(value + shape.output_zero_point);
    }
  }
};

/// What the float operator applies to its sums.
enum class SvdfActivation : uint8_t { kClamp, kTanh, kSignBit };

/// Input [batch][inputs], output [batch][filters / rank].
struct SvdfFloatShape {
  int32_t batch;
  int32_t inputs;
  int32_t filters;  ///< a multiple of rank
  int32_t rank;
  int32_t memory;  ///< at least 1
  SvdfActivation activation;
  float activation_min;  ///< of kClamp
  float activation_max;
};

/// Constants as the model has them.
struct SvdfFloatTables {
  Flash<float> feature;  ///< [filters][inputs]
  Flash<float> time;     ///< [filters][memory]
  Flash<float> bias;     ///< [filters / rank], or null
};

/// The float operator.
///
/// Error of a state value at most inputs * 2^-24 times the sum of |feature * in|; of an output at most
/// (memory + rank + 1) * 2^-24 times |bias| + the sum of |time * state|, beside what the states' errors
/// become, before the activation (0.53 units in the last place, none for a clamp).
struct SvdfFloat {
  static constexpr const char* kName = "float";
  static constexpr bool available(Isa) { return true; }
  static constexpr bool supports(const SvdfFloatShape& shape) { return detail::valid_svdf(shape); }
  static constexpr int32_t scratch_bytes(const SvdfFloatShape&) { return 0; }
  static constexpr int32_t input_ahead_bytes(const SvdfFloatShape& shape) {
    return static_cast<int32_t>(sizeof(float)) * detail::svdf_ahead(shape);
  }
  static constexpr int64_t macs(const SvdfFloatShape& shape) {
    return int64_t{shape.batch} * shape.filters * (int64_t{shape.inputs} + shape.memory);
  }

  /// `state` [in, out] [batch][filters][memory], zeros at first.
  MOTE_INLINE static void run(const SvdfFloatShape& shape, const SvdfFloatTables& tables, const float* in,
                              float* out, float* state, void* /*scratch*/) {
    for (int32_t row = 0; row < shape.batch; ++row) {
      detail::age(state, shape.filters, shape.memory);
      for (int32_t filter = 0; filter < shape.filters; ++filter)
        state[filter * shape.memory + shape.memory - 1] =
            product(tables.feature + filter * shape.inputs, in, shape.inputs);
      for (int32_t unit = 0; unit < shape.filters / shape.rank; ++unit) {
        float sum = tables.bias ? tables.bias[unit] : 0.0f;
        for (int32_t filter = unit * shape.rank; filter < (unit + 1) * shape.rank; ++filter)
          sum += product(tables.time + filter * shape.memory, state + filter * shape.memory, shape.memory);
        out[unit] = activated(shape, sum);
      }
      in += shape.inputs;
      out += shape.filters / shape.rank;
      state += shape.filters * shape.memory;
    }
  }

 private:
  MOTE_INLINE static float product(Flash<float> weights, const float* values, int32_t count) {
    float sum = 0.0f;
    for (int32_t index = 0; index < count; ++index) sum += weights[index] * values[index];
    return sum;
  }

  MOTE_INLINE static float activated(const SvdfFloatShape& shape, float sum) {
    if (shape.activation == SvdfActivation::kTanh) return tanh_f32(sum);
    if (shape.activation == SvdfActivation::kSignBit) return math::unpack(sum).negative ? 1.0f : 0.0f;
    return clamp(sum, shape.activation_min, shape.activation_max);
  }
};

}  // namespace kernels
}  // namespace mote
