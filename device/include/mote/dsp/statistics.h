// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a frame amounts to: level, spread and shape of each channel, as condition monitoring has used them for
// long.

#include <stdint.h>

#include "mote/core/quotient.h"
#include "mote/core/scaled.h"
#include "mote/dsp/block.h"

namespace mote {
namespace dsp {

/// Chosen statistics of each channel of a frame [sample][channel]: output [channel][statistic], int32 with 15
/// fraction bits, all of them, whether they are counts or have no unit: 32768 is one count, or 1.
///
/// Sums are exact. Errors against 64-bit floating point: whole numbers none; mean and crossings 2^-16; RMS
/// and standard deviation 2^-13 counts; crest factor 2^-14; skewness 2^-15 + 2^-13 of the value; kurtosis
/// 2^-15 + 2^-9 of the value. The last two come from powers of x - m that are exact in steps which give the
/// range 16 bits.
///
/// One walk over the samples (18 instructions a sample on Cortex-M4), one more for skewness, kurtosis or mean
/// crossings (46), and a few hundred to some thousand a statistic: of 100 samples the RMS takes 3,512, all
/// twelve 23,808; of 1,000 samples 19,705 and 81,333. Neither state nor scratch.
struct Statistics {
  using Input = int16_t;
  using Output = int32_t;

  /// Bits of `chosen`; outputs stand in this order. m is the mean, s the standard deviation.
  enum Statistic : int32_t {
    kMean = 1,               ///< counts
    kRms = 2,                ///< sqrt(mean of x^2), counts
    kStandardDeviation = 4,  ///< sqrt(mean of (x - m)^2), counts
    kPeak = 8,               ///< greatest |x|, counts
    kPeakToPeak = 16,        ///< maximum - minimum, counts
    kMinimum = 32,           ///< counts
    kMaximum = 64,           ///< counts
    kCrestFactor = 128,      ///< peak / RMS; 0 if all samples are 0
    kSkewness = 256,         ///< mean of (x - m)^3 / s^3; 0 if s is 0
    kKurtosis = 512,         ///< mean of (x - m)^4 / s^4 (3 for a normal distribution); 0 if s is 0
    kZeroCrossings = 1024,   ///< share of neighbours with x < 0 in one of them; times the rate: Hz
    kMeanCrossings = 2048,   ///< the same with x < m
    kAllStatistics = 4095,
  };

  int32_t samples;   ///< 2 ... 2^14
  int32_t channels;  ///< 1 ... 256
  int32_t chosen;    ///< Statistic bits, at least one

  static constexpr int32_t kFractionBits = 15;

  constexpr bool valid() const {
    return samples >= 2 && samples <= INT32_C(16384) && channels >= 1 && channels <= 256 && chosen >= 1 &&
           chosen <= kAllStatistics;
  }
  constexpr int32_t inputs() const { return samples * channels; }
  constexpr int32_t outputs() const { return channels * count(); }
  constexpr int32_t frame() const { return 1; }
  constexpr int32_t hop() const { return 1; }
  constexpr int32_t state_bytes() const { return 0; }
  constexpr int32_t scratch_bytes() const { return 0; }
  static constexpr bool kInPlace = false;

  /// Statistics of a channel.
  constexpr int32_t count() const {
    int32_t result = 0;
    for (int32_t bit = 1; bit <= kAllStatistics; bit *= 2) result += (chosen & bit) != 0 ? 1 : 0;
    return result;
  }

  void restart(void*) const {}

  bool push(const Input* input, Output* output, void*, void*) const {
    for (int32_t channel = 0; channel < channels; ++channel) {
      const Sums sums = add_up(input + channel);
      Shape shape = {0, 0, 0};
      if ((chosen & (kSkewness | kKurtosis | kMeanCrossings)) != 0) shape = shape_of(input + channel, sums);
      for (int32_t bit = 1; bit <= kAllStatistics; bit *= 2)
        if ((chosen & bit) != 0) *output++ = value(bit, sums, shape);
    }
    return true;
  }

 private:
  struct Sums {
    int32_t sum;       ///< at most 2^29
    uint64_t squares;  ///< at most 2^44
    int16_t minimum, maximum;
    int32_t zero_crossings;
  };

  struct Shape {
    int32_t skewness, kurtosis;  ///< Q15
    int32_t mean_crossings;
  };

  Sums add_up(const Input* input) const {
    Sums sums = {0, 0, input[0], input[0], 0};
    bool negative = input[0] < 0;
    for (int32_t at = 0; at < inputs(); at += channels) {
      const int16_t value = input[at];
      sums.sum += value;
      sums.squares += static_cast<uint32_t>(int32_t{value} * value);
      if (value < sums.minimum) sums.minimum = value;
      if (value > sums.maximum) sums.maximum = value;
      sums.zero_crossings += negative != (value < 0) ? 1 : 0;
      negative = value < 0;
    }
    return sums;
  }

  static int32_t peak(const Sums& sums) {
    return -int32_t{sums.minimum} > sums.maximum ? -int32_t{sums.minimum} : sums.maximum;
  }

  static uint64_t magnitude(int64_t value) {
    return value < 0 ? uint64_t{0} - static_cast<uint64_t>(value) : static_cast<uint64_t>(value);
  }

