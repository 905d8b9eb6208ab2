// SPDX-License-Identifier: Apache-2.0
#include "ops/fully_connected/kernel.h"
#include "ops/gradient_support.h"

namespace mote::ops::fully_connected {
namespace {

/// output = input weights^T + bias; weights [out_features][in_features].
class TrainableFullyConnected final : public TrainableNode {
 public:
  explicit TrainableFullyConnected(const FloatWeightLayer<kernels::FullyConnectedShape>& layer)
      : in_features_(layer.shape.in_features),
        out_features_(layer.shape.out_features),
        rows_(layer.shape.batch),
        activation_(layer.activation) {}

  void forward(const TrainingPass& pass) override {
    MatrixMap output(pass.output, rows(pass), out_features_);
    output.noalias() = input(pass) * weights(pass).transpose();
    if (pass.parameters[1] != nullptr) output.rowwise() += ConstRowMap(pass.parameters[1], out_features_);
    apply_activation(pass.output, output.size(), activation_);
  }

  void backward(const TrainingPass& pass) override {
    MatrixMap gradient(pass.output_gradient, rows(pass), out_features_);
    mask_gradient(pass.output, pass.output_gradient, gradient.size(), activation_);
    MatrixMap(pass.parameter_gradients[0], out_features_, in_features_).noalias() =
        gradient.transpose() * input(pass);
    if (pass.parameter_gradients[1] != nullptr)
      RowMap(pass.parameter_gradients[1], out_features_) = gradient.colwise().sum();
    if (pass.input_gradient != nullptr)
      MatrixMap(pass.input_gradient, rows(pass), in_features_).noalias() = gradient * weights(pass);
  }

 private:
  std::int64_t rows(const TrainingPass& pass) const { return pass.batch * rows_; }
  ConstMatrixMap input(const TrainingPass& pass) const { return {pass.input, rows(pass), in_features_}; }
  ConstMatrixMap weights(const TrainingPass& pass) const {
    return {pass.parameters[0], out_features_, in_features_};
  }

  std::int64_t in_features_, out_features_;
  std::int64_t rows_;  ///< of one sample; 1 unless the layer keeps dimensions
  kernels::FloatActivation activation_;
};

Result<std::unique_ptr<TrainableNode>> prepare(const graph::Graph& graph, const graph::Node& node,
                                               std::int32_t /*largest_batch*/) {
  MOTE_CHECK(check_trainable(graph, node));
  MOTE_TRY(const FloatWeightLayer<kernels::FullyConnectedShape> layer, float_layer(graph, node));
  return std::make_unique<TrainableFullyConnected>(layer);
}

}  // namespace

extern const Gradient kGradient;
const Gradient kGradient = {prepare};

}  // namespace mote::ops::fully_connected
