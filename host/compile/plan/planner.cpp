// SPDX-License-Identifier: Apache-2.0
// Two blocks that restrict each other are stacked one way or the other. For a given order from the bottom up
// the lowest plan follows by putting each block as low as those below it allow, and every plan without ties
// can be lowered to one of these, whose offsets do not fall along the order: the exact search goes over those
// orders only. The other searches go over orders of another kind: each block in turn takes the lowest place
// that those before it leave, between them too; ties make blocks that interlock, and what may only replace
// another has one place apart from the rest.
#include "compile/plan/planner.h"

#include <algorithm>
#include <functional>
#include <numeric>

#include "compile/plan/blocks.h"
#include "core/random.h"

namespace mote::compile {
namespace {

constexpr std::int64_t kUnplaced = -1;

// Steps that are looked at together to find a bound, and how many buffers they may have.
constexpr std::int32_t kWindowSteps = 4;
constexpr std::size_t kWindowBuffers = 10;

/// Blocks with their offsets, as far as they are placed.
class Placement {
 public:
  explicit Placement(const Blocks& blocks) : blocks_(blocks), offsets_(blocks.size(), kUnplaced) {}

  const std::vector<std::int64_t>& offsets() const { return offsets_; }
  std::int64_t total() const { return total_; }

  void clear() {
    std::fill(offsets_.begin(), offsets_.end(), kUnplaced);
    total_ = 0;
  }

  /// Puts the block into the lowest place where it conflicts with no other.
  void place(std::size_t block) {
    forbidden_.clear();
    for (const Blocks::Neighbour& neighbour : blocks_[block].neighbours) {
      const std::int64_t other = offsets_[neighbour.other];
      if (other == kUnplaced) continue;
      forbidden_.push_back({other - neighbour.below, other + neighbour.besides});
      if (neighbour.besides != neighbour.above)
        forbidden_.push_back({other + neighbour.besides, other + neighbour.above});
    }
    std::sort(forbidden_.begin(), forbidden_.end());
    std::int64_t offset = blocks_.align(block, 0);
    for (const auto& [after, before] : forbidden_)
      if (offset > after && offset < before) offset = blocks_.align(block, before);
    offsets_[block] = offset;
    total_ = std::max(total_, offset + blocks_[block].bytes);
  }

  void remove(std::size_t block, std::int64_t total_without) {
    offsets_[block] = kUnplaced;
    total_ = total_without;
  }

 private:
  const Blocks& blocks_;
  std::vector<std::int64_t> offsets_;
  std::int64_t total_ = 0;
  std::vector<std::pair<std::int64_t, std::int64_t>> forbidden_;  ///< open intervals
};

/// What a search found so far, and when it may end.
class Best {
 public:
  Best(std::int64_t bound, std::int64_t useless) : bound_(bound), total_(useless) {}

  void offer(const std::vector<std::int64_t>& offsets, std::int64_t total) {
    if (total >= total_ && !offsets_.empty()) return;
    offsets_ = offsets;
    total_ = std::min(total_, total);
  }
  std::int64_t total() const { return total_; }
  const std::vector<std::int64_t>& offsets() const { return offsets_; }
  void raise_bound(std::int64_t bound) { bound_ = std::max(bound_, bound); }
  /// Nothing better exists, or nothing that is of use.
  bool done() const { return total_ <= bound_; }

 private:
  std::int64_t bound_;
  std::int64_t total_;
  std::vector<std::int64_t> offsets_;
};

/// Branch and bound over the orders from the bottom up.
class ExactSearch {
 public:
  ExactSearch(const Blocks& blocks, std::int64_t& steps, Best& best)
      : blocks_(blocks), steps_(steps), best_(best), offsets_(blocks.size(), kUnplaced) {}

  /// Whether it came to the end: then `best` is the best of all plans without ties.
  bool run() {
    std::vector<std::int64_t> lowest(blocks_.size());
    for (std::size_t block = 0; block < blocks_.size(); ++block) lowest[block] = blocks_.align(block, 0);
    descend(0, blocks_.size(), 0, lowest);
    return steps_ > 0;
  }

