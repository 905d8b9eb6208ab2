// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "ops/conv_2d/conv_2d.h"
#include "ops/gradient_test_support.h"

namespace mote::ops::conv_2d {
namespace {

std::int32_t below(Rng& rng, std::uint64_t count) {
  return static_cast<std::int32_t>(rng.below(count));
}

/// TFLite's output extent.
std::int32_t extent(std::int32_t in, std::int32_t kernel, std::int32_t stride, std::int32_t dilation,
                    Padding padding) {
  if (padding == Padding::kSame) return (in + stride - 1) / stride;
  return (in - (kernel - 1) * dilation - 1) / stride + 1;
}

TEST(Conv2dGradient, AgreesWithDifferencesOnRandomShapes) {
  Rng rng(22);
  for (int trial = 0; trial < 40; ++trial) {
    const bool one_dimensional = trial % 2 == 0;
    Attributes attributes;
    attributes.padding = rng.below(2) == 0 ? Padding::kSame : Padding::kValid;
    attributes.stride_height = one_dimensional ? 1 : 1 + below(rng, 3);
    attributes.stride_width = 1 + below(rng, 3);
    attributes.dilation_height = one_dimensional ? 1 : 1 + below(rng, 2);
    attributes.dilation_width = 1 + below(rng, 2);
    attributes.activation = static_cast<Activation>(rng.below(3));
    const std::int32_t kernel_height = one_dimensional ? 1 : 1 + below(rng, 3);
    const std::int32_t kernel_width = 1 + below(rng, 4), in_ch = 1 + below(rng, 3),
                       out_ch = 1 + below(rng, 4);
    const std::int32_t height =
        one_dimensional ? 1 : (kernel_height - 1) * attributes.dilation_height + 1 + below(rng, 5);
    const std::int32_t width = (kernel_width - 1) * attributes.dilation_width + 1 + below(rng, 8);
    const std::int32_t out_height = extent(height, kernel_height, attributes.stride_height,
                                           attributes.dilation_height, attributes.padding);
    const std::int32_t out_width =
        extent(width, kernel_width, attributes.stride_width, attributes.dilation_width, attributes.padding);
    std::vector<std::vector<std::int32_t>> parameters = {{out_ch, kernel_height, kernel_width, in_ch}};
    if (rng.below(4) != 0) parameters.push_back({out_ch});
    SCOPED_TRACE(testing::Message() << "trial " << trial << ": " << height << " x " << width << " x " << in_ch
                                    << ", kernel " << kernel_height << " x " << kernel_width);
    expect_gradients_agree(one_node_graph("conv_2d", to_map(attributes), {1, height, width, in_ch},
                                          parameters, {1, out_height, out_width, out_ch}, rng),
                           rng);
  }
}

}  // namespace
}  // namespace mote::ops::conv_2d
