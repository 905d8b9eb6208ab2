// SPDX-License-Identifier: Apache-2.0
#pragma once

// From a frame of 16-bit samples to the amplitudes in bands of its spectrum, step by step, each step bit for
// bit as TensorFlow Lite Micro's signal library computes it. All are exact: the same on every machine.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/core/fixed_point_functions.h"
#include "mote/core/flash.h"
#include "mote/core/square_root.h"

namespace mote {
namespace dsp {

/// output = saturate(input * window >> shift), rounded down.
///
/// `window` [in]: `count` weights of `shift` fraction bits, 0 <= shift <= 31. `output` [out]: may be `input`.
MOTE_INLINE void apply_window(const int16_t* input, Flash<int16_t> window, int32_t count, int32_t shift,
                              int16_t* output) {
  for (int32_t index = 0; index < count; ++index) {
    const int32_t value = (int32_t{input[index]} * window[index]) >> shift;
    output[index] =
        static_cast<int16_t>(value > INT16_MAX ? INT16_MAX : (value < INT16_MIN ? INT16_MIN : value));
  }
}

/// How far the samples value(0) ... value(count - 1) can be shifted left so that the greatest magnitude still
/// fits into int16: 0 ... 14; 0 for silence.
///
/// The magnitude of -32768 wraps around, so that the search begins anew behind it: such a frame is shifted by
/// what the samples behind its last -32768 allow, unless that is the last of all.
template <class Value>
MOTE_INLINE int32_t headroom(int32_t count, const Value& value) {
  int32_t most = 0;
  for (int32_t index = 0; index < count; ++index) {
    const int32_t sample = value(index);
    if (sample > most)
      most = sample;
    else if (-sample > most)
      most = static_cast<int16_t>(-sample);
  }
  return most <= 0 ? 0 : leading_zeros(static_cast<uint32_t>(most)) - 17;
}

namespace detail {

struct Samples {
  const int16_t* samples;
  MOTE_INLINE int32_t operator()(int32_t index) const { return samples[index]; }
};

}  // namespace detail

/// Shifts the samples left by their headroom, modulo 2^16, and returns it. `output` [out]: may be `input`.
MOTE_INLINE int32_t auto_scale(const int16_t* input, int32_t count, int16_t* output) {
  const int32_t left = headroom(count, detail::Samples{input});
  for (int32_t index = 0; index < count; ++index)
    output[index] = static_cast<int16_t>(
        static_cast<uint16_t>(static_cast<uint32_t>(static_cast<int32_t>(input[index])) << left));
  return left;
}

/// re^2 + im^2 of the complex numbers `from` ... `to` - 1 of a spectrum, at their index in `energies`.
MOTE_INLINE void spectrum_energy(const int16_t* spectrum, int32_t from, int32_t to, uint32_t* energies) {
  for (int32_t k = from; k < to; ++k) {
    const int32_t at = 2 * k;
    const int32_t re = spectrum[at], im = spectrum[at + 1];
    energies[k] = static_cast<uint32_t>(re * re) + static_cast<uint32_t>(im * im);
  }
}

/// What a bin of a filter bank adds to a band and to the next one.
struct BandSums {
  uint64_t band;
  uint64_t next;
};

/// Adds `width` bins: their energies times `weights` to the band, times `unweights` to the next one.
///
/// `weights`, `unweights` [in]: not negative. The sums do not overflow below 2^17 bins.
MOTE_INLINE void add_bins(const uint32_t* energies, Flash<int16_t> weights, Flash<int16_t> unweights,
                          int32_t width, BandSums& sums) {
  for (int32_t bin = 0; bin < width; ++bin) {
    const uint64_t energy = energies[bin];
    sums.band += energy * static_cast<uint32_t>(static_cast<uint16_t>(weights[bin]));
    sums.next += energy * static_cast<uint32_t>(static_cast<uint16_t>(unweights[bin]));
  }
}

/// A filter bank of overlapping triangles as its tables stand in a model: `channels` + 1 slopes, of which
/// slope c takes widths[c] bins from starts[c] on with the weights from weight_starts[c] on. A bin's weight
/// counts for channel c - 1, which ends there, and its unweight for channel c, which begins; the first slope
/// has no channel that ends, the last one none that begins.
struct TriangleBank {
  int32_t channels;
  Flash<int16_t> starts;
  Flash<int16_t> weight_starts;
  Flash<int16_t> widths;
  Flash<int16_t> weights;    ///< not negative
  Flash<int16_t> unweights;  ///< not negative
};

/// The sums of the channels: output[c] = sum of weight * energy over both slopes of channel c.
MOTE_INLINE void triangle_bank(const TriangleBank& bank, const uint32_t* energies, uint64_t* output) {
  BandSums sums = {0, 0};
  for (int32_t slope = 0; slope <= bank.channels; ++slope) {
    const int32_t at = bank.weight_starts[slope];
    add_bins(energies + bank.starts[slope], bank.weights + at, bank.unweights + at, bank.widths[slope], sums);
    if (slope > 0) output[slope - 1] = sums.band;
    sums = {sums.next, 0};
  }
}

/// output = round(sqrt(input)) >> shift, 0 <= shift <= 31.
MOTE_INLINE void square_roots(const uint64_t* input, int32_t count, int32_t shift, uint32_t* output) {
  for (int32_t index = 0; index < count; ++index) output[index] = rounded_root_u64(input[index]) >> shift;
}

}  // namespace dsp
}  // namespace mote
