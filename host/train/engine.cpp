// SPDX-License-Identifier: Apache-2.0
// Compiled once for each vector build; see CMakeLists.txt for the flags that make a build the same
// everywhere.
#include "train/engine.h"

#include <fmt/format.h>

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <new>
#include <numeric>
#if defined(__SSE__)
#include <xmmintrin.h>
#endif

#include "core/random.h"
#include "core/version.h"
#include "mote/dsp/normalize.h"
#include "train/adam.h"
#include "train/network.h"

namespace mote::train {
namespace {

/// Validation and prediction go through the network in batches of at least this many windows.
constexpr std::int32_t kEvaluationBatch = 64;
/// The learning rate falls along a parabola to this share of its first value.
constexpr double kFinalLearningRate = 0.05;

/// While it lives, results too small for a normal float count as zero: Adam's averages of a gradient that has
/// become zero would else crawl through them at a hundredth of the speed.
class FlushSmallToZero {
 public:
#if defined(__SSE__)
  FlushSmallToZero() : before_(_mm_getcsr()) { _mm_setcsr(before_ | 0x8040u); }
  ~FlushSmallToZero() { _mm_setcsr(before_); }
#else
  FlushSmallToZero() {}
  ~FlushSmallToZero() {}
#endif
  FlushSmallToZero(const FlushSmallToZero&) = delete;
  FlushSmallToZero& operator=(const FlushSmallToZero&) = delete;

 private:
  [[maybe_unused]] unsigned before_ = 0;
};

/// What every pass over data does first: fixed sizes for the blocks of Eigen's products, which it would else
/// take from this machine's caches; the order of sums depends on them.
void fix_blocking() {
  Eigen::setCpuCacheSizes(32 * 1024, 256 * 1024, 2 * 1024 * 1024);
}

void load_window(std::span<const std::int16_t> features, std::int64_t window, std::int64_t size, float* to) {
  constexpr float kUnit = 1.0f / static_cast<float>(1 << dsp::kFeatureFractionBits);
  const std::int16_t* from = features.data() + window * size;
  for (std::int64_t index = 0; index < size; ++index) to[index] = static_cast<float>(from[index]) * kUnit;
}

std::int32_t most_probable(const float* probabilities, std::int32_t classes) {
  return static_cast<std::int32_t>(std::max_element(probabilities, probabilities + classes) - probabilities);
}

/// How far a training window is moved in time at most, as a share of its length; the gap repeats the sample
/// at the edge. Where a gesture starts in its window says nothing about what it is.
constexpr double kLargestShift = 0.1;

/// As load_window(), moved by `shift` samples (later if positive).
void load_shifted_window(std::span<const std::int16_t> features, std::int64_t window, std::int64_t samples,
                         std::int64_t axes, std::int64_t shift, float* to) {
  load_window(features, window, samples * axes, to);
  if (shift > 0) {
    std::copy_backward(to, to + (samples - shift) * axes, to + samples * axes);
    for (std::int64_t sample = 0; sample < shift; ++sample)
      std::copy_n(to + shift * axes, axes, to + sample * axes);
  } else if (shift < 0) {
    std::copy(to - shift * axes, to + samples * axes, to);
    const std::int64_t last = samples + shift - 1;
    for (std::int64_t sample = last + 1; sample < samples; ++sample)
      std::copy_n(to + last * axes, axes, to + sample * axes);
  }
}

/// Sums over a set of windows.
struct Score {
  double loss = 0;
  std::int64_t right = 0;
};

std::int64_t count_right(Network& network, std::span<const std::int32_t> labels) {
  std::int64_t right = 0;
  const float* probabilities = network.probabilities();
  for (const std::int32_t label : labels) {
    right += most_probable(probabilities, network.classes()) == label ? 1 : 0;
    probabilities += network.classes();
  }
  return right;
}

class Training {
 public:
  Training(const EngineRequest& request, Network network)
      : request_(request),
        settings_(request.settings),
        network_(std::move(network)),
        samples_(request.samples),
        adam_(network_.parameters().size()),
        rng_(Rng(settings_.seed).fork(1)),
        order_(request.training.labels.size()),
        labels_(static_cast<std::size_t>(network_.largest_batch())),
        best_(network_.parameters().begin(), network_.parameters().end()) {
    std::iota(order_.begin(), order_.end(), std::int64_t{0});
  }

  Result<EngineResult> run() {
    EngineResult result;
    double best_loss = INFINITY;
    for (std::int32_t epoch = 1; epoch <= settings_.epochs; ++epoch) {
      const EpochRecord record = one_epoch(epoch);
      result.history.push_back(record);
      if (!sound(record)) return diverged(record);
      report(record);
      const bool guided = !request_.validation.labels.empty();
      if (!guided || record.validation_loss < best_loss) {
        best_loss = record.validation_loss;
        result.best_epoch = epoch;
        std::copy(network_.parameters().begin(), network_.parameters().end(), best_.begin());
      }
      if (guided && epoch - result.best_epoch >= settings_.patience) break;
    }
    std::copy(best_.begin(), best_.end(), network_.parameters().begin());
    result.network = *request_.network;
    network_.store(result.network);
    return result;
  }

