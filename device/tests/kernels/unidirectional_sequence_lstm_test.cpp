// SPDX-License-Identifier: Apache-2.0
// The LSTM against its definition in double over one step, within the steps of its formats, and over several
// steps against itself in other arrangements.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "kernel_test.h"
#include "mote/kernels/unidirectional_sequence_lstm_variants.h"

namespace mote::kernels {
namespace {

using test::Guarded;
using test::Random;

constexpr Limits kSmall = {1 << 24, -9, 0, -128};

/// Activations of type T: input and hidden scale 2^-7 (int8) or 2^-15, weights 2^-5, cell 2^-11.
template <class T, class Bias>
struct Layer {
  LstmShape shape;
  std::vector<int8_t> weights;
  std::vector<Bias> bias;

  static constexpr int32_t kActivationBits = 8 * static_cast<int32_t>(sizeof(T)) - 1;

  LstmTables<Bias> tables() const { return {weights.data(), bias.data(), kSigmoidTable}; }
  int32_t inputs() const { return shape.batch * shape.steps * shape.inputs; }
  int32_t outputs() const { return shape.batch * shape.steps * shape.units; }
  int32_t states() const { return shape.batch * shape.units; }
};

template <class T, class Bias>
Layer<T, Bias> random_layer(Random& random, int32_t batch, int32_t steps, int32_t inputs, int32_t units) {
  Layer<T, Bias> layer;
  const int32_t bits = Layer<T, Bias>::kActivationBits;
  const int32_t one = 1 << 30;  // 1/2, so that a shift of n stands for a factor of 2^(n - 1)
  LstmShape& shape = layer.shape;
  shape = {};
  shape.batch = batch;
  shape.steps = steps;
  shape.inputs = inputs;
  shape.units = units;
  shape.input_zero_point = sizeof(T) == 1 ? random.uniform(-30, 30) : 0;
  shape.hidden_zero_point = sizeof(T) == 1 ? random.uniform(-30, 30) : 0;
  for (int32_t gate = 0; gate < kLstmGates; ++gate) {
    shape.input_multiplier[gate] = shape.hidden_multiplier[gate] = one;
    shape.input_shift[gate] = shape.hidden_shift[gate] = 12 - 5 - bits + 1;
  }
  shape.forget_multiplier = shape.update_multiplier = shape.output_multiplier = one;
  shape.forget_shift = -15 + 1;
  shape.update_shift = -30 + 11 + 1;
  shape.output_shift = -30 + bits + 1;
  shape.cell_scale_power = -11;
  shape.cell_clip = 32768;
  layer.weights = random.values<int8_t>(units * kLstmGates * (inputs + units), -127, 127);
  layer.bias = random.values<Bias>(units * kLstmGates, -(1 << (bits + 4)), 1 << (bits + 4));
  return layer;
}

template <class Types>
class LstmOf : public testing::Test {
 protected:
  using T = typename Types::first_type;
  using Bias = typename Types::second_type;
  using Kernel = LstmReference<T, Bias>;
  using AnyLayer = Layer<T, Bias>;

  /// The outputs of one run; the states are kept.
  static std::vector<T> run(const AnyLayer& layer, const std::vector<T>& in, std::vector<T>& hidden,
                            std::vector<int16_t>& cell) {
    Guarded<T> out(layer.outputs());
    Kernel::run(layer.shape, layer.tables(), in.data(), out.data(), hidden.data(), cell.data(), nullptr);
    EXPECT_TRUE(out.intact());
    return out.values();
  }

  static std::vector<T> zero_points(const AnyLayer& layer) {
    return std::vector<T>(static_cast<size_t>(layer.states()), static_cast<T>(layer.shape.hidden_zero_point));
  }

