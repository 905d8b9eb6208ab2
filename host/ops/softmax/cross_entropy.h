// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

namespace mote::ops::softmax {

/// One batch for softmax and cross-entropy in one step: no logarithm of a probability that has become 0.
struct CrossEntropyBatch {
  std::int32_t batch = 0;
  std::int32_t classes = 0;
  float beta = 1;                        ///< the softmax's
  const float* logits = nullptr;         ///< [in] [sample][class]
  const std::int32_t* labels = nullptr;  ///< [in] [sample], 0 ... classes - 1
  const float* class_weights = nullptr;  ///< [in] [class]
  float* probabilities = nullptr;        ///< [out] [sample][class]
  float* logits_gradient = nullptr;  ///< [out] [sample][class] of the mean weighted loss; null: not wanted
};

/// The sum over the batch of class weight * -ln(probability of the label); NaN if a logit is not finite.
/// Computed in double by portable functions: the same bits on every machine.
double cross_entropy(const CrossEntropyBatch& batch);

/// The softmax of `depth` logits, computed likewise; returns ln of the sum of e^(beta * (logit - largest)).
double portable_softmax(const float* logits, std::int32_t depth, float beta, float* probabilities);

}  // namespace mote::ops::softmax
