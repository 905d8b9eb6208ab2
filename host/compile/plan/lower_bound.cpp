// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "compile/plan/blocks.h"

namespace mote::compile {
namespace {

/// Counts memory in cells, as large as the smallest alignment: buffers that share no byte share no cell.
class CellCount {
 public:
  explicit CellCount(const MemoryNeeds& needs) : needs_(needs) {
    cell_bytes_ = needs.buffers[0].alignment_bytes;
    for (const Buffer& buffer : needs.buffers) {
      cell_bytes_ = std::min(cell_bytes_, buffer.alignment_bytes);
      first_ = std::min(first_, buffer.first);
      last_ = std::max(last_, buffer.last);
    }
    count_live();
    subtract_shared();
  }

  /// The memory ends with its last buffer, not with that one's last cell: less may be needed there.
  std::int64_t largest_bytes() const {
    std::int64_t largest = 0;
    for (std::size_t step = 0; step < live_.size(); ++step)
      largest = std::max(largest, live_[step] * cell_bytes_ - padding_[step]);
    return largest;
  }

 private:
  std::size_t at(std::int32_t step) const { return static_cast<std::size_t>(step - first_); }
  const Buffer& buffer(std::int32_t index) const { return needs_.buffers[static_cast<std::size_t>(index)]; }
  std::int64_t cells(std::int64_t bytes) const { return (bytes + cell_bytes_ - 1) / cell_bytes_; }

  void count_live() {
    live_.assign(at(last_) + 2, 0);  // changes first, their sums then
    padding_.assign(live_.size(), 0);
    for (const Buffer& buffer : needs_.buffers) {
      live_[at(buffer.first)] += cells(buffer.bytes);
      live_[at(buffer.last) + 1] -= cells(buffer.bytes);
      const std::int64_t padding = cells(buffer.bytes) * cell_bytes_ - buffer.bytes;
      for (std::int32_t step = buffer.first; step <= buffer.last; ++step)
        padding_[at(step)] = std::max(padding_[at(step)], padding);
    }
    for (std::size_t step = 1; step < live_.size(); ++step) live_[step] += live_[step - 1];
  }

  /// Outputs of a step are disjoint, and so are inputs: each cell is shared by one of both at most.
  void subtract_shared() {
    std::vector<std::int64_t> of_output(needs_.buffers.size(), 0);
    std::vector<std::int64_t> of_input(needs_.buffers.size(), 0);
    for (const Overlay& overlay : needs_.overlays) {
      const Buffer& output = buffer(overlay.output);
      const Buffer& input = buffer(overlay.input);
      if (input.last != output.first) continue;
      const std::int64_t beyond =
          cells(output.bytes) - cells(overlay.in_place ? 0 : std::max(overlay.ahead_bytes, 0));
      const std::int64_t shared = std::max<std::int64_t>(0, std::min(beyond, cells(input.bytes)));
      of_output[static_cast<std::size_t>(overlay.output)] += shared;
      of_input[static_cast<std::size_t>(overlay.input)] += shared;
    }
    std::vector<std::int64_t> by_outputs(live_.size(), 0);
    std::vector<std::int64_t> by_inputs(live_.size(), 0);
    for (std::size_t index = 0; index < needs_.buffers.size(); ++index) {
      const Buffer& one = needs_.buffers[index];
      by_outputs[at(one.first)] += std::min(of_output[index], cells(one.bytes));
      by_inputs[at(one.last)] += std::min(of_input[index], cells(one.bytes));
    }
    for (std::size_t step = 0; step < live_.size(); ++step)
      live_[step] -= std::min(by_outputs[step], by_inputs[step]);
  }

  const MemoryNeeds& needs_;
  std::int32_t cell_bytes_ = 1;
  std::int32_t first_ = 0;
  std::int32_t last_ = 0;
  std::vector<std::int64_t> live_;     ///< cells, by step
  std::vector<std::int64_t> padding_;  ///< bytes, by step: the most in any live buffer
};

}  // namespace

std::int64_t live_bytes_bound(const MemoryNeeds& needs) {
  return needs.buffers.empty() ? 0 : CellCount(needs).largest_bytes();
}

std::int64_t memory_lower_bound(const MemoryNeeds& needs) {
  std::int64_t bound = live_bytes_bound(needs);
  if (needs.ties.empty()) return bound;
  const Blocks blocks(needs);
  for (std::size_t block = 0; block < blocks.size(); ++block) bound = std::max(bound, blocks[block].bytes);
  return bound;
}

}  // namespace mote::compile
