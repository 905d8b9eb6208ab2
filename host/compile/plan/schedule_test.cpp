// SPDX-License-Identifier: Apache-2.0
#include "compile/plan/schedule.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "compile/plan/storage.h"
#include "core/random.h"

namespace mote::compile {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::int32_t kDisjoint = -1;
constexpr std::int32_t kInPlace = -2;

/// Builds programs as one would write them down; values are of bytes, aligned to 1 unless said otherwise.
class Builder {
 public:
  std::int32_t value(std::int32_t bytes, std::int32_t alignment = 1) {
    program_.values.push_back({bytes, alignment});
    return static_cast<std::int32_t>(program_.values.size()) - 1;
  }
  std::int32_t input(std::int32_t bytes) {
    program_.inputs.push_back(value(bytes));
    return program_.inputs.back();
  }
  /// A step that computes a value of `bytes`.
  std::int32_t compute(std::vector<Read> reads, std::int32_t bytes, std::int32_t scratch_bytes = 0) {
    const std::int32_t output = value(bytes);
    program_.steps.push_back({std::move(reads), {{output, 0, bytes}}, scratch_bytes});
    return output;
  }
  std::int32_t reshape(std::int32_t from) { return slice(from, 0, bytes(from)); }
  std::int32_t slice(std::int32_t from, std::int32_t offset, std::int32_t bytes) {
    const std::int32_t output = value(bytes);
    program_.steps.push_back({{{from}}, {{output, 0, bytes}}, 0, {}, Part{from, offset, bytes}});
    return output;
  }
  std::vector<std::int32_t> split(std::int32_t from, std::int32_t parts) {
    std::vector<std::int32_t> results;
    const std::int32_t size = bytes(from) / parts;
    for (std::int32_t part = 0; part < parts; ++part) results.push_back(slice(from, part * size, size));
    return results;
  }
  /// A step for each part.
  std::int32_t concatenate(const std::vector<std::int32_t>& parts) {
    std::int32_t size = 0;
    for (const std::int32_t part : parts) size += bytes(part);
    const std::int32_t output = value(size);
    size = 0;
    for (const std::int32_t part : parts) {
      program_.steps.push_back({{{part}}, {{output, size, bytes(part)}}, 0, {}, Part{part, 0, bytes(part)}});
      size += bytes(part);
    }
    return output;
  }
  /// As along an inner axis: each step writes bytes all over the output.
  std::int32_t interleave(const std::vector<Read>& parts) {
    std::int32_t size = 0;
    for (const Read& part : parts) size += bytes(part.value);
    const std::int32_t output = value(size);
    for (const Read& part : parts) program_.steps.push_back({{part}, {{output, 0, size}}});
    return output;
  }
  void output(std::int32_t value) { program_.outputs.push_back(value); }

  std::int32_t bytes(std::int32_t value) const {
    return program_.values[static_cast<std::size_t>(value)].bytes;
  }
  Program& program() { return program_; }

