// SPDX-License-Identifier: Apache-2.0
#pragma once
// Runs a kernel with its output laid over one of its inputs, for inputs and outputs of any type.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <vector>

namespace mote::kernels::test {

/// The outputs of `run(in, out)` with the output at the front of the memory and the input `ahead` bytes
/// behind.
template <class Out, class In, class Run>
std::vector<Out> overlaid(const std::vector<In>& input, int32_t outputs, int32_t ahead, Run run) {
  const size_t input_bytes = input.size() * sizeof(In);
  const size_t bytes =
      std::max(static_cast<size_t>(ahead) + input_bytes, static_cast<size_t>(outputs) * sizeof(Out));
  std::vector<int64_t> memory(bytes / sizeof(int64_t) + 1);
  auto* const start = reinterpret_cast<uint8_t*>(memory.data());
  auto* const in = reinterpret_cast<In*>(start + ahead);
  auto* const out = reinterpret_cast<Out*>(start);
  if (!input.empty()) std::memcpy(static_cast<void*>(in), input.data(), input_bytes);
  run(in, out);
  std::vector<Out> result(static_cast<size_t>(outputs));
  if (outputs > 0) std::memcpy(static_cast<void*>(result.data()), start, result.size() * sizeof(Out));
  return result;
}

/// Checks that `ahead` bytes, and any more, give what disjoint buffers give for each of `inputs`; returns
/// whether one element less would have been too little for at least one of them. `written` picks the outputs
/// to compare.
template <class Out, class In, class Run, class Written>
bool check_overlay(const std::vector<std::vector<In>>& inputs, int32_t outputs, int32_t ahead, Run run,
                   Written written) {
  constexpr int32_t kElement = sizeof(In);
  const int32_t aligned = (ahead + kElement - 1) / kElement * kElement;
  bool one_less_differs = aligned == 0;
  for (const auto& input : inputs) {
    std::vector<Out> expected(static_cast<size_t>(outputs));
    run(input.data(), expected.data());
    for (const int32_t more : {0, 1, 5})
      EXPECT_EQ(written(overlaid<Out>(input, outputs, aligned + more * kElement, run)), written(expected))
          << ahead << " bytes and " << more << " elements";
    if (aligned > 0)
      one_less_differs |=
          written(overlaid<Out>(input, outputs, aligned - kElement, run)) != written(expected);
  }
  return one_less_differs;
}

/// The same for all outputs.
template <class Out, class In, class Run>
bool check_overlay(const std::vector<std::vector<In>>& inputs, int32_t outputs, int32_t ahead, Run run) {
  return check_overlay<Out>(inputs, outputs, ahead, run, [](std::vector<Out> all) { return all; });
}

/// Checks that `ahead` bytes are enough and one element less is not.
template <class Out, class In, class Run>
void expect_exact_overlay(const std::vector<std::vector<In>>& inputs, int32_t outputs, int32_t ahead,
                          Run run) {
  EXPECT_TRUE(check_overlay<Out>(inputs, outputs, ahead, run)) << ahead << " bytes are more than needed";
}

}  // namespace mote::kernels::test
