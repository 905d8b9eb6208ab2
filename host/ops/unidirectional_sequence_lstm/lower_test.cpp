// SPDX-License-Identifier: Apache-2.0
#include "ops/lower.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <type_traits>

#include "ops/node_test.h"
#include "ops/unidirectional_sequence_lstm/unidirectional_sequence_lstm.h"

namespace mote::ops::unidirectional_sequence_lstm {
namespace {

using namespace ops::test;
using graph::DType;

constexpr std::int32_t kBatch = 2, kIns = 3, kUnits = 2;
constexpr double kQ15 = 0x1p-15;

std::size_t at(std::int32_t row, std::int32_t row_items, std::int32_t item) {
  return static_cast<std::size_t>(row * row_items + item);
}
template <class T>
std::vector<double> real(const std::vector<T>& items, double scale, std::int64_t zero_point = 0) {
  std::vector<double> result;
  for (const T item : items)
    result.push_back(scale * (static_cast<double>(item) - static_cast<double>(zero_point)));
  return result;
}

/// The constants in real numbers, by gate.
struct Gates {
  std::vector<double> weights[kGates];
  std::vector<double> recurrent[kGates];
  std::vector<double> bias[kGates];
};

/// One step of the definition, in double: what the states [batch][units] become.
struct States {
  std::vector<double> hidden;
  std::vector<double> cell;
};
double logistic(double x) {
  return 1 / (1 + std::exp(-x));
}
std::vector<double> gate_of(const Gates& gates, std::size_t gate, const std::vector<double>& in,
                            const std::vector<double>& hidden) {
  std::vector<double> result;
  for (std::int32_t row = 0; row < kBatch; ++row)
    for (std::int32_t unit = 0; unit < kUnits; ++unit) {
      double sum = gates.bias[gate][static_cast<std::size_t>(unit)];
      for (std::int32_t index = 0; index < kIns; ++index)
        sum += gates.weights[gate][at(unit, kIns, index)] * in[at(row, kIns, index)];
      for (std::int32_t index = 0; index < kUnits; ++index)
        sum += gates.recurrent[gate][at(unit, kUnits, index)] * hidden[at(row, kUnits, index)];
      result.push_back(gate == 2 ? std::tanh(sum) : logistic(sum));
    }
  return result;
}
/// The cell from the states before; the hidden state from a cell that is given, or from its own.
States step(const Gates& gates, const std::vector<double>& in, const States& before, double clip,
            const std::vector<double>* cell = nullptr) {
  const auto input = gate_of(gates, 0, in, before.hidden), forget = gate_of(gates, 1, in, before.hidden);
  const auto update = gate_of(gates, 2, in, before.hidden), output = gate_of(gates, 3, in, before.hidden);
  States after;
  for (std::size_t index = 0; index < input.size(); ++index) {
    after.cell.push_back(
        std::clamp(forget[index] * before.cell[index] + input[index] * update[index], -clip, clip));
    after.hidden.push_back(output[index] * std::tanh(cell == nullptr ? after.cell[index] : (*cell)[index]));
  }
  return after;
}

/// The node with quantised constants; `T` is the type of activations.
template <class T>
struct Quantized {
  static constexpr bool kIsWide = sizeof(T) == 2;
  static constexpr double kIn = kIsWide ? 0x1p-14 : 0x1p-6, kHiddenScale = kIsWide ? 0x1p-15 : 0x1p-7,
                          kWeight = 0x1p-6, kCellScale = 0x1p-11;
  static constexpr std::int64_t kZero = kIsWide ? 0 : 4;

