// SPDX-License-Identifier: Apache-2.0
#pragma once

// Long short-term memory over a sequence, one direction, without peephole, projection and layer
// normalisation. For every row x of the input, with the states h (hidden) and c (cell) of its batch:
//
//   i, f, g, o = logistic, logistic, tanh, logistic of (weights x + bias + recurrent weights h)
//   c = clip(f c + i g),  h = o tanh(c),  row of the output = h
//
// The states persist between runs. Integers are bit-exact to TFLite Micro's reference kernel: both products
// are brought to Q3.12 and saturated to int16 each, as is their sum; gates are Q0.15 by interpolation in a
// table; the cell is int16 of a scale 2^p.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/core/fixed_point.h"
#include "mote/core/flash.h"
#include "mote/core/math.h"
#include "mote/core/sigmoid.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {

/// The gates, in the order of all arrays below.
enum LstmGate : int32_t { kInputGate, kForgetGate, kCellGate, kOutputGate, kLstmGates };

/// Input [batch][steps][inputs], or [steps][batch][inputs] if time_major; output likewise with `units`.
struct LstmShape {
  int32_t batch;
  int32_t steps;
  int32_t inputs;
  int32_t units;
  bool time_major;
  int32_t input_zero_point;
  int32_t hidden_zero_point;             ///< of the hidden state and the output
  int32_t input_multiplier[kLstmGates];  ///< input scale * weight scale * 2^12
  int32_t input_shift[kLstmGates];
  int32_t hidden_multiplier[kLstmGates];  ///< hidden scale * recurrent weight scale * 2^12
  int32_t hidden_shift[kLstmGates];
  int32_t forget_multiplier;  ///< of f c: 2^-15
  int32_t forget_shift;
  int32_t update_multiplier;  ///< of i g: 2^-30 / cell scale
  int32_t update_shift;
  int32_t output_multiplier;  ///< of o tanh(c): 2^-30 / hidden scale
  int32_t output_shift;
  int32_t cell_scale_power;  ///< log2 of the cell scale, -28..2
  int32_t cell_clip;         ///< bound on |c|, 0..32767; 32768: none
  Rounding rounding;
};

/// Constants in the order that pack_lstm() wrote.
template <class Bias>
struct LstmTables {
  Flash<int8_t> weights;    ///< [units][gates][inputs + units]
  Flash<Bias> bias;         ///< [units][gates]
  Flash<uint16_t> sigmoid;  ///< kSigmoidTable
};

/// Weights and biases of the four gates, each as the model has them, in the order in which they are used.
///
/// `input_weights` [in] [gates] of [units][inputs], `hidden_weights` [in] [gates] of [units][units], `bias`
/// [in] [gates] of [units]; `packed_weights` [out] units * gates * (inputs + units), `packed_bias` [out]
/// units * gates.
template <class Weight, class Bias>
void pack_lstm(int32_t inputs, int32_t units, const Weight* const* input_weights,
               const Weight* const* hidden_weights, const Bias* const* bias, Weight* packed_weights,
               Bias* packed_bias) {
  for (int32_t unit = 0; unit < units; ++unit)
    for (int32_t gate = 0; gate < kLstmGates; ++gate) {
      for (int32_t index = 0; index < inputs; ++index)
        *packed_weights++ = input_weights[gate][unit * inputs + index];
      for (int32_t index = 0; index < units; ++index)
        *packed_weights++ = hidden_weights[gate][unit * units + index];
      *packed_bias++ = bias[gate][unit];
    }
}

namespace detail {

template <class Shape>
constexpr bool valid_lstm(const Shape& shape) {
  return shape.batch >= 0 && shape.steps >= 0 && shape.inputs >= 0 && shape.units >= 1;
}

template <class Shape>
constexpr int64_t lstm_macs(const Shape& shape) {
  return int64_t{shape.batch} * shape.steps * shape.units * kLstmGates *
         (int64_t{shape.inputs} + shape.units);
}

/// Elements between output and input so that a row's outputs, each of which needs all of the row, reach
/// neither it nor a later one.
template <class Shape>
constexpr int32_t lstm_ahead(const Shape& shape) {
  return shape.batch == 0 || shape.steps == 0
             ? 0
             : shape.units - 1 +
                   (shape.units > shape.inputs
                        ? (shape.batch * shape.steps - 1) * (shape.units - shape.inputs)
                        : 0);
}

/// The batch that row `row` of the input belongs to, in the order of memory.
template <class Shape>
MOTE_INLINE int32_t lstm_batch(const Shape& shape, int32_t row) {
  return shape.time_major ? row % shape.batch : row / shape.steps;
}

MOTE_INLINE int32_t to_q12(int32_t sum, Requantization factor, Rounding rounding) {
  return saturate<int16_t>(requantize(sum, factor, rounding));
}
MOTE_INLINE int32_t to_q12(int64_t sum, Requantization factor, Rounding) {
  return saturate<int16_t>(requantize_wide(sum, factor));
}

}  // namespace detail

