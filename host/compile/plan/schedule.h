// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "compile/plan/planner.h"
#include "core/error.h"

namespace mote::compile {

/// Bytes of a value.
struct Part {
  std::int32_t value = 0;  ///< index into Program::values
  std::int32_t offset = 0;
  std::int32_t bytes = 0;

  bool operator==(const Part&) const = default;
};

/// A value that a step reads.
struct Read {
  std::int32_t value = 0;
  /// The first value that the step writes may lie over this one if this one starts at least so far behind
  /// that one's start; kernels::kInPlace if only where it starts, kernels::kDisjoint if never.
  std::int32_t ahead_bytes = -1;
};

/// What one layer does to memory.
struct Step {
  std::vector<Read> reads;
  std::vector<Part> writes;  ///< of a value each; steps that write overlapping parts of one keep their order
  std::int32_t scratch_bytes = 0;
  std::vector<std::int32_t> states = {};  ///< steps that have a state in common keep their order
  /// If there, the step does nothing but copy: these are the bytes that it writes. It is left out if they can
  /// lie where they are copied to.
  std::optional<Part> copied = std::nullopt;
};

struct ProgramValue {
  std::int32_t bytes = 0;
  std::int32_t alignment_bytes = 4;  ///< a power of two
};

/// A model as far as memory is concerned: its values other than constants, and its steps in an order that
/// computes it. A value is an input or written by steps, and complete when the last of them has run.
struct Program {
  std::vector<ProgramValue> values;
  std::vector<Step> steps;
  std::vector<std::int32_t> inputs;   ///< filled before the first step; may be overwritten once read
  std::vector<std::int32_t> outputs;  ///< intact after the last step
};

/// When and where: everything that generated code needs to know of memory.
struct Schedule {
  std::vector<std::int32_t> order;            ///< the steps that remain, in the order in which they run
  std::vector<std::int32_t> value_offsets;    ///< by value
  std::vector<std::int32_t> scratch_offsets;  ///< by step; -1 if it needs none
  std::int32_t total_bytes = 0;

  bool operator==(const Schedule&) const = default;
};

/// How much plan_schedule() may try. The defaults take a few tenths of a second at most.
struct ScheduleEffort {
  std::int32_t exact_orders = 200;  ///< programs with up to so many orders: each of them is tried
  std::int32_t exact_copies = 6;    ///< with up to so many steps that copy: each choice of what to leave out
  std::int32_t placed_orders = 6;   ///< otherwise, orders in which everything is placed
  std::int64_t changed_orders = 8'000;  ///< looked at, all together
  std::int64_t placements = 2'000'000;  ///< all together, see PlanEffort
};

/// A schedule with a small total.
///
/// Three things are searched together: which copying steps are left out because one value is a part of the
/// other's memory, the order of the remaining ones, and where everything lies. For small programs (see
/// ScheduleEffort, and plan_memory() for the third) the smallest total there is, a bounded search otherwise.
/// A step that copies one whole value to another is always left out where that is possible. The same program
/// and effort give the same schedule.
Schedule plan_schedule(const Program& program, const ScheduleEffort& effort = {});

/// Whether the steps, run in that order at those places, compute what the program computes.
///
/// Written apart from the planner: it runs the steps on a memory in which each byte remembers whose content
/// it is. Errors (kInternal): a step reads or an output ends up with something else than its value, a step's
/// output overlaps an input without permission, something is misaligned or outside the total, a step is
/// missing or runs twice.
Result<void> check_schedule(const Program& program, const Schedule& schedule);

}  // namespace mote::compile
