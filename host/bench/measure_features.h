// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "bench/measure.h"
#include "boards/boards.h"
#include "core/error.h"
#include "core/json.h"
#include "features/pipeline.h"

namespace mote::bench {

/// What a pipeline costs on an emulated board while it makes rows from noise, averaged over its last rows.
struct FeatureMeasurement {
  std::string board;
  std::int64_t rows = 0;      ///< that were counted
  Counts row;                 ///< of one row: all samples from the row before to it
  std::vector<Counts> block;  ///< of one row, by block
  std::int64_t code_bytes = 0;
  std::int64_t constant_bytes = 0;
  std::int64_t ram_bytes = 0;  ///< state and work area
};

/// Builds the pipeline for the board and runs it in its emulator, and compares every row with the host's.
///
/// Errors: kUsage if the board's emulator is not QEMU; kInput if it is larger than the board; kFinding if a
/// row differs from the host's.
Result<FeatureMeasurement> measure_features(const features::Pipeline& pipeline, const boards::Board& board);

}  // namespace mote::bench
