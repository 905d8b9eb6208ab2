// SPDX-License-Identifier: Apache-2.0
#pragma once

// Whether what comes from the sensor can be true: an axis that never changes, one that stays at the end of
// its range, gravity where the mounting says it cannot be, samples that come too fast or too slowly.

#include <stdint.h>

#include "mote/core/quotient.h"
#include "mote/runtime/fault.h"

namespace mote {
namespace runtime {

/// Which axis of an accelerometer points up when the device is at rest.
struct RestGravity {
  int32_t up_axis;       ///< channel that reads +1 g (or -1 g) at rest; -1: not declared, not checked
  int32_t up_sign;       ///< 1 or -1
  int32_t first_axis;    ///< of the accelerometer's three channels
  int32_t counts_per_g;  ///< 1 ... 32767
};

/// Looks at every sample, and judges each half second of them.
///
/// kAxes: values of a sample. kSamplesPerSecond: at least 1; below 8 the blocks are four samples long. A real
/// sensor has noise: an axis with the same count throughout a block is stuck. A quarter of a second at the
/// end of the range is no motion but a saturated or misconfigured sensor. At rest (each axis of the
/// accelerometer within 0.15 g) the mean must be as long as gravity, 0.5 to 1.5 g, and the axis that the
/// mounting declares must hold at least half a g of it: a sensor turned by 60 degrees or more is found,
/// whatever the axis.
template <int32_t kAxes, int32_t kSamplesPerSecond>
class SensorWatch {
 public:
  static constexpr int32_t kBlock = kSamplesPerSecond / 2 < 4 ? 4 : kSamplesPerSecond / 2;
  static constexpr int32_t kSaturatedSamples = kSamplesPerSecond / 4 < 2 ? 2 : kSamplesPerSecond / 4;
  static constexpr int32_t kSaturatedCount = 32760;  ///< magnitudes from here on are the end of the range

  /// Forgets the block begun: behind a gap.
  void restart() { samples_ = 0; }

  /// The next sample, `counts` [in] [axis]. Returns kSensorStuck or kSensorSaturated with the axis as detail,
  /// kOrientation with the milli-g of the declared axis, kContractMismatch with the milli-g of what should be
  /// gravity, or kNone.
  Fault next(const int16_t* counts, const RestGravity& gravity, bool is_noisy, int32_t* detail) {
    for (int32_t axis = 0; axis < kAxes; ++axis) {
      Axis& seen = axes_[axis];
      const int16_t count = counts[axis];
      seen.same = count == seen.latest ? seen.same + 1 : 1;
      seen.latest = count;
      seen.saturated = count < kSaturatedCount && count > -kSaturatedCount ? 0 : seen.saturated + 1;
      *detail = axis;
      if (seen.saturated >= kSaturatedSamples) return Fault::kSensorSaturated;
      if (is_noisy && seen.same >= kBlock) return Fault::kSensorStuck;
      if (samples_ == 0) {
        seen.least = seen.most = count;
        seen.sum = 0;
      }
      if (count < seen.least) seen.least = count;
      if (count > seen.most) seen.most = count;
      seen.sum += count;
    }
    if (++samples_ < kBlock) return Fault::kNone;
    samples_ = 0;
    return gravity.up_axis < 0 ? Fault::kNone : judge_gravity(gravity, detail);
  }

 private:
  struct Axis {
    int16_t latest;
    int16_t least;      ///< of the block
    int16_t most;       ///< of the block
    int32_t sum;        ///< of the block
    int32_t same;       ///< samples in a row with this count
    int32_t saturated;  ///< samples in a row
  };

