// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "ops/gradient_support.h"
#include "ops/pool_2d_kernel.h"

namespace mote::ops::average_pool_2d {
namespace {

using kernels::TapRange;

/// The mean of each window's elements inside the input.
class TrainableAveragePool2d final : public TrainableNode {
 public:
  TrainableAveragePool2d(kernels::Pool2dShape shape, kernels::FloatActivation activation)
      : shape_(shape), activation_(activation) {}

  void forward(const TrainingPass& pass) override {
    std::fill_n(pass.output, pass.batch * out_size(), 0.0f);
    for (std::int32_t sample = 0; sample < pass.batch; ++sample) {
      const float* input = pass.input + sample * in_size();
      float* output = pass.output + sample * out_size();
      for_each_tap([&](std::int64_t in, std::int64_t out, float share) {
        for (std::int32_t ch = 0; ch < shape_.channels; ++ch) output[out + ch] += input[in + ch] * share;
      });
    }
    apply_activation(pass.output, pass.batch * out_size(), activation_);
  }

  void backward(const TrainingPass& pass) override {
    if (pass.input_gradient == nullptr) return;
    mask_gradient(pass.output, pass.output_gradient, pass.batch * out_size(), activation_);
    std::fill_n(pass.input_gradient, pass.batch * in_size(), 0.0f);
    for (std::int32_t sample = 0; sample < pass.batch; ++sample) {
      const float* from = pass.output_gradient + sample * out_size();
      float* to = pass.input_gradient + sample * in_size();
      for_each_tap([&](std::int64_t in, std::int64_t out, float share) {
        for (std::int32_t ch = 0; ch < shape_.channels; ++ch) to[in + ch] += from[out + ch] * share;
      });
    }
  }

 private:
  std::int64_t in_size() const { return std::int64_t{shape_.in_height} * shape_.in_width * shape_.channels; }
  std::int64_t out_size() const {
    return std::int64_t{shape_.out_height} * shape_.out_width * shape_.channels;
  }

  /// Calls `tap(input pixel, output pixel, 1 / window size)` for each pair that belongs together in a sample;
  /// the pixels as offsets of their first channel.
  template <class Tap>
  void for_each_tap(Tap tap) const {
    std::int64_t out = 0;
    for (std::int32_t out_row = 0; out_row < shape_.out_height; ++out_row) {
      const TapRange rows = kernels::tap_range(kernels::detail::pool_2d_rows(shape_), out_row);
      for (std::int32_t out_col = 0; out_col < shape_.out_width; ++out_col, out += shape_.channels) {
        const TapRange cols = kernels::tap_range(kernels::detail::pool_2d_cols(shape_), out_col);
        const float share = 1.0f / static_cast<float>((rows.end - rows.first) * (cols.end - cols.first));
        for (std::int32_t row = rows.first; row < rows.end; ++row)
          for (std::int32_t col = cols.first; col < cols.end; ++col) {
            const std::int64_t pixel = std::int64_t{rows.origin + row} * shape_.in_width + cols.origin + col;
            tap(pixel * shape_.channels, out, share);
          }
      }
    }
  }

  kernels::Pool2dShape shape_;  ///< of one sample
  kernels::FloatActivation activation_;
};

Result<std::unique_ptr<TrainableNode>> prepare(const graph::Graph& graph, const graph::Node& node,
                                               std::int32_t /*largest_batch*/) {
  MOTE_CHECK(check_trainable(graph, node));
  MOTE_TRY(const FloatPool2d pool, float_pool_2d(graph, node));
  return std::make_unique<TrainableAveragePool2d>(pool.shape, pool.activation);
}

}  // namespace

extern const Gradient kGradient;
const Gradient kGradient = {prepare};

}  // namespace mote::ops::average_pool_2d