 private:
  Program program_;
};

Schedule planned(const Program& program, const ScheduleEffort& effort = {}) {
  const Schedule schedule = plan_schedule(program, effort);
  const auto valid = check_schedule(program, schedule);
  EXPECT_TRUE(valid.has_value()) << valid.error().what;
  return schedule;
}

TEST(Schedule, AReshapeIsFree) {
  Builder b;
  const auto in = b.input(10);
  b.output(b.compute({{b.reshape(b.compute({{in}}, 20))}}, 30));
  const Schedule schedule = planned(b.program());
  EXPECT_THAT(schedule.order, ElementsAre(0, 2));
  EXPECT_EQ(schedule.value_offsets[1], schedule.value_offsets[2]);
  EXPECT_EQ(schedule.total_bytes, 50);
}

TEST(Schedule, APassThroughIsFreeToo) {
  Builder b;
  b.output(b.reshape(b.input(10)));
  const Schedule schedule = planned(b.program());
  EXPECT_THAT(schedule.order, IsEmpty());
  EXPECT_EQ(schedule.total_bytes, 10);
}

TEST(Schedule, AnInPlaceWriterSparesAViewThatIsStillRead) {
  Builder b;
  const auto value = b.compute({{b.input(4)}}, 8);
  const auto view = b.reshape(value);
  const auto in_place = b.compute({{value, 0}}, 8);
  b.output(b.compute({{view}, {in_place}}, 4));
  EXPECT_EQ(planned(b.program()).total_bytes, 20) << "value and in_place are both needed by the last step";
}

TEST(Schedule, ConcatenationIsFree) {
  Builder b;
  const auto in = b.input(4);
  const auto left = b.compute({{in}}, 30);
  const auto right = b.compute({{in}}, 20);
  b.output(b.compute({{b.concatenate({left, right})}}, 4));
  const Schedule schedule = planned(b.program());
  EXPECT_THAT(schedule.order, ElementsAre(0, 1, 4));
  EXPECT_EQ(schedule.value_offsets[2], schedule.value_offsets[1] + 30);
  EXPECT_EQ(schedule.total_bytes, 54);
}

TEST(Schedule, ConcatenationsNest) {
  Builder b;
  const auto in = b.input(4);
  const auto inner = b.concatenate({b.compute({{in}}, 10), b.reshape(b.compute({{in}}, 20))});
  const auto outer = b.concatenate({inner, b.compute({{in}}, 30)});
  b.output(b.compute({{outer}}, 4));
  EXPECT_EQ(planned(b.program()).total_bytes, 64);
}

TEST(Schedule, PartsOfAConcatenationNeedNoMemoryBeforeTheyAreComputed) {
  // The large temporary lies where the second part will be.
  Builder b;
  const auto in = b.input(4);
  const auto early = b.compute({{in}}, 8);
  const auto temporary = b.compute({{early}}, 40);
  const auto late = b.compute({{b.compute({{temporary}}, 4)}}, 40);
  b.output(b.concatenate({early, late}));
  EXPECT_EQ(planned(b.program()).total_bytes, 52);
}

TEST(Schedule, TwoConcatenationsThatWantTheSameValueCopyOnce) {
  Builder b;
  const auto in = b.input(4);
  const auto shared = b.compute({{in}}, 10);
  const auto first = b.concatenate({b.compute({{in}}, 10), shared});
  const auto second = b.concatenate({b.compute({{in}}, 20), shared});
  b.output(first);
  b.output(second);
  const Schedule schedule = planned(b.program());
  EXPECT_EQ(schedule.order.size(), 4u) << "three that compute, one that copies";
  EXPECT_EQ(schedule.total_bytes, 50) << "the input lies where the part that is copied will be";
}

TEST(Schedule, AConcatenationOfAValueWithItselfCopies) {
  Builder b;
  const auto value = b.compute({{b.input(4)}}, 10);
  b.output(b.concatenate({value, value}));
  const Schedule schedule = planned(b.program());
  EXPECT_EQ(schedule.order.size(), 2u);
  EXPECT_EQ(schedule.total_bytes, 20) << "one of the two is copied, within the output";
}

TEST(Schedule, APartFromElsewhereIsWrittenIntoItsPlace) {
  // As a constant is: a step writes bytes 10 to 14 of the result, the others are free.
  Builder b;
  const auto value = b.compute({{b.input(4)}}, 10);
  const auto result = b.value(14);
  b.program().steps.push_back({{{value}}, {{result, 0, 10}}, 0, {}, Part{value, 0, 10}});
  b.program().steps.push_back({{}, {{result, 10, 4}}});
  b.output(result);
  const Schedule schedule = planned(b.program());
  EXPECT_THAT(schedule.order, ElementsAre(0, 2));
  EXPECT_EQ(schedule.total_bytes, 14);
}

TEST(Schedule, InterleavedPartsAreCompleteWhenTheLastIsWritten) {
  Builder b;
  const auto in = b.input(4);
  const auto left = b.compute({{in}}, 10);
  const auto right = b.compute({{in}}, 10);
  b.output(b.interleave({{left}, {right}}));
  const Schedule schedule = planned(b.program());
  EXPECT_EQ(schedule.order.size(), 4u);
  EXPECT_EQ(schedule.total_bytes, 34) << "left is written into its place before right is computed";
}

TEST(Schedule, WritersOfOverlappingPartsKeepTheirOrder) {
  // A fills all of the result, then B puts its own bytes into the middle; B's way there needs more memory.
  Builder b;
  const auto in = b.input(4);
  const auto result = b.value(20);
  const auto wide = b.compute({{in}}, 60);
  const auto middle = b.compute({{wide}}, 6);
  b.program().steps.push_back({{{in}}, {{result, 0, 20}}});
  b.program().steps.push_back({{{middle}}, {{result, 4, 6}}, 0, {}, Part{middle, 0, 6}});
  b.output(result);
  const Schedule schedule = planned(b.program());
  EXPECT_EQ(schedule.order.back(), 3);
  EXPECT_EQ(schedule.total_bytes, 70);
}

TEST(Schedule, OnlyTheFirstOfSeveralWritersMayGoOverItsInput) {
  Builder b;
  const auto in = b.input(4);
  const auto left = b.compute({{in}}, 10);
  const auto right = b.compute({{in}}, 10);
  b.output(b.interleave({{left, 5}, {right, 5}}));
  EXPECT_EQ(planned(b.program()).total_bytes, 30);
}

TEST(Schedule, SplitResultsAreViews) {
  Builder b;
  const auto parts = b.split(b.compute({{b.input(2)}}, 40), 2);
  const auto left = b.compute({{parts[0], 0}}, 20);
  const auto right = b.compute({{parts[1], 0}}, 20);
  b.output(b.compute({{left, 0}, {right, 0}}, 20));
  const Schedule schedule = planned(b.program());
  EXPECT_EQ(schedule.order.size(), 4u);
  EXPECT_EQ(schedule.total_bytes, 42);
  EXPECT_EQ(schedule.value_offsets[3], schedule.value_offsets[2] + 20);
}

TEST(Schedule, WhatIsSplitAndJoinedAgainStaysWhereItIs) {
  Builder b;
  b.output(b.concatenate(b.split(b.input(8), 4)));
  const Schedule schedule = planned(b.program());
  EXPECT_THAT(schedule.order, IsEmpty());
  EXPECT_EQ(schedule.total_bytes, 8);
}

TEST(Schedule, ASliceKeepsOnlyItsOwnBytesAlive) {
  Builder b;
  const auto large = b.compute({{b.input(2)}}, 40);
  const auto head = b.slice(large, 0, 10);
  const auto other = b.compute({{large}}, 10);
  const auto next = b.compute({{other}}, 25);
  b.output(b.compute({{next}, {head}}, 2));
  EXPECT_EQ(planned(b.program()).total_bytes, 50) << "next lies where the tail of large was";
}

TEST(Schedule, AnInputMayBecomePartOfAnOutput) {
  Builder b;
  const auto in = b.input(10);
  b.output(b.concatenate({b.compute({{in}}, 6), in}));
  const Schedule schedule = planned(b.program());
  EXPECT_EQ(schedule.order.size(), 1u);
  EXPECT_EQ(schedule.total_bytes, 16);
}

TEST(Schedule, AnOutputThatIsReadAgainStays) {
  Builder b;
  const auto first = b.compute({{b.input(4), 0}}, 8);
  b.output(first);
  b.output(b.compute({{first, 0}}, 8));
  EXPECT_EQ(planned(b.program()).total_bytes, 16);
}

TEST(Schedule, InputsThatNobodyReadsHaveAPlaceBesideTheOthers) {
  Builder b;
  const auto in = b.input(8);
  b.input(12);
  b.output(b.compute({{in}}, 4));
  EXPECT_EQ(planned(b.program()).total_bytes, 20);
}

TEST(Schedule, APartIsCopiedWhereItWouldNotBeAligned) {
  Builder b;
  const auto in = b.input(4);
  const auto head = b.compute({{in}}, 6);
  const auto words = b.compute({{in}}, 8);
  b.program().values[static_cast<std::size_t>(head)].alignment_bytes = 4;
  b.program().values[static_cast<std::size_t>(words)].alignment_bytes = 4;
  b.output(b.concatenate({head, words}));
  EXPECT_EQ(planned(b.program()).order.size(), 3u) << "one of the two is copied";
  b.program().values[static_cast<std::size_t>(words)].alignment_bytes = 2;
  EXPECT_EQ(planned(b.program()).order.size(), 2u);
}

TEST(Schedule, TheOrderOfBranchesIsSearched) {
  // Two branches widen and then narrow; one after the other they need less than in the given order.
  Builder b;
  const auto in = b.input(4);
  const auto wide_left = b.compute({{in}}, 100);
  const auto wide_right = b.compute({{in}}, 100);
  const auto left = b.compute({{wide_left}}, 4);
  const auto right = b.compute({{wide_right}}, 4);
  b.output(b.compute({{left}, {right}}, 4));
  const Schedule schedule = planned(b.program());
  EXPECT_EQ(schedule.total_bytes, 108);
  EXPECT_THAT(schedule.order, ElementsAre(0, 2, 1, 3, 4));
}

TEST(Schedule, StepsThatShareAStateKeepTheirOrder) {
  Builder b;
  const auto in = b.input(4);
  const auto wide_left = b.compute({{in}}, 100);
  const auto wide_right = b.compute({{in}}, 100);
  const auto left = b.compute({{wide_left}}, 4);
  const auto right = b.compute({{wide_right}}, 4);
  b.output(b.compute({{left}, {right}}, 4));
  for (const std::size_t step : {0u, 1u, 2u}) b.program().steps[step].states = {7};
  EXPECT_EQ(planned(b.program()).total_bytes, 204);
}

TEST(Schedule, ScratchMemoryOverlapsNothingOfItsStep) {
  Builder b;
  b.output(b.compute({{b.input(8), 0}}, 8, 5));
  EXPECT_EQ(planned(b.program()).total_bytes, 13);
}

/// A random program: `kinds` of steps over values of at most `largest` bytes.
Program random_program(Rng& rng, int steps, std::int32_t largest, std::int32_t alignment) {
  Builder b;
  std::vector<std::int32_t> known;
  const auto size = [&] {
    return static_cast<std::int32_t>(1 + rng.below(static_cast<std::uint64_t>(largest)));
  };
  const auto any = [&] {
    return known[known.size() - 1 - rng.below(std::min<std::size_t>(known.size(), 4))];
  };
  for (std::uint64_t inputs = 1 + rng.below(2); inputs > 0; --inputs) known.push_back(b.input(size()));
  while (static_cast<int>(b.program().steps.size()) < steps) {
    const std::uint64_t kind = rng.below(8);
    const std::int32_t from = any();
    if (kind < 4) {
      std::vector<Read> reads;
      const std::int32_t bytes = rng.below(3) == 0 ? b.bytes(from) : size();
      for (std::uint64_t operands = 1 + rng.below(2); operands > 0; --operands) {
        const auto ahead = static_cast<std::int32_t>(rng.below(4)) * bytes / 4;
        const std::uint64_t overlay = rng.below(5);
        reads.push_back({operands == 1 ? from : any(), overlay == 0   ? kDisjoint
                                                       : overlay == 1 ? kInPlace
                                                                      : ahead});
      }
      known.push_back(b.compute(std::move(reads), bytes, rng.below(5) == 0 ? size() : 0));
      if (rng.below(6) == 0) b.program().steps.back().states = {static_cast<std::int32_t>(rng.below(2))};
    } else if (kind == 4) {
      known.push_back(b.reshape(from));
    } else if (kind == 5) {
      const auto bytes = static_cast<std::int32_t>(1 + rng.below(static_cast<std::uint64_t>(b.bytes(from))));
      const auto offset =
          static_cast<std::int32_t>(rng.below(static_cast<std::uint64_t>(b.bytes(from) - bytes + 1)));
      known.push_back(b.slice(from, offset, bytes));
    } else if (kind == 6) {
      if (b.bytes(from) % 2 == 0)
        for (const std::int32_t part : b.split(from, 2)) known.push_back(part);
    } else if (rng.below(3) == 0) {
      known.push_back(b.interleave({{from, rng.below(2) == 0 ? kDisjoint : b.bytes(from)}, {any()}}));
    } else {
      const std::int32_t other = any();
      if (other != from || rng.below(4) == 0) known.push_back(b.concatenate({from, other}));
    }
  }
  for (const std::int32_t value : known) {  // nothing is computed in vain
    const bool is_read = std::ranges::any_of(b.program().steps, [&](const Step& step) {
      return std::ranges::count(step.reads, value, &Read::value) > 0;
    });
    if (!is_read || rng.below(8) == 0) b.output(value);
  }
  for (auto& value : b.program().values) value.alignment_bytes = alignment;
  return b.program();
}

constexpr ScheduleEffort kLittleEffort = {
    .exact_orders = 20, .exact_copies = 3, .placed_orders = 2, .changed_orders = 200, .placements = 2000};

TEST(Schedule, RandomProgramsComputeWhatTheyShould) {
  int left_out = 0;
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    Rng rng(seed);
    const Program program = random_program(rng, 2 + static_cast<int>(rng.below(14)), 64, 1 << rng.below(3));
    const Schedule schedule = plan_schedule(program, kLittleEffort);
    const auto valid = check_schedule(program, schedule);
    ASSERT_TRUE(valid.has_value()) << "seed " << seed << ": " << valid.error().what;
    left_out += static_cast<int>(program.steps.size() - schedule.order.size());
    if (seed % 10 == 0) {
      EXPECT_EQ(plan_schedule(program, kLittleEffort), schedule) << "repeatable";
    }
  }
  EXPECT_GT(left_out, 2000);
}