  explicit Quantized(std::int32_t steps, bool time_major = false, double clip = 0)
      : node("unidirectional_sequence_lstm", to_map({.cell_clip = clip, .time_major = time_major})) {
    Rng rng(7);
    const Extents in_shape = time_major ? Extents{steps, kBatch, kIns} : Extents{kBatch, steps, kIns};
    node.input(type(in_shape, kIn), std::vector<T>(count_of(in_shape)));
    for (auto& gate : gates.weights) gate = add_weights(rng, kIns);
    for (auto& gate : gates.recurrent) gate = add_weights(rng, kUnits);
    for (int peephole = 0; peephole < 3; ++peephole) node.absent();
    for (auto& gate : gates.bias) {
      const auto bias = whole<Bias>(rng, kUnits, -(1 << 12), 1 << 12);
      node.constant(tensor(kIsWide ? DType::kInt64 : DType::kInt32, {kUnits}), bias);
      gate = real(bias, kIn * kWeight);
    }
    node.absent()
        .absent()
        .state(type({kBatch, kUnits}, kHiddenScale))
        .state(int16s({kBatch, kUnits}, kCellScale));
    Extents out_shape = in_shape;
    out_shape[2] = kUnits;
    node.output(type(out_shape, kHiddenScale));
  }

  using Bias = std::conditional_t<kIsWide, std::int64_t, std::int32_t>;

  graph::Value type(Extents shape, double scale) const {
    return kIsWide ? int16s(std::move(shape), static_cast<float>(scale))
                   : int8s(std::move(shape), static_cast<float>(scale), kZero);
  }
  std::vector<double> add_weights(Rng& rng, std::int32_t inputs) {
    const auto items = whole<std::int8_t>(rng, static_cast<std::size_t>(kUnits * inputs), -127, 127);
    node.constant(int8s({kUnits, inputs}, static_cast<float>(kWeight)), items);
    return real(items, kWeight);
  }

