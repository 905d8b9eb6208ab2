// SPDX-License-Identifier: Apache-2.0
#include "train/train.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numbers>

#include "core/random.h"
#include "execute/executor.h"
#include "support/require.h"
#include "train/architecture.h"

namespace mote::train {
namespace {

constexpr std::int32_t kSamples = 50, kAxes = 3;

/// Windows of noise on which every class has its own oscillation, at a random phase. `counts` [class].
features::WindowSet oscillations(const std::vector<int>& counts, double amplitude, std::uint64_t seed) {
  features::WindowSet windows;
  windows.rows = kSamples;
  windows.columns = kAxes;
  Rng rng(seed);
  for (std::size_t label = 0; label < counts.size(); ++label)
    for (int window = 0; window < counts[label]; ++window) {
      const double phase = rng.uniform(0, 2 * std::numbers::pi);
      for (std::int32_t sample = 0; sample < kSamples; ++sample)
        for (std::int32_t axis = 0; axis < kAxes; ++axis) {
          const double angle = 0.15 * (1.0 + static_cast<double>(label)) * sample + phase + axis;
          const double value = amplitude * std::sin(angle) + rng.normal();
          windows.features.push_back(static_cast<std::int16_t>(std::clamp(value, -15.0, 15.0) * 2048));
        }
      windows.label.push_back(static_cast<std::int32_t>(label));
      windows.recording.push_back(static_cast<std::int32_t>(windows.recording.size()));
    }
  return windows;
}

TrainRequest request_for(const features::WindowSet& training, const features::WindowSet& validation,
                         std::vector<std::string> labels = {"slow", "medium", "fast"}) {
  TrainRequest request;
  request.name = "test";
  request.labels = std::move(labels);
  request.training = &training;
  request.validation = &validation;
  request.settings.epochs = 40;
  request.isa = IsaChoice::kBaseline;
  return request;
}

/// Share of the windows of class `label` that are recognised; all windows with label -1.
double recall(const TrainResult& result, const features::WindowSet& windows, std::int32_t label) {
  const auto answer = probabilities(result.network, windows, IsaChoice::kBaseline);
  EXPECT_TRUE(answer.has_value());
  const std::size_t classes = result.network.metadata.labels.size();
  int right = 0, total = 0;
  for (std::size_t window = 0; window < windows.label.size(); ++window) {
    if (label >= 0 && windows.label[window] != label) continue;
    const auto first = answer->begin() + static_cast<std::ptrdiff_t>(window * classes);
    const auto best = std::max_element(first, first + static_cast<std::ptrdiff_t>(classes)) - first;
    right += best == windows.label[window] ? 1 : 0;
    ++total;
  }
  return static_cast<double>(right) / total;
}

bool v3_works() {
  return engine(IsaChoice::kV3).has_value();
}

/// Every constant's bytes, one after the other.
std::vector<std::uint8_t> weight_bytes(const graph::Graph& graph) {
  std::vector<std::uint8_t> bytes;
  for (const graph::Value& value : graph.values)
    bytes.insert(bytes.end(), value.data.begin(), value.data.end());
  return bytes;
}

class Architectures : public testing::TestWithParam<const char*> {};

TEST_P(Architectures, LearnsToTellOscillationsApart) {
  const auto training = oscillations({200, 200, 200}, 1.5, 1), fresh = oscillations({100, 100, 100}, 1.5, 2);
  TrainRequest request = request_for(training, fresh);
  request.settings.architecture = GetParam();
  int reports = 0;
  const auto result = train(request, [&](const Progress& progress) {
    ++reports;
    EXPECT_EQ(progress.done, reports);
    EXPECT_EQ(progress.total, 40);
  });
  ASSERT_TRUE(result.has_value()) << to_text(result.error());
  EXPECT_EQ(reports, static_cast<int>(result->history.size()));
  EXPECT_GE(recall(*result, oscillations({100, 100, 100}, 1.5, 3), -1), 0.95);
  EXPECT_EQ(result->isa, "baseline");
}

TEST_P(Architectures, AgreeWithTheDevicesFloatKernels) {
  auto network = build_network(GetParam(), {kSamples, kAxes, 5}, Rng(7));
  ASSERT_TRUE(network.has_value());
  const auto windows = oscillations({10, 10}, 1.0, 8);
  const auto trained = probabilities(*network, windows, IsaChoice::kBaseline);
  ASSERT_TRUE(trained.has_value()) << to_text(trained.error());
  std::vector<float> input(windows.features.size());
  std::transform(windows.features.begin(), windows.features.end(), input.begin(),
                 [](std::int16_t feature) { return static_cast<float>(feature) / 2048.0f; });
  auto executor = execute::Executor::create(*network);
  ASSERT_TRUE(executor.has_value()) << to_text(executor.error());
  const auto executed = executor->run_batch(
      {reinterpret_cast<const std::uint8_t*>(input.data()), input.size() * sizeof(float)});
  ASSERT_TRUE(executed.has_value()) << to_text(executed.error());
  std::vector<float> expected(executed->size() / sizeof(float));
  std::memcpy(expected.data(), executed->data(), executed->size());
  ASSERT_EQ(expected.size(), trained->size());
  // Sums of up to 150 products of magnitude below 8, in three layers: 150 * 8 * 3 * 2^-24 on a logit.
  for (std::size_t index = 0; index < expected.size(); ++index)
    EXPECT_NEAR(expected[index], (*trained)[index], 150 * 8 * 3 * 0x1p-24);
}

TEST_P(Architectures, FitWindowsOfEveryAllowedSize) {
  for (const std::int32_t samples : {4, 5, 7, 16, 4096}) {
    const auto network = build_network(GetParam(), {samples, 1, 2}, Rng(1));
    ASSERT_TRUE(network.has_value());
    EXPECT_TRUE(execute::Executor::create(*network).has_value()) << samples << " samples";
  }
}

INSTANTIATE_TEST_SUITE_P(Train, Architectures, testing::Values("dense", "conv"),
                         [](const auto& one) { return std::string(one.param); });

TEST(Train, GivesTheSameBytesTwiceAndOthersFromAnotherSeed) {
  const auto training = oscillations({60, 60, 60}, 1.0, 1), validation = oscillations({20, 20, 20}, 1.0, 2);
  std::vector<IsaChoice> choices = {IsaChoice::kBaseline};
  if (v3_works()) choices.push_back(IsaChoice::kV3);
  for (const IsaChoice choice : choices)
    for (const char* architecture : {"dense", "conv"}) {
      TrainRequest request = request_for(training, validation);
      request.isa = choice;
      request.settings.epochs = 4;
      request.settings.architecture = architecture;
      const auto first = train(request);
      std::vector<char> elsewhere(12345);  // moves what is allocated next
      const auto second = train(request);
      ASSERT_TRUE(first.has_value() && second.has_value());
      EXPECT_EQ(weight_bytes(first->network), weight_bytes(second->network));
      request.settings.seed = 2;
      EXPECT_NE(weight_bytes(first->network), weight_bytes(train(request)->network));
    }
}

TEST(Train, KeepsTheBestEpochAndStopsWhenPatienceEnds) {
  const auto training = oscillations({20, 20, 20}, 0.4, 1), validation = oscillations({60, 60, 60}, 0.4, 2);
  TrainRequest request = request_for(training, validation);
  request.settings.epochs = 200;
  request.settings.patience = 7;
  const auto result = train(request);
  ASSERT_TRUE(result.has_value());
  const auto epochs = static_cast<std::int32_t>(result->history.size());
  EXPECT_LT(epochs, 200);
  EXPECT_EQ(epochs, result->best_epoch + 7);
  const auto& best = result->history[static_cast<std::size_t>(result->best_epoch - 1)];
  for (const EpochRecord& record : result->history) EXPECT_GE(record.validation_loss, best.validation_loss);
  EXPECT_GT(result->history.back().validation_loss, best.validation_loss);
  // The returned network has the best epoch's loss; the classes are equally many, so all weights are 1.
  const auto answer = probabilities(result->network, validation, IsaChoice::kBaseline);
  double loss = 0;
  for (std::size_t window = 0; window < validation.label.size(); ++window)
    loss -= std::log((*answer)[window * 3 + static_cast<std::size_t>(validation.label[window])]);
  // Probabilities are rounded to 2^-24 relative, so each logarithm is off by at most 2^-24.
  EXPECT_NEAR(loss / static_cast<double>(validation.label.size()), best.validation_loss, 0x1p-23);
}

TEST(Train, WeighsClassesSoThatARareOneIsStillRecognised) {
  EXPECT_EQ(class_weights({0, 0, 0, 1, 2, 2}, 3), (std::vector<float>{2.0f / 3, 2.0f, 1.0f}));
  const auto training = oscillations({800, 40}, 0.4, 1), validation = oscillations({400, 20}, 0.4, 2);
  TrainRequest request = request_for(training, validation, {"common", "rare"});
  request.settings.architecture = "conv";
  const auto result = train(request);
  ASSERT_TRUE(result.has_value());
  const auto fresh = oscillations({300, 300}, 0.4, 3);
  EXPECT_GE(recall(*result, fresh, 1), 0.6);
  EXPECT_GE(recall(*result, fresh, 0), 0.6);
}

TEST(Train, VectorBuildsAgree) {
  MOTE_REQUIRE_OR_SKIP(v3_works(), "a processor with x86-64-v3");
  const auto windows = oscillations({40, 40, 40}, 1.5, 1);
  TrainRequest request = request_for(windows, windows);
  const auto baseline = train(request);
  request.isa = IsaChoice::kV3;
  const auto wide = train(request);
  ASSERT_TRUE(baseline.has_value() && wide.has_value());
  EXPECT_EQ(wide->isa, "v3");
  // One network, two builds: only the rounding of sums differs, as above.
  const auto one = probabilities(baseline->network, windows, IsaChoice::kBaseline);
  const auto two = probabilities(baseline->network, windows, IsaChoice::kV3);
  for (std::size_t index = 0; index < one->size(); ++index)
    EXPECT_NEAR((*one)[index], (*two)[index], 150 * 8 * 3 * 0x1p-24);
  // Two trainings drift apart by chaos, but not in the first epoch.
  EXPECT_NEAR(baseline->history[0].train_loss, wide->history[0].train_loss, 1e-4);
}

TEST(Train, SaysWhatToDoWhenTheLossIsNoLongerANumber) {
  const auto windows = oscillations({20, 20, 20}, 1.0, 1);
  TrainRequest request = request_for(windows, windows);
  request.settings.learning_rate = 1e30;
  const auto result = train(request);
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().kind, ErrorKind::kInput);
  EXPECT_NE(result.error().what.find("training diverged: the loss of epoch"), std::string::npos);
  EXPECT_EQ(result.error().hint, "lower learning_rate in mote.toml (it is 1e+30)");
}

TEST(Train, RefusesALabelWithoutWindowsAndAnUnknownArchitecture) {
  const auto windows = oscillations({20, 0, 20}, 1.0, 1);
  TrainRequest request = request_for(windows, windows);
  EXPECT_EQ(train(request).error().what, "label 'medium' has no training windows");
  const auto full = oscillations({20, 20, 20}, 1.0, 1);
  request = request_for(full, full);
  request.settings.architecture = "cubic";
  EXPECT_EQ(train(request).error().what, "architecture 'cubic' is not known");
  request.settings.architecture = "dense";
  request.settings.epochs = 0;
  EXPECT_EQ(train(request).error().what, "epochs is 0, expected 1 or more");
}

TEST(Train, WithoutValidationWindowsKeepsTheLastEpoch) {
  const auto training = oscillations({40, 40, 40}, 1.5, 1);
  TrainRequest request = request_for(training, training);
  request.validation = nullptr;
  request.settings.epochs = 30;
  const auto result = train(request);
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(result->best_epoch, 30);
  EXPECT_GE(recall(*result, training, -1), 0.95);
}

TEST(Dispatch, KnowsItsNamesAndTheirEngines) {
  EXPECT_EQ(isa_choice_from("auto"), IsaChoice::kAuto);
  EXPECT_EQ(isa_choice_from("avx").error().kind, ErrorKind::kUsage);
  const auto baseline = engine(IsaChoice::kBaseline);
  ASSERT_TRUE(baseline.has_value()) << to_text(baseline.error());
  EXPECT_STREQ((*baseline)->isa, "baseline");
}

}  // namespace
}  // namespace mote::train
