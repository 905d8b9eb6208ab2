// SPDX-License-Identifier: Apache-2.0
#include "dataset/axis_turn.h"

namespace mote::dataset {
namespace {

constexpr std::array<std::array<std::size_t, 3>, 6> kOrders = {
    {{0, 1, 2}, {1, 0, 2}, {2, 1, 0}, {0, 2, 1}, {1, 2, 0}, {2, 0, 1}}};

}  // namespace

AxisTurn axis_turn(std::size_t index) {
  AxisTurn turn{kOrders[index / 8], {}};
  for (std::size_t axis = 0; axis < 3; ++axis) turn.sign[axis] = (index >> axis & 1) != 0 ? -1 : 1;
  return turn;
}

bool is_rotation(const AxisTurn& turn) {
  int kept = 0;
  for (std::size_t axis = 0; axis < 3; ++axis) kept += turn.from[axis] == axis ? 1 : 0;
  const int parity = kept == 1 ? -1 : 1;  // an exchange of two
  return parity * turn.sign[0] * turn.sign[1] * turn.sign[2] == 1;
}

std::string in_words(const AxisTurn& turn, const std::array<std::string, 3>& names) {
  std::string kept, reversed, exchanged, mapping;
  int kept_count = 0, reversed_count = 0;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const bool own = turn.from[axis] == axis;
    if (own && turn.sign[axis] > 0) kept = names[axis], ++kept_count;
    if (own && turn.sign[axis] < 0)
      reversed += (reversed.empty() ? "" : " and ") + names[axis], ++reversed_count;
    if (!own) exchanged += (exchanged.empty() ? "" : " and ") + names[axis];
    mapping += (mapping.empty() ? "" : ", ") + names[axis] + " is now on " +
               (turn.sign[axis] < 0 ? "-" : "") + names[turn.from[axis]];
  }
  if (kept_count == 3) return "as in training";
  if (kept_count == 1 && is_rotation(turn))
    return "turned by " + std::string(exchanged.empty() ? "180" : "90") + " degrees about " + kept + " (" +
           mapping + ")";
  if (exchanged.empty()) return reversed + " reversed";
  const bool plain = turn.sign[0] + turn.sign[1] + turn.sign[2] == 3;
  if (kept_count == 1 && plain) return exchanged + " exchanged";
  return "axes exchanged (" + mapping + ")";
}

}  // namespace mote::dataset