TEST(Schedule, PlansOfRandomProgramsPassThePlanCheckerToo) {
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    Rng rng(seed);
    const Program program = random_program(rng, 2 + static_cast<int>(rng.below(14)), 64, 1);
    Storages storages(program);
    for (std::int32_t step = 0; step < static_cast<std::int32_t>(program.steps.size()); ++step)
      storages.leave_out({step});
    const Blueprint blueprint = draw(program, storages);
    const MemoryNeeds needs = needs_of(blueprint, blueprint.steps);
    const MemoryPlan plan = plan_memory(needs, {.placements = 1000});
    const auto valid = check_plan(needs, plan);
    ASSERT_TRUE(valid.has_value()) << "seed " << seed << ": " << valid.error().what;
    EXPECT_GE(plan.total_bytes, memory_lower_bound(needs)) << "seed " << seed;
  }
}

/// Whether any order, any choice of copies and any places make a valid schedule of `total` bytes: tries all.
class BruteForce {
 public:
  BruteForce(const Program& program, std::int32_t total) : program_(program) {
    schedule_.total_bytes = total;
    schedule_.value_offsets.assign(program.values.size(), 0);
    schedule_.scratch_offsets.assign(program.steps.size(), -1);
  }

  bool exists() { return choose_order(); }

 private:
  bool choose_order() {
    if (is_possible() && choose_places(0)) return true;
    for (std::int32_t step = 0; step < static_cast<std::int32_t>(program_.steps.size()); ++step) {
      const Step& next = program_.steps[static_cast<std::size_t>(step)];
      const bool is_whole =
          next.copied && next.copied->bytes == next.writes[0].bytes &&
          program_.values[static_cast<std::size_t>(next.copied->value)].bytes == next.copied->bytes &&
          program_.values[static_cast<std::size_t>(next.writes[0].value)].bytes == next.copied->bytes;
      if (is_whole || std::ranges::count(schedule_.order, step) > 0) continue;
      schedule_.order.push_back(step);
      if (choose_order()) return true;
      schedule_.order.pop_back();
    }
    return false;
  }

