// SPDX-License-Identifier: Apache-2.0
// Time of a whole training: 1,000 windows of 100 samples of 3 axes, 50 epochs, batch 16, Adam. Run with
// `taskset -c 0 build/bench/train_bench` on a machine that does nothing else.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>

#include "core/random.h"
#include "train/train.h"

namespace mote::train {
namespace {

features::WindowSet noisy_oscillations(std::int64_t count) {
  features::WindowSet windows;
  windows.rows = 100;
  windows.columns = 3;
  Rng rng(1);
  for (std::int64_t window = 0; window < count; ++window) {
    const auto label = static_cast<std::int32_t>(window % 3);
    const double phase = rng.uniform(0, 6.0);
    for (int sample = 0; sample < 100; ++sample)
      for (int axis = 0; axis < 3; ++axis) {
        const double value = 0.5 * std::sin(0.1 * (label + 1) * sample + phase + axis) + rng.normal();
        windows.features.push_back(static_cast<std::int16_t>(std::clamp(value, -15.0, 15.0) * 2048));
      }
    windows.label.push_back(label);
    windows.recording.push_back(static_cast<std::int32_t>(window));
  }
  return windows;
}

void train_1000_windows_50_epochs(benchmark::State& state, const char* architecture, IsaChoice isa) {
  const features::WindowSet windows = noisy_oscillations(1000);
  TrainRequest request;
  request.name = "bench";
  request.labels = {"a", "b", "c"};
  request.training = &windows;
  request.settings.architecture = architecture;
  request.settings.epochs = 50;
  request.isa = isa;
  for (auto iteration : state) {
    const auto result = train(request);
    if (!result.has_value()) return state.SkipWithError(to_text(result.error()).c_str());
    benchmark::DoNotOptimize(result->history.back().train_loss);
  }
}

BENCHMARK_CAPTURE(train_1000_windows_50_epochs, dense_v3, "dense", IsaChoice::kV3)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(train_1000_windows_50_epochs, dense_baseline, "dense", IsaChoice::kBaseline)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(train_1000_windows_50_epochs, conv_v3, "conv", IsaChoice::kV3)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(train_1000_windows_50_epochs, conv_baseline, "conv", IsaChoice::kBaseline)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace mote::train
