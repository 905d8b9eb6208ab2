// SPDX-License-Identifier: Apache-2.0
#include "compile/plan/blocks.h"

#include <algorithm>
#include <numeric>

namespace mote::compile {
namespace {

std::size_t at(std::int32_t index) {
  return static_cast<std::size_t>(index);
}

/// The overlays that hold, by output: others give no permission.
class Overlays {
 public:
  explicit Overlays(const MemoryNeeds& needs) : of_output_(needs.buffers.size()) {
    for (const Overlay& overlay : needs.overlays) {
      const Buffer& output = needs.buffers[at(overlay.output)];
      const Buffer& input = needs.buffers[at(overlay.input)];
      if (input.first < output.first && input.last == output.first)
        of_output_[at(overlay.output)].push_back(overlay);
    }
  }
  const Overlay* find(std::size_t output, std::size_t input) const {
    for (const Overlay& overlay : of_output_[output])
      if (at(overlay.input) == input) return &overlay;
    return nullptr;
  }

 private:
  std::vector<std::vector<Overlay>> of_output_;
};

/// Calls visit(a, b) for every two buffers that are alive together, once.
template <class Visitor>
void for_each_pair_alive(const std::vector<Buffer>& buffers, Visitor&& visit) {
  std::vector<std::size_t> by_first(buffers.size());
  std::iota(by_first.begin(), by_first.end(), std::size_t{0});
  std::stable_sort(by_first.begin(), by_first.end(),
                   [&](std::size_t a, std::size_t b) { return buffers[a].first < buffers[b].first; });
  std::vector<std::size_t> alive;
  for (const std::size_t buffer : by_first) {
    std::erase_if(alive, [&](std::size_t other) { return buffers[other].last < buffers[buffer].first; });
    for (const std::size_t other : alive) visit(other, buffer);
    alive.push_back(buffer);
  }
}

}  // namespace

Blocks::Blocks(const MemoryNeeds& needs)
    : block_of_(needs.buffers.size()), position_(needs.buffers.size(), 0), bytes_(needs.buffers.size()) {
  for (std::size_t buffer = 0; buffer < bytes_.size(); ++buffer) bytes_[buffer] = needs.buffers[buffer].bytes;
  tie_together(needs);
  find_neighbours(needs);
}

void Blocks::tie_together(const MemoryNeeds& needs) {
  constexpr auto kNone = static_cast<std::size_t>(-1);
  struct End {
    std::size_t buffer;
    std::int64_t distance;
  };
  std::vector<std::vector<End>> tied(needs.buffers.size());
  for (const Tie& tie : needs.ties) {
    tied[at(tie.anchor)].push_back({at(tie.buffer), tie.distance_bytes});
    tied[at(tie.buffer)].push_back({at(tie.anchor), -std::int64_t{tie.distance_bytes}});
  }
  std::fill(block_of_.begin(), block_of_.end(), kNone);
  for (std::size_t start = 0; start < needs.buffers.size(); ++start) {
    if (block_of_[start] != kNone) continue;
    std::vector<std::size_t> members = {start};
    block_of_[start] = blocks_.size();
    for (std::size_t next = 0; next < members.size(); ++next)
      for (const End& end : tied[members[next]]) {
        if (block_of_[end.buffer] != kNone) continue;
        block_of_[end.buffer] = blocks_.size();
        position_[end.buffer] = position_[members[next]] + end.distance;
        members.push_back(end.buffer);
      }
    Block block;
    block.first = needs.buffers[start].first;
    std::int64_t lowest = 0;
    for (const std::size_t member : members) lowest = std::min(lowest, position_[member]);
    for (const std::size_t member : members) {
      const Buffer& buffer = needs.buffers[member];
      position_[member] -= lowest;
      block.bytes = std::max(block.bytes, position_[member] + buffer.bytes);
      block.first = std::min(block.first, buffer.first);
      if (buffer.alignment_bytes <= block.alignment_bytes) continue;
      block.alignment_bytes = buffer.alignment_bytes;
      block.phase_bytes = -position_[member] & (block.alignment_bytes - 1);
    }
    blocks_.push_back(std::move(block));
  }
}

void Blocks::find_neighbours(const MemoryNeeds& needs) {
  const Overlays overlays(needs);
  // How far the block of `upper` must be above that of `lower`, as far as these two buffers are concerned.
  const auto gap = [&](std::size_t lower, std::size_t upper) {
    const Overlay* overlay = overlays.find(lower, upper);
    const bool may_overlap = overlay != nullptr && !overlay->in_place;
    const std::int64_t apart =
        may_overlap ? std::min<std::int64_t>(overlay->ahead_bytes, bytes_[lower]) : bytes_[lower];
    return apart + position_[lower] - position_[upper];
  };
  const auto may_replace = [&](std::size_t output, std::size_t input) {
    const Overlay* overlay = overlays.find(output, input);
    return overlay != nullptr && overlay->in_place;
  };
  for_each_pair_alive(needs.buffers, [&](std::size_t a, std::size_t b) {
    if (block_of_[a] == block_of_[b]) return;
    const std::int64_t a_above = gap(b, a);
    const std::int64_t b_above = gap(a, b);
    if (a_above + b_above <= 0) return;  // anywhere is far enough from the other
    const bool in_place = may_replace(a, b) || may_replace(b, a);
    const std::int64_t distance =
        position_[b] - position_[a];  // of the block of a, if a and b start together
    if (in_place) are_plain_ = false;
    blocks_[block_of_[a]].neighbours.push_back(
        {block_of_[b], a_above, b_above, in_place ? distance : a_above});
    blocks_[block_of_[b]].neighbours.push_back(
        {block_of_[a], b_above, a_above, in_place ? -distance : b_above});
  });
}

MemoryPlan Blocks::plan(const std::vector<std::int64_t>& offsets) const {
  MemoryPlan plan;
  for (std::size_t buffer = 0; buffer < bytes_.size(); ++buffer) {
    const std::int64_t offset = offsets[block_of_[buffer]] + position_[buffer];
    plan.offsets.push_back(static_cast<std::int32_t>(offset));
    plan.total_bytes = std::max(plan.total_bytes, static_cast<std::int32_t>(offset + bytes_[buffer]));
  }
  return plan;
}

}  // namespace mote::compile
