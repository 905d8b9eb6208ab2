// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "core/error.h"
#include "core/facts.h"
#include "dataset/dataset.h"
#include "dataset/evaluation.h"
#include "features/features.h"
#include "graph/metadata.h"
#include "project/project.h"
#include "train/train.h"

namespace mote::train {

inline const FactSchema kTrainSchema{"train", 1};

/// What belongs to the model besides its network, from the project; `date` is YYYY-MM-DD.
graph::ModelMetadata model_metadata(const project::Project& project,
                                    const std::vector<graph::AxisNormalization>& normalization,
                                    const std::string& date);

/// The day of the newest recording that trains or validates, YYYY-MM-DD; empty if none says when it was made.
/// Held-out recordings do not count: nothing of the model depends on them.
std::string newest_recording_date(const dataset::Dataset& dataset);

/// How the trained network recognises the recordings of `part`, by the training code itself.
Result<dataset::Evaluation> evaluate(const TrainResult& result, const dataset::Dataset& dataset,
                                     dataset::Part part, const features::WindowSet& windows, IsaChoice isa);

/// The windows of each part.
struct WindowSets {
  features::WindowSet training, validation, test;
};

/// The facts of `mote train`.
Json train_facts(const TrainResult& result, const project::TrainingSettings& settings,
                 const std::vector<std::string>& column_names,
                 const std::vector<graph::AxisNormalization>& normalization, const WindowSets& windows,
                 const dataset::Evaluation& validation, const dataset::Evaluation& test);

}  // namespace mote::train