  /// part / whole in 15 fraction bits, rounded to nearest, ties away from zero; whole > 0.
  static int32_t ratio_q15(int32_t part, int32_t whole) {
    const uint64_t doubled = (magnitude(part) << (kFractionBits + 1)) + static_cast<uint32_t>(whole);
    const int32_t rounded = static_cast<int32_t>(wide_quotient(doubled, static_cast<uint64_t>(whole) * 2, 0));
    return part < 0 ? -rounded : rounded;
  }

  int32_t value(int32_t statistic, const Sums& sums, const Shape& shape) const {
    const int32_t one = INT32_C(1) << kFractionBits;
    const Scaled count = scaled(static_cast<uint64_t>(samples));
    switch (statistic) {
      case kMean:
        return ratio_q15(sums.sum, samples);
      case kRms:
        return to_fixed(square_root(quotient(scaled(sums.squares), count)), kFractionBits);
      case kStandardDeviation: {
        const uint64_t scatter =
            static_cast<uint64_t>(samples) * sums.squares - magnitude(sums.sum) * magnitude(sums.sum);
        return to_fixed(quotient(square_root(scaled(scatter)), count), kFractionBits);
      }
      case kPeak:
        return peak(sums) * one;
      case kPeakToPeak:
        return (int32_t{sums.maximum} - sums.minimum) * one;
      case kMinimum:
        return sums.minimum * one;
      case kMaximum:
        return sums.maximum * one;
      case kCrestFactor:
        if (sums.squares == 0) return 0;
        return to_fixed(quotient(scaled(static_cast<uint64_t>(peak(sums))),
                                 square_root(quotient(scaled(sums.squares), count))),
                        kFractionBits);
      case kSkewness:
        return shape.skewness;
      case kKurtosis:
        return shape.kurtosis;
      case kZeroCrossings:
        return ratio_q15(sums.zero_crossings, samples - 1);
      default:
        return ratio_q15(shape.mean_crossings, samples - 1);
    }
  }

  /// Sums of powers of d = x * 2^bits - centre, |d| < 2^16; the centre is the mean, rounded.
  struct Powers {
    int32_t first = 0;    ///< what the centre is beside the mean, times samples; at most samples / 2
    int64_t second = 0;   ///< below 2^46
    int64_t third = 0;    ///< magnitude below 2^62
    uint64_t fourth = 0;  ///< the low 64 bits of 78
    uint32_t fourth_high = 0;
    int32_t mean_crossings = 0;
  };

  Powers powers(const Input* input, const Sums& sums) const {
    const int32_t range = int32_t{sums.maximum} - sums.minimum;
    int32_t bits = 0;
    while (bits < 15 && range * (int32_t{2} << bits) < 65535) ++bits;
    const int64_t scaled_sum = static_cast<int64_t>(sums.sum) * (int32_t{1} << bits);
    const uint64_t rounded = wide_quotient(magnitude(scaled_sum) * 2 + static_cast<uint32_t>(samples),
                                           static_cast<uint64_t>(samples) * 2, 0);
    const int32_t centre = scaled_sum < 0 ? -static_cast<int32_t>(rounded) : static_cast<int32_t>(rounded);
    Powers result;
    bool below = input[0] * samples < sums.sum;
    for (int32_t at = 0; at < inputs(); at += channels) {
      const int32_t value = input[at];
      const int32_t d = value * (int32_t{1} << bits) - centre;
      const uint32_t square = static_cast<uint32_t>(d) * static_cast<uint32_t>(d);
      const uint64_t fourth = static_cast<uint64_t>(square) * square;
      result.first += d;
      result.second += square;
      result.third += static_cast<int64_t>(square) * d;
      result.fourth += fourth;
      result.fourth_high += result.fourth < fourth ? 1 : 0;
      result.mean_crossings += below != (value * samples < sums.sum) ? 1 : 0;
      below = value * samples < sums.sum;
    }
    return result;
  }

  Shape shape_of(const Input* input, const Sums& sums) const {
    const Powers about = powers(input, sums);
    Shape shape = {0, 0, about.mean_crossings};
    if (sums.minimum == sums.maximum) return shape;
    // The centre is r = first / samples beside the mean. sum((d - r)^3) = third - 3 r second + ..., and the
    // rest is below 2^-24 of the skewness, because the second power is 2^29 at least. The fourth power, 2^57
    // at least, is off by 4 r third, relatively by 2 (samples / fourth)^(1/4) < 2^-9.7 (Hoelder).
    const int64_t r_q16 = signed_ratio_q32(about.first, static_cast<uint64_t>(samples)) >> 16;
    const int64_t third = about.third - 3 * (about.second / 65536 * r_q16);
    const Scaled count = scaled(static_cast<uint64_t>(samples));
    const Scaled second = scaled(static_cast<uint64_t>(about.second));
    const Scaled top = scaled(static_cast<uint64_t>(about.fourth_high) << 32 | about.fourth >> 32, 32);
    shape.kurtosis = to_fixed(quotient(quotient(product(count, top), second), second), kFractionBits);
    const Scaled skewness =
        product(quotient(scaled(magnitude(third)), second), square_root(quotient(count, second)));
    shape.skewness = third < 0 ? -to_fixed(skewness, kFractionBits) : to_fixed(skewness, kFractionBits);
    return shape;
  }
};

}  // namespace dsp
}  // namespace mote
