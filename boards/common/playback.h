// SPDX-License-Identifier: Apache-2.0
#pragma once

// The sensor of boards in an emulator: a recording in memory, handed out sample by sample.

#include <stdint.h>

#include "mote/core/quotient.h"
#include "mote/runtime/application.h"

/// A recording: this header (little endian), then int16 counts [sample][axis].
struct PlaybackHeader {
  uint32_t magic;
  int32_t axes;
  int32_t rate_millihertz;  ///< what the sensor says it is set to
  int32_t samples;
  int32_t pace_millihertz;  ///< at which samples really come
};
constexpr uint32_t kPlaybackMagic = 0x45544F4D;  // "MOTE"

/// Whether `playback` is the header of a recording for `Contract`; `bytes`: of the recording, not more than 0
/// if there is none. Reads the header only if there are as many.
template <class Contract>
mote::runtime::SensorCheck check_playback(const PlaybackHeader& playback, int32_t bytes) {
  using mote::runtime::Fault;
  if (bytes < static_cast<int32_t>(sizeof(PlaybackHeader))) return {Fault::kSensorMissing, bytes};
  if (playback.magic != kPlaybackMagic) return {Fault::kSensorMissing, 0};
  if (playback.axes != Contract::kAxes) return {Fault::kContractMismatch, playback.axes};
  if (!mote::runtime::same_rate(Contract::kRateMillihertz, playback.rate_millihertz))
    return {Fault::kContractMismatch, playback.rate_millihertz};
  return {Fault::kNone, 0};
}

/// Ticks of a clock of `clock_hz` from sample to sample.
inline uint32_t playback_period(const PlaybackHeader& playback, int64_t clock_hz) {
  const auto pace = static_cast<uint32_t>(playback.pace_millihertz);
  return mote::quotient(static_cast<uint64_t>(clock_hz) * 1000 + pace / 2, pace);
}

/// Hands out the recording at an address; `Contract` is what the board's sensor delivers.
template <class Contract>
class Playback {
  static constexpr int32_t kSampleBytes = Contract::kAxes * static_cast<int32_t>(sizeof(int16_t));

 public:
  /// Whether the recording is one for this contract; `bytes`: of the recording, not more than 0 if there is
  /// none.
  mote::runtime::SensorCheck open(const void* recording, int32_t bytes) {
    header_ = static_cast<const PlaybackHeader*>(recording);
    samples_ = reinterpret_cast<const int16_t*>(header_ + 1);
    there_ = (bytes - static_cast<int32_t>(sizeof(PlaybackHeader))) / kSampleBytes;
    return check_playback<Contract>(*header_, bytes);
  }

  /// Ticks of a clock of `clock_hz` from sample to sample.
  uint32_t period(int64_t clock_hz) const { return playback_period(*header_, clock_hz); }

  /// The next sample, `axes` [out] [axis]. A recording that ends before the samples it announces is a sensor
  /// that has fallen silent.
  mote::runtime::SampleStatus read(int16_t* axes) {
    using mote::runtime::SampleStatus;
    if (next_ >= header_->samples) return SampleStatus::kEnd;
    if (next_ >= there_) return SampleStatus::kMissing;
    const int16_t* const counts = samples_ + next_ * Contract::kAxes;
    for (int32_t axis = 0; axis < Contract::kAxes; ++axis) axes[axis] = counts[axis];
    ++next_;
    return SampleStatus::kSample;
  }

 private:
  const PlaybackHeader* header_ = nullptr;
  const int16_t* samples_ = nullptr;
  int32_t there_ = 0;  ///< samples that the recording really holds
  int32_t next_ = 0;
};