  Fault judge_gravity(const RestGravity& gravity, int32_t* detail) const {
    int64_t squares = 0;
    for (int32_t axis = gravity.first_axis; axis < gravity.first_axis + 3 && axis < kAxes; ++axis) {
      const Axis& seen = axes_[axis];
      if ((int32_t{seen.most} - seen.least) * 20 > gravity.counts_per_g * 3)
        return Fault::kNone;  // in motion
      const int64_t milli_g = milli_g_of(axis, gravity);
      squares += milli_g * milli_g;
    }
    *detail = square_root(squares);
    if (*detail < 500 || *detail > 1500) return Fault::kContractMismatch;
    *detail = milli_g_of(gravity.up_axis, gravity) * gravity.up_sign;
    return *detail < 500 ? Fault::kOrientation : Fault::kNone;
  }
  int32_t milli_g_of(int32_t axis, const RestGravity& gravity) const {
    const int32_t sum = axes_[axis].sum;
    const uint64_t magnitude = static_cast<uint64_t>(sum < 0 ? -int64_t{sum} : int64_t{sum}) * 1000;
    const auto milli_g =
        static_cast<int32_t>(quotient(magnitude, static_cast<uint32_t>(kBlock * gravity.counts_per_g)));
    return sum < 0 ? -milli_g : milli_g;
  }
  /// The largest number whose square is at most `square`, up to 65535.
  static int32_t square_root(int64_t square) {
    int32_t root = 0;
    for (int32_t bit = INT32_C(1) << 15; bit != 0; bit >>= 1)
      if (int64_t{root + bit} * (root + bit) <= square) root += bit;
    return root;
  }

  Axis axes_[kAxes] = {};
  int32_t samples_ = 0;
};

/// Measures at which rate samples come, in the interrupt that brings them.
///
/// kRateMillihertz: what the contract says; kTicksPerSecond: of the clock. Judges every quarter of a second,
/// 25 % off is a fault, and every second, 2 % off is one.
template <int64_t kRateMillihertz, int64_t kTicksPerSecond>
class RateWatch {
  static constexpr int32_t kQuarters = 4;

 public:
  /// Samples in a quarter of a second, or one.
  static constexpr int32_t kBlock =
      kRateMillihertz < 4000 ? 1 : static_cast<int32_t>(kRateMillihertz / (1000 * kQuarters));
  static constexpr uint32_t kBlockTicks = static_cast<uint32_t>(
      (int64_t{kBlock} * 1000 * kTicksPerSecond + kRateMillihertz / 2) / kRateMillihertz);
  static_assert(int64_t{kBlock} * 1000 * kTicksPerSecond / kRateMillihertz < (int64_t{1} << 28),
                "the clock is too fast for this rate");

  /// The next sample is due; `ticks`: the clock, asked for only where is_due() says so.
  bool is_due() { return ++samples_ >= kBlock || !is_running_; }

  /// After is_due(): returns whether the rate still is what it should be.
  bool next(uint32_t ticks) {
    samples_ = 0;
    const uint32_t elapsed = ticks - since_;
    since_ = ticks;
    if (!is_running_) {
      is_running_ = true;
      return true;
    }
    elapsed_ += elapsed;
    ++blocks_;
    const bool is_gross = differs(elapsed, kBlockTicks, 25);
    if (blocks_ < kQuarters && !is_gross) return true;
    const bool is_off = is_gross || differs(elapsed_, kQuarters * kBlockTicks, 2);
    measured_ticks_ = elapsed_;
    measured_blocks_ = blocks_;
    elapsed_ = 0;
    blocks_ = 0;
    return !is_off;
  }

  /// What was measured last, in millihertz; 0 before the first second. Only while no interrupt comes.
  int32_t millihertz() const {
    if (measured_ticks_ == 0) return 0;
    return static_cast<int32_t>(quotient(static_cast<uint64_t>(int64_t{kBlock} * 1000 * kTicksPerSecond) *
                                             static_cast<uint32_t>(measured_blocks_),
                                         measured_ticks_));
  }

 private:
  static bool differs(uint32_t found, uint32_t expected, uint32_t percent) {
    const uint32_t allowed = expected / 100 * percent;
    return found > expected + allowed || found + allowed < expected;
  }

  int32_t samples_ = 0;
  int32_t blocks_ = 0;
  bool is_running_ = false;
  uint32_t since_ = 0;
  uint32_t elapsed_ = 0;
  uint32_t measured_ticks_ = 0;
  int32_t measured_blocks_ = 0;
};

}  // namespace runtime
}  // namespace mote
