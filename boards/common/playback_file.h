// SPDX-License-Identifier: Apache-2.0
#pragma once

// The sensor of boards in an emulator that have no memory for a recording: it stays in a file of the host,
// and each sample is read when it is due. The emulator's clock stands still meanwhile.

#include <stdint.h>

#include "playback.h"
#include "semihosting.h"

/// Hands out the recording that the emulator's command line names; `Contract` is what the board's sensor
/// delivers.
template <class Contract>
class PlaybackFile {
 public:
  mote::runtime::SensorCheck open() {
    file_ = semihosting::open_named_file();
    const int32_t bytes =
        file_ < 0 ? -1 : semihosting::read(file_, &header_, static_cast<int32_t>(sizeof(header_)));
    return check_playback<Contract>(header_, bytes);
  }

  uint32_t period(int64_t clock_hz) const { return playback_period(header_, clock_hz); }

  /// As Playback::read().
  mote::runtime::SampleStatus read(int16_t* axes) {
    using mote::runtime::SampleStatus;
    constexpr int32_t kSampleBytes = Contract::kAxes * static_cast<int32_t>(sizeof(int16_t));
    if (next_ >= header_.samples) return SampleStatus::kEnd;
    if (semihosting::read(file_, axes, kSampleBytes) < kSampleBytes) return SampleStatus::kMissing;
    ++next_;
    return SampleStatus::kSample;
  }

 private:
  PlaybackHeader header_ = {};
  int32_t file_ = 0;
  int32_t next_ = 0;
};
