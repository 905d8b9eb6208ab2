// SPDX-License-Identifier: Apache-2.0
#include "compile/plan/schedule.h"

#include <bit>
#include <limits>
#include <map>

#include "compile/plan/order.h"
#include "compile/plan/storage.h"

namespace mote::compile {
namespace {

std::size_t at(std::int32_t index) {
  return static_cast<std::size_t>(index);
}

/// Whether the step copies one whole value to another: then there is never a reason to keep it.
bool is_whole_copy(const Program& program, const Step& step) {
  return step.copied && step.copied->bytes == program.values[at(step.copied->value)].bytes &&
         step.copied->bytes == program.values[at(step.writes.at(0).value)].bytes;
}

class ScheduleSearch {
 public:
  ScheduleSearch(const Program& program, const ScheduleEffort& effort) : program_(program), effort_(effort) {
    for (std::int32_t step = 0; step < static_cast<std::int32_t>(program.steps.size()); ++step)
      if (program.steps[at(step)].copied)
        (is_whole_copy(program, program.steps[at(step)]) ? whole_ : partial_).push_back(step);
  }

  Schedule run() {
    if (partial_.size() <= at(effort_.exact_copies))
      try_subsets();
    else
      try_without_one(as_many_as_possible());
    return schedule();
  }

 private:
  using Steps = std::vector<std::int32_t>;

  /// Every choice, from all to none: among equal totals, the most is left out.
  void try_subsets() {
    const std::uint32_t count = 1u << partial_.size();
    for (std::size_t size = partial_.size() + 1; size-- > 0;)
      for (std::uint32_t subset = 0; subset < count; ++subset) {
        if (static_cast<std::size_t>(std::popcount(subset)) != size) continue;
        Steps chosen;
        for (std::size_t index = 0; index < partial_.size(); ++index)
          if ((subset >> index & 1) != 0) chosen.push_back(partial_[index]);
        try_choice(chosen);
      }
  }

  /// The parts of one value together where that is possible, one by one elsewhere.
  Steps as_many_as_possible() const {
    Storages storages = without_whole_copies();
    std::map<std::int32_t, Steps> of_value;
    for (const std::int32_t step : partial_)
      of_value[program_.steps[at(step)].writes.at(0).value].push_back(step);
    Steps chosen;
    for (const auto& [value, steps] : of_value) {
      if (storages.leave_out(steps)) continue;
      for (const std::int32_t step : steps) storages.leave_out({step});
    }
    for (const std::int32_t step : partial_)
      if (storages.is_left_out(step)) chosen.push_back(step);
    return chosen;
  }

  /// Keeps one step after the other, as long as that helps.
  void try_without_one(Steps chosen) {
    try_choice(chosen);
    for (std::size_t index = 0; index < chosen.size() && index < kTriesToKeep; ++index) {
      if (total_ <= bound_) return;
      Steps fewer = chosen;
      fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(index));
      if (try_choice(fewer)) chosen = fewer;
    }
  }

  Storages without_whole_copies() const {
    Storages storages(program_);
    for (const std::int32_t step : whole_) storages.leave_out({step});
    return storages;
  }

  /// Whether leaving out these steps is possible and better than all that was tried before.
  bool try_choice(const Steps& chosen) {
    Storages storages = without_whole_copies();
    if (!storages.leave_out(chosen)) return false;
    Blueprint blueprint = draw(program_, storages);
    const auto found = OrderSearch(blueprint, effort_).run(total_);
    if (!found) return false;
    total_ = found->plan.total_bytes;
    bound_ = found->bound;
    order_ = found->order;
    plan_ = found->plan;
    blueprint_ = std::move(blueprint);
    return true;
  }

  Schedule schedule() const {
    const auto offset = [&](std::int32_t piece) { return piece < 0 ? -1 : plan_.offsets[at(piece)]; };
    Schedule schedule;
    schedule.order = order_;
    for (const std::int32_t piece : blueprint_.piece_of_value)
      schedule.value_offsets.push_back(offset(piece));
    for (const std::int32_t piece : blueprint_.piece_of_scratch)
      schedule.scratch_offsets.push_back(offset(piece));
    schedule.total_bytes = plan_.total_bytes;
    return schedule;
  }

  static constexpr std::size_t kTriesToKeep = 6;

  const Program& program_;
  ScheduleEffort effort_;  ///< what is left of it
  Steps whole_;            ///< steps that copy a whole value
  Steps partial_;          ///< other steps that copy
  std::int64_t total_ = std::numeric_limits<std::int64_t>::max();
  std::int64_t bound_ = 0;
  std::vector<std::int32_t> order_;
  MemoryPlan plan_;
  Blueprint blueprint_;
};

}  // namespace

Schedule plan_schedule(const Program& program, const ScheduleEffort& effort) {
  return ScheduleSearch(program, effort).run();
}

}  // namespace mote::compile
