// SPDX-License-Identifier: Apache-2.0
// SVDF against its definition over a list of all filter values so far, the state's layout aside.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "kernel_test.h"
#include "mote/kernels/svdf_variants.h"

namespace mote::kernels {
namespace {

using test::Guarded;
using test::Random;

constexpr Limits kSmall = {1 << 20, -9, 0, -128};

template <class State>
struct Layer {
  SvdfShape shape;
  std::vector<int8_t> feature;
  std::vector<State> time;
  std::vector<int32_t> bias;

  SvdfTables<State> tables() const {
    return {feature.data(), time.data(), bias.empty() ? nullptr : bias.data()};
  }
  int32_t units() const { return shape.filters / shape.rank; }
  int32_t state_count() const { return shape.batch * shape.filters * shape.memory; }
};

// One input, two filters of rank 2 with a memory of 2: f = (3 x, -x), out = 5 + f0 old + 2 f0 new + 0 f1 old
// + f1 new.
TEST(Svdf, follows_the_hand_example) {
  const int32_t one = 1 << 30;  // with a shift of 1
  const Layer<int16_t> layer = {
      {1, 1, 2, 2, 2, 10, 0, -1, one, 1, one, 1, Rounding::kDouble}, {3, -1}, {1, 2, 0, 1}, {5}};
  std::vector<int16_t> state(4);
  int8_t out = 0;
  const auto feed = [&](int8_t x) {
    SvdfReference<int16_t>::run(layer.shape, layer.tables(), &x, &out, state.data(), nullptr);
    return out;
  };
  EXPECT_EQ(feed(12), 5 + 12 - 2 - 1);  // x = 2: f = (6, -2)
  EXPECT_EQ(state, (std::vector<int16_t>{0, 6, 0, -2}));
  EXPECT_EQ(feed(9), 5 + 6 - 6 + 1 - 1);  // x = -1: f = (-3, 1)
  EXPECT_EQ(state, (std::vector<int16_t>{6, -3, -2, 1}));
}

template <class State>
Layer<State> random_layer(Random& random) {
  Layer<State> layer;
  const int32_t rank = random.uniform(1, 3);
  const int32_t zero_point = sizeof(State) == 1 ? random.uniform(-20, 20) : 0;
  const auto rounding = random.uniform(0, 1) == 0 ? Rounding::kDouble : Rounding::kSingle;
  layer.shape = {random.uniform(1, 3),
                 random.uniform(1, 9),
                 rank * random.uniform(1, 5),
                 rank,
                 random.uniform(1, 6),
                 random.uniform(-128, 127),
                 zero_point,
                 random.uniform(-128, 127),
                 1 << 30,
                 -1,
                 1717986918,
                 -9,
                 rounding};
  const SvdfShape& shape = layer.shape;
  if (sizeof(State) == 1) layer.shape.state_shift = -8;
  layer.feature = random.values<int8_t>(shape.filters * shape.inputs, -128, 127);
  layer.time = random.values<State>(shape.filters * shape.memory, -127, 127);
  if (random.uniform(0, 2) != 0) layer.bias = random.values<int32_t>(layer.units(), -5000, 5000);
  return layer;
}

/// history [time][batch][filter] of filter values, the newest last.
template <class State>
std::vector<int8_t> expected_outputs(const Layer<State>& layer, const std::vector<int8_t>& in,
                                     std::vector<std::vector<State>>& history) {
  const SvdfShape& shape = layer.shape;
  const Requantization to_state = {shape.state_multiplier, shape.state_shift};
  const Requantization to_output = {shape.output_multiplier, shape.output_shift};
  auto& newest = history.emplace_back();
  for (int32_t row = 0; row < shape.batch; ++row)
    for (int32_t filter = 0; filter < shape.filters; ++filter) {
      int32_t sum = 0;
      for (int32_t index = 0; index < shape.inputs; ++index)
        sum += layer.feature[static_cast<size_t>(filter * shape.inputs + index)] *
               (in[static_cast<size_t>(row * shape.inputs + index)] - shape.input_zero_point);
      const int32_t high = std::numeric_limits<State>::max();
      newest.push_back(static_cast<State>(
          std::clamp(requantize(sum, to_state, shape.rounding), -high - 1, high) + shape.state_zero_point));
    }
  std::vector<int8_t> outputs;
  for (int32_t row = 0; row < shape.batch; ++row)
    for (int32_t unit = 0; unit < layer.units(); ++unit) {
      int32_t sum = layer.bias.empty() ? 0 : layer.bias[static_cast<size_t>(unit)];
      for (int32_t filter = unit * shape.rank; filter < (unit + 1) * shape.rank; ++filter)
        for (int32_t age = 0; age < shape.memory && static_cast<size_t>(age) < history.size(); ++age)
          sum += layer.time[static_cast<size_t>((filter + 1) * shape.memory - 1 - age)] *
                 (history[history.size() - 1 - static_cast<size_t>(age)]
                         [static_cast<size_t>(row * shape.filters + filter)] -
                  shape.state_zero_point);
      const int32_t value = requantize(sum, to_output, shape.rounding) + shape.output_zero_point;
      outputs.push_back(static_cast<int8_t>(std::clamp(value, -128, 127)));
    }
  return outputs;
}

template <class State>
class SvdfOf : public testing::Test {};
using States = testing::Types<int8_t, int16_t>;
TYPED_TEST_SUITE(SvdfOf, States);

TYPED_TEST(SvdfOf, equals_its_definition_over_time) {
  Random random(17);
  for (int repeat = 0; repeat < 200; ++repeat) {
    const auto layer = random_layer<TypeParam>(random);
    ASSERT_TRUE(SvdfReference<TypeParam>::supports(layer.shape, kSmall));
    Guarded<TypeParam> state(layer.state_count());
    for (int32_t index = 0; index < layer.state_count(); ++index)
      state.data()[index] = static_cast<TypeParam>(layer.shape.state_zero_point);
    std::vector<std::vector<TypeParam>> history;
    for (int time = 0; time < 8; ++time) {
      const auto in = random.values<int8_t>(layer.shape.batch * layer.shape.inputs, -128, 127);
      Guarded<int8_t> out(layer.shape.batch * layer.units());
      SvdfReference<TypeParam>::run(layer.shape, layer.tables(), in.data(), out.data(), state.data(),
                                    nullptr);
      ASSERT_EQ(out.values(), expected_outputs(layer, in, history));
      ASSERT_TRUE(out.intact() && state.intact());
    }
  }
}

TYPED_TEST(SvdfOf, output_trails_the_input_by_what_rows_grow) {
  Random random(18);
  Layer<TypeParam> layer = random_layer<TypeParam>(random);
  layer.shape.batch = 3;
  layer.shape.inputs = 2;
  layer.shape.filters = 8;
  layer.shape.rank = 2;
  layer.feature = random.values<int8_t>(16, -128, 127);
  layer.time = random.values<TypeParam>(8 * layer.shape.memory, -127, 127);
  layer.bias = random.values<int32_t>(4, -5000, 5000);
  EXPECT_EQ(SvdfReference<TypeParam>::input_ahead_bytes(layer.shape), 4);
  std::vector<std::vector<int8_t>> inputs;
  for (int repeat = 0; repeat < 20; ++repeat) inputs.push_back(random.values<int8_t>(6, -128, 127));
  test::expect_exact_input_ahead(inputs, 12, 4, [&](const int8_t* in, int8_t* out) {
    std::vector<TypeParam> state(static_cast<size_t>(layer.state_count()), 3);
    SvdfReference<TypeParam>::run(layer.shape, layer.tables(), in, out, state.data(), nullptr);
  });
  layer.shape.inputs = 4;
  EXPECT_EQ(SvdfReference<TypeParam>::input_ahead_bytes(layer.shape), 0);
}

TYPED_TEST(SvdfOf, supports_filters_in_whole_ranks_and_sums_that_fit) {
  Random random(19);
  SvdfShape shape = random_layer<TypeParam>(random).shape;
  EXPECT_FALSE(SvdfReference<TypeParam>::supports(shape, Limits{int64_t{1} << 31, -9, 0, -128}));
  shape.filters = 5;
  shape.rank = 2;
  EXPECT_FALSE(SvdfReference<TypeParam>::supports(shape, kSmall));
}

TEST(SvdfFloat, stays_within_its_bound_of_the_definition) {
  Random random(20);
  const auto floats = [&](int32_t count) {
    std::vector<float> values;
    for (int32_t index = 0; index < count; ++index)
      values.push_back(static_cast<float>(random.uniform(-8000, 8000)) / 3000.0f);
    return values;
  };
  const SvdfFloatShape shape = {2, 3, 4, 2, 3, SvdfActivation::kClamp, -2.0f, 2.0f};
  const auto feature = floats(12), time = floats(12), bias = floats(2);
  std::vector<float> state(24);
  std::vector<std::vector<double>> history(2, std::vector<double>(8));  // zeros before the first
  for (int step = 0; step < 6; ++step) {
    const auto in = floats(6);
    float out[4];
    SvdfFloat::run(shape, {feature.data(), time.data(), bias.data()}, in.data(), out, state.data(), nullptr);
    auto& newest = history.emplace_back();
    double largest = 0;
    for (size_t row = 0; row < 2; ++row)
      for (size_t filter = 0; filter < 4; ++filter) {
        double sum = 0, magnitude = 0;
        for (size_t index = 0; index < 3; ++index) {
          sum += double{feature[filter * 3 + index]} * double{in[row * 3 + index]};
          magnitude += std::abs(double{feature[filter * 3 + index]} * double{in[row * 3 + index]});
        }
        newest.push_back(sum);
        largest = std::max(largest, magnitude);
      }
    for (size_t row = 0; row < 2; ++row)
      for (size_t unit = 0; unit < 2; ++unit) {
        double sum = double{bias[unit]}, magnitude = std::abs(sum);
        for (size_t filter = 2 * unit; filter < 2 * unit + 2; ++filter)
          for (size_t age = 0; age < 3; ++age) {
            const double weight = double{time[filter * 3 + 2 - age]};
            const double term = weight * history[history.size() - 1 - age][row * 4 + filter];
            sum += term;
            magnitude +=
                std::abs(term) + std::abs(weight) * 24 / (3 + 2 + 1);  // |feature * in| sums to at most 24
          }
        EXPECT_NEAR(out[row * 2 + unit], std::clamp(sum, -2.0, 2.0),
                    magnitude * (3 + 2 + 1) * std::exp2(-24));
      }
    EXPECT_LE(largest, 24);
  }
}

TEST(SvdfFloat, applies_every_activation) {
  const auto activated = [](SvdfActivation activation, float x) {
    const float one = 1.0f;
    float out = 0, state = 0;
    SvdfFloat::run({1, 1, 1, 1, 1, activation, 0.0f, 6.0f}, {&one, &one, nullptr}, &x, &out, &state, nullptr);
    return out;
  };
  EXPECT_EQ(activated(SvdfActivation::kClamp, 7.0f), 6.0f);
  EXPECT_EQ(activated(SvdfActivation::kClamp, -7.0f), 0.0f);
  EXPECT_EQ(activated(SvdfActivation::kTanh, 0.5f), tanh_f32(0.5f));
  EXPECT_EQ(activated(SvdfActivation::kSignBit, -0.5f), 1.0f);
  EXPECT_EQ(activated(SvdfActivation::kSignBit, 0.5f), 0.0f);
}

TEST(SvdfFloat, output_trails_the_input_by_what_rows_grow) {
  const float feature[] = {1, 2, 3}, time[] = {1, 1, 1};
  const SvdfFloatShape shape = {3, 1, 3, 1, 1, SvdfActivation::kClamp, -1e9f, 1e9f};
  EXPECT_EQ(SvdfFloat::input_ahead_bytes(shape), 16);
  test::expect_exact_input_ahead<float>(
      std::vector<std::vector<float>>{{1, 2, 3}, {5, 7, 11}}, 9, 16, [&](const float* in, float* out) {
        float state[9] = {};
        SvdfFloat::run(shape, {feature, time, nullptr}, in, out, state, nullptr);
      });
}

}  // namespace
}  // namespace mote::kernels