  /// Whether each value that is computed is, and before it is read.
  bool is_possible() const {
    std::vector<bool> known(program_.values.size(), true);
    for (const Step& step : program_.steps)
      if (!step.copied) known[static_cast<std::size_t>(step.writes[0].value)] = false;
    for (const std::int32_t index : schedule_.order) {
      const Step& step = program_.steps[static_cast<std::size_t>(index)];
      for (const Read& read : step.reads)
        if (!known[static_cast<std::size_t>(read.value)]) return false;
      known[static_cast<std::size_t>(step.writes[0].value)] = true;
    }
    return std::ranges::count(known, false) == 0;
  }

  bool choose_places(std::size_t value) {
    if (value == program_.values.size()) return check_schedule(program_, schedule_).has_value();
    for (std::int32_t offset = 0; offset <= schedule_.total_bytes - program_.values[value].bytes; ++offset) {
      schedule_.value_offsets[value] = offset;
      if (choose_places(value + 1)) return true;
    }
    return false;
  }

  const Program& program_;
  Schedule schedule_;
};

/// Whether copies put the same byte into one value twice; the planner does not use that either would do.
bool holds_a_byte_twice(const Program& program) {
  std::vector<std::vector<std::pair<std::int32_t, std::int32_t>>> contents(program.values.size());
  for (std::size_t value = 0; value < contents.size(); ++value)
    for (std::int32_t byte = 0; byte < program.values[value].bytes; ++byte)
      contents[value].emplace_back(static_cast<std::int32_t>(value), byte);
  for (const Step& step : program.steps)
    if (step.copied)
      std::copy_n(contents[static_cast<std::size_t>(step.copied->value)].begin() + step.copied->offset,
                  step.copied->bytes,
                  contents[static_cast<std::size_t>(step.writes[0].value)].begin() + step.writes[0].offset);
  return std::ranges::any_of(contents, [](auto bytes) {
    std::ranges::sort(bytes);
    return std::ranges::adjacent_find(bytes) != bytes.end();
  });
}

