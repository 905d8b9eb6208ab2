// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "compile/plan/schedule.h"
#include "mote/kernels/variant.h"

namespace mote::compile {
namespace {

/// Whose byte it is, which, and how many of the steps that write it are still to come.
struct Content {
  std::int32_t value = -1;  ///< -1: nobody's
  std::int32_t byte = 0;
  std::int32_t to_come = 0;

  bool operator==(const Content&) const = default;
};

std::size_t at(std::int32_t index) {
  return static_cast<std::size_t>(index);
}

struct Range {
  std::int32_t start = 0;
  std::int32_t bytes = 0;

  bool overlaps(const Range& other) const {
    return start < other.start + other.bytes && other.start < start + bytes;
  }
};

/// Whether the parts of a value that steps write overlap: then only their number tells when it is complete.
std::vector<bool> mixed_values(const Program& program) {
  std::vector<std::vector<Range>> parts(program.values.size());
  std::vector<bool> mixed(program.values.size(), false);
  for (const Step& step : program.steps)
    for (const Part& part : step.writes) {
      for (const Range& other : parts[at(part.value)])
        if (other.overlaps({part.offset, part.bytes})) mixed[at(part.value)] = true;
      parts[at(part.value)].push_back({part.offset, part.bytes});
    }
  return mixed;
}

/// What each byte of each value holds in the end: a copied byte holds what it was copied from.
class Contents {
 public:
  Contents(const Program& program, const std::vector<bool>& mixed) : copied_(program.values.size()) {
    for (const Step& step : program.steps) {
      if (!step.copied || mixed[at(step.writes.at(0).value)]) continue;
      const Part& to = step.writes[0];
      std::vector<Content>& contents = copied_[at(to.value)];
      for (auto byte = static_cast<std::int32_t>(contents.size()); byte < program.values[at(to.value)].bytes;
           ++byte)
        contents.push_back({to.value, byte});
      for (std::int32_t byte = 0; byte < to.bytes; ++byte)
        contents[at(to.offset + byte)] = of(step.copied->value, step.copied->offset + byte);
    }
  }

  Content of(std::int32_t value, std::int32_t byte) const {
    return copied_[at(value)].empty() ? Content{value, byte} : copied_[at(value)][at(byte)];
  }

 private:
  std::vector<std::vector<Content>> copied_;  ///< by value; empty unless bytes of it are copied
};

class Machine {
 public:
  Machine(const Program& program, const Schedule& schedule)
      : program_(program),
        schedule_(schedule),
        mixed_(mixed_values(program)),
        contents_(program, mixed_),
        memory_(at(schedule.total_bytes)),
        to_come_(program.values.size(), 0) {
    for (const Step& step : program.steps)
      for (const Part& part : step.writes) ++to_come_[at(part.value)];
  }

  Result<void> run() {
    for (const std::int32_t input : program_.inputs) write({input, 0, program_.values[at(input)].bytes});
    for (const std::int32_t input : program_.inputs) MOTE_CHECK(expect(input, 0, "before the first step"));
    for (const std::int32_t step : schedule_.order) MOTE_CHECK(run(step));
    for (const std::int32_t output : program_.outputs) MOTE_CHECK(expect(output, 0, "after the last step"));
    return {};
  }

 private:
  Range range(const Part& part) const {
    return {schedule_.value_offsets[at(part.value)] + part.offset, part.bytes};
  }
  Part whole(std::int32_t value) const { return {value, 0, program_.values[at(value)].bytes}; }

  void write(const Part& part) {
    const std::int32_t start = range(part).start;
    for (std::int32_t byte = 0; byte < part.bytes; ++byte)
      memory_[at(start + byte)] = contents_.of(part.value, part.offset + byte);
  }

  Result<void> write_by(std::int32_t step, const Part& part) {
    if (!mixed_[at(part.value)]) {
      write(part);
      return {};
    }
    std::int32_t& to_come = to_come_[at(part.value)];
    const auto [before, is_first] = last_writer_.try_emplace(part.value, step);
    if (!is_first) MOTE_CHECK(expect(part.value, to_come, fmt::format("when step {} writes the rest", step)));
    if (before->second > step)
      return fail(ErrorKind::kInternal,
                  fmt::format("steps {} and {} write to one value and are exchanged", step, before->second));
    before->second = step;
    --to_come;
    const std::int32_t start = range(whole(part.value)).start;
    for (std::int32_t byte = 0; byte < program_.values[at(part.value)].bytes; ++byte)
      memory_[at(start + byte)] = {part.value, byte, to_come};
    return {};
  }

  Result<void> expect(std::int32_t value, std::int32_t to_come, std::string_view when) const {
    const Range place = range(whole(value));
    for (std::int32_t byte = 0; byte < place.bytes; ++byte) {
      Content content = contents_.of(value, byte);
      content.to_come = to_come;
      if (memory_[at(place.start + byte)] != content)
        return fail(ErrorKind::kInternal,
                    fmt::format("byte {} of value {} is not there {}", byte, value, when));
    }
    return {};
  }

