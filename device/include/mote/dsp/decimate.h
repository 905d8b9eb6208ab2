// SPDX-License-Identifier: Apache-2.0
#pragma once

// A lower sample rate, after a low-pass that keeps out what the lower rate cannot carry.

#include <stdint.h>

#include "mote/core/fixed_point.h"
#include "mote/core/flash.h"
#include "mote/dsp/block.h"

namespace mote {
namespace dsp {

/// One of `factor` samples of each channel, low-passed: output k = sum over t of weights[t] * input[k *
/// factor + t] / 2^15 for 0 <= t < taps, rounded to nearest (ties upward) and saturated to int16. Same unit
/// as the input; within 1/2 of the exact sum unless saturated. The filter (host/features/design/decimation.h)
/// is symmetric: an output belongs to the middle of its samples, (taps - 1) / 2 before the last.
///
/// Only outputs that are kept are computed, each in a sum of its own while its samples come in: taps / factor
/// products a sample, and no sample is stored. State: 8 bytes and 4 * ceil(taps / factor) for each channel,
/// in whole 8 bytes; no scratch. 11 instructions a product on Cortex-M4: 234 for one sample at 161 taps and
/// factor 8.
struct Decimate {
  using Input = int16_t;
  using Output = int16_t;

  int32_t channels;  ///< 1 ... 256
  int32_t factor;    ///< 1 ... taps
  int32_t taps;      ///< 1 ... 1024
  Flash<int16_t>
      weights;  ///< [taps], Q15; the sum of their magnitudes is below 2^16, which no sum can then overflow

  constexpr bool valid() const {
    return channels >= 1 && channels <= 256 && taps >= 1 && taps <= 1024 && factor >= 1 && factor <= taps;
  }
  constexpr int32_t inputs() const { return channels; }
  constexpr int32_t outputs() const { return channels; }
  constexpr int32_t frame() const { return taps; }
  constexpr int32_t hop() const { return factor; }
  constexpr int32_t state_bytes() const { return kHeaderBytes + (4 * sums() * channels + 7) / 8 * 8; }
  constexpr int32_t scratch_bytes() const { return 0; }
  static constexpr bool kInPlace = true;

  void restart(void* state) const {
    part_of<int32_t>(state)[kFirst] = 0;
    part_of<int32_t>(state)[kTap] = 0;
    int32_t* const sum = part_of<int32_t>(state, kHeaderBytes);
    for (int32_t index = 0; index < sums() * channels; ++index) sum[index] = kHalf;
  }

  bool push(const Input* input, Output* output, void* state, void*) const {
    int32_t* const header = part_of<int32_t>(state);
    int32_t* const memory = part_of<int32_t>(state, kHeaderBytes);
    // Sums from the oldest on: the first has come to tap kTap, each later one is `factor` behind.
    int32_t slot = header[kFirst];
    for (int32_t tap = header[kTap]; tap >= 0; tap -= factor) {
      const int32_t weight = weights[tap];
      const int32_t first = slot * channels;
      int32_t* const sum = memory + first;
      for (int32_t channel = 0; channel < channels; ++channel) sum[channel] += weight * input[channel];
      slot = slot + 1 == sums() ? 0 : slot + 1;
    }
    if (++header[kTap] < taps) return false;
    const int32_t oldest = header[kFirst] * channels;
    int32_t* const sum = memory + oldest;
    for (int32_t channel = 0; channel < channels; ++channel) {
      output[channel] = saturate<int16_t>(sum[channel] >> 15);
      sum[channel] = kHalf;
    }
    header[kTap] -= factor;
    header[kFirst] = header[kFirst] + 1 == sums() ? 0 : header[kFirst] + 1;
    return true;
  }

 private:
  static constexpr int32_t kHeaderBytes = 8;
  static constexpr int32_t kFirst = 0;  ///< slot of the sum that ends first
  static constexpr int32_t kTap = 1;    ///< its next weight
  static constexpr int32_t kHalf = INT32_C(1) << 14;

  /// Outputs that a sample can belong to.
  constexpr int32_t sums() const { return (taps + factor - 1) / factor; }
};

}  // namespace dsp
}  // namespace mote