TEST(Schedule, SmallProgramsNeedTheLeastThereIs) {
  int tried = 0;
  for (std::uint64_t seed = 0; seed < 250; ++seed) {
    Rng rng(seed);
    Program program = random_program(rng, 3, 3, 1);
    for (Step& step : program.steps) {
      step.scratch_bytes = 0;
      for (Read& read : step.reads)
        if (read.ahead_bytes == kInPlace) read.ahead_bytes = kDisjoint;  // the search is not exact with them
    }
    if (program.values.size() > 5 || holds_a_byte_twice(program)) continue;
    const Schedule schedule = planned(program);
    EXPECT_FALSE(BruteForce(program, schedule.total_bytes - 1).exists()) << "seed " << seed;
    ++tried;
  }
  EXPECT_GT(tried, 120);
}

TEST(ScheduleChecker, SeesEveryKindOfFault) {
  Builder b;
  const auto in = b.input(8);
  const auto first = b.compute({{in, 4}}, 8, 3);
  const auto second = b.compute({{first}}, 8);
  b.output(second);
  const Program program = b.program();
  const Schedule good = {{0, 1}, {4, 0, 12}, {20, -1}, 23};
  const auto error = [&](auto change) {
    Schedule schedule = good;
    change(schedule);
    const auto valid = check_schedule(program, schedule);
    return valid ? std::string("valid") : valid.error().what;
  };
  EXPECT_EQ(error([](Schedule&) {}), "valid");
  EXPECT_EQ(error([](Schedule& s) { s.value_offsets[0] = 3; }),
            "step 0 writes over value 0 while it reads it");
  EXPECT_EQ(error([](Schedule& s) { s.value_offsets[2] = 7; }),
            "step 1 writes over value 1 while it reads it");
  EXPECT_EQ(error([](Schedule& s) { s.scratch_offsets[0] = 8; }),
            "step 0 writes over value 0 while it reads it");
  EXPECT_EQ(error([](Schedule& s) { s.scratch_offsets[0] = 4; }), "outputs or scratch of step 0 overlap");
  EXPECT_THAT(error([](Schedule& s) { s.scratch_offsets[0] = 21; }),
              HasSubstr("misaligned or outside 23 bytes"));
  EXPECT_THAT(error([](Schedule& s) { s.value_offsets[2] = 16; }),
              HasSubstr("value 2 at 16 is misaligned or"));
  EXPECT_THAT(error([](Schedule& s) { s.value_offsets[2] = -1; }), HasSubstr("value 2 at -1"));
  EXPECT_THAT(error([](Schedule& s) { s.value_offsets.pop_back(); }), HasSubstr("another program"));
  EXPECT_EQ(error([](Schedule& s) { s.order = {0}; }), "step 1 is missing");
  EXPECT_EQ(error([](Schedule& s) { s.order = {0, 1, 1}; }), "step 1 does not exist or runs twice");
  EXPECT_EQ(error([](Schedule& s) { s.order = {0, 1, 2}; }), "step 2 does not exist or runs twice");
  EXPECT_EQ(error([](Schedule& s) { s.order = {1, 0}; }),
            "byte 0 of value 1 is not there when step 1 reads it");
}

