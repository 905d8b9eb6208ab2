// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "compile/plan/planner.h"

namespace mote::compile {
namespace {

constexpr std::int32_t kNobody = -1;

/// Every byte of the memory with those it belongs to: one buffer, or in a step that writes over its input,
/// two.
class Owners {
 public:
  Owners(const MemoryNeeds& needs, const MemoryPlan& plan)
      : needs_(needs), plan_(plan), owners_(static_cast<std::size_t>(plan.total_bytes)) {}

  Result<void> take(std::int32_t buffer, std::int32_t step) {
    const std::int32_t start = offset(buffer);
    for (std::int32_t byte = start; byte < start + needed(buffer).bytes; ++byte) {
      Pair& owners = owners_[static_cast<std::size_t>(byte)];
      const bool is_free = owners.older == kNobody;
      if (!is_free && (owners.newer != kNobody || !may_share(buffer, owners.older, step)))
        return fail(ErrorKind::kInternal, fmt::format("buffers {} and {} share byte {} in step {}",
                                                      owners.older, buffer, byte, step));
      (is_free ? owners.older : owners.newer) = buffer;
    }
    return {};
  }

  void release(std::int32_t buffer) {
    const std::int32_t start = offset(buffer);
    for (std::int32_t byte = start; byte < start + needed(buffer).bytes; ++byte) {
      Pair& owners = owners_[static_cast<std::size_t>(byte)];
      if (owners.older == buffer) owners.older = owners.newer;
      owners.newer = kNobody;
    }
  }

 private:
  struct Pair {
    std::int32_t older = kNobody;
    std::int32_t newer = kNobody;
  };

  const Buffer& needed(std::int32_t buffer) const { return needs_.buffers[static_cast<std::size_t>(buffer)]; }
  std::int32_t offset(std::int32_t buffer) const { return plan_.offsets[static_cast<std::size_t>(buffer)]; }

  /// Whether an overlay lets these two share bytes where they lie.
  bool may_share(std::int32_t a, std::int32_t b, std::int32_t step) const {
    return std::ranges::any_of(needs_.overlays, [&](const Overlay& overlay) {
      const bool these =
          (overlay.output == a && overlay.input == b) || (overlay.output == b && overlay.input == a);
      return these && needed(overlay.output).first == step && needed(overlay.input).last == step &&
             needed(overlay.input).first < step &&
             (overlay.in_place ? offset(overlay.input) == offset(overlay.output)
                               : offset(overlay.input) >= offset(overlay.output) + overlay.ahead_bytes);
    });
  }

  const MemoryNeeds& needs_;
  const MemoryPlan& plan_;
  std::vector<Pair> owners_;
};

Result<void> check_offsets(const MemoryNeeds& needs, const MemoryPlan& plan) {
  if (plan.offsets.size() != needs.buffers.size())
    return fail(ErrorKind::kInternal, fmt::format("the plan has {} offsets for {} buffers",
                                                  plan.offsets.size(), needs.buffers.size()));
  for (std::size_t index = 0; index < plan.offsets.size(); ++index) {
    const std::int32_t offset = plan.offsets[index];
    if (offset < 0 || offset % needs.buffers[index].alignment_bytes != 0 ||
        std::int64_t{offset} + needs.buffers[index].bytes > plan.total_bytes)
      return fail(ErrorKind::kInternal, fmt::format("buffer {} at {} is misaligned or outside {} bytes",
                                                    index, offset, plan.total_bytes));
  }
  for (const Tie& tie : needs.ties) {
    const std::int64_t distance = std::int64_t{plan.offsets[static_cast<std::size_t>(tie.buffer)]} -
                                  plan.offsets[static_cast<std::size_t>(tie.anchor)];
    if (distance != tie.distance_bytes)
      return fail(ErrorKind::kInternal, fmt::format("buffer {} is {} bytes from buffer {}, not {}",
                                                    tie.buffer, distance, tie.anchor, tie.distance_bytes));
  }
  return {};
}

}  // namespace

Result<void> check_plan(const MemoryNeeds& needs, const MemoryPlan& plan) {
  MOTE_CHECK(check_offsets(needs, plan));
  std::int32_t first_step = 0;
  std::int32_t last_step = 0;
  for (const Buffer& buffer : needs.buffers) {
    first_step = std::min(first_step, buffer.first);
    last_step = std::max(last_step, buffer.last);
  }
  Owners owners(needs, plan);
  const auto count = static_cast<std::int32_t>(needs.buffers.size());
  for (std::int32_t step = first_step; step <= last_step; ++step) {
    for (std::int32_t buffer = 0; buffer < count; ++buffer)
      if (needs.buffers[static_cast<std::size_t>(buffer)].last == step - 1) owners.release(buffer);
    for (std::int32_t buffer = 0; buffer < count; ++buffer)
      if (needs.buffers[static_cast<std::size_t>(buffer)].first == step)
        MOTE_CHECK(owners.take(buffer, step));
  }
  return {};
}

}  // namespace mote::compile
