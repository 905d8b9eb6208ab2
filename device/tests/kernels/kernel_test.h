// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the kernel tests share: a seeded generator that likes extremes, and memory with canaries around it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <random>
#include <vector>

#include "mote/kernels/variant.h"

namespace mote::kernels::test {

class Random {
 public:
  explicit Random(uint32_t seed) : generator_(seed) {}

  int32_t uniform(int32_t low, int32_t high) {
    return low + static_cast<int32_t>(generator_() %
                                      (static_cast<uint32_t>(high) - static_cast<uint32_t>(low) + 1u));
  }

  /// One of the two ends in two cases of five.
  int32_t extreme_or_uniform(int32_t low, int32_t high) {
    const int32_t choice = uniform(0, 4);
    return choice == 0 ? low : choice == 1 ? high : uniform(low, high);
  }

  template <class T>
  std::vector<T> values(int32_t count, int32_t low, int32_t high) {
    std::vector<T> result(static_cast<size_t>(count));
    for (auto& value : result) value = static_cast<T>(extreme_or_uniform(low, high));
    return result;
  }

 private:
  std::mt19937 generator_;
};

/// `count` elements with canaries in front and behind, all of them set to the canary at first.
template <class T>
class Guarded {
 public:
  explicit Guarded(int32_t count)
      : bytes_((static_cast<size_t>(count) * sizeof(T)) + 2 * kGuardBytes, kCanary) {}

  T* data() { return reinterpret_cast<T*>(bytes_.data() + kGuardBytes); }
  std::vector<T> values() { return {data(), data() + (bytes_.size() - 2 * kGuardBytes) / sizeof(T)}; }

  bool intact() const {
    const auto is_canary = [](uint8_t byte) { return byte == kCanary; };
    return std::all_of(bytes_.begin(), bytes_.begin() + kGuardBytes, is_canary) &&
           std::all_of(bytes_.end() - kGuardBytes, bytes_.end(), is_canary);
  }

 private:
  static constexpr int32_t kGuardBytes = 32;
  static constexpr uint8_t kCanary = 0xA5;
  std::vector<uint8_t> bytes_;
};

/// The outputs of `run(in, out)` with the output at the front of the memory and the input `ahead` bytes
/// behind it.
template <class Out = int8_t, class In, class Run>
std::vector<Out> run_overlapped(const std::vector<In>& input, int32_t outputs, int32_t ahead, Run run) {
  const auto input_bytes = input.size() * sizeof(In);
  std::vector<uint8_t> memory(
      std::max(static_cast<size_t>(ahead) + input_bytes, static_cast<size_t>(outputs) * sizeof(Out)));
  auto* const in = reinterpret_cast<In*>(memory.data() + ahead);
  if (!input.empty()) std::memcpy(static_cast<void*>(in), input.data(), input_bytes);
  auto* const out = reinterpret_cast<Out*>(memory.data());
  run(in, out);
  return {out, out + outputs};
}

/// Whether the announced overlap gives what disjoint buffers give, for each of `inputs`, and whether one
/// input element less would have been too little for at least one of them. kInPlace: at the same place.
template <class Out = int8_t, class In, class Run>
void expect_exact_input_ahead(const std::vector<std::vector<In>>& inputs, int32_t outputs, int32_t ahead,
                              Run run, bool minimal = true) {
  if (ahead == kDisjoint) return;
  if (ahead == kInPlace) ahead = 0;
  const auto one = static_cast<int32_t>(sizeof(In));
  bool one_less_differs = false;
  for (const auto& input : inputs) {
    std::vector<Out> expected(static_cast<size_t>(outputs));
    run(input.data(), expected.data());
    EXPECT_EQ(run_overlapped<Out>(input, outputs, ahead, run), expected);
    if (ahead > 0) one_less_differs |= run_overlapped<Out>(input, outputs, ahead - one, run) != expected;
  }
  EXPECT_TRUE(ahead == 0 || !minimal || one_less_differs) << ahead << " bytes are more than needed";
}

}  // namespace mote::kernels::test