TEST(ScheduleChecker, SeesWhatIsDestroyedBetweenSteps) {
  Builder b;
  const auto in = b.input(4);
  const auto kept = b.compute({{in}}, 4);
  const auto other = b.compute({{in}}, 4);
  b.output(b.compute({{kept}, {other}}, 4));
  EXPECT_TRUE(check_schedule(b.program(), {{0, 1, 2}, {0, 4, 8, 0}, {-1, -1, -1}, 12}));
  EXPECT_EQ(check_schedule(b.program(), {{0, 1, 2}, {0, 4, 5, 0}, {-1, -1, -1}, 12}).error().what,
            "byte 1 of value 1 is not there when step 2 reads it");
  b.output(kept);
  EXPECT_EQ(check_schedule(b.program(), {{0, 1, 2}, {0, 4, 8, 7}, {-1, -1, -1}, 12}).error().what,
            "step 2 writes over value 1 while it reads it");
}

TEST(ScheduleChecker, SeesACopyThatMayNotBeLeftOut) {
  Builder b;
  const auto in = b.input(4);
  b.output(b.concatenate({b.compute({{in}}, 2), in}));
  EXPECT_TRUE(check_schedule(b.program(), {{0}, {2, 0, 0}, {-1, -1, -1}, 6}));
  EXPECT_EQ(check_schedule(b.program(), {{0}, {3, 0, 0}, {-1, -1, -1}, 7}).error().what,
            "byte 2 of value 2 is not there after the last step");
}

