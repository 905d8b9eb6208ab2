// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <filesystem>
#include <optional>
#include <string_view>

#include "core/error.h"
#include "simulate/emulated_run.h"

namespace mote::simulate {

/// The folder of the npm package rp2040js: MOTE_RP2040JS in the environment, else what
/// scripts/install-interop installed; none if it is not there.
std::optional<std::filesystem::path> rp2040js_folder();

/// The same as a requirement. Errors (kUsage): it, or `node` that runs it, is missing; says how to install
/// it.
Result<std::filesystem::path> find_rp2040js();

/// Runs the image in rp2040js with `recording` as its sensor; works in `folder`, where serial.txt and
/// edges.txt stay. Errors: as find_rp2040js(); kInput if the recording does not fit into flash; kInternal if
/// the emulator fails or the image does not end.
Result<EmulatedRun> run_in_rp2040js(const SimulateRequest& request, const Recording& recording,
                                    const std::filesystem::path& folder);

/// Reads the changes of the LED and of the busy signal, a line "led 1 NANOSECONDS" or "busy 0 NANOSECONDS"
/// each, in the order of time. Errors (kInput): another line, or one before its time; `where` is put before
/// the number.
Result<Observation> read_edges(std::string_view edges, std::string_view where);

}  // namespace mote::simulate
