// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <string_view>

#include "core/error.h"
#include "train/engine.h"

namespace mote::train {

/// Which vector build trains.
enum class IsaChoice {
  kAuto,      ///< the widest that this processor can run
  kBaseline,  ///< the same results on every machine
  kV3,        ///< x86-64-v3: AVX2 and fused multiply-add
};

/// "auto", "baseline", "v3". Errors (kUsage): another name.
Result<IsaChoice> isa_choice_from(std::string_view name);

/// The engine for `choice`; loaded once and kept for the life of the process.
/// Errors: kUsage if this processor or this build of Mote cannot run it; kInternal if its file is missing,
/// cannot be loaded, or belongs to another version.
Result<const Engine*> engine(IsaChoice choice);

}  // namespace mote::train
