// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "ops/conv_2d/kernel.h"
#include "ops/gradient_support.h"

namespace mote::ops::conv_2d {
namespace {

using kernels::TapRange;

/// Convolution as a product of matrices: each output pixel's window is a row of `patches`
/// [batch * out_height * out_width][kernel_height * kernel_width * in_channels], zero where it leaves the
/// input.
class TrainableConv2d final : public TrainableNode {
 public:
  TrainableConv2d(kernels::Conv2dShape shape, kernels::FloatActivation activation, std::int32_t largest_batch)
      : shape_(shape),
        activation_(activation),
        rows_{shape.in_height,     shape.out_height,      shape.kernel_height,
              shape.stride_height, shape.dilation_height, shape.pad_top},
        cols_{shape.in_width,     shape.out_width,      shape.kernel_width,
              shape.stride_width, shape.dilation_width, shape.pad_left},
        patches_(std::int64_t{largest_batch} * pixels(), patch_size()),
        patch_gradients_(patches_.rows(), patches_.cols()) {}

  void forward(const TrainingPass& pass) override {
    const std::int64_t rows = std::int64_t{pass.batch} * pixels();
    for (std::int32_t sample = 0; sample < pass.batch; ++sample) gather(pass.input, sample);
    MatrixMap output(pass.output, rows, shape_.out_channels);
    output.noalias() = patches_.topRows(rows) * weights(pass).transpose();
    if (pass.parameters[1] != nullptr)
      output.rowwise() += ConstRowMap(pass.parameters[1], shape_.out_channels);
    apply_activation(pass.output, output.size(), activation_);
  }

  void backward(const TrainingPass& pass) override {
    const std::int64_t rows = std::int64_t{pass.batch} * pixels();
    MatrixMap gradient(pass.output_gradient, rows, shape_.out_channels);
    mask_gradient(pass.output, pass.output_gradient, gradient.size(), activation_);
    MatrixMap(pass.parameter_gradients[0], shape_.out_channels, patch_size()).noalias() =
        gradient.transpose() * patches_.topRows(rows);
    if (pass.parameter_gradients[1] != nullptr)
      RowMap(pass.parameter_gradients[1], shape_.out_channels) = gradient.colwise().sum();
    if (pass.input_gradient == nullptr) return;
    patch_gradients_.topRows(rows).noalias() = gradient * weights(pass);
    std::fill_n(pass.input_gradient, pass.batch * sample_size(), 0.0f);
    for (std::int32_t sample = 0; sample < pass.batch; ++sample) scatter(pass.input_gradient, sample);
  }

 private:
  std::int64_t pixels() const { return std::int64_t{shape_.out_height} * shape_.out_width; }
  std::int64_t patch_size() const {
    return std::int64_t{shape_.kernel_height} * shape_.kernel_width * shape_.in_channels;
  }
  std::int64_t sample_size() const {
    return std::int64_t{shape_.in_height} * shape_.in_width * shape_.in_channels;
  }
  ConstMatrixMap weights(const TrainingPass& pass) const {
    return {pass.parameters[0], shape_.out_channels, patch_size()};
  }

  /// Calls `run(input offset, patch offset, floats)` for each contiguous run of the patch of one output
  /// pixel.
  template <class Run>
  void for_each_run(std::int32_t out_row, std::int32_t out_col, Run run) const {
    const TapRange rows = kernels::tap_range(rows_, out_row), cols = kernels::tap_range(cols_, out_col);
    if (cols.end <= cols.first) return;
    const std::int64_t channels = shape_.in_channels;
    const bool dense = shape_.dilation_width == 1;
    const std::int32_t step = dense ? cols.end - cols.first : 1;
    for (std::int32_t row = rows.first; row < rows.end; ++row)
      for (std::int32_t col = cols.first; col < cols.end; col += step) {
        const std::int64_t in_row = rows.origin + std::int64_t{row} * shape_.dilation_height;
        const std::int64_t in_col = cols.origin + std::int64_t{col} * shape_.dilation_width;
        run((in_row * shape_.in_width + in_col) * channels,
            (std::int64_t{row} * shape_.kernel_width + col) * channels, step * channels);
      }
  }

  void gather(const float* input, std::int32_t sample) {
    const float* in = input + sample * sample_size();
    float* patch = patches_.data() + sample * pixels() * patch_size();
    for (std::int32_t row = 0; row < shape_.out_height; ++row)
      for (std::int32_t col = 0; col < shape_.out_width; ++col, patch += patch_size()) {
        std::int64_t filled = 0;
        for_each_run(row, col, [&](std::int64_t from, std::int64_t to, std::int64_t count) {
          std::copy_n(in + from, count, patch + to);
          filled += count;
        });
        if (filled == patch_size()) continue;
        std::fill_n(patch, patch_size(), 0.0f);  // the window leaves the input
        for_each_run(row, col, [&](std::int64_t from, std::int64_t to, std::int64_t count) {
          std::copy_n(in + from, count, patch + to);
        });
      }
  }

  void scatter(float* input_gradient, std::int32_t sample) const {
    float* in = input_gradient + sample * sample_size();
    const float* patch = patch_gradients_.data() + sample * pixels() * patch_size();
    for (std::int32_t row = 0; row < shape_.out_height; ++row)
      for (std::int32_t col = 0; col < shape_.out_width; ++col, patch += patch_size())
        for_each_run(row, col, [&](std::int64_t to, std::int64_t from, std::int64_t count) {
          for (std::int64_t index = 0; index < count; ++index) in[to + index] += patch[from + index];
        });
  }

  kernels::Conv2dShape shape_;  ///< of one sample
  kernels::FloatActivation activation_;
  kernels::SpatialAxis rows_, cols_;
  Matrix patches_, patch_gradients_;
};

Result<std::unique_ptr<TrainableNode>> prepare(const graph::Graph& graph, const graph::Node& node,
                                               std::int32_t largest_batch) {
  MOTE_CHECK(check_trainable(graph, node));
  MOTE_TRY(const FloatWeightLayer<kernels::Conv2dShape> layer, float_layer(graph, node));
  if (layer.shape.groups != 1) return refuse(graph, node, "grouped convolutions cannot be trained");
  return std::make_unique<TrainableConv2d>(layer.shape, layer.activation, largest_batch);
}

}  // namespace

extern const Gradient kGradient;
const Gradient kGradient = {prepare};

}  // namespace mote::ops::conv_2d
