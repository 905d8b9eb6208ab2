// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <filesystem>
#include <string_view>

#include "core/error.h"
#include "simulate/emulated_run.h"

namespace mote::simulate {

/// Runs the image in simavr with `recording` as its sensor; works in `folder`, where serial.txt and trace.txt
/// stay. Time is counted in cycles. Errors: kUsage if the tool was built without simavr; kFinding if the
/// firmware crashes or does not end; kInput if the image is none for the processor, or the trace cannot be
/// read.
Result<EmulatedRun> run_in_simavr(const SimulateRequest& request, const Recording& recording,
                                  const std::filesystem::path& folder);

/// Reads what mote-simavr writes: `led 1 CYCLE`, `busy 0 CYCLE`, `end CYCLE`. Errors (kInput): another line.
Result<Observation> read_pin_trace(std::string_view trace, std::int64_t clock_hz, std::string_view where);

}  // namespace mote::simulate
