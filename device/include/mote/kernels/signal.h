// SPDX-License-Identifier: Apache-2.0
#pragma once

// The operators of TensorFlow Lite Micro's signal library, on the functions of mote/dsp, bit for bit.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/core/flash.h"
#include "mote/dsp/fft16.h"
#include "mote/dsp/log_scale.h"
#include "mote/dsp/noise_reduction.h"
#include "mote/dsp/pcan.h"
#include "mote/dsp/spectrum.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {
namespace detail {

/// What is the same for all of them: one variant for every core, exact for what valid() lets through.
struct SignalKernel {
  static constexpr const char* kName = "reference";
  static constexpr bool available(Isa) { return true; }
};

}  // namespace detail

/// `count` / `width` rows times a window of `width` weights of `shift` fraction bits.
struct SignalWindowShape {
  int32_t count;
  int32_t width;
  int32_t shift;  ///< 0 ... 31
};

struct SignalWindowTables {
  Flash<int16_t> weights;  ///< [width]
};

struct SignalWindow : detail::SignalKernel {
  static constexpr bool supports(const SignalWindowShape& shape) {
    return shape.width > 0 && shape.count % shape.width == 0 && shape.shift >= 0 && shape.shift <= 31;
  }
  static constexpr int32_t scratch_bytes(const SignalWindowShape&) { return 0; }
  static constexpr int32_t input_ahead_bytes(const SignalWindowShape&) { return kInPlace; }
  static constexpr int64_t macs(const SignalWindowShape& shape) { return shape.count; }
  MOTE_INLINE static void run(const SignalWindowShape& shape, const SignalWindowTables& tables,
                              const int16_t* in, int16_t* out, void* /*scratch*/) {
    for (int32_t at = 0; at < shape.count; at += shape.width)
      dsp::apply_window(in + at, tables.weights, shape.width, shape.shift, out + at);
  }
};

/// Elements of a tensor.
struct SignalCountShape {
  int32_t count;
};

struct SignalFftAutoScale : detail::SignalKernel {
  static constexpr bool supports(const SignalCountShape& shape) { return shape.count > 0; }
  static constexpr int32_t scratch_bytes(const SignalCountShape&) { return 0; }
  static constexpr int32_t input_ahead_bytes(const SignalCountShape&) { return kDisjoint; }
  static constexpr int64_t macs(const SignalCountShape&) { return 0; }
  /// `left` [out]: by how many bits the samples were shifted.
  MOTE_INLINE static void run(const SignalCountShape& shape, const int16_t* in, int16_t* out, int32_t* left,
                              void* /*scratch*/) {
    *left = dsp::auto_scale(in, shape.count, out);
  }
};

/// `rows` transforms of `width` samples each.
struct SignalRfftShape {
  int32_t rows;
  int32_t width;   ///< 1 ... length
  int32_t length;  ///< dsp::valid_fft16() holds
};

struct SignalRfftTables {
  Flash<int16_t> twiddles;  ///< dsp::fft16_twiddles(length) complex numbers
};

struct SignalRfft : detail::SignalKernel {
  static constexpr bool supports(const SignalRfftShape& shape) {
    return shape.rows > 0 && dsp::valid_fft16(shape.length) && shape.width > 0 && shape.width <= shape.length;
  }
  static constexpr int32_t scratch_bytes(const SignalRfftShape&) { return 0; }
  static constexpr int32_t input_ahead_bytes(const SignalRfftShape&) { return kDisjoint; }
  /// The products of the passes and of taking apart.
  static constexpr int64_t macs(const SignalRfftShape& shape) {
    return int64_t{shape.rows} * shape.length / 2 * 3 * dsp::fft16_pass_count(shape.length);
  }
  MOTE_INLINE static void run(const SignalRfftShape& shape, const SignalRfftTables& tables, const int16_t* in,
                              int16_t* out, void* /*scratch*/) {
    for (int32_t row = 0; row < shape.rows; ++row) {
      dsp::fft16(in, shape.width, shape.length, tables.twiddles, out);
      in += shape.width;
      out += shape.length + 2;
    }
  }
};

/// Energies of the complex numbers from ... to - 1 of `count`; the others are 0, which TensorFlow Lite Micro
/// leaves as they are in memory.
struct SignalEnergyShape {
  int32_t count;
  int32_t from;
  int32_t to;
};

struct SignalEnergy : detail::SignalKernel {
  static constexpr bool supports(const SignalEnergyShape& shape) {
    return shape.from >= 0 && shape.from <= shape.to && shape.to <= shape.count;
  }
  static constexpr int32_t scratch_bytes(const SignalEnergyShape&) { return 0; }
  static constexpr int32_t input_ahead_bytes(const SignalEnergyShape&) { return kDisjoint; }
  static constexpr int64_t macs(const SignalEnergyShape& shape) {
    return int64_t{2} * (shape.to - shape.from);
  }
  MOTE_INLINE static void run(const SignalEnergyShape& shape, const int16_t* in, uint32_t* out,
                              void* /*scratch*/) {
    for (int32_t index = 0; index < shape.count; ++index) out[index] = 0;
    dsp::spectrum_energy(in, shape.from, shape.to, out);
  }
};

/// A bank over `bins` energies; the host has checked that its slopes stay within them and within the weights.
struct SignalFilterBankShape {
  int32_t bins;
  int32_t channels;
  int32_t products;  ///< sum of the widths
};

struct SignalFilterBankTables {
  Flash<int16_t> starts, weight_starts, widths;  ///< [channels + 1]
  Flash<int16_t> weights, unweights;
};