  Gates gates;
  OneNode node;
};

/// Runs steps one by one, each checked against the definition from the states that the step before left.
template <class T>
void expect_definition(Rounding rounding, double clip) {
  using Model = Quantized<T>;
  Model model(1, false, clip);
  Rng rng(8);
  States before = {std::vector<double>(kBatch * kUnits), std::vector<double>(kBatch * kUnits)};
  double largest_cell = 0;
  for (int run = 0; run < 30; ++run) {
    SCOPED_TRACE(run);
    const auto in =
        whole<T>(rng, kBatch * kIns, std::numeric_limits<T>::min(), std::numeric_limits<T>::max());
    model.node.set(0, in);
    const auto out = model.node.template run<T>({.rounding = rounding});
    const auto hidden = model.node.template operand<T>(kHidden);
    const auto cell = model.node.template operand<std::int16_t>(kCell);
    EXPECT_EQ(out, hidden);
    const auto real_in = real(in, Model::kIn, Model::kZero);
    const auto real_cell = real(cell, Model::kCellScale);
    const States wanted = step(model.gates, real_in, before, clip > 0 ? clip : 16);
    const States from_cell = step(model.gates, real_in, before, clip > 0 ? clip : 16, &real_cell);
    // A gate's sum is rounded twice, to 2^-12. The logistic function has a slope of at most 1/4, and its
    // table is at most 2 * 2^-15 off: 0.7 for the straight lines, 0.8 for the entries, 0.5 for the result.
    // tanh is twice the logistic function of twice the number.
    const double sum = 2 * kRequantizationSteps * 0x1p-12;
    const double of_logistic = sum / 4 + 2 * kQ15, of_tanh = sum + 4 * kQ15;
    for (std::size_t index = 0; index < cell.size(); ++index) {
      largest_cell = std::max(largest_cell, std::fabs(real_cell[index]));
      const double of_cell = std::fabs(before.cell[index]) * of_logistic + of_logistic + of_tanh +
                             2 * kRequantizationSteps * Model::kCellScale;
      EXPECT_LE(std::fabs(real_cell[index] - wanted.cell[index]), of_cell) << index;
      const double of_hidden = of_logistic + 4 * kQ15 + kRequantizationSteps * Model::kHiddenScale;
      const double most =
          Model::kHiddenScale * static_cast<double>(std::numeric_limits<T>::max() - Model::kZero);
      EXPECT_LE(std::fabs(Model::kHiddenScale * static_cast<double>(hidden[index] - Model::kZero) -
                          std::min(from_cell.hidden[index], most)),
                of_hidden)
          << index;
    }
    before = {real(hidden, Model::kHiddenScale, Model::kZero), real_cell};
  }
  EXPECT_GT(largest_cell, 0.4) << "the cell holds nothing";
}

TEST(Lstm, IntegersAreWithinTheirRoundings) {
  for (const Rounding rounding : {Rounding::kDouble, Rounding::kSingle})
    for (const double clip : {0.0, 0.5}) {
      expect_definition<std::int8_t>(rounding, clip);
      expect_definition<std::int16_t>(rounding, clip);
    }
}

TEST(Lstm, ASequenceIsItsStepsInEitherOrder) {
  constexpr std::int32_t kSteps = 4;
  Rng rng(9);
  const auto in = whole<std::int8_t>(rng, kSteps * kBatch * kIns, -128, 127);  // [step][batch][input]
  Quantized<std::int8_t> single(1), whole_sequence(kSteps), time_major(kSteps, true);
  std::vector<std::int8_t> expected(kSteps * kBatch * kUnits), turned(expected.size()), turned_in(in.size());
  for (std::int32_t step = 0; step < kSteps; ++step) {
    const auto first = in.begin() + step * kBatch * kIns;
    single.node.set(0, std::vector<std::int8_t>(first, first + kBatch * kIns));
    const auto out = single.node.run<std::int8_t>();
    std::ranges::copy(out, expected.begin() + step * kBatch * kUnits);
    for (std::int32_t batch = 0; batch < kBatch; ++batch) {
      std::copy_n(first + batch * kIns, kIns, turned_in.begin() + (batch * kSteps + step) * kIns);
      std::copy_n(out.begin() + batch * kUnits, kUnits, turned.begin() + (batch * kSteps + step) * kUnits);
    }
  }
  time_major.node.set(0, in);
  EXPECT_EQ(time_major.node.run<std::int8_t>(), expected);
  whole_sequence.node.set(0, turned_in);
  EXPECT_EQ(whole_sequence.node.run<std::int8_t>(), turned);
}

TEST(Lstm, FloatsAreWithinTheirRoundings) {
  Rng rng(10);
  OneNode node("unidirectional_sequence_lstm", to_map({}));
  Gates gates;
  const auto add = [&](std::vector<double>& gate, Extents shape) {
    const auto items = reals(rng, count_of(shape));
    node.constant(floats(std::move(shape)), items);
    gate = real(items, 1);
  };
  node.input(floats({kBatch, 1, kIns}), std::vector<float>(kBatch * kIns));
  for (auto& gate : gates.weights) add(gate, {kUnits, kIns});
  for (auto& gate : gates.recurrent) add(gate, {kUnits, kUnits});
  for (int peephole = 0; peephole < 3; ++peephole) node.absent();
  for (auto& gate : gates.bias) add(gate, {kUnits});
  node.absent()
      .absent()
      .state(floats({kBatch, kUnits}))
      .state(floats({kBatch, kUnits}))
      .output(floats({kBatch, 1, kUnits}));
  States before = {std::vector<double>(kBatch * kUnits), std::vector<double>(kBatch * kUnits)};
  for (int run = 0; run < 20; ++run) {
    const auto in = reals(rng, kBatch * kIns);
    node.set(0, in);
    const auto out = node.run<float>();
    const auto cell = node.operand<float>(kCell);
    EXPECT_EQ(out, node.operand<float>(kHidden));
    const States wanted = step(gates, real(in, 1), before, 1e9);
    // A gate: seven roundings of a sum of at most 6, and one of the function. A cell below 8 (it is checked)
    // and an output: the errors of two gates each, and three roundings.
    const double of_gate = (7 * 6 + 1) * 0x1p-24;
    expect_close(cell, wanted.cell, (8 + 2) * of_gate + 3 * 8 * 0x1p-24);
    expect_close(out, wanted.hidden, (8 + 3) * of_gate + 3 * 9 * 0x1p-24);
    before = {real(out, 1), real(cell, 1)};
    for (const float item : cell) ASSERT_LT(std::fabs(item), 8);
  }
}

}  // namespace
}  // namespace mote::ops::unidirectional_sequence_lstm