  static std::vector<T> activations(Random& random, int32_t count) {
    return random.values<T>(count, std::numeric_limits<T>::min(), std::numeric_limits<T>::max());
  }
};
using Activations = testing::Types<std::pair<int8_t, int32_t>, std::pair<int16_t, int64_t>>;
TYPED_TEST_SUITE(LstmOf, Activations);

double logistic(double x) {
  return 1 / (1 + std::exp(-x));
}

// Without weights and biases every gate is at rest: i = f = o = 1/2, g = 0, so that the cell halves.
TYPED_TEST(LstmOf, halves_its_cell_when_every_gate_is_at_rest) {
  Random random(1);
  auto layer = random_layer<typename TestFixture::T, typename TestFixture::Bias>(random, 1, 2, 1, 1);
  layer.weights.assign(8, 0);
  layer.bias.assign(4, 0);
  auto hidden = TestFixture::zero_points(layer);
  std::vector<int16_t> cell = {4096};  // 2.0
  const auto out = TestFixture::run(layer, {5, -5}, hidden, cell);
  EXPECT_EQ(cell[0], 1024);
  const double one = std::ldexp(1.0, TestFixture::AnyLayer::kActivationBits);
  EXPECT_NEAR(out[0], layer.shape.hidden_zero_point + one * std::tanh(1.0) / 2, one / 8192 + 0.5);
  EXPECT_NEAR(out[1], layer.shape.hidden_zero_point + one * std::tanh(0.5) / 2, one / 8192 + 0.5);
  EXPECT_EQ(hidden[0], out[1]);
}

TYPED_TEST(LstmOf, is_within_its_formats_of_the_definition_over_one_step) {
  using Activation = typename TestFixture::T;
  Random random(2);
  for (int repeat = 0; repeat < 300; ++repeat) {
    const int32_t inputs = random.uniform(1, 6), units = random.uniform(1, 6);
    auto layer = random_layer<Activation, typename TestFixture::Bias>(random, 1, 1, inputs, units);
    LstmShape& shape = layer.shape;
    shape.cell_clip = repeat % 4 == 0 ? 1500 : 32768;
    shape.rounding = repeat % 2 == 0 ? Rounding::kDouble : Rounding::kSingle;
    ASSERT_TRUE(TestFixture::Kernel::supports(shape, kSmall));
    const auto in = TestFixture::activations(random, inputs);
    auto hidden = TestFixture::activations(random, units);
    auto cell = random.values<int16_t>(units, -20000, 20000);
    const auto old_hidden = hidden;
    const auto old_cell = cell;
    const auto out = TestFixture::run(layer, in, hidden, cell);
    EXPECT_EQ(hidden, out);
    const double unit_scale = std::ldexp(1.0, -5 - TestFixture::AnyLayer::kActivationBits);
    for (int32_t unit = 0; unit < units; ++unit) {
      double gates[kLstmGates];
      for (int32_t gate = 0; gate < kLstmGates; ++gate) {
        const int32_t place = unit * kLstmGates + gate;
        const int8_t* const weights = layer.weights.data() + place * (inputs + units);
        double from_input = static_cast<double>(layer.bias[static_cast<size_t>(place)]), from_hidden = 0;
        for (int32_t index = 0; index < inputs; ++index)
          from_input += weights[index] * (in[static_cast<size_t>(index)] - shape.input_zero_point);
        for (int32_t index = 0; index < units; ++index)
          from_hidden +=
              weights[inputs + index] * (old_hidden[static_cast<size_t>(index)] - shape.hidden_zero_point);
        const auto saturate = [](double x) { return std::clamp(x, -8.0, 8.0); };
        const double x = saturate(saturate(from_input * unit_scale) + saturate(from_hidden * unit_scale));
        gates[gate] = gate == kCellGate ? std::tanh(x) : logistic(x);
      }
      // A gate: two roundings to 2^-12 and the bounds at 8 - 2^-12 with a slope of at most 1 (tanh) or 1/4,
      // straight lines over 1/24 or 1/12 (2^-12), roundings to 2^-15.
      const double gate_error = std::exp2(-11.0), slow_gate_error = std::exp2(-12.0);
      const double old = old_cell[static_cast<size_t>(unit)] / 2048.0;
      double exact = gates[kForgetGate] * old + gates[kInputGate] * gates[kCellGate];
      exact = std::clamp(exact, -16.0, 32767 / 2048.0);
      if (repeat % 4 == 0) exact = std::clamp(exact, -1500 / 2048.0, 1500 / 2048.0);
      const double cell_error =
          std::abs(old) * slow_gate_error + gate_error + slow_gate_error + std::exp2(-11.0);
      ASSERT_NEAR(cell[static_cast<size_t>(unit)] / 2048.0, exact, cell_error);
      const double step = std::ldexp(1.0, -TestFixture::AnyLayer::kActivationBits);
      const double value = std::tanh(exact) * gates[kOutputGate] / step + shape.hidden_zero_point;
      ASSERT_NEAR(out[static_cast<size_t>(unit)],
                  std::clamp(value, double{std::numeric_limits<Activation>::min()},
                             double{std::numeric_limits<Activation>::max()}),
                  0.75 + (cell_error + gate_error + slow_gate_error) / step);
    }
  }
}

TYPED_TEST(LstmOf, keeps_its_states_between_runs) {
  using Activation = typename TestFixture::T;
  Random random(3);
  auto layer = random_layer<Activation, typename TestFixture::Bias>(random, 1, 6, 3, 4);
  const auto in = TestFixture::activations(random, 18);
  auto hidden = TestFixture::zero_points(layer);
  std::vector<int16_t> cell(4);
  const auto whole = TestFixture::run(layer, in, hidden, cell);
  auto hidden_in_parts = TestFixture::zero_points(layer);
  std::vector<int16_t> cell_in_parts(4);
  layer.shape.steps = 3;
  std::vector<Activation> parts;
  for (const int32_t first : {0, 9}) {
    const auto part =
        TestFixture::run(layer, {in.begin() + first, in.begin() + first + 9}, hidden_in_parts, cell_in_parts);
    parts.insert(parts.end(), part.begin(), part.end());
  }
  EXPECT_EQ(parts, whole);
  EXPECT_EQ(hidden_in_parts, hidden);
  EXPECT_EQ(cell_in_parts, cell);
}

TYPED_TEST(LstmOf, gives_the_same_time_first_or_batch_first_and_for_each_batch_alone) {
  using Activation = typename TestFixture::T;
  Random random(4);
  const size_t batch = 3, steps = 4, inputs = 2, units = 5;
  auto layer = random_layer<Activation, typename TestFixture::Bias>(random, batch, steps, inputs, units);
  const auto in = TestFixture::activations(random, layer.inputs());
  std::vector<Activation> time_first(in.size());
  for (size_t row = 0; row < batch; ++row)
    for (size_t step = 0; step < steps; ++step)
      for (size_t index = 0; index < inputs; ++index)
        time_first[(step * batch + row) * inputs + index] = in[(row * steps + step) * inputs + index];
  auto hidden = TestFixture::zero_points(layer), hidden_time_first = hidden;
  std::vector<int16_t> cell(batch * units), cell_time_first(batch * units);
  const auto out = TestFixture::run(layer, in, hidden, cell);
  layer.shape.time_major = true;
  const auto out_time_first = TestFixture::run(layer, time_first, hidden_time_first, cell_time_first);
  EXPECT_EQ(hidden_time_first, hidden);
  EXPECT_EQ(cell_time_first, cell);
  layer.shape.time_major = false;
  layer.shape.batch = 1;
  for (size_t row = 0; row < batch; ++row) {
    auto hidden_alone = TestFixture::zero_points(layer);
    std::vector<int16_t> cell_alone(units);
    const auto first = in.begin() + static_cast<std::ptrdiff_t>(row * steps * inputs);
    const auto alone = TestFixture::run(layer, {first, first + steps * inputs}, hidden_alone, cell_alone);
    for (size_t step = 0; step < steps; ++step)
      for (size_t unit = 0; unit < units; ++unit) {
        EXPECT_EQ(alone[step * units + unit], out[(row * steps + step) * units + unit]);
        EXPECT_EQ(alone[step * units + unit], out_time_first[(step * batch + row) * units + unit]);
      }
  }
}

TYPED_TEST(LstmOf, output_trails_its_input_by_a_row_and_what_rows_grow) {
  using Activation = typename TestFixture::T;
  Random random(5);
  const auto size = static_cast<int32_t>(sizeof(Activation));
  for (const int32_t units : {3, 5}) {
    const auto layer = random_layer<Activation, typename TestFixture::Bias>(random, 2, 3, 4, units);
    EXPECT_EQ(TestFixture::Kernel::input_ahead_bytes(layer.shape), size * (units == 3 ? 2 : 4 + 5));
    std::vector<std::vector<Activation>> inputs;
    for (int repeat = 0; repeat < 20; ++repeat) inputs.push_back(TestFixture::activations(random, 24));
    test::expect_exact_input_ahead<Activation>(
        inputs, layer.outputs(), TestFixture::Kernel::input_ahead_bytes(layer.shape),
        [&](const Activation* in, Activation* out) {
          auto hidden = TestFixture::zero_points(layer);
          std::vector<int16_t> cell(static_cast<size_t>(layer.states()));
          TestFixture::Kernel::run(layer.shape, layer.tables(), in, out, hidden.data(), cell.data(), nullptr);
        });
  }
}

TYPED_TEST(LstmOf, supports_what_its_formats_hold) {
  Random random(6);
  const LstmShape good =
      random_layer<typename TestFixture::T, typename TestFixture::Bias>(random, 1, 1, 1, 1).shape;
  const int64_t bound = int64_t{1} << (sizeof(typename TestFixture::Bias) == 4 ? 31 : 47);
  EXPECT_TRUE(TestFixture::Kernel::supports(good, Limits{bound - 1, -9, 0, -128}));
  EXPECT_FALSE(TestFixture::Kernel::supports(good, Limits{bound, -9, 0, -128}));
  LstmShape shape = good;
  shape.update_shift = 1;
  EXPECT_FALSE(TestFixture::Kernel::supports(shape, kSmall));
  shape = good;
  shape.cell_scale_power = 3;
  EXPECT_FALSE(TestFixture::Kernel::supports(shape, kSmall));
}

// Outputs and cells of TFLite Micro's own code for the same layer and inputs.
TYPED_TEST(LstmOf, equals_a_sequence_of_the_published_definition) {
  using Activation = typename TestFixture::T;
  Random random(9);
  auto layer = random_layer<Activation, typename TestFixture::Bias>(random, 1, 4, 3, 2);
  layer.shape.cell_clip = 3000;
  const auto in = TestFixture::activations(random, 12);
  auto hidden = TestFixture::zero_points(layer);
  std::vector<int16_t> cell(2);
  const auto out = TestFixture::run(layer, in, hidden, cell);
  if (sizeof(Activation) == 1) {
    EXPECT_THAT(out, testing::ElementsAre(-76, 110, 13, -38, 23, 13, 62, 14));
    EXPECT_THAT(cell, testing::ElementsAre(1049, 29));
  } else {
    EXPECT_THAT(out, testing::ElementsAre(-8025, 21999, -22272, 2, -24974, -21890, 145, -724));
    EXPECT_THAT(cell, testing::ElementsAre(324, -1594));
  }
}

TEST(Lstm, scales_its_cell_for_tanh_whatever_its_scale) {
  // A cell of 1 at rest becomes 1/2, in each of these scales; the output is tanh(1/2) / 2 = 0.231 * 128.
  Random random(7);
  auto layer = random_layer<int8_t, int32_t>(random, 1, 1, 1, 1);
  layer.weights.assign(8, 0);
  layer.bias.assign(4, 0);
  for (const int32_t power : {-14, -13, -12, -11, -8, -1}) {
    layer.shape.cell_scale_power = power;
    layer.shape.hidden_zero_point = 0;
    const int8_t in = 0;
    int8_t out = 0, hidden = 0;
    auto cell = static_cast<int16_t>(1 << -power);
    LstmReference<int8_t, int32_t>::run(layer.shape, layer.tables(), &in, &out, &hidden, &cell, nullptr);
    EXPECT_EQ(cell, 1 << (-power - 1));
    EXPECT_EQ(out, 30) << power;
  }
}

TEST(Lstm, packs_gate_by_gate_for_each_unit) {
  const int8_t input_weights[4][2] = {{1, 2}, {3, 4}, {5, 6}, {7, 8}};  // two units of one input
  const int8_t hidden_weights[4][4] = {
      {11, 12, 13, 14}, {21, 22, 23, 24}, {31, 32, 33, 34}, {41, 42, 43, 44}};
  const int32_t bias[4][2] = {{51, 52}, {53, 54}, {55, 56}, {57, 58}};
  const int8_t* const inputs[] = {input_weights[0], input_weights[1], input_weights[2], input_weights[3]};
  const int8_t* const hiddens[] = {hidden_weights[0], hidden_weights[1], hidden_weights[2],
                                   hidden_weights[3]};
  const int32_t* const biases[] = {bias[0], bias[1], bias[2], bias[3]};
  std::vector<int8_t> packed(24);
  std::vector<int32_t> packed_bias(8);
  pack_lstm(1, 2, inputs, hiddens, biases, packed.data(), packed_bias.data());
  EXPECT_EQ(packed, (std::vector<int8_t>{1, 11, 12, 3, 21, 22, 5, 31, 32, 7, 41, 42,
                                         2, 13, 14, 4, 23, 24, 6, 33, 34, 8, 43, 44}));
  EXPECT_EQ(packed_bias, (std::vector<int32_t>{51, 53, 55, 57, 52, 54, 56, 58}));
}

class LstmFloatTest : public testing::Test {
 protected:
  std::vector<float> floats(int32_t count, float range) {
    std::vector<float> values;
    for (int32_t index = 0; index < count; ++index)
      values.push_back(static_cast<float>(random_.uniform(-1000, 1000)) * range / 1000.0f);
    return values;
  }

