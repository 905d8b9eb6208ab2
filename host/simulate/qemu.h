// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <filesystem>

#include "core/error.h"
#include "simulate/emulated_run.h"

namespace mote::simulate {

/// Runs the image in QEMU with `recording` as its sensor; works in `folder`, where serial.txt and trace.txt
/// stay. Errors: as boards::run_emulator(); kInput if the trace cannot be read.
Result<EmulatedRun> run_in_qemu(const SimulateRequest& request, const Recording& recording,
                                const std::filesystem::path& folder);

}  // namespace mote::simulate