 private:
  EpochRecord one_epoch(std::int32_t epoch) {
    rng_.shuffle(order_);
    const double progress = static_cast<double>(epoch - 1) / settings_.epochs;
    // cos(x) through its half angle would need a cosine that is the same everywhere; a parabola serves as
    // well.
    const double falling = (1.0 - progress) * (1.0 - progress);
    const double rate = settings_.learning_rate * (kFinalLearningRate + (1.0 - kFinalLearningRate) * falling);
    Score train;
    const auto count = static_cast<std::int64_t>(order_.size());
    for (std::int64_t first = 0; first < count; first += settings_.batch)
      one_step(std::span(order_).subspan(
                   static_cast<std::size_t>(first),
                   static_cast<std::size_t>(std::min<std::int64_t>(settings_.batch, count - first))),
               rate, train);
    const Score validation = evaluate();
    const auto share = [](double sum, std::size_t of) {
      return of == 0 ? 0.0 : sum / static_cast<double>(of);
    };
    return {epoch, share(train.loss, order_.size()),
            share(validation.loss, request_.validation.labels.size()),
            share(static_cast<double>(train.right), order_.size()),
            share(static_cast<double>(validation.right), request_.validation.labels.size())};
  }

  std::int64_t random_shift() {
    const auto most = static_cast<std::int64_t>(kLargestShift * static_cast<double>(samples_));
    return static_cast<std::int64_t>(rng_.below(static_cast<std::uint64_t>(2 * most + 1))) - most;
  }

  void one_step(std::span<const std::int64_t> windows, double rate, Score& score) {
    for (std::size_t slot = 0; slot < windows.size(); ++slot) {
      load_shifted_window(request_.training.features, windows[slot], samples_,
                          network_.input_size() / samples_, random_shift(),
                          network_.input() + static_cast<std::int64_t>(slot) * network_.input_size());
      labels_[slot] = request_.training.labels[static_cast<std::size_t>(windows[slot])];
    }
    const std::span<const std::int32_t> labels(labels_.data(), windows.size());
    network_.forward(static_cast<std::int32_t>(windows.size()));
    score.loss += network_.loss_and_gradients(labels, request_.class_weights);
    score.right += count_right(network_, labels);
    adam_.step(network_.parameters().data(), network_.gradients().data(), network_.decay_mask().data(), rate,
               request_.weight_decay);
  }

  Score evaluate() {
    Score score;
    const auto& labels = request_.validation.labels;
    for (std::size_t first = 0; first < labels.size(); first += kEvaluationBatch) {
      const auto part = labels.subspan(first, std::min<std::size_t>(kEvaluationBatch, labels.size() - first));
      for (std::size_t slot = 0; slot < part.size(); ++slot)
        load_window(request_.validation.features, static_cast<std::int64_t>(first + slot),
                    network_.input_size(),
                    network_.input() + static_cast<std::int64_t>(slot) * network_.input_size());
      network_.forward(static_cast<std::int32_t>(part.size()));
      score.loss += network_.loss(part, request_.class_weights);
      score.right += count_right(network_, part);
    }
    return score;
  }

  bool sound(const EpochRecord& record) {
    return std::isfinite(record.train_loss) && std::isfinite(record.validation_loss) &&
           std::all_of(network_.parameters().begin(), network_.parameters().end(),
                       [](float value) { return std::isfinite(value); });
  }

  std::unexpected<Error> diverged(const EpochRecord& record) const {
    return fail(ErrorKind::kInput,
                fmt::format("training diverged: the loss of epoch {} is not a finite number", record.epoch),
                request_.network->name,
                fmt::format("lower learning_rate in mote.toml (it is {})", settings_.learning_rate));
  }

  void report(const EpochRecord& record) const {
    if (!request_.progress) return;
    std::string text = fmt::format("epoch {}  loss {:.3f}  accuracy {:.3f}", record.epoch, record.train_loss,
                                   record.train_accuracy);
    if (!request_.validation.labels.empty())
      text += fmt::format("  validation {:.3f}, {:.3f}", record.validation_loss, record.validation_accuracy);
    request_.progress({record.epoch, settings_.epochs, std::move(text)});
  }

  const EngineRequest& request_;
  const project::TrainingSettings& settings_;
  Network network_;
  std::int64_t samples_;  ///< of a window
  Adam adam_;
  Rng rng_;
  std::vector<std::int64_t> order_;   ///< the training windows as this epoch sees them
  std::vector<std::int32_t> labels_;  ///< of the batch
  std::vector<float> best_;
};

Result<EngineResult> train(const EngineRequest& request) try {
  fix_blocking();
  const FlushSmallToZero small_to_zero;
  MOTE_TRY(Network network,
           Network::prepare(*request.network, std::max(request.settings.batch, kEvaluationBatch)));
  return Training(request, std::move(network)).run();
} catch (const std::bad_alloc&) {
  return fail(ErrorKind::kInternal, "out of memory while training", request.network->name);
}

Result<std::vector<float>> probabilities(const graph::Graph& graph,
                                         std::span<const std::int16_t> features) try {
  fix_blocking();
  const FlushSmallToZero small_to_zero;
  MOTE_TRY(Network network, Network::prepare(graph, kEvaluationBatch));
  const std::int64_t size = network.input_size();
  const auto count = static_cast<std::int64_t>(features.size()) / size;
  std::vector<float> result;
  result.reserve(static_cast<std::size_t>(count * network.classes()));
  for (std::int64_t first = 0; first < count; first += kEvaluationBatch) {
    const auto batch = static_cast<std::int32_t>(std::min<std::int64_t>(kEvaluationBatch, count - first));
    for (std::int32_t slot = 0; slot < batch; ++slot)
      load_window(features, first + slot, size, network.input() + slot * size);
    network.forward(batch);
    network.softmax(batch);
    result.insert(result.end(), network.probabilities(),
                  network.probabilities() + std::int64_t{batch} * network.classes());
  }
  return result;
} catch (const std::bad_alloc&) {
  return fail(ErrorKind::kInternal, "out of memory while computing probabilities", graph.name);
}

constexpr Engine kEngine = {kVersion, MOTE_TRAIN_ISA, train, probabilities};

}  // namespace
}  // namespace mote::train

extern "C" __attribute__((visibility("default"))) const mote::train::Engine* mote_train_engine() {
  return &mote::train::kEngine;
}
