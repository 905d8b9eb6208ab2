// SPDX-License-Identifier: Apache-2.0
// Every pair of buffers that are alive together must be stacked one way or the other: b above a leaves a gap
// of at least gap(a, b) between their offsets, the size of a, or less where an overlay allows it. For a given
// order from the bottom up the lowest plan follows by putting each buffer as low as those below it allow, and
// every plan can be lowered to one of these; so the search goes over orders only.
#include "compile/plan/planner.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "core/random.h"

namespace mote::compile {
namespace {

constexpr std::int64_t kMaximumSteps = 200'000;  // of the exact search: all orders of 8 buffers, about 20 ms
constexpr int kRandomOrders = 2000;              // tried when that was not enough
constexpr std::int32_t kIndependent = -1;

bool alive_together(const Buffer& a, const Buffer& b) {
  return a.first <= b.last && b.first <= a.last;
}

/// gap(lower, upper): how far above the offset of `lower` that of `upper` must be; kIndependent if anywhere.
class Gaps {
 public:
  explicit Gaps(const MemoryNeeds& needs)
      : count_(needs.buffers.size()), gap_(count_ * count_, kIndependent) {
    const auto aligned = [&](std::int32_t bytes) {
      return (bytes + needs.alignment_bytes - 1) / needs.alignment_bytes * needs.alignment_bytes;
    };
    for (std::size_t lower = 0; lower < count_; ++lower)
      for (std::size_t upper = 0; upper < count_; ++upper)
        if (lower != upper && alive_together(needs.buffers[lower], needs.buffers[upper]))
          at(lower, upper) = aligned(needs.buffers[lower].bytes);
    for (const Overlay& overlay : needs.overlays) {
      std::int32_t& gap =
          at(static_cast<std::size_t>(overlay.output), static_cast<std::size_t>(overlay.input));
      gap = std::min(gap, aligned(overlay.ahead_bytes));
    }
  }
  std::int32_t operator()(std::size_t lower, std::size_t upper) const { return gap_[lower * count_ + upper]; }

 private:
  std::int32_t& at(std::size_t lower, std::size_t upper) { return gap_[lower * count_ + upper]; }

  std::size_t count_;
  std::vector<std::int32_t> gap_;
};

/// Branch and bound over the orders from the bottom up.
class Search {
 public:
  explicit Search(const MemoryNeeds& needs)
      : needs_(needs), gaps_(needs), bound_(memory_lower_bound(needs)), placed_(needs.buffers.size(), false) {
    current_.offsets.resize(needs.buffers.size());
    best_.total_bytes = std::numeric_limits<std::int32_t>::max();
  }

  MemoryPlan run() {
    try_simple_orders();
    descend(0);
    if (steps_ >= kMaximumSteps) try_random_orders();
    return best_;
  }

 private:
  std::int32_t lowest_offset(std::size_t buffer) const {
    std::int32_t offset = 0;
    for (std::size_t below = 0; below < placed_.size(); ++below)
      if (placed_[below] && gaps_(below, buffer) != kIndependent)
        offset = std::max(offset, current_.offsets[below] + gaps_(below, buffer));
    return offset;
  }

  bool finished() const { return best_.total_bytes <= bound_ || steps_ >= kMaximumSteps; }

  void descend(std::size_t depth) {
    if (depth == placed_.size()) {
      best_ = current_;  // only orders that are better get this far
      return;
    }
    for (std::size_t buffer = 0; buffer < placed_.size() && !finished(); ++buffer) {
      if (placed_[buffer]) continue;
      ++steps_;
      const std::int32_t before = current_.total_bytes;
      current_.offsets[buffer] = lowest_offset(buffer);
      current_.total_bytes = std::max(before, current_.offsets[buffer] + needs_.buffers[buffer].bytes);
      placed_[buffer] = true;
      if (current_.total_bytes < best_.total_bytes) descend(depth + 1);
      placed_[buffer] = false;
      current_.total_bytes = before;
    }
  }

  void try_order(const std::vector<std::size_t>& order) {
    current_.total_bytes = 0;
    for (const std::size_t buffer : order) {
      current_.offsets[buffer] = lowest_offset(buffer);
      current_.total_bytes =
          std::max(current_.total_bytes, current_.offsets[buffer] + needs_.buffers[buffer].bytes);
      placed_[buffer] = true;
    }
    if (current_.total_bytes < best_.total_bytes) best_ = current_;
    std::fill(placed_.begin(), placed_.end(), false);
    current_.total_bytes = 0;
  }

  /// In order of time, backwards, and by size: good starts make the exact search short.
  void try_simple_orders() {
    order_.resize(placed_.size());
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    try_order(order_);
    std::reverse(order_.begin(), order_.end());
    try_order(order_);
    std::stable_sort(order_.begin(), order_.end(), [&](std::size_t a, std::size_t b) {
      return needs_.buffers[a].bytes > needs_.buffers[b].bytes;
    });
    try_order(order_);
  }

  /// Swaps two places of the best order so far and keeps what is no worse.
  void try_random_orders() {
    Rng rng(1);
    sort_by_offset();
    for (int trial = 0; trial < kRandomOrders && best_.total_bytes > bound_; ++trial) {
      const std::int32_t before = best_.total_bytes;
      const std::size_t from = rng.below(order_.size());
      const std::size_t to = rng.below(order_.size());
      std::swap(order_[from], order_[to]);
      try_order(order_);
      if (best_.total_bytes >= before) std::swap(order_[from], order_[to]);
    }
  }

  void sort_by_offset() {
    std::stable_sort(order_.begin(), order_.end(),
                     [&](std::size_t a, std::size_t b) { return best_.offsets[a] < best_.offsets[b]; });
  }

  const MemoryNeeds& needs_;
  Gaps gaps_;
  std::int32_t bound_;
  std::vector<bool> placed_;
  std::vector<std::size_t> order_;
  MemoryPlan current_;
  MemoryPlan best_;
  std::int64_t steps_ = 0;
};

}  // namespace

std::int32_t memory_lower_bound(const MemoryNeeds& needs) {
  std::int32_t bound = 0;
  for (const Buffer& at : needs.buffers) {
    // The sum of live bytes only grows where a buffer begins.
    std::int32_t live = 0;
    for (const Buffer& buffer : needs.buffers)
      if (buffer.first <= at.first && at.first <= buffer.last) live += buffer.bytes;
    for (const Overlay& overlay : needs.overlays) {
      const Buffer& output = needs.buffers[static_cast<std::size_t>(overlay.output)];
      const Buffer& input = needs.buffers[static_cast<std::size_t>(overlay.input)];
      if (output.first != at.first) continue;
      live -=
          std::max(0, output.bytes + input.bytes - std::max(overlay.ahead_bytes + input.bytes, output.bytes));
    }
    bound = std::max(bound, live);
  }
  return bound;
}

MemoryPlan plan_memory(const MemoryNeeds& needs) {
  return needs.buffers.empty() ? MemoryPlan{} : Search(needs).run();
}

}  // namespace mote::compile
