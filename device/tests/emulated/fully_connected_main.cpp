// SPDX-License-Identifier: Apache-2.0
// Runs every fully connected variant that this core has on the generated cases, and compares each output with
// the one that the reference gave on the host.
#include <stdint.h>

#include "mote/kernels/fully_connected_variants.h"
#include "platform.h"

namespace {

#include "cases.h"

using namespace mote::kernels;

constexpr int32_t kMostInputs = 256;
constexpr int32_t kMostOutputs = 20;
constexpr int8_t kCanary = 0x5A;

/// Where the tables of the current case begin.
struct Position {
  int32_t weights_plain, weights_dsp, outputs, factors, inputs, results;
};

struct Counts {
  int32_t runs;
  int32_t failures;
};

template <class Variant>
__attribute__((noinline)) void check(int32_t index, const FullyConnectedShape& shape,
                                     mote::Flash<int8_t> weights, mote::Flash<int32_t> bias,
                                     const Position& at, Counts& counts) {
  int8_t input[kMostInputs];
  int8_t output[kMostOutputs + 2];
  const int32_t outputs = shape.batch * shape.out_features;
  for (int32_t k = 0; k < shape.batch * shape.in_features; ++k)
    input[k] = mote::Flash<int8_t>(kInputs)[at.inputs + k];
  for (int32_t k = 0; k < outputs + 2; ++k) output[k] = kCanary;
  const FullyConnectedTables tables = {weights, bias, mote::Flash<int32_t>(kMultiplier) + at.factors,
                                       mote::Flash<int8_t>(kShift) + at.factors};
  Variant::run(shape, tables, input, output + 1, nullptr);
  bool equal = output[0] == kCanary && output[outputs + 1] == kCanary;
  for (int32_t k = 0; k < outputs; ++k)
    equal = equal && output[k + 1] == mote::Flash<int8_t>(kExpected)[at.results + k];
  ++counts.runs;
  if (equal) return;
  ++counts.failures;
  platform::write(Variant::kName);
  platform::write(" differs in case ");
  platform::write(index);
  platform::write("\n");
}

FullyConnectedShape shape_of(mote::Flash<int32_t> row) {
  return FullyConnectedShape{
      row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7] != 0, mote::Rounding::kDouble};
}

}  // namespace

int main() {
  Counts counts = {0, 0};
  Position at = {0, 0, 0, 0, 0, 0};
  for (int32_t index = 0; index < kCases; ++index) {
    const mote::Flash<int32_t> row = mote::Flash<int32_t>(kShapes) + 9 * index;
    const FullyConnectedShape shape = shape_of(row);
    const mote::Flash<int8_t> weights = mote::Flash<int8_t>(kWeightsPlain) + at.weights_plain;
    check<FullyConnectedReference<int8_t, int32_t>>(
        index, shape, weights, mote::Flash<int32_t>(kBiasReference) + at.outputs, at, counts);
    check<FullyConnectedPlain<int8_t, int32_t>>(index, shape, weights,
                                                mote::Flash<int32_t>(kBiasPlain) + at.outputs, at, counts);
#if defined(__ARM_FEATURE_DSP)
    if (row[8] != 0)
      check<FullyConnectedDsp>(index, shape, mote::Flash<int8_t>(kWeightsDsp) + at.weights_dsp,
                               mote::Flash<int32_t>(kBiasDsp) + at.outputs, at, counts);
#endif
    at.weights_plain += FullyConnectedPlain<int8_t, int32_t>::packed_bytes(shape);
    at.weights_dsp += FullyConnectedDsp::packed_bytes(shape);
    at.outputs += shape.out_features;
    at.factors += shape.per_channel ? shape.out_features : 1;
    at.inputs += shape.batch * shape.in_features;
    at.results += shape.batch * shape.out_features;
  }
  platform::write(counts.failures == 0 && counts.runs > 0 ? "passed " : "failed ");
  platform::write(counts.runs);
  platform::write(" runs\n");
  return counts.failures == 0 ? 0 : 1;
}
