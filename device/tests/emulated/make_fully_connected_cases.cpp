// SPDX-License-Identifier: Apache-2.0
// Prints the cases that the emulated test runs: shapes, tables packed for each variant, inputs and the
// outputs that the reference gives on the host. Constants rather than a generator on the target, because an
// AVR reads weights from program memory only.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <vector>

#include "mote/kernels/fully_connected_variants.h"

namespace {

using namespace mote::kernels;

std::mt19937 generator(7);  // NOLINT: the same cases every time

int32_t uniform(int32_t low, int32_t high) {
  return low + static_cast<int32_t>(generator() % static_cast<uint32_t>(high - low + 1));
}

/// One of `values`, else uniform.
int32_t extreme_or_uniform(int32_t low, int32_t high) {
  const int32_t choice = uniform(0, 4);
  return choice == 0 ? low : choice == 1 ? high : uniform(low, high);
}

struct Streams {
  std::vector<int32_t> shapes;
  std::vector<int32_t> bias_reference, bias_plain, bias_dsp, multiplier;
  std::vector<int8_t> weights_plain, weights_dsp, shift, inputs, expected;
};

template <class T>
void append(std::vector<T>& to, const std::vector<T>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

template <class T>
void print(const char* name, const char* type, const std::vector<T>& values) {
  std::printf("alignas(4) const %s %s[] MOTE_FLASH_DATA = {", type, name);
  for (const T value : values) std::printf("%ld,", static_cast<long>(value));
  std::printf("0};\n");
}

FullyConnectedShape random_shape(int32_t largest) {
  FullyConnectedShape shape = {};
  shape.batch = uniform(1, 2);
  shape.in_features = uniform(0, 9) == 0 ? 0 : uniform(1, largest);
  shape.out_features = uniform(1, 10);
  shape.input_zero_point = extreme_or_uniform(-128, 127);
  shape.output_zero_point = extreme_or_uniform(-128, 127);
  shape.activation_min = uniform(0, 2) == 0 ? uniform(-128, 0) : -128;
  shape.activation_max = uniform(0, 2) == 0 ? uniform(0, 127) : 127;
  shape.per_channel = uniform(0, 1) == 1;
  return shape;
}

void add_case(Streams& streams, const FullyConnectedShape& shape) {
  const auto outputs = static_cast<size_t>(shape.out_features);
  // Half of the cases have small sums and shifts, so that halves occur, which rounding is about; the others
  // are wild.
  const bool small = uniform(0, 1) == 1;
  const int32_t largest_weight = small ? 1 : 127;
  const int32_t smallest_weight = -largest_weight - (uniform(0, 5) == 0 ? 1 : 0);
  std::vector<int8_t> weights(outputs * static_cast<size_t>(shape.in_features));
  for (auto& weight : weights)
    weight = static_cast<int8_t>(extreme_or_uniform(smallest_weight, largest_weight));
  std::vector<int32_t> bias(outputs);
  for (auto& value : bias) value = small ? uniform(-200, 200) : uniform(-20000, 20000);
  std::vector<int32_t> multiplier(shape.per_channel ? outputs : 1);
  std::vector<int8_t> shift(multiplier.size());
  const bool left = uniform(0, 7) == 0;
  for (auto& value : multiplier) value = extreme_or_uniform(1 << 30, INT32_MAX);
  for (auto& value : shift)
    value = static_cast<int8_t>(left ? uniform(0, 3) : small ? uniform(-4, -1) : uniform(-12, -1));

  const Limits limits =
      weight_limits(shape.out_features, shape.in_features, weights.data(), bias.data(),
                    shape.input_zero_point, shift.data(), static_cast<int32_t>(shift.size()));
  if (!FullyConnectedReference<int8_t, int32_t>::supports(shape, limits)) std::abort();
  const bool dsp = FullyConnectedDsp::supports(shape, limits);
  append(streams.shapes,
         {shape.batch, shape.in_features, shape.out_features, shape.input_zero_point, shape.output_zero_point,
          shape.activation_min, shape.activation_max, shape.per_channel ? 1 : 0, dsp ? 1 : 0});
  std::vector<int8_t> packed(static_cast<size_t>(FullyConnectedDsp::packed_bytes(shape)));
  std::vector<int32_t> folded(outputs);
  FullyConnectedDsp::pack(shape, weights.data(), bias.data(), packed.data(), folded.data());
  while (streams.weights_dsp.size() % 4 != 0) streams.weights_dsp.push_back(0);
  append(streams.weights_dsp, packed);
  append(streams.weights_plain, weights);
  append(streams.bias_reference, bias);
  append(streams.bias_dsp, folded);
  std::vector<int8_t> plain(static_cast<size_t>(FullyConnectedPlain<int8_t, int32_t>::packed_bytes(shape)));
  FullyConnectedPlain<int8_t, int32_t>::pack(shape, weights.data(), bias.data(), plain.data(), folded.data());
  append(streams.bias_plain, folded);
  append(streams.multiplier, multiplier);
  append(streams.shift, shift);

  std::vector<int8_t> input(static_cast<size_t>(shape.batch * shape.in_features));
  for (auto& value : input) value = static_cast<int8_t>(extreme_or_uniform(-128, 127));
  std::vector<int8_t> output(static_cast<size_t>(shape.batch) * outputs);
  FullyConnectedReference<int8_t, int32_t>::run(
      shape, {weights.data(), bias.data(), multiplier.data(), shift.data()}, input.data(), output.data(),
      nullptr);
  append(streams.inputs, input);
  append(streams.expected, output);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: make_fully_connected_cases <cases> <largest number of inputs>\n");
    return 2;
  }
  const int cases = std::atoi(argv[1]);
  Streams streams;
  for (int index = 0; index < cases; ++index) add_case(streams, random_shape(std::atoi(argv[2])));
  std::printf("// Generated by make_fully_connected_cases.\nconstexpr int32_t kCases = %d;\n", cases);
  print("kShapes", "int32_t", streams.shapes);
  print("kBiasReference", "int32_t", streams.bias_reference);
  print("kBiasPlain", "int32_t", streams.bias_plain);
  print("kBiasDsp", "int32_t", streams.bias_dsp);
  print("kMultiplier", "int32_t", streams.multiplier);
  print("kShift", "int8_t", streams.shift);
  print("kWeightsPlain", "int8_t", streams.weights_plain);
  std::printf("#if defined(__ARM_FEATURE_DSP)\n");
  print("kWeightsDsp", "int8_t", streams.weights_dsp);
  std::printf("#endif\n");
  print("kInputs", "int8_t", streams.inputs);
  print("kExpected", "int8_t", streams.expected);
  return 0;
}
