// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/progress.h"
#include "graph/graph.h"
#include "project/project.h"

/// The border between the tool and the vector builds of the training code. Each build is a shared object with
/// one symbol, mote_train_engine; nothing else of it is visible, because the same templates compiled for two
/// instruction sets in one program would break the one-definition rule.
namespace mote::train {

/// Windows with their labels; views of memory that outlives the call.
struct Windows {
  std::span<const std::int16_t> features;  ///< [window][sample][axis], 11 fraction bits
  std::span<const std::int32_t> labels;    ///< [window]; may be empty where only probabilities are wanted
};

/// What an engine trains.
struct EngineRequest {
  const graph::Graph* network = nullptr;  ///< a chain that ends in softmax, with its initial weights
  std::int32_t samples = 0;               ///< of a window
  Windows training;
  Windows validation;                    ///< may be empty: no early stopping then
  std::span<const float> class_weights;  ///< [class]
  project::TrainingSettings settings;    ///< architecture is not looked at
  double weight_decay = 0;               ///< decoupled (AdamW), on weights, not on biases
  ProgressSink progress;                 ///< called once an epoch
};

/// Losses are means over windows, weighted by class; accuracies are shares of windows.
struct EpochRecord {
  std::int32_t epoch = 0;  ///< from 1
  double train_loss = 0;   ///< while the weights were changing
  double validation_loss = 0;
  double train_accuracy = 0;
  double validation_accuracy = 0;
};

/// What came of it.
struct EngineResult {
  graph::Graph network;  ///< with the weights of the best epoch
  std::vector<EpochRecord> history;
  std::int32_t best_epoch = 0;
};

/// A vector build of the training code.
struct Engine {
  const char* version;  ///< of Mote; engines of another version are refused
  const char* isa;      ///< "baseline" or "v3"
  Result<EngineResult> (*train)(const EngineRequest& request);
  /// [window][class]
  Result<std::vector<float>> (*probabilities)(const graph::Graph& network,
                                              std::span<const std::int16_t> features);
};

/// Name of the one symbol of an engine: `extern "C" const Engine* mote_train_engine()`.
inline constexpr const char* kEngineSymbol = "mote_train_engine";

}  // namespace mote::train