TEST(ScheduleChecker, SeesAnInterleavedValueThatIsIncompleteOrDestroyedHalfway) {
  Builder b;
  const auto in = b.input(4);
  const auto result = b.interleave({{in}, {in}});
  b.output(b.compute({{result}}, 4));
  EXPECT_TRUE(check_schedule(b.program(), {{0, 1, 2}, {0, 4, 0}, {-1, -1, -1}, 12}));
  EXPECT_EQ(check_schedule(b.program(), {{1, 0, 2}, {0, 4, 0}, {-1, -1, -1}, 12}).error().what,
            "steps 0 and 1 write to one value and are exchanged");
  EXPECT_EQ(check_schedule(b.program(), {{0, 2, 1}, {0, 4, 0}, {-1, -1, -1}, 12}).error().what,
            "byte 0 of value 1 is not there when step 2 reads it");
  const auto between = b.compute({{in}}, 4);
  b.output(between);
  EXPECT_EQ(check_schedule(b.program(), {{0, 3, 1, 2}, {0, 4, 0, 8}, {-1, -1, -1, -1}, 12}).error().what,
            "byte 4 of value 1 is not there when step 1 writes the rest");
}

TEST(ScheduleChecker, SeesInputsThatOverlap) {
  Builder b;
  b.input(4);
  b.output(b.input(4));
  EXPECT_EQ(check_schedule(b.program(), {{}, {3, 0}, {}, 7}).error().what,
            "byte 0 of value 0 is not there before the first step");
}

TEST(ScheduleChecker, SeesStatesOutOfOrder) {
  Builder b;
  const auto in = b.input(4);
  b.output(b.compute({{in}}, 4));
  b.output(b.compute({{in}}, 4));
  b.program().steps[0].states = b.program().steps[1].states = {3};
  EXPECT_TRUE(check_schedule(b.program(), {{0, 1}, {0, 4, 8}, {-1, -1}, 12}));
  EXPECT_EQ(check_schedule(b.program(), {{1, 0}, {0, 4, 8}, {-1, -1}, 12}).error().what,
            "steps 0 and 1 share a state and are exchanged");
}

}  // namespace
}  // namespace mote::compile
