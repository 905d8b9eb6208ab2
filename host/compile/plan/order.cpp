// SPDX-License-Identifier: Apache-2.0
#include "compile/plan/order.h"

#include <algorithm>
#include <limits>

#include "compile/plan/blocks.h"
#include "core/random.h"

namespace mote::compile {
namespace {

constexpr std::int64_t kShareOfOne = 4;  ///< one search may take a fourth of the effort that is left

std::size_t at(std::int32_t index) {
  return static_cast<std::size_t>(index);
}

}  // namespace

OrderSearch::OrderSearch(const Blueprint& blueprint, ScheduleEffort& effort)
    : blueprint_(blueprint), effort_(effort), successors_(blueprint.predecessors.size()) {
  for (const std::int32_t step : blueprint.steps)
    for (const std::int32_t before : blueprint.predecessors[at(step)])
      successors_[at(before)].push_back(step);
}

std::optional<OrderSearch::Found> OrderSearch::run(std::int64_t limit_bytes) {
  if (!list_all()) {
    candidates_.clear();
    change(blueprint_.steps);
    change(greedy_order());
  }
  std::stable_sort(candidates_.begin(), candidates_.end(),
                   [](const Candidate& a, const Candidate& b) { return a.bound < b.bound; });
  std::optional<Found> found;
  for (const Candidate& candidate : candidates_) {
    if (candidate.bound >= limit_bytes) break;
    std::int64_t used = 0;
    MemoryPlan plan = plan_memory(needs_of(blueprint_, candidate.order),
                                  {effort_.placements / kShareOfOne, limit_bytes}, &used);
    effort_.placements -= used;
    if (plan.total_bytes >= limit_bytes) continue;
    limit_bytes = plan.total_bytes;
    found = Found{candidate.order, std::move(plan), candidates_.front().bound};
  }
  return found;
}

/// All orders, if there are few enough.
bool OrderSearch::list_all() {
  Order order;
  std::vector<bool> done(blueprint_.predecessors.size(), false);
  return extend(order, done);
}

bool OrderSearch::extend(Order& order, std::vector<bool>& done) {
  if (order.size() == blueprint_.steps.size()) {
    if (candidates_.size() == at(effort_.exact_orders)) return false;
    candidates_.push_back({bound_of(order), order});
    return true;
  }
  for (const std::int32_t step : blueprint_.steps) {
    if (!is_ready(step, done)) continue;
    order.push_back(step);
    done[at(step)] = true;
    const bool complete = extend(order, done);
    done[at(step)] = false;
    order.pop_back();
    if (!complete) return false;
  }
  return true;
}

bool OrderSearch::is_ready(std::int32_t step, const std::vector<bool>& done) const {
  return !done[at(step)] && std::ranges::all_of(blueprint_.predecessors[at(step)],
                                                [&](std::int32_t before) { return done[at(before)]; });
}

std::int64_t OrderSearch::bound_of(const Order& order) const {
  return live_bytes_bound(needs_of(blueprint_, order));
}

/// Among the few best of different orders.
void OrderSearch::keep(const Order& order, std::int64_t bound) {
  const auto worst = std::ranges::max_element(candidates_, {}, &Candidate::bound);
  const bool is_full = candidates_.size() == at(effort_.placed_orders);
  if (is_full && worst->bound <= bound) return;
  if (std::ranges::find(candidates_, order, &Candidate::order) != candidates_.end()) return;
  if (is_full)
    *worst = {bound, order};
  else
    candidates_.push_back({bound, order});
}

/// Bytes that the step begins to occupy, less those that it is the last to read.
std::int64_t OrderSearch::growth(std::int32_t step, const std::vector<bool>& done) const {
  std::int64_t growth = 0;
  for (const Piece& piece : blueprint_.pieces) {
    const bool is_scratch = piece.readers.empty() && !piece.is_output;
    const bool begins = std::ranges::count(piece.writers, step) > 0 &&
                        std::ranges::none_of(piece.writers, [&](auto writer) { return done[at(writer)]; });
    if (begins && !is_scratch) growth += piece.bytes;
    const bool reads = std::ranges::binary_search(piece.readers, step);
    const bool is_last = reads && !piece.is_output && std::ranges::all_of(piece.readers, [&](auto reader) {
                           return reader == step || done[at(reader)];
                         });
    if (is_last) growth -= piece.bytes;
  }
  return growth;
}

/// Always the step that frees most.
OrderSearch::Order OrderSearch::greedy_order() const {
  Order order;
  std::vector<bool> done(blueprint_.predecessors.size(), false);
  while (order.size() < blueprint_.steps.size()) {
    std::int32_t best = -1;
    std::int64_t least = std::numeric_limits<std::int64_t>::max();
    for (const std::int32_t step : blueprint_.steps) {
      if (!is_ready(step, done)) continue;
      const std::int64_t bytes = growth(step, done);
      if (bytes >= least) continue;
      least = bytes;
      best = step;
    }
    order.push_back(best);
    done[at(best)] = true;
  }
  return order;
}

/// Moves steps to other places between those that they need and those that need them.
void OrderSearch::change(Order order) {
  Rng rng(1);
  std::int64_t bound = bound_of(order);
  keep(order, bound);
  std::vector<std::int32_t> place(blueprint_.predecessors.size(), -1);
  const std::int64_t trials = effort_.changed_orders / kShareOfOne;
  effort_.changed_orders -= trials;
  for (std::int64_t trial = 0; trial < trials; ++trial) {
    for (std::size_t index = 0; index < order.size(); ++index)
      place[at(order[index])] = static_cast<std::int32_t>(index);
    const std::size_t from = rng.below(order.size());
    std::int32_t low = 0;
    std::int32_t high = static_cast<std::int32_t>(order.size()) - 1;
    for (const std::int32_t before : blueprint_.predecessors[at(order[from])])
      low = std::max(low, place[at(before)] + 1);
    for (const std::int32_t after : successors_[at(order[from])]) high = std::min(high, place[at(after)] - 1);
    const auto to = static_cast<std::size_t>(low) + rng.below(at(high - low + 1));
    if (to == from) continue;
    Order changed = order;
    const std::int32_t step = changed[from];
    changed.erase(changed.begin() + static_cast<std::ptrdiff_t>(from));
    changed.insert(changed.begin() + static_cast<std::ptrdiff_t>(to), step);
    const std::int64_t changed_bound = bound_of(changed);
    if (changed_bound > bound) continue;
    order = std::move(changed);
    bound = changed_bound;
    keep(order, bound);
  }
}

}  // namespace mote::compile
