// SPDX-License-Identifier: Apache-2.0
#include "train/train.h"

#include <fmt/format.h>

#include <algorithm>

#include "ops/shape.h"
#include "train/architecture.h"

namespace mote::train {
namespace {

/// Decoupled weight decay: small networks on few recordings overfit soon.
constexpr double kWeightDecay = 0.01;

std::vector<std::int64_t> windows_per_class(const std::vector<std::int32_t>& labels, std::size_t classes) {
  std::vector<std::int64_t> counts(classes, 0);
  for (const std::int32_t label : labels) ++counts[static_cast<std::size_t>(label)];
  return counts;
}

Result<void> check_settings(const project::TrainingSettings& settings) {
  const auto refuse = [](const std::string& what) {
    return fail(ErrorKind::kUsage, what, "training", "change it in mote.toml or on the command line");
  };
  if (settings.epochs < 1) return refuse(fmt::format("epochs is {}, expected 1 or more", settings.epochs));
  if (settings.batch < 1) return refuse(fmt::format("batch is {}, expected 1 or more", settings.batch));
  if (settings.patience < 1)
    return refuse(fmt::format("patience is {}, expected 1 or more", settings.patience));
  if (!(settings.learning_rate > 0))
    return refuse(fmt::format("learning_rate is {}, expected more than 0", settings.learning_rate));
  return {};
}

Result<void> check_windows(const TrainRequest& request) {
  const auto counts = windows_per_class(request.training->label, request.labels.size());
  for (std::size_t label = 0; label < counts.size(); ++label)
    if (counts[label] == 0)
      return fail(ErrorKind::kInput, fmt::format("label '{}' has no training windows", request.labels[label]),
                  "recordings",
                  "record or import more of it (recordings shorter than the window count for nothing), or "
                  "remove the label from mote.toml; `mote data` shows what there is");
  return {};
}

Windows view(const features::WindowSet* windows) {
  if (windows == nullptr) return {};
  return {windows->features, windows->label};
}

std::int64_t count_parameters(const graph::Graph& network) {
  std::int64_t count = 0;
  for (const graph::Value& value : network.values)
    if (value.is_constant()) count += value.element_count();
  return count;
}

}  // namespace

std::vector<float> class_weights(const std::vector<std::int32_t>& labels, std::int32_t classes) {
  const auto counts = windows_per_class(labels, static_cast<std::size_t>(classes));
  std::vector<float> weights;
  for (const std::int64_t count : counts)
    weights.push_back(count == 0
                          ? 0.0f
                          : static_cast<float>(static_cast<double>(labels.size()) /
                                               (static_cast<double>(classes) * static_cast<double>(count))));
  return weights;
}

Result<TrainResult> train(const TrainRequest& request, const ProgressSink& progress) {
  MOTE_CHECK(check_settings(request.settings));
  MOTE_CHECK(check_windows(request));
  MOTE_TRY(const Engine* engine, train::engine(request.isa));
  const auto classes = static_cast<std::int32_t>(request.labels.size());
  MOTE_TRY(graph::Graph initial, build_network(request.settings.architecture,
                                               {request.training->rows, request.training->columns, classes},
                                               Rng(request.settings.seed).fork(0)));
  initial.name = request.name;
  initial.metadata.labels = request.labels;
  MOTE_CHECK(ops::check(initial));
  const std::vector<float> weights = class_weights(request.training->label, classes);
  MOTE_TRY(EngineResult trained,
           engine->train({&initial, request.training->rows, view(request.training), view(request.validation),
                          weights, request.settings, kWeightDecay, progress}));
  TrainResult result;
  result.parameters = count_parameters(trained.network);
  result.network = std::move(trained.network);
  result.isa = engine->isa;
  result.class_weights.assign(weights.begin(), weights.end());
  result.history = std::move(trained.history);
  result.best_epoch = trained.best_epoch;
  return result;
}

Result<std::vector<float>> probabilities(const graph::Graph& network, const features::WindowSet& windows,
                                         IsaChoice isa) {
  MOTE_TRY(const Engine* engine, train::engine(isa));
  MOTE_CHECK(ops::check(network));
  if (network.inputs.size() != 1 ||
      network.value(network.inputs[0]).element_count() != windows.values_per_window())
    return fail(ErrorKind::kInput,
                fmt::format("the network's input does not hold a window of {} rows of {} features",
                            windows.rows, windows.columns),
                network.name, "train again with this project's settings");
  return engine->probabilities(network, windows.features);
}

}  // namespace mote::train
