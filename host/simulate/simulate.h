// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "boards/boards.h"
#include "core/error.h"
#include "core/json.h"
#include "core/progress.h"
#include "simulate/observation.h"
#include "simulate/records.h"

namespace mote::simulate {

/// A recording to play.
struct Recording {
  std::string id;
  std::vector<std::int16_t> counts;  ///< [sample][axis], raw counts
};

/// What the firmware made of one recording.
struct Played {
  std::string id;
  Transcript transcript;
  Observation seen;
  std::optional<int> blinks;  ///< counted at the LED
};

/// What is wrong with the sensor that plays a recording; nothing unless a test wants it so.
struct SensorDefects {
  bool is_missing = false;           ///< does not answer at boot
  std::int64_t silent_samples = 0;   ///< due after the recording's last sample, and never come
  std::int64_t pace_millihertz = 0;  ///< at which samples really come; 0: as the sensor says
};

struct SimulateRequest {
  std::filesystem::path image;  ///< firmware.elf
  boards::Board board;
  std::int32_t axes = 0;
  std::int64_t rate_millihertz = 0;  ///< of the recordings
  SensorDefects defects = {};
};

/// Boots the firmware in the board's emulator, plays one recording sample by sample, and reads what comes
/// back. Time is counted in steps of the emulator (boards::Board::step_ns()), so two runs are identical.
///
/// Errors: kUsage if the emulator is not installed or the board has none; kInput if the firmware says
/// something that is no record; kFinding if it ends without `mote-end` or `mote-fault`; kInternal if the
/// emulator fails or does not end.
Result<Played> play(const SimulateRequest& request, const Recording& recording);

/// play() for each recording, several at a time; the order of the results is that of the recordings.
Result<std::vector<Played>> play_all(const SimulateRequest& request, const std::vector<Recording>& recordings,
                                     const ProgressSink& progress = {});

/// simulate.json. Errors (kFinding): two recordings met different firmware (their boot lines differ).
Result<Json> facts(const boards::Board& board, const std::vector<Played>& played);

/// Steps of the emulator, instructions or cycles, between the two changes of the busy signal, the median over
/// all windows; 0 if there is none. In QEMU exact to a few instructions: the time is read from a 25 MHz
/// counter, which ticks every 2.5 instructions at icount_shift 4, and the signal itself takes about 20.
std::int64_t steps_per_inference(const boards::Board& board, const std::vector<Played>& played);

}  // namespace mote::simulate