 private:
  /// `previous` lies highest, `lowest` says how low those below let each block be.
  void descend(std::size_t depth, std::size_t previous, std::int64_t total,
               const std::vector<std::int64_t>& lowest) {
    if (depth == blocks_.size()) {
      best_.offer(offsets_, total);
      return;
    }
    const std::int64_t floor = previous == blocks_.size() ? 0 : offsets_[previous];
    for (std::size_t block = 0; block < blocks_.size(); ++block)
      if (offsets_[block] == kUnplaced &&
          std::max(lowest[block], floor) + blocks_[block].bytes >= best_.total())
        return;  // this one finds no place above
    std::vector<std::int64_t> next;
    for (std::size_t block = 0; block < blocks_.size() && !best_.done() && steps_ > 0; ++block) {
      if (offsets_[block] != kUnplaced || lowest[block] < floor) continue;
      if (lowest[block] == floor && block < previous && previous != blocks_.size() &&
          !restricted(block, previous))
        continue;  // the two the other way round are the same plan
      --steps_;
      offsets_[block] = lowest[block];
      next = lowest;
      for (const Blocks::Neighbour& neighbour : blocks_[block].neighbours)
        next[neighbour.other] = std::max(next[neighbour.other],
                                         blocks_.align(neighbour.other, offsets_[block] + neighbour.below));
      descend(depth + 1, block, std::max(total, lowest[block] + blocks_[block].bytes), next);
      offsets_[block] = kUnplaced;
    }
  }

  bool restricted(std::size_t block, std::size_t other) const {
    return std::ranges::any_of(blocks_[block].neighbours,
                               [&](const auto& neighbour) { return neighbour.other == other; });
  }

  const Blocks& blocks_;
  std::int64_t& steps_;
  Best& best_;
  std::vector<std::int64_t> offsets_;
};

/// Tries every order of placement.
class PermutationSearch {
 public:
  PermutationSearch(const Blocks& blocks, std::int64_t& steps, Best& best)
      : placement_(blocks), steps_(steps), best_(best), count_(blocks.size()) {}

  void run() { descend(0); }

 private:
  void descend(std::size_t depth) {
    if (depth == count_) best_.offer(placement_.offsets(), placement_.total());
    for (std::size_t block = 0; block < count_ && !best_.done() && steps_ > 0; ++block) {
      if (placement_.offsets()[block] != kUnplaced) continue;
      --steps_;
      const std::int64_t before = placement_.total();
      placement_.place(block);
      if (placement_.total() < best_.total()) descend(depth + 1);
      placement_.remove(block, before);
    }
  }

  Placement placement_;
  std::int64_t& steps_;
  Best& best_;
  std::size_t count_;
};

/// Orders of placement: some that are good as a rule, then changes of the best one.
class LocalSearch {
 public:
  LocalSearch(const Blocks& blocks, Best& best)
      : blocks_(blocks), best_(best), placement_(blocks), order_(blocks.size()) {}

  /// By time, size, and size times number of conflicts, each in both directions of time.
  void try_simple_orders() {
    const auto by = [&](auto key) {
      std::stable_sort(order_.begin(), order_.end(),
                       [&](std::size_t a, std::size_t b) { return key(a) > key(b); });
      try_order();
    };
    for (const std::int32_t direction : {-1, 1}) {
      const auto by_time = [&](std::size_t block) { return direction * blocks_[block].first; };
      std::iota(order_.begin(), order_.end(), std::size_t{0});
      by(by_time);
      by([&](std::size_t block) { return blocks_[block].bytes; });
      by(by_time);
      by([&](std::size_t block) {
        return blocks_[block].bytes * static_cast<std::int64_t>(blocks_[block].neighbours.size() + 1);
      });
    }
  }

  /// Takes a block that reaches to the top, or one that pushed it there, and places it earlier.
  void improve(std::int64_t& steps) {
    if (blocks_.size() < 2) return;
    Rng rng(1);
    order_ = best_order_;
    std::int64_t current = evaluate(std::numeric_limits<std::int64_t>::max(), steps);
    while (steps > 0 && !best_.done()) {
      const std::vector<std::size_t> before = order_;
      change(rng);
      const std::int64_t total = evaluate(current, steps);
      if (total > current)
        order_ = before;
      else
        current = total;
    }
  }

 private:
  void try_order() {
    std::int64_t unlimited = std::numeric_limits<std::int64_t>::max();
    const std::int64_t total = evaluate(unlimited, unlimited);
    if (!best_order_.empty() && total >= best_order_total_) return;
    best_order_ = order_;
    best_order_total_ = total;
  }

  /// The total of the order, or where it went beyond `limit`.
  std::int64_t evaluate(std::int64_t limit, std::int64_t& steps) {
    placement_.clear();
    placed_ = 0;
    for (const std::size_t block : order_) {
      placement_.place(block);
      ++placed_;
      steps -= 1 + static_cast<std::int64_t>(blocks_[block].neighbours.size()) / 8;
      if (placement_.total() > limit) return placement_.total();
    }
    best_.offer(placement_.offsets(), placement_.total());
    return placement_.total();
  }

