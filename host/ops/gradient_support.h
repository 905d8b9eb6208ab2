// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <Eigen/Core>
#include <cmath>
#include <cstdint>

#include "core/error.h"
#include "graph/graph.h"
#include "mote/kernels/float_activation.h"
#include "ops/gradient.h"

/// What the gradients of several operators share.
namespace mote::ops {

using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using MatrixMap = Eigen::Map<Matrix, Eigen::Aligned64>;
using ConstMatrixMap = Eigen::Map<const Matrix, Eigen::Aligned64>;
using RowMap = Eigen::Map<Eigen::RowVectorXf, Eigen::Aligned64>;
using ConstRowMap = Eigen::Map<const Eigen::RowVectorXf, Eigen::Aligned64>;

/// Checks that activations are float32 with batch 1 and the parameters float32 constants; the shapes among
/// each other are the business of shape inference. Errors (kInput) name the node.
Result<void> check_trainable(const graph::Graph& graph, const graph::Node& node);

/// Clamps the outputs; a NaN stays one, so that a failed training shows.
inline void apply_activation(float* output, std::int64_t count, kernels::FloatActivation activation) {
  if (activation.activation_min == -INFINITY && activation.activation_max == INFINITY) return;
  for (std::int64_t index = 0; index < count; ++index) {
    const float value = output[index] < activation.activation_min ? activation.activation_min : output[index];
    output[index] = value > activation.activation_max ? activation.activation_max : value;
  }
}

/// Sets the gradient to zero where the output was clamped.
inline void mask_gradient(const float* output, float* gradient, std::int64_t count,
                          kernels::FloatActivation activation) {
  if (activation.activation_min == -INFINITY && activation.activation_max == INFINITY) return;
  for (std::int64_t index = 0; index < count; ++index) {
    const bool clamped =
        (output[index] <= activation.activation_min) | (output[index] >= activation.activation_max);
    gradient[index] = clamped ? 0.0f : gradient[index];
  }
}

}  // namespace mote::ops
