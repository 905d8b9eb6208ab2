// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstddef>
#include <string>

namespace mote::dataset {

/// One of the 48 ways to exchange and reverse three axes: value i of the training set's axes is sign[i] *
/// (value from[i] of the new ones).
struct AxisTurn {
  std::array<std::size_t, 3> from = {0, 1, 2};
  std::array<int, 3> sign = {1, 1, 1};

  bool operator==(const AxisTurn&) const = default;
};

inline constexpr std::size_t kAxisTurns = 48;

/// Number 0 ... 47; 0 leaves everything as it is.
AxisTurn axis_turn(std::size_t index);

/// Whether a rigid body can be turned so (24 of them); the others mirror.
bool is_rotation(const AxisTurn& turn);

/// In words, with the names of the axes: "turned by 90 degrees about z", "x and y exchanged", "x reversed".
std::string in_words(const AxisTurn& turn, const std::array<std::string, 3>& names);

}  // namespace mote::dataset
