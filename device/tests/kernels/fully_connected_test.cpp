// SPDX-License-Identifier: Apache-2.0
// Every variant equals the reference, and the reference a hand example; the limits that supports() draws are
// real.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "kernel_test.h"
#include "mote/kernels/fully_connected_variants.h"

namespace mote::kernels {
namespace {

using test::Guarded;
using test::Random;

using Reference = FullyConnectedReference<int8_t, int32_t>;
using Plain = FullyConnectedPlain<int8_t, int32_t>;
using Variants = FullyConnectedVariants<int8_t, int32_t>;

/// The constants of a layer in the model's order.
struct Layer {
  FullyConnectedShape shape;
  std::vector<int8_t> weights;
  std::vector<int32_t> bias;
  std::vector<int32_t> multiplier;
  std::vector<int8_t> shift;

  Limits limits() const {
    return weight_limits(shape.out_features, shape.in_features, weights.data(), bias.data(),
                         shape.input_zero_point, shift.data(), static_cast<int32_t>(shift.size()));
  }
};

Layer random_layer(Random& random, int32_t batch, int32_t in_features, int32_t out_features) {
  Layer layer;
  layer.shape = {batch,
                 in_features,
                 out_features,
                 random.extreme_or_uniform(-128, 127),
                 random.extreme_or_uniform(-128, 127),
                 random.uniform(0, 2) == 0 ? random.uniform(-128, 0) : -128,
                 random.uniform(0, 2) == 0 ? random.uniform(0, 127) : 127,
                 random.uniform(0, 1) == 1,
                 random.uniform(0, 3) == 0 ? Rounding::kSingle : Rounding::kDouble};
  // Small sums and shifts let halves occur, which rounding is about.
  const bool small = random.uniform(0, 1) == 1;
  const int32_t largest = small ? 1 : 127;
  layer.weights =
      random.values<int8_t>(in_features * out_features, random.uniform(0, 5) == 0 ? -128 : -largest, largest);
  layer.bias = random.values<int32_t>(out_features, small ? -200 : -20000, small ? 200 : 20000);
  const int32_t factors = layer.shape.per_channel ? out_features : 1;
  layer.multiplier = random.values<int32_t>(factors, 1 << 30, INT32_MAX);
  const bool left = random.uniform(0, 7) == 0;
  layer.shift = random.values<int8_t>(factors, left ? 0 : small ? -4 : -31, left ? 4 : -1);
  return layer;
}

/// A layer's tables in the order of a variant.
template <class Variant>
class Packed {
 public:
  explicit Packed(const Layer& layer)
      : layer_(layer), weights_(Variant::packed_bytes(layer.shape)), bias_(layer.shape.out_features) {
    Variant::pack(layer.shape, layer.weights.data(), layer.bias.data(), weights_.data(), bias_.data());
  }

  void run(const int8_t* in, int8_t* out) {
    Guarded<uint8_t> scratch(Variant::scratch_bytes(layer_.shape));
    Variant::run(layer_.shape, {weights_.data(), bias_.data(), layer_.multiplier.data(), layer_.shift.data()},
                 in, out, scratch.data());
    EXPECT_TRUE(scratch.intact() && weights_.intact() && bias_.intact());
  }

