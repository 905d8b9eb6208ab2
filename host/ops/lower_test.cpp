// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <array>

#include "core/random.h"
#include "mote/kernels/conv_2d_variants.h"
#include "ops/lower_layer.h"

namespace mote::ops {
namespace {

using Kernel = kernels::Conv2dPlain<std::int8_t, std::int32_t>;
using Values = std::tuple<kernels::Conv2dShape, kernels::WeightTables<std::int32_t>>;
using ValueIndices = std::index_sequence<0, 1>;
using PointerIndices = std::index_sequence<0, 1>;

constexpr std::int32_t kInChannels = 19, kOutChannels = 37, kPixels = 5;

std::vector<std::int8_t> random_bytes(Rng& rng, std::size_t count) {
  std::vector<std::int8_t> bytes(count);
  for (std::int8_t& byte : bytes)
    byte = static_cast<std::int8_t>(static_cast<std::int64_t>(rng.below(256)) - 128);
  return bytes;
}

// On a computer with AVX2 nothing else runs the baseline, and without it this compares it with itself.
TEST(KernelCalls, GiveTheSameWithAnyVectors) {
  Rng rng(1);
  const std::vector<std::int8_t> weights = random_bytes(rng, kInChannels * kOutChannels);
  const std::vector<std::int32_t> bias(kOutChannels, 77), multiplier(kOutChannels, 1'500'000'000);
  const std::vector<std::int8_t> shift(kOutChannels, -8);
  const kernels::Conv2dShape shape = {1, 1, kPixels, kInChannels, 1, kPixels, kOutChannels, 1,    1,   1, 1,
                                      1, 1, 0,       0,           1, 3,       -5,           -128, 127, {}};
  const Values values = {shape, {weights.data(), bias.data(), multiplier.data(), shift.data()}};
  std::vector<std::int8_t> in = random_bytes(rng, kInChannels * kPixels);
  std::vector<std::int32_t> scratch(kInChannels);
  const auto outputs_of = [&](auto call) {
    std::vector<std::int8_t> out(kOutChannels * kPixels);
    const std::array<void*, 2> operands = {in.data(), out.data()};
    call(values, operands, scratch.data());
    return out;
  };
  const auto baseline = outputs_of(detail::call_baseline<Kernel, Values, ValueIndices, PointerIndices>);
  EXPECT_EQ(outputs_of(detail::best_call<Kernel, Values, ValueIndices, PointerIndices>()), baseline);
  std::vector<std::int8_t> reference(baseline.size());
  kernels::Conv2dReference<std::int8_t, std::int32_t>::run(shape, std::get<1>(values), in.data(),
                                                           reference.data(), nullptr);
  EXPECT_EQ(baseline, reference);
}

}  // namespace
}  // namespace mote::ops