  Random random_ = Random(8);
};

TEST_F(LstmFloatTest, stays_within_its_bound_of_the_definition_over_one_step) {
  for (int repeat = 0; repeat < 100; ++repeat) {
    const LstmFloatShape shape = {1, 1, 3, 4, false, repeat % 3 == 0 ? 0.5f : INFINITY};
    const auto weights = floats(4 * 4 * 7, 2), bias = floats(16, 2), in = floats(3, 3),
               old_hidden = floats(4, 1), old_cell = floats(4, 3);
    auto hidden = old_hidden, cell = old_cell;
    std::vector<float> out(4);
    LstmFloat::run(shape, {weights.data(), bias.data()}, in.data(), out.data(), hidden.data(), cell.data(),
                   nullptr);
    EXPECT_EQ(hidden, out);
    const double epsilon = std::exp2(-24);
    for (size_t unit = 0; unit < 4; ++unit) {
      double gates[kLstmGates], errors[kLstmGates];
      for (size_t gate = 0; gate < kLstmGates; ++gate) {
        const size_t place = unit * kLstmGates + gate;
        double sum = double{bias[place]}, magnitude = std::abs(sum);
        for (size_t index = 0; index < 7; ++index) {
          const double term =
              double{weights[place * 7 + index]} * double{index < 3 ? in[index] : old_hidden[index - 3]};
          sum += term;
          magnitude += std::abs(term);
        }
        gates[gate] = gate == kCellGate ? std::tanh(sum) : logistic(sum);
        errors[gate] = (9 * magnitude + 1.06) * epsilon;
      }
      const double kept = gates[kForgetGate] * double{old_cell[unit]},
                   added = gates[kInputGate] * gates[kCellGate];
      double exact = kept + added;
      if (repeat % 3 == 0) exact = std::clamp(exact, -0.5, 0.5);
      const double cell_error = std::abs(old_cell[unit]) * errors[kForgetGate] + errors[kInputGate] +
                                errors[kCellGate] + 3 * epsilon * (std::abs(kept) + std::abs(added));
      EXPECT_NEAR(cell[unit], exact, cell_error);
      EXPECT_NEAR(out[unit], std::tanh(exact) * gates[kOutputGate],
                  cell_error + errors[kOutputGate] + 2.1 * epsilon);
    }
  }
}

TEST_F(LstmFloatTest, output_trails_its_input_by_a_row_and_what_rows_grow) {
  const LstmFloatShape shape = {1, 3, 2, 4, true, INFINITY};
  const auto weights = floats(4 * 4 * 6, 2), bias = floats(16, 2);
  EXPECT_EQ(LstmFloat::input_ahead_bytes(shape), 4 * (3 + 4));
  std::vector<std::vector<float>> inputs;
  for (int repeat = 0; repeat < 5; ++repeat) inputs.push_back(floats(6, 3));
  test::expect_exact_input_ahead<float>(inputs, 12, 4 * (3 + 4), [&](const float* in, float* out) {
    float hidden[4] = {}, cell[4] = {};
    LstmFloat::run(shape, {weights.data(), bias.data()}, in, out, hidden, cell, nullptr);
  });
}

}  // namespace
}  // namespace mote::kernels