 private:
  const Layer& layer_;
  Guarded<int8_t> weights_;
  Guarded<int32_t> bias_;
};

template <class Variant>
std::vector<int8_t> outputs_of(const Layer& layer, const std::vector<int8_t>& input) {
  Guarded<int8_t> out(layer.shape.batch * layer.shape.out_features);
  Packed<Variant>(layer).run(input.data(), out.data());
  EXPECT_TRUE(out.intact()) << Variant::kName;
  return out.values();
}

// in = {3, 5} with zero point 1, weights {{2, -1}, {4, 7}}, bias {10, -20}, factor 1/4 (2^30 * 2^(-1-31)):
// (2*2 - 1*4 + 10) / 4 = 2.5, rounded to 3; (4*2 + 7*4 - 20) / 4 = 4; output zero point -3.
TEST(FullyConnected, computes_the_hand_example) {
  const Layer layer = {
      {1, 2, 2, 1, -3, -128, 127, false, Rounding::kDouble}, {2, -1, 4, 7}, {10, -20}, {1 << 30}, {-1}};
  Variants::for_each([&](auto variant) {
    EXPECT_EQ(outputs_of<decltype(variant)>(layer, {3, 5}), (std::vector<int8_t>{0, 1})) << variant.kName;
  });
}

TEST(FullyConnected, variants_equal_the_reference_for_all_sizes_around_their_blocks) {
  Random random(1);
  int32_t dsp_layers = 0, blocked_layers = 0;
  for (int32_t in_features : {0, 1, 2, 3, 4, 5, 7, 8, 9, 11, 12, 13, 15, 16, 17, 31, 64, 100, 259})
    for (int32_t out_features : {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 16})
      for (int32_t repeat = 0; repeat < 12; ++repeat) {
        const Layer layer = random_layer(random, repeat % 4, in_features, out_features);
        const auto input = random.values<int8_t>(layer.shape.batch * in_features, -128, 127);
        const auto expected = outputs_of<Reference>(layer, input);
        Variants::for_each([&](auto variant) {
          using Variant = decltype(variant);
          if (!Variant::supports(layer.shape, layer.limits())) return;
          dsp_layers += std::is_same_v<Variant, FullyConnectedDsp>;
          blocked_layers += std::is_same_v<Variant, FullyConnectedBlocked>;
          ASSERT_EQ(outputs_of<Variant>(layer, input), expected)
              << Variant::kName << " in " << in_features << " out " << out_features << " repeat " << repeat;
        });
      }
  EXPECT_GT(dsp_layers, 1000);
  EXPECT_GT(blocked_layers, 1000);
}

TEST(FullyConnected, announces_exactly_how_far_ahead_the_input_must_start) {
  Random random(2);
  for (int32_t batch : {1, 2, 3})
    for (int32_t in_features : {1, 3, 8, 13, 140})
      for (int32_t out_features : {1, 2, 4, 5, 6, 8, 9, 15}) {
        Layer layer = random_layer(random, batch, in_features, out_features);
        layer.shape.activation_min = -128;
        layer.shape.activation_max = 127;
        for (auto& weight : layer.weights) weight = static_cast<int8_t>(random.uniform(0, 1) == 0 ? 1 : -1);
        for (auto& bias : layer.bias) bias = 0;
        layer.shape.input_zero_point = layer.shape.output_zero_point = 0;
        for (auto& shift : layer.shift) shift = -1;
        std::vector<std::vector<int8_t>> inputs;
        for (int repeat = 0; repeat < 20; ++repeat)
          inputs.push_back(random.values<int8_t>(batch * in_features, -128, 127));
        Variants::for_each([&](auto variant) {
          using Variant = decltype(variant);
          SCOPED_TRACE(Variant::kName);
          Packed<Variant> packed(layer);
          test::expect_exact_input_ahead(inputs, batch * out_features,
                                         Variant::input_ahead_bytes(layer.shape),
                                         [&](const int8_t* in, int8_t* out) { packed.run(in, out); });
        });
      }
}

// Weights are 0, so that the accumulator is the bias; 4 channels, so that odd ones are among them.
Layer constant_layer(int32_t accumulator, int8_t shift) {
  return {{1, 4, 4, 0, 0, -128, 127, false, Rounding::kDouble},
          std::vector<int8_t>(16),
          std::vector<int32_t>(4, accumulator),
          {1 << 30},
          {shift}};
}

TEST(FullyConnectedDsp, is_exact_up_to_its_accumulator_bound_and_not_beyond) {
  const int32_t bound = (1 << 23) - 1;
  for (int32_t accumulator : {bound, -bound}) {
    const Layer layer = constant_layer(accumulator, -16);
    EXPECT_TRUE(FullyConnectedDsp::supports(layer.shape, layer.limits()));
    EXPECT_EQ(outputs_of<FullyConnectedDsp>(layer, {1, 2, 3, 4}), outputs_of<Reference>(layer, {1, 2, 3, 4}));
  }
  const Layer beyond = constant_layer(bound + 1, -16);
  EXPECT_FALSE(FullyConnectedDsp::supports(beyond.shape, beyond.limits()));
  EXPECT_NE(outputs_of<FullyConnectedDsp>(beyond, {1, 2, 3, 4}), outputs_of<Reference>(beyond, {1, 2, 3, 4}));
}

TEST(FullyConnectedDsp, refuses_the_weight_that_overflows_a_halfword) {
  Layer layer = constant_layer(0, -8);
  layer.weights.assign(16, -127);
  EXPECT_TRUE(FullyConnectedDsp::supports(layer.shape, layer.limits()));
  EXPECT_EQ(outputs_of<FullyConnectedDsp>(layer, {-128, 127, 5, 9}),
            outputs_of<Reference>(layer, {-128, 127, 5, 9}));
  layer.weights.assign(16, -128);
  EXPECT_FALSE(FullyConnectedDsp::supports(layer.shape, layer.limits()));
  EXPECT_NE(outputs_of<FullyConnectedDsp>(layer, {-128, 27, 5, 9}),
            outputs_of<Reference>(layer, {-128, 27, 5, 9}));
}

TEST(FullyConnectedDsp, needs_a_shift_to_the_right) {
  const auto supports = [](int8_t shift) {
    const Layer layer = constant_layer(100, shift);
    return FullyConnectedDsp::supports(layer.shape, layer.limits());
  };
  EXPECT_TRUE(supports(-1));
  EXPECT_TRUE(supports(-22));
  EXPECT_FALSE(supports(0));
  EXPECT_FALSE(supports(-23));
}

TEST(FullyConnectedBlocked, is_exact_up_to_its_accumulator_bound_and_not_beyond) {
  const int32_t bound = (1 << 30) - 1;
  for (int32_t accumulator : {bound, -bound}) {
    const Layer layer = constant_layer(accumulator, -22);
    EXPECT_TRUE(FullyConnectedBlocked::supports(layer.shape, layer.limits()));
    EXPECT_EQ(outputs_of<FullyConnectedBlocked>(layer, {1, 2, 3, 4}),
              outputs_of<Reference>(layer, {1, 2, 3, 4}));
  }
  const Layer beyond = constant_layer(bound + 1, -22);
  EXPECT_FALSE(FullyConnectedBlocked::supports(beyond.shape, beyond.limits()));
}

TEST(FullyConnectedBlocked, refuses_shifts_and_rounding_that_it_does_not_compute) {
  const auto supports = [](int8_t shift, Rounding rounding) {
    Layer layer = constant_layer(100, shift);
    layer.shape.rounding = rounding;
    return FullyConnectedBlocked::supports(layer.shape, layer.limits());
  };
  EXPECT_TRUE(supports(-1, Rounding::kDouble));
  EXPECT_TRUE(supports(-22, Rounding::kDouble));
  EXPECT_FALSE(supports(0, Rounding::kDouble));
  EXPECT_FALSE(supports(-23, Rounding::kDouble));
  EXPECT_FALSE(supports(-5, Rounding::kSingle));
}

TEST(FullyConnectedMve, is_exact_up_to_its_bound_and_refuses_what_is_beyond) {
  for (const int32_t accumulator : {INT32_MAX, -INT32_MAX})
    for (const int8_t shift : {int8_t{-1}, int8_t{-31}}) {
      const Layer layer = constant_layer(accumulator, shift);
      EXPECT_TRUE(FullyConnectedMve::supports(layer.shape, layer.limits()));
      EXPECT_EQ(outputs_of<FullyConnectedMve>(layer, {1, 2, 3, 4}),
                outputs_of<Reference>(layer, {1, 2, 3, 4}));
    }
  Layer layer = constant_layer(100, 0);
  EXPECT_FALSE(FullyConnectedMve::supports(layer.shape, layer.limits()));
  layer = constant_layer(100, -1);
  EXPECT_FALSE(FullyConnectedMve::supports(layer.shape, {int64_t{1} << 31, -1, -1, -127}));
  layer.shape.rounding = Rounding::kSingle;
  EXPECT_FALSE(FullyConnectedMve::supports(layer.shape, layer.limits()));
}

TEST(FullyConnectedPlain, supports_what_fits_int32_after_the_shift) {
  const FullyConnectedShape shape = {1, 4, 4, 0, 0, -128, 127, false, Rounding::kDouble};
  const int64_t bound = int64_t{1} << 31;
  EXPECT_TRUE(Plain::supports(shape, {bound - 1, -31, 0, -128}));
  EXPECT_FALSE(Plain::supports(shape, {bound, -31, 0, -128}));
  EXPECT_TRUE(Plain::supports(shape, {bound / 4 - 1, 0, 2, -128}));
  EXPECT_FALSE(Plain::supports(shape, {bound / 4, 0, 2, -128}));
  EXPECT_FALSE(Plain::supports(shape, {1, -32, 0, -128}));
  EXPECT_FALSE(Plain::supports({1, 4, 4, 128, 0, -128, 127, false, Rounding::kDouble}, {1, 0, 0, -1}));
}

TEST(WeightLimits, bound_the_folded_bias_and_the_sum_of_magnitudes) {
  const int8_t weights[] = {1, -2, 3, -127};
  const int32_t bias[] = {10, -4};
  const int8_t shift[] = {-3, -7};
  const Limits limits = weight_limits(2, 2, weights, bias, 5, shift, 2);
  // Channel 1: |-4 - 5 * (3 - 127)| + 128 * 130; channel 0 is smaller.
  EXPECT_EQ(limits.max_abs_accumulator, 616 + 128 * 130);
  EXPECT_EQ(limits.min_shift, -7);
  EXPECT_EQ(limits.max_shift, -3);
  EXPECT_EQ(limits.min_weight, -127);
}

TEST(FullyConnectedVariants, select_takes_the_best_that_is_meant_for_the_core_and_supports_the_layer) {
  const auto selected = [](Isa isa, const Layer& layer) {
    std::string name;
    Variants::select(isa, layer.shape, layer.limits(), [&](auto variant) { name = variant.kName; });
    return name;
  };
  EXPECT_EQ(selected(Isa::kCortexMDsp, constant_layer(100, -5)), "cortex_m_dsp_small");
  EXPECT_EQ(selected(Isa::kCortexMDsp, constant_layer(1 << 23, -5)), "plain");
  EXPECT_EQ(selected(Isa::kCortexM3, constant_layer(100, -5)), "blocked");
  EXPECT_EQ(selected(Isa::kRiscv32, constant_layer(100, -5)), "blocked");
  EXPECT_EQ(selected(Isa::kCortexMMve, constant_layer(100, -5)), "cortex_m_mve");
  EXPECT_EQ(selected(Isa::kCortexMMve, constant_layer(100, 0)), "plain");
  EXPECT_EQ(selected(Isa::kCortexM0, constant_layer(100, -5)), "plain");
  EXPECT_EQ(selected(Isa::kAvr, constant_layer(100, -5)), "plain");
}

TEST(FullyConnectedDsp, leaves_single_rounding_to_others) {
  Layer layer = constant_layer(100, -5);
  layer.shape.rounding = Rounding::kSingle;
  EXPECT_FALSE(FullyConnectedDsp::supports(layer.shape, layer.limits()));
}

// 13 halved twice is 3.25: rounded twice 7 and 4, rounded once 3.
TEST(FullyConnected, rounds_as_asked_for) {
  Layer layer = constant_layer(13, -1);
  EXPECT_EQ(outputs_of<Reference>(layer, {0, 0, 0, 0})[0], 4);
  layer.shape.rounding = Rounding::kSingle;
  EXPECT_EQ(outputs_of<Reference>(layer, {0, 0, 0, 0})[0], 3);
}

/// A random int16 layer of the given sizes through a variant.
template <class Variant, class Bias>
std::vector<int16_t> int16_outputs(const FullyConnectedShape& shape, const std::vector<int8_t>& weights,
                                   const std::vector<Bias>& bias, const std::vector<int32_t>& multiplier,
                                   const std::vector<int8_t>& shift, const std::vector<int16_t>& input) {
  Guarded<int8_t> packed(Variant::packed_bytes(shape));
  Guarded<Bias> packed_bias(shape.out_features);
  Guarded<int16_t> out(shape.batch * shape.out_features);
  Variant::pack(shape, weights.data(), bias.data(), packed.data(), packed_bias.data());
  Variant::run(shape, {packed.data(), packed_bias.data(), multiplier.data(), shift.data()}, input.data(),
               out.data(), nullptr);
  EXPECT_TRUE(packed.intact() && packed_bias.intact() && out.intact());
  return out.values();
}

template <class Bias>
void expect_int16_variants_equal(uint32_t seed) {
  Random random(seed);
  int32_t compared = 0;
  for (int32_t in_features : {0, 1, 5, 64, 255, 256, 257, 700})
    for (int32_t out_features : {1, 3, 4, 9})
      for (int32_t repeat = 0; repeat < 4; ++repeat) {
        const FullyConnectedShape shape = {
            2,      in_features, out_features,    random.uniform(-9, 9), random.uniform(-9, 9),
            -32768, 32767,       repeat % 2 == 1, Rounding::kDouble};
        const auto weights = random.values<int8_t>(in_features * out_features, -127, 127);
        const auto bias = random.values<Bias>(out_features, -2000000, 2000000);
        const auto multiplier = random.values<int32_t>(out_features, 1 << 30, INT32_MAX);
        const auto shift = random.values<int8_t>(out_features, -12, -1);
        const auto input = random.values<int16_t>(2 * in_features, -32768, 32767);
        using Int16Reference = FullyConnectedReference<int16_t, Bias>;
        const Limits limits =
            weight_limits<int16_t>(weights_by_channel(out_features, in_features), weights.data(), bias.data(),
                                   shape.input_zero_point, shift.data(), out_features);
        if (!Int16Reference::supports(shape, limits)) continue;
        const auto expected = int16_outputs<Int16Reference>(shape, weights, bias, multiplier, shift, input);
        FullyConnectedVariants<int16_t, Bias>::for_each([&](auto variant) {
          using Variant = decltype(variant);
          ASSERT_EQ((int16_outputs<Variant>(shape, weights, bias, multiplier, shift, input)), expected)
              << Variant::kName << " in " << in_features << " out " << out_features;
          ++compared;
        });
      }
  EXPECT_GT(compared, 100);
}

TEST(FullyConnectedInt16, variants_equal_the_reference) {
  expect_int16_variants_equal<int64_t>(11);
  expect_int16_variants_equal<int32_t>(12);
}

// (100 - 1) * 3 + (-200 - 1) * 5 + 7 = -701, times 0.75 is -525.75, plus 2.
TEST(FullyConnectedInt16, computes_the_hand_example) {
  const FullyConnectedShape shape = {1, 2, 1, 1, 2, -32768, 32767, false, Rounding::kDouble};
  FullyConnectedVariants<int16_t, int64_t>::for_each([&](auto variant) {
    EXPECT_EQ((int16_outputs<decltype(variant), int64_t>(shape, {3, 5}, {7}, {0x60000000}, {0}, {100, -200})),
              std::vector<int16_t>{-524});
  });
}

/// Random weights, one variant after the other, against double arithmetic; `scale` is null for float weights.
template <class Weight>
void expect_float_bound(uint32_t seed, int32_t outputs, bool per_channel) {
  Random random(seed);
  const int32_t inputs = 100;
  const FullyConnectedShape shape = {2, inputs, outputs, 0, 0, -128, 127, per_channel, Rounding::kDouble};
  std::vector<Weight> weights;
  std::vector<float> bias, scale, in;
  for (int32_t k = 0; k < inputs * outputs; ++k)
    weights.push_back(static_cast<Weight>(static_cast<float>(random.uniform(-127, 127)) /
                                          (sizeof(Weight) == 1 ? 1.0f : 7.77f)));
  for (int32_t k = 0; k < outputs; ++k) {
    bias.push_back(static_cast<float>(random.uniform(-9999, 9999)) / 99.0f);
    scale.push_back(sizeof(Weight) == 1 ? static_cast<float>(random.uniform(1, 999)) / 777.0f : 1.0f);
  }
  for (int32_t k = 0; k < 2 * inputs; ++k)
    in.push_back(static_cast<float>(random.uniform(-9999, 9999)) / 333.0f);
  FullyConnectedFloatVariants<Weight>::for_each([&](auto variant) {
    using Variant = decltype(variant);
    Guarded<Weight> packed(Variant::packed_bytes(shape) / static_cast<int32_t>(sizeof(Weight)));
    Guarded<float> out(2 * outputs);
    Variant::pack(shape, weights.data(), packed.data());
    FloatWeightTables<Weight> tables = {};
    tables.weights = packed.data();
    tables.bias = bias.data();
    if constexpr (sizeof(Weight) == 1) tables.scale = scale.data();
    Variant::run(shape, no_activation(), tables, in.data(), out.data(), nullptr);
    EXPECT_TRUE(packed.intact() && out.intact());
    for (int32_t n = 0; n < 2 * outputs; ++n) {
      const int32_t ch = n % outputs, row = n / outputs;
      double sum = bias[static_cast<size_t>(ch)], magnitude = std::abs(sum);
      for (int32_t k = 0; k < inputs; ++k) {
        const double product = static_cast<double>(weights[static_cast<size_t>(ch * inputs + k)]) *
                               scale[static_cast<size_t>(per_channel ? ch : 0)] *
                               in[static_cast<size_t>(row * inputs + k)];
        sum += product;
        magnitude += std::abs(product);
      }
      EXPECT_NEAR(out.data()[n], sum, (inputs + 2) * std::exp2(-24) * magnitude) << Variant::kName;
    }
  });
}

TEST(FullyConnectedFloat, stays_within_its_error_bound_of_double_arithmetic) {
  for (int32_t outputs : {1, 7, 8, 9, 24}) {
    expect_float_bound<float>(3, outputs, false);
    expect_float_bound<int8_t>(4, outputs, false);
    expect_float_bound<int8_t>(5, outputs, true);
  }
}

TEST(FullyConnectedFloat, announces_exactly_how_far_ahead_the_input_must_start) {
  Random random(13);
  for (int32_t batch : {1, 3})
    for (int32_t in_features : {1, 5, 20})
      for (int32_t out_features : {1, 7, 8, 9, 17}) {
        const FullyConnectedShape shape = {batch, in_features, out_features,     0, 0, -128,
                                           127,   false,       Rounding::kDouble};
        std::vector<std::vector<float>> inputs;
        for (int repeat = 0; repeat < 5; ++repeat)
          inputs.push_back(random.values<float>(batch * in_features, -128, 127));
        const auto weights = random.values<float>(in_features * out_features, 2, 9);
        FullyConnectedFloatVariants<float>::for_each([&](auto variant) {
          using Variant = decltype(variant);
          SCOPED_TRACE(Variant::kName);
          std::vector<float> packed(weights.size());
          Variant::pack(shape, weights.data(), packed.data());
          test::expect_exact_input_ahead<float>(
              inputs, batch * out_features, Variant::input_ahead_bytes(shape),
              [&](const float* in, float* out) {
                Variant::run(shape, no_activation(), {packed.data(), nullptr}, in, out, nullptr);
              });
        });
      }
}

}  // namespace
}  // namespace mote::kernels
