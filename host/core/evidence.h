// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/facts.h"

namespace mote {

/// The stages that leave facts, in pipeline order, each with the schema version that this build reads.
inline constexpr std::string_view kStages[] = {"data",     "features", "train",    "quantize", "compile",
                                               "firmware", "simulate", "diagnose", "check"};

/// What one stage has left in a run folder.
struct StageEvidence {
  std::optional<Fact> fact;      ///< none: the stage has not run, or its fact cannot be read
  std::optional<Error> problem;  ///< why there is none
  std::string sha256;            ///< of the fact's file; empty if there is no such file
  std::string document = {};     ///< the fact's file, relative to the project: "run/train.json"

  bool stale() const { return fact.has_value() && !fact->changed.empty(); }
};

/// What all stages have left in a run folder, by name of the stage; every one of kStages has an entry.
using Evidence = std::map<std::string, StageEvidence, std::less<>>;

/// Collects the facts of the project in `project`, readable or not. Never fails: what is missing is evidence
/// too.
Evidence read_evidence(const std::filesystem::path& project);

}  // namespace mote
