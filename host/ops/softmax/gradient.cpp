// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <limits>

#include "core/portable_math.h"
#include "ops/gradient_support.h"
#include "ops/softmax/cross_entropy.h"
#include "ops/softmax/kernel.h"

namespace mote::ops::softmax {
namespace {

/// Softmax over the last dimension. A network that ends in one is trained through cross_entropy().
class TrainableSoftmax final : public TrainableNode {
 public:
  TrainableSoftmax(std::int64_t rows, std::int32_t depth, float beta)
      : rows_(rows), depth_(depth), beta_(beta) {}

  void forward(const TrainingPass& pass) override {
    for (std::int64_t row = 0; row < pass.batch * rows_; ++row)
      portable_softmax(pass.input + row * depth_, depth_, beta_, pass.output + row * depth_);
  }

  void backward(const TrainingPass& pass) override {
    if (pass.input_gradient == nullptr) return;
    for (std::int64_t row = 0; row < pass.batch * rows_; ++row) {
      const float* probability = pass.output + row * depth_;
      const float* gradient = pass.output_gradient + row * depth_;
      double mean = 0;
      for (std::int32_t index = 0; index < depth_; ++index)
        mean += double{probability[index]} * double{gradient[index]};
      for (std::int32_t index = 0; index < depth_; ++index)
        pass.input_gradient[row * depth_ + index] =
            static_cast<float>(double{beta_} * double{probability[index]} * (double{gradient[index]} - mean));
    }
  }

 private:
  std::int64_t rows_;  ///< of one sample
  std::int32_t depth_;
  float beta_;
};

Result<std::unique_ptr<TrainableNode>> prepare(const graph::Graph& graph, const graph::Node& node,
                                               std::int32_t /*largest_batch*/) {
  MOTE_CHECK(check_trainable(graph, node));
  MOTE_TRY(const kernels::SoftmaxFloatShape shape, float_layer(graph, node));
  return std::make_unique<TrainableSoftmax>(shape.rows, shape.depth, shape.beta);
}

}  // namespace

double portable_softmax(const float* logits, std::int32_t depth, float beta, float* probabilities) {
  float largest = logits[0];
  bool finite = true;
  for (std::int32_t index = 0; index < depth; ++index) {
    largest = std::max(largest, logits[index]);
    finite = finite && std::isfinite(logits[index]);
  }
  if (!finite) {
    std::fill_n(probabilities, depth, std::numeric_limits<float>::quiet_NaN());
    return std::numeric_limits<double>::quiet_NaN();
  }
  double sum = 0;
  for (std::int32_t index = 0; index < depth; ++index)
    sum += portable_exp(double{beta} * (double{logits[index]} - double{largest}));
  const double log_sum = portable_log(sum);
  for (std::int32_t index = 0; index < depth; ++index)
    probabilities[index] =
        static_cast<float>(portable_exp(double{beta} * (double{logits[index]} - double{largest})) / sum);
  return log_sum;
}

double cross_entropy(const CrossEntropyBatch& batch) {
  double loss = 0;
  for (std::int32_t sample = 0; sample < batch.batch; ++sample) {
    const std::int64_t row = std::int64_t{sample} * batch.classes;
    const float* logits = batch.logits + row;
    float* probabilities = batch.probabilities + row;
    const double log_sum = portable_softmax(logits, batch.classes, batch.beta, probabilities);
    const std::int32_t label = batch.labels[sample];
    const double largest = *std::max_element(logits, logits + batch.classes);
    const float weight = batch.class_weights[label];
    loss += double{weight} * (log_sum - double{batch.beta} * (double{logits[label]} - largest));
    if (batch.logits_gradient == nullptr) continue;
    const float scale = weight * batch.beta / static_cast<float>(batch.batch);
    for (std::int32_t index = 0; index < batch.classes; ++index)
      batch.logits_gradient[row + index] = scale * (probabilities[index] - (index == label ? 1.0f : 0.0f));
  }
  return loss;
}

extern const Gradient kGradient;
const Gradient kGradient = {prepare};

}  // namespace mote::ops::softmax