  Result<void> run(std::int32_t step) {
    const Step& current = program_.steps[at(step)];
    for (const Read& read : current.reads)
      MOTE_CHECK(expect(read.value, 0, fmt::format("when step {} reads it", step)));
    MOTE_CHECK(check_overlaps(step));
    if (current.scratch_bytes > 0)
      std::fill_n(memory_.begin() + schedule_.scratch_offsets[at(step)], current.scratch_bytes, Content{});
    for (const Part& part : current.writes) MOTE_CHECK(write_by(step, part));
    return {};
  }

  /// Whether what the step writes first may lie over this input.
  bool may_overlay(const Step& step, const Read& read, const Range& input) const {
    const std::int32_t output = schedule_.value_offsets[at(step.writes[0].value)];
    if (read.ahead_bytes == kernels::kInPlace) return input.start == output;
    return read.ahead_bytes >= 0 && input.start >= output + read.ahead_bytes;
  }

  Result<void> check_overlaps(std::int32_t step) const {
    const Step& current = program_.steps[at(step)];
    std::vector<Range> written;  // outputs, then scratch: disjoint from each other
    for (const Part& part : current.writes) written.push_back(range(part));
    if (current.scratch_bytes > 0)
      written.push_back({schedule_.scratch_offsets[at(step)], current.scratch_bytes});
    for (std::size_t a = 0; a < written.size(); ++a) {
      for (std::size_t b = 0; b < a; ++b)
        if (written[a].overlaps(written[b]))
          return fail(ErrorKind::kInternal, fmt::format("outputs or scratch of step {} overlap", step));
      for (const Read& read : current.reads) {
        const Range input = range(whole(read.value));
        const bool permitted = a == 0 && !current.writes.empty() && may_overlay(current, read, input);
        if (written[a].overlaps(input) && !permitted)
          return fail(ErrorKind::kInternal,
                      fmt::format("step {} writes over value {} while it reads it", step, read.value));
      }
    }
    return {};
  }

  const Program& program_;
  const Schedule& schedule_;
  std::vector<bool> mixed_;
  Contents contents_;
  std::vector<Content> memory_;
  std::vector<std::int32_t> to_come_;                 ///< by value: steps that have yet to write to it
  std::map<std::int32_t, std::int32_t> last_writer_;  ///< of mixed values that a step has written to
};

Result<void> check_place(std::string_view what, std::int32_t index, std::int64_t offset, std::int64_t bytes,
                         std::int32_t alignment, std::int32_t total) {
  if (offset >= 0 && offset % alignment == 0 && offset + bytes <= total) return {};
  return fail(ErrorKind::kInternal,
              fmt::format("{} {} at {} is misaligned or outside {} bytes", what, index, offset, total));
}

/// Each step once, in the order of those it shares a state with; only steps that copy are left out.
Result<void> check_order(const Program& program, const Schedule& schedule) {
  const auto count = static_cast<std::int32_t>(program.steps.size());
  std::vector<std::int32_t> place(program.steps.size(), -1);
  for (std::size_t index = 0; index < schedule.order.size(); ++index) {
    const std::int32_t step = schedule.order[index];
    if (step < 0 || step >= count || place[at(step)] >= 0)
      return fail(ErrorKind::kInternal, fmt::format("step {} does not exist or runs twice", step));
    place[at(step)] = static_cast<std::int32_t>(index);
  }
  for (std::int32_t step = 0; step < count; ++step) {
    if (place[at(step)] < 0 && !program.steps[at(step)].copied)
      return fail(ErrorKind::kInternal, fmt::format("step {} is missing", step));
    for (std::int32_t later = step + 1; later < count; ++later)
      for (const std::int32_t state : program.steps[at(step)].states)
        if (std::ranges::count(program.steps[at(later)].states, state) > 0 &&
            place[at(step)] > place[at(later)])
          return fail(ErrorKind::kInternal,
                      fmt::format("steps {} and {} share a state and are exchanged", step, later));
  }
  return {};
}

Result<void> check_places(const Program& program, const Schedule& schedule) {
  if (schedule.value_offsets.size() != program.values.size() ||
      schedule.scratch_offsets.size() != program.steps.size())
    return fail(ErrorKind::kInternal, "the schedule was made for another program");
  for (std::int32_t value = 0; value < static_cast<std::int32_t>(program.values.size()); ++value)
    MOTE_CHECK(check_place("value", value, schedule.value_offsets[at(value)], program.values[at(value)].bytes,
                           program.values[at(value)].alignment_bytes, schedule.total_bytes));
  for (const std::int32_t step : schedule.order)
    if (const std::int32_t bytes = program.steps[at(step)].scratch_bytes; bytes > 0)
      MOTE_CHECK(check_place("scratch memory of step", step, schedule.scratch_offsets[at(step)], bytes, 4,
                             schedule.total_bytes));
  return {};
}

}  // namespace

Result<void> check_schedule(const Program& program, const Schedule& schedule) {
  MOTE_CHECK(check_order(program, schedule));
  MOTE_CHECK(check_places(program, schedule));
  return Machine(program, schedule).run();
}

}  // namespace mote::compile
