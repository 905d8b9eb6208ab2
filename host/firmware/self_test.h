// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "core/error.h"
#include "graph/graph.h"

namespace mote::firmware {

/// A window that the firmware computes at boot, and what must come out.
struct SelfTest {
  std::vector<std::int16_t> counts;  ///< [sample][axis], raw counts
  bool is_noise = false;             ///< made by dsp::noise_count(), not stored
  std::uint16_t input_crc = 0;       ///< CRC-16 of the model's int8 input
  std::vector<std::int8_t> outputs;  ///< [class]
};

/// The largest window that is stored, in bytes; a larger one is noise.
constexpr std::int64_t kLargestSelfTestBytes = 8192;

/// What `model` (int8, with the metadata of `mote train`) makes of the window, by the executor on this
/// computer. Errors (kInput): the model takes no window of this size.
Result<SelfTest> self_test_of(const graph::Graph& model, std::vector<std::int16_t> counts);

/// What `model` makes of a window's rows of features, [row][column] before normalisation; without counts.
Result<SelfTest> computed_from_rows(const graph::Graph& model, std::vector<std::int16_t> features);

/// As self_test_of(), for a window of `values` raw counts of noise.
Result<SelfTest> self_test_of_noise(const graph::Graph& model, std::int64_t values);

/// The text of self_test.h.
std::string self_test_h(const SelfTest& test);

}  // namespace mote::firmware
