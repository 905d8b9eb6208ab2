// SPDX-License-Identifier: Apache-2.0
#include "train/adam.h"

#include <cmath>

namespace mote::train {

void Adam::step(float* __restrict parameters, const float* __restrict gradients,
                const float* __restrict decay_mask, double learning_rate, double weight_decay) {
  constexpr float kMeanDecay = 0.9f, kSquareDecay = 0.999f, kEpsilon = 1e-7f;
  mean_power_ *= double{kMeanDecay};
  square_power_ *= double{kSquareDecay};
  // The bias corrections, drawn out of the loop: rate * (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + epsilon).
  const double root = std::sqrt(1.0 - square_power_);
  const auto rate = static_cast<float>(learning_rate * root / (1.0 - mean_power_));
  const auto epsilon = static_cast<float>(double{kEpsilon} * root);
  const auto decay = static_cast<float>(learning_rate * weight_decay);
  float* __restrict mean = mean_.data();
  float* __restrict square = square_.data();
  const std::int64_t count = mean_.size();
  for (std::int64_t index = 0; index < count; ++index) {
    const float gradient = gradients[index];
    mean[index] = kMeanDecay * mean[index] + (1.0f - kMeanDecay) * gradient;
    square[index] = kSquareDecay * square[index] + (1.0f - kSquareDecay) * gradient * gradient;
    parameters[index] -= rate * mean[index] / (std::sqrt(square[index]) + epsilon) +
                         decay * decay_mask[index] * parameters[index];
  }
}

}  // namespace mote::train
