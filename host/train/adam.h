// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

#include "ops/aligned_floats.h"

namespace mote::train {

/// Adam with decoupled weight decay (Kingma and Ba 2015; Loshchilov and Hutter 2019): decay rates 0.9 and
/// 0.999, epsilon 1e-7. Uses additions, multiplications, divisions and square roots only, which every machine
/// rounds alike.
class Adam {
 public:
  explicit Adam(std::int64_t parameters) : mean_(parameters), square_(parameters) {}

  /// One step; `parameters` [in, out], the others [in], all of the constructor's size. `decay_mask`: 1 where
  /// the decay applies, 0 elsewhere.
  void step(float* parameters, const float* gradients, const float* decay_mask, double learning_rate,
            double weight_decay);

 private:
  ops::AlignedFloats mean_, square_;
  double mean_power_ = 1, square_power_ = 1;  ///< decay rates to the power of the steps so far
};

}  // namespace mote::train
