// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <vector>

#include "ops/gradient_support.h"
#include "ops/pool_2d_kernel.h"

namespace mote::ops::max_pool_2d {
namespace {

using kernels::TapRange;

/// The largest input of each window; its gradient goes to the first that is as large.
class TrainableMaxPool2d final : public TrainableNode {
 public:
  TrainableMaxPool2d(kernels::Pool2dShape shape, kernels::FloatActivation activation,
                     std::int32_t largest_batch)
      : shape_(shape),
        activation_(activation),
        chosen_(static_cast<std::size_t>(std::int64_t{largest_batch} * out_size())) {}

  void forward(const TrainingPass& pass) override {
    std::int32_t* chosen = chosen_.data();
    float* output = pass.output;
    for (std::int32_t sample = 0; sample < pass.batch; ++sample) {
      const float* input = pass.input + sample * in_size();
      for (std::int32_t row = 0; row < shape_.out_height; ++row)
        for (std::int32_t col = 0; col < shape_.out_width; ++col) {
          choose(input, row, col, output, chosen);
          output += shape_.channels;
          chosen += shape_.channels;
        }
    }
    apply_activation(pass.output, pass.batch * out_size(), activation_);
  }

  void backward(const TrainingPass& pass) override {
    if (pass.input_gradient == nullptr) return;
    mask_gradient(pass.output, pass.output_gradient, pass.batch * out_size(), activation_);
    std::fill_n(pass.input_gradient, pass.batch * in_size(), 0.0f);
    for (std::int32_t sample = 0; sample < pass.batch; ++sample) {
      const std::int32_t* chosen = chosen_.data() + sample * out_size();
      const float* from = pass.output_gradient + sample * out_size();
      float* to = pass.input_gradient + sample * in_size();
      for (std::int64_t index = 0; index < out_size(); ++index) to[chosen[index]] += from[index];
    }
  }

 private:
  std::int64_t in_size() const { return std::int64_t{shape_.in_height} * shape_.in_width * shape_.channels; }
  std::int64_t out_size() const {
    return std::int64_t{shape_.out_height} * shape_.out_width * shape_.channels;
  }

  /// The largest value of each channel in the window of one output pixel, and where in the sample it is.
  void choose(const float* input, std::int32_t out_row, std::int32_t out_col, float* largest,
              std::int32_t* chosen) const {
    const TapRange rows = kernels::tap_range(kernels::detail::pool_2d_rows(shape_), out_row);
    const TapRange cols = kernels::tap_range(kernels::detail::pool_2d_cols(shape_), out_col);
    bool first = true;
    for (std::int32_t row = rows.first; row < rows.end; ++row)
      for (std::int32_t col = cols.first; col < cols.end; ++col) {
        const std::int32_t at = ((rows.origin + row) * shape_.in_width + cols.origin + col) * shape_.channels;
        for (std::int32_t ch = 0; ch < shape_.channels; ++ch) {
          const float value = input[at + ch];
          const bool take = first || !(value <= largest[ch]);  // a NaN is taken and stays
          largest[ch] = take ? value : largest[ch];
          chosen[ch] = take ? at + ch : chosen[ch];
        }
        first = false;
      }
  }

  kernels::Pool2dShape shape_;  ///< of one sample
  kernels::FloatActivation activation_;
  std::vector<std::int32_t>
      chosen_;  ///< [sample][out_height][out_width][channel], index in the sample's input
};

Result<std::unique_ptr<TrainableNode>> prepare(const graph::Graph& graph, const graph::Node& node,
                                               std::int32_t largest_batch) {
  MOTE_CHECK(check_trainable(graph, node));
  MOTE_TRY(const FloatPool2d pool, float_pool_2d(graph, node));
  return std::make_unique<TrainableMaxPool2d>(pool.shape, pool.activation, largest_batch);
}

}  // namespace

extern const Gradient kGradient;
const Gradient kGradient = {prepare};

}  // namespace mote::ops::max_pool_2d