/// int8 weights; activations `T` int8_t with biases of int32_t, or int16_t with int64_t.
template <class T, class Bias>
struct LstmReference {
  static constexpr const char* kName = "reference";
  static constexpr bool available(Isa) { return true; }

  /// Exact where TFLite is defined: `limits` holds a bound on the sums of all gates, and the range of their
  /// shifts; products of two int16 fit without a shift to the left.
  static constexpr bool supports(const LstmShape& shape, Limits limits) {
    return detail::valid_lstm(shape) && shape.forget_shift >= -31 && shape.forget_shift <= 0 &&
           shape.update_shift >= -31 && shape.update_shift <= 0 && shape.output_shift >= -31 &&
           shape.output_shift <= 0 && shape.cell_scale_power >= -28 && shape.cell_scale_power <= 2 &&
           shape.cell_clip >= 0 && shape.cell_clip <= 32768 &&
           (sizeof(Bias) == 4 ? accumulators_fit_int32(limits)
                              : limits.min_shift >= -31 && limits.max_shift <= 7 &&
                                    limits.max_abs_accumulator < (int64_t{1} << 47));
  }
  static constexpr int32_t scratch_bytes(const LstmShape&) { return 0; }
  static constexpr int32_t input_ahead_bytes(const LstmShape& shape) {
    return static_cast<int32_t>(sizeof(T)) * detail::lstm_ahead(shape);
  }
  static constexpr int64_t macs(const LstmShape& shape) { return detail::lstm_macs(shape); }

  /// `hidden` [in, out] [batch][units], the zero point at first; `cell` [in, out] [batch][units], zeros at
  /// first.
  MOTE_INLINE static void run(const LstmShape& shape, const LstmTables<Bias>& tables, const T* in, T* out,
                              T* hidden, int16_t* cell, void* /*scratch*/) {
    for (int32_t row = 0; row < shape.batch * shape.steps; ++row) {
      const int32_t first = detail::lstm_batch(shape, row) * shape.units;
      for (int32_t unit = 0; unit < shape.units; ++unit)
        out[unit] = step(shape, tables, unit, in, hidden + first, cell + first + unit);
      // Only now: every unit needs all of the old state.
      for (int32_t unit = 0; unit < shape.units; ++unit) hidden[first + unit] = out[unit];
      in += shape.inputs;
      out += shape.units;
    }
  }

 private:
  /// A gate before its activation, Q3.12.
  MOTE_INLINE static int32_t gate_q12(const LstmShape& shape, const LstmTables<Bias>& tables, int32_t unit,
                                      int32_t gate, const T* in, const T* hidden) {
    const int32_t place = unit * kLstmGates + gate;
    const Flash<int8_t> weights = tables.weights + place * (shape.inputs + shape.units);
    Bias input_sum = tables.bias[place];
    for (int32_t index = 0; index < shape.inputs; ++index)
      input_sum += weights[index] * (in[index] - shape.input_zero_point);
    const Flash<int8_t> hidden_weights = weights + shape.inputs;
    Bias hidden_sum = 0;
    for (int32_t index = 0; index < shape.units; ++index)
      hidden_sum += hidden_weights[index] * (hidden[index] - shape.hidden_zero_point);
    const Requantization input_factor = {shape.input_multiplier[gate], shape.input_shift[gate]};
    const Requantization hidden_factor = {shape.hidden_multiplier[gate], shape.hidden_shift[gate]};
    return saturate<int16_t>(detail::to_q12(input_sum, input_factor, shape.rounding) +
                             detail::to_q12(hidden_sum, hidden_factor, shape.rounding));
  }

