// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/progress.h"
#include "features/features.h"
#include "graph/graph.h"
#include "project/project.h"
#include "train/dispatch.h"
#include "train/engine.h"

namespace mote::train {

/// What is trained, on what.
struct TrainRequest {
  std::string name;  ///< of the network
  project::TrainingSettings settings;
  std::vector<std::string> labels;  ///< the classes; every one must have training windows
  const features::WindowSet* training = nullptr;
  const features::WindowSet* validation = nullptr;  ///< without windows: no early stopping
  IsaChoice isa = IsaChoice::kAuto;
};

struct TrainResult {
  graph::Graph network;  ///< float, of the epoch with the smallest validation loss; metadata: labels only
  std::string isa;       ///< the vector build that trained it
  std::int64_t parameters = 0;
  std::vector<double> class_weights;
  std::vector<EpochRecord> history;
  std::int32_t best_epoch = 0;
};

/// Weights that give every class the same share of the loss: windows / (classes * windows of the class).
std::vector<float> class_weights(const std::vector<std::int32_t>& labels, std::int32_t classes);

/// Trains a network from its seed: the same bytes from the same request and vector build; with kBaseline on
/// every machine. Adam with weight decay, weighted cross-entropy, training windows moved in time at random by
/// up to a tenth of their length; stops when the validation loss has not improved for
/// `patience` epochs. Errors: kUsage for settings or architectures that make no sense; kInput if a label has
/// no training windows or the loss ceases to be finite; as engine().
Result<TrainResult> train(const TrainRequest& request, const ProgressSink& progress = {});

/// The network's probabilities [window][class] for the windows, by the training code itself.
Result<std::vector<float>> probabilities(const graph::Graph& network, const features::WindowSet& windows,
                                         IsaChoice isa = IsaChoice::kAuto);

}  // namespace mote::train