struct SignalFilterBank : detail::SignalKernel {
  static constexpr bool supports(const SignalFilterBankShape& shape) { return shape.channels > 0; }
  static constexpr int32_t scratch_bytes(const SignalFilterBankShape&) { return 0; }
  static constexpr int32_t input_ahead_bytes(const SignalFilterBankShape&) { return kDisjoint; }
  static constexpr int64_t macs(const SignalFilterBankShape& shape) { return int64_t{2} * shape.products; }
  /// `out` [out] below 2^63.
  MOTE_INLINE static void run(const SignalFilterBankShape& shape, const SignalFilterBankTables& tables,
                              const uint32_t* in, int64_t* out, void* /*scratch*/) {
    const dsp::TriangleBank bank = {shape.channels, tables.starts,  tables.weight_starts,
                                    tables.widths,  tables.weights, tables.unweights};
    dsp::triangle_bank(bank, in, reinterpret_cast<uint64_t*>(out));
  }
};

struct SignalSquareRoot : detail::SignalKernel {
  static constexpr bool supports(const SignalCountShape& shape) { return shape.count > 0; }
  static constexpr int32_t scratch_bytes(const SignalCountShape&) { return 0; }
  static constexpr int32_t input_ahead_bytes(const SignalCountShape&) { return kDisjoint; }
  static constexpr int64_t macs(const SignalCountShape&) { return 0; }
  /// `shift` [in]: one number, of which the lowest five bits count.
  MOTE_INLINE static void run(const SignalCountShape& shape, const int64_t* in, const int32_t* shift,
                              uint32_t* out, void* /*scratch*/) {
    dsp::square_roots(reinterpret_cast<const uint64_t*>(in), shape.count, *shift & 31, out);
  }
};

/// See dsp::NoiseFilter.
struct SignalNoiseShape {
  int32_t channels;
  int32_t even_smoothing, even_one_minus_smoothing, odd_smoothing, odd_one_minus_smoothing, minimum_kept;
  int32_t smoothing_bits, bits;
  bool clamped;
};

struct SignalSpectralSubtraction : detail::SignalKernel {
  static constexpr bool supports(const SignalNoiseShape& shape) {
    return shape.channels > 0 && shape.smoothing_bits >= 0 && shape.smoothing_bits <= 31 && shape.bits >= 0 &&
           shape.bits <= 31;
  }
  static constexpr int32_t scratch_bytes(const SignalNoiseShape&) { return 0; }
  static constexpr int32_t input_ahead_bytes(const SignalNoiseShape&) { return kDisjoint; }
  static constexpr int64_t macs(const SignalNoiseShape& shape) { return int64_t{3} * shape.channels; }
  /// `state` [in, out]: the estimates, 0 at first; `estimates` [out]: a copy of them.
  MOTE_INLINE static void run(const SignalNoiseShape& shape, const uint32_t* in, uint32_t* out,
                              uint32_t* estimates, uint32_t* state, void* /*scratch*/) {
    const dsp::NoiseFilter filter = {static_cast<uint32_t>(shape.even_smoothing),
                                     static_cast<uint32_t>(shape.even_one_minus_smoothing),
                                     static_cast<uint32_t>(shape.odd_smoothing),
                                     static_cast<uint32_t>(shape.odd_one_minus_smoothing),
                                     static_cast<uint32_t>(shape.minimum_kept),
                                     shape.smoothing_bits,
                                     shape.bits,
                                     shape.clamped};
    dsp::subtract_noise(filter, in, shape.channels, state, out);
    for (int32_t channel = 0; channel < shape.channels; ++channel) estimates[channel] = state[channel];
  }
};

struct SignalPcanShape {
  int32_t channels;
  int32_t ratio_shift;  ///< 0 ... 63
};

struct SignalPcanTables {
  Flash<int16_t> gains;  ///< dsp::kPcanGains
};

struct SignalPcan : detail::SignalKernel {
  static constexpr bool supports(const SignalPcanShape& shape) {
    return shape.channels > 0 && shape.ratio_shift >= 0 && shape.ratio_shift <= 63;
  }
  static constexpr int32_t scratch_bytes(const SignalPcanShape&) { return 0; }
  static constexpr int32_t input_ahead_bytes(const SignalPcanShape&) { return kDisjoint; }
  static constexpr int64_t macs(const SignalPcanShape& shape) { return int64_t{3} * shape.channels; }
  MOTE_INLINE static void run(const SignalPcanShape& shape, const SignalPcanTables& tables,
                              const uint32_t* in, const uint32_t* estimates, uint32_t* out,
                              void* /*scratch*/) {
    dsp::normalize_amplitudes(in, estimates, shape.channels, tables.gains, shape.ratio_shift, out);
  }
};

struct SignalLogShape {
  int32_t channels;
  int32_t scale;
  int32_t left;  ///< 0 ... 31
};

struct SignalLog : detail::SignalKernel {
  static constexpr bool supports(const SignalLogShape& shape) {
    return shape.channels > 0 && shape.left >= 0 && shape.left <= 31;
  }
  static constexpr int32_t scratch_bytes(const SignalLogShape&) { return 0; }
  static constexpr int32_t input_ahead_bytes(const SignalLogShape&) { return kInPlace; }
  static constexpr int64_t macs(const SignalLogShape& shape) { return int64_t{3} * shape.channels; }
  MOTE_INLINE static void run(const SignalLogShape& shape, const uint32_t* in, int16_t* out,
                              void* /*scratch*/) {
    dsp::log_scale(in, shape.channels, static_cast<uint32_t>(shape.scale), shape.left, out);
  }
};

}  // namespace kernels
}  // namespace mote