  MOTE_INLINE static T step(const LstmShape& shape, const LstmTables<Bias>& tables, int32_t unit, const T* in,
                            const T* hidden, int16_t* cell) {
    int32_t gates[kLstmGates];
    for (int32_t gate = 0; gate < kLstmGates; ++gate) {
      const int32_t x = 3 * gate_q12(shape, tables, unit, gate, in, hidden);
      gates[gate] = gate == kCellGate ? tanh_q15(x, tables.sigmoid) : logistic_q15(x, tables.sigmoid);
    }
    const int32_t kept =
        requantize(gates[kForgetGate] * *cell, Requantization{shape.forget_multiplier, shape.forget_shift},
                   shape.rounding);
    const int32_t added =
        requantize(gates[kInputGate] * gates[kCellGate],
                   Requantization{shape.update_multiplier, shape.update_shift}, shape.rounding);
    const int32_t value =
        clamp<int32_t>(saturate<int16_t>(saturate<int16_t>(kept) + saturate<int16_t>(added)),
                       -shape.cell_clip, shape.cell_clip);
    *cell = static_cast<int16_t>(value);

    // In the table's units of 1 / (3 * 2^12).
    const int32_t left = 12 + shape.cell_scale_power;
    const int32_t x =
        left >= 0 ? value * (3 * (int32_t{1} << left)) : (3 * value + (int32_t{1} << (-left - 1))) >> -left;
    const int32_t result =
        requantize(tanh_q15(x, tables.sigmoid) * gates[kOutputGate],
                   Requantization{shape.output_multiplier, shape.output_shift}, shape.rounding);
    return saturate<T>(result + shape.hidden_zero_point);
  }
};

/// Input [batch][steps][inputs], or [steps][batch][inputs] if time_major; output likewise with `units`.
struct LstmFloatShape {
  int32_t batch;
  int32_t steps;
  int32_t inputs;
  int32_t units;
  bool time_major;
  float cell_clip;  ///< bound on |c|; infinity: none
};

/// Constants in the order that pack_lstm() wrote.
struct LstmFloatTables {
  Flash<float> weights;  ///< [units][gates][inputs + units]
  Flash<float> bias;     ///< [units][gates]
};

/// The float operator.
///
/// Error of a gate before its activation at most (inputs + units + 2) * 2^-24 times |bias| + the sum of
/// |weight * value|; activations are within 0.53 units in the last place and shrink errors (slope at most 1);
/// a step adds 3 * 2^-24 times |f c| + |i g| to the cell's error and 2^-24 to the output's.
struct LstmFloat {
  static constexpr const char* kName = "float";
  static constexpr bool available(Isa) { return true; }
  static constexpr bool supports(const LstmFloatShape& shape) {
    return detail::valid_lstm(shape) && shape.cell_clip > 0.0f;
  }
  static constexpr int32_t scratch_bytes(const LstmFloatShape&) { return 0; }
  static constexpr int32_t input_ahead_bytes(const LstmFloatShape& shape) {
    return static_cast<int32_t>(sizeof(float)) * detail::lstm_ahead(shape);
  }
  static constexpr int64_t macs(const LstmFloatShape& shape) { return detail::lstm_macs(shape); }

  /// `hidden`, `cell` [in, out] [batch][units], zeros at first.
  MOTE_INLINE static void run(const LstmFloatShape& shape, const LstmFloatTables& tables, const float* in,
                              float* out, float* hidden, float* cell, void* /*scratch*/) {
    for (int32_t row = 0; row < shape.batch * shape.steps; ++row) {
      const int32_t first = detail::lstm_batch(shape, row) * shape.units;
      for (int32_t unit = 0; unit < shape.units; ++unit)
        out[unit] = step(shape, tables, unit, in, hidden + first, cell + first + unit);
      for (int32_t unit = 0; unit < shape.units; ++unit) hidden[first + unit] = out[unit];
      in += shape.inputs;
      out += shape.units;
    }
  }

 private:
  MOTE_INLINE static float step(const LstmFloatShape& shape, const LstmFloatTables& tables, int32_t unit,
                                const float* in, const float* hidden, float* cell) {
    float gates[kLstmGates];
    for (int32_t gate = 0; gate < kLstmGates; ++gate) {
      const int32_t place = unit * kLstmGates + gate;
      const Flash<float> weights = tables.weights + place * (shape.inputs + shape.units);
      const Flash<float> hidden_weights = weights + shape.inputs;
      float input_sum = 0.0f, hidden_sum = 0.0f;
      for (int32_t index = 0; index < shape.inputs; ++index) input_sum += weights[index] * in[index];
      for (int32_t index = 0; index < shape.units; ++index)
        hidden_sum += hidden_weights[index] * hidden[index];
      const float sum = input_sum + tables.bias[place] + hidden_sum;
      gates[gate] = gate == kCellGate ? tanh_f32(sum) : logistic_f32(sum);
    }
    const float value = clamp(gates[kForgetGate] * *cell + gates[kInputGate] * gates[kCellGate],
                              -shape.cell_clip, shape.cell_clip);
    *cell = value;
    return tanh_f32(value) * gates[kOutputGate];
  }
};

}  // namespace kernels
}  // namespace mote
