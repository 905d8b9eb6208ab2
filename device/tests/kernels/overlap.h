// SPDX-License-Identifier: Apache-2.0
#pragma once
// Whether a kernel's input_ahead_bytes is exactly what it needs, for element types of any size.
#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <optional>
#include <vector>

namespace mote::kernels::test {

/// The outputs of `run(in, out)` in one memory where the input starts `ahead` bytes behind the output;
/// nothing if no address aligns both.
template <class Out, class In, class Run>
std::optional<std::vector<Out>> run_ahead(const std::vector<In>& input, size_t outputs, size_t ahead,
                                          Run run) {
  const size_t alignment = sizeof(std::uint64_t);
  std::vector<std::uint64_t> memory(
      (alignment + ahead + input.size() * sizeof(In) + outputs * sizeof(Out)) / alignment + 1);
  for (size_t start = 0; start < alignment; ++start) {
    if (start % sizeof(Out) != 0 || (start + ahead) % sizeof(In) != 0) continue;
    auto* const out = reinterpret_cast<unsigned char*>(memory.data()) + start;
    std::memcpy(out + ahead, input.data(), input.size() * sizeof(In));
    run(reinterpret_cast<const In*>(out + ahead), reinterpret_cast<Out*>(out));
    std::vector<Out> result(outputs);
    std::memcpy(result.data(), out, outputs * sizeof(Out));
    return result;
  }
  return std::nullopt;
}

/// The announced overlap gives what disjoint buffers give, and as little less as the types' alignment admits
/// does not.
template <class Out, class In, class Run>
void expect_exact_overlap(const std::vector<In>& input, size_t outputs, int32_t ahead_bytes, Run run) {
  const auto ahead = static_cast<size_t>(ahead_bytes);
  std::vector<Out> expected(outputs);
  run(input.data(), expected.data());
  const auto at_announced = run_ahead<Out>(input, outputs, ahead, run);
  ASSERT_TRUE(at_announced.has_value());
  EXPECT_EQ(*at_announced, expected);
  for (size_t less = 1; less <= ahead; ++less) {
    const auto below = run_ahead<Out>(input, outputs, ahead - less, run);
    if (!below) continue;
    EXPECT_NE(*below, expected) << ahead << " bytes are more than needed";
    return;
  }
}

}  // namespace mote::kernels::test
