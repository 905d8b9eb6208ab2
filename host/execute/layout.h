// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <vector>

namespace mote::execute {

/// Where the values of a graph and the scratch memory of its layers lie in the model's one block of memory.
///
/// Values may share bytes: one is a part of the other, or both are never needed together.
struct Layout {
  std::vector<std::int32_t> value_offsets;  ///< by value; of a state in the block of states; -1 for constants
  std::vector<std::int32_t> scratch_offsets;  ///< by layer; -1 if it needs none
  std::vector<std::int32_t> complete_after;  ///< by value: the layer after which all of it is there; -1: none
  std::int32_t total_bytes = 0;
  std::int32_t alignment_bytes = 4;  ///< of the block of memory
  std::int32_t state_bytes = 0;      ///< of the block of states, which keeps its content between runs
};

}  // namespace mote::execute
