// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "mote/kernels/fully_connected_variants.h"

namespace mote::kernels {
namespace {

// in = {3, 5} with zero point 1, weights {{2, -1}, {4, 7}}, bias {10, -20}, factor 1/4 (2^30 * 2^(-1-31)):
// (2*2 - 1*4 + 10) / 4 = 2.5, rounded to 3; (4*2 + 7*4 - 20) / 4 = 4; output zero point -3.
TEST(FullyConnected, computes_the_hand_example) {
  const FullyConnectedShape shape = {1, 2, 2, 1, -3, -128, 127, false};
  const int8_t weights[] = {2, -1, 4, 7};
  const int32_t bias[] = {10, -20};
  const int32_t multiplier[] = {1 << 30};
  const int8_t shift[] = {-1};
  const int8_t in[] = {3, 5};
  FullyConnectedVariants::for_each([&](auto variant) {
    using Variant = decltype(variant);
    std::vector<int8_t> packed(static_cast<size_t>(Variant::packed_bytes(shape)));
    std::vector<int32_t> packed_bias(2);
    Variant::pack(shape, weights, bias, packed.data(), packed_bias.data());
    int8_t out[2] = {};
    Variant::run(shape, {packed.data(), packed_bias.data(), multiplier, shift}, in, out, nullptr);
    EXPECT_EQ(out[0], 0) << Variant::kName;
    EXPECT_EQ(out[1], 1) << Variant::kName;
  });
}

}  // namespace
}  // namespace mote::kernels