  void change(Rng& rng) {
    const std::size_t from = 1 + rng.below(order_.size() - 1);
    const std::size_t to = rng.below(from);
    if (rng.below(4) == 0)
      std::swap(order_[from], order_[to]);
    else
      std::rotate(order_.begin() + static_cast<std::ptrdiff_t>(to),
                  order_.begin() + static_cast<std::ptrdiff_t>(from),
                  order_.begin() + static_cast<std::ptrdiff_t>(from) + 1);
  }

  const Blocks& blocks_;
  Best& best_;
  Placement placement_;
  std::vector<std::size_t> order_;
  std::size_t placed_ = 0;
  std::vector<std::size_t> best_order_;
  std::int64_t best_order_total_ = 0;
};

/// The buffers that are alive in some step from `first` to `last`, and their overlays, with more freedom than
/// they have: what may replace another may start anywhere above it.
MemoryNeeds window_of(const MemoryNeeds& needs, std::int32_t first, std::int32_t last) {
  MemoryNeeds window;
  std::vector<std::int32_t> index_in_window(needs.buffers.size(), -1);
  for (std::size_t index = 0; index < needs.buffers.size(); ++index) {
    if (needs.buffers[index].first > last || needs.buffers[index].last < first) continue;
    index_in_window[index] = static_cast<std::int32_t>(window.buffers.size());
    window.buffers.push_back(needs.buffers[index]);
  }
  for (Overlay overlay : needs.overlays) {
    if (overlay.in_place) overlay = {overlay.output, overlay.input, 0};
    overlay.output = index_in_window[static_cast<std::size_t>(overlay.output)];
    overlay.input = index_in_window[static_cast<std::size_t>(overlay.input)];
    if (overlay.output >= 0 && overlay.input >= 0) window.overlays.push_back(overlay);
  }
  return window;
}

/// The largest of what a few steps in a row need, found exactly: no plan of all steps can be below it.
std::int64_t bound_by_windows(const MemoryNeeds& needs, std::int64_t bound, std::int64_t& steps) {
  std::int32_t last_step = 0;
  for (const Buffer& buffer : needs.buffers) last_step = std::max(last_step, buffer.last);
  for (std::int32_t step = -1; step <= last_step && steps > 0; ++step) {
    const MemoryNeeds window = window_of(needs, step, step + kWindowSteps - 1);
    std::int64_t sum = 0;
    for (const Buffer& buffer : window.buffers) sum += buffer.bytes + buffer.alignment_bytes - 1;
    if (sum <= bound || window.buffers.size() > kWindowBuffers) continue;
    const Blocks blocks(window);
    Best best(bound, std::numeric_limits<std::int64_t>::max());
    LocalSearch(blocks, best).try_simple_orders();
    if (!best.done() && ExactSearch(blocks, steps, best).run()) bound = best.total();
  }
  return bound;
}

/// Lets `search(steps)` take up to `share` of the steps that are left.
template <class Search>
void spend(std::int64_t& steps, std::int64_t share, Search&& search) {
  std::int64_t mine = std::min(share, steps);
  steps -= mine;
  search(mine);
  steps += mine;
}

}  // namespace

MemoryPlan plan_memory(const MemoryNeeds& needs, const PlanEffort& effort, std::int64_t* used) {
  if (needs.buffers.empty()) return {};
  const Blocks blocks(needs);
  const std::int64_t bound = memory_lower_bound(needs);
  Best best(bound, effort.useless_bytes);
  LocalSearch local(blocks, best);
  local.try_simple_orders();
  std::int64_t steps = effort.placements;
  const bool has_ties = !needs.ties.empty();
  const bool is_plain = !has_ties && blocks.are_plain();
  const bool is_large = needs.buffers.size() > kWindowBuffers;
  if (is_large && !best.done())
    spend(steps, effort.placements / 8, [&](std::int64_t& mine) { local.improve(mine); });
  if (is_large && !best.done() && !has_ties)
    spend(steps, effort.placements / 4,
          [&](std::int64_t& mine) { best.raise_bound(bound_by_windows(needs, bound, mine)); });
  bool is_complete = false;
  if (!best.done() && is_plain)
    spend(steps, effort.placements / 2,
          [&](std::int64_t& mine) { is_complete = ExactSearch(blocks, mine, best).run(); });
  if (!best.done() && !is_plain)
    spend(steps, effort.placements / 4,
          [&](std::int64_t& mine) { PermutationSearch(blocks, mine, best).run(); });
  if (!best.done() && !is_complete) local.improve(steps);
  if (used != nullptr) *used = effort.placements - steps;
  return blocks.plan(best.offsets());
}

}  // namespace mote::compile
