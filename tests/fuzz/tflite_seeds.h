// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace mote::test {

/// A .tflite file of one operator.
struct Seed {
  std::string name;  ///< "add_int8"
  std::vector<std::uint8_t> file;
};

/// A small model for every operator, and every element type that has kernels of its own: what the fuzzer
/// starts from. Always the same bytes.
std::vector<Seed> tflite_seeds();

}  // namespace mote::test
