// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "compile/plan/planner.h"

namespace mote::compile {
namespace {

constexpr std::int32_t kFree = -1;

/// Whether an overlay lets these two share bytes where they lie.
bool may_share(const MemoryNeeds& needs, const MemoryPlan& plan, std::int32_t a, std::int32_t b,
               std::int32_t step) {
  for (const Overlay& overlay : needs.overlays) {
    const bool these =
        (overlay.output == a && overlay.input == b) || (overlay.output == b && overlay.input == a);
    if (!these) continue;
    const auto output = static_cast<std::size_t>(overlay.output);
    const auto input = static_cast<std::size_t>(overlay.input);
    return needs.buffers[output].first == step && needs.buffers[input].last == step &&
           plan.offsets[input] >= plan.offsets[output] + overlay.ahead_bytes;
  }
  return false;
}

Result<void> mark(const MemoryNeeds& needs, const MemoryPlan& plan, std::int32_t buffer, std::int32_t step,
                  std::vector<std::vector<std::int32_t>>& owners) {
  const std::int32_t start = plan.offsets[static_cast<std::size_t>(buffer)];
  const std::int32_t end = start + needs.buffers[static_cast<std::size_t>(buffer)].bytes;
  for (std::int32_t byte = start; byte < end; ++byte) {
    for (const std::int32_t other : owners[static_cast<std::size_t>(byte)])
      if (!may_share(needs, plan, buffer, other, step))
        return fail(ErrorKind::kInternal,
                    fmt::format("buffers {} and {} share byte {} in step {}", other, buffer, byte, step));
    owners[static_cast<std::size_t>(byte)].push_back(buffer);
  }
  return {};
}

}  // namespace

Result<void> check_plan(const MemoryNeeds& needs, const MemoryPlan& plan) {
  if (plan.offsets.size() != needs.buffers.size())
    return fail(ErrorKind::kInternal, fmt::format("the plan has {} offsets for {} buffers",
                                                  plan.offsets.size(), needs.buffers.size()));
  std::int32_t last_step = 0;
  for (std::size_t index = 0; index < plan.offsets.size(); ++index) {
    const std::int32_t offset = plan.offsets[index];
    if (offset < 0 || offset % needs.alignment_bytes != 0 ||
        offset + needs.buffers[index].bytes > plan.total_bytes)
      return fail(ErrorKind::kInternal, fmt::format("buffer {} at {} is misaligned or outside {} bytes",
                                                    index, offset, plan.total_bytes));
    last_step = std::max(last_step, needs.buffers[index].last);
  }
  for (std::int32_t step = -1; step <= last_step; ++step) {
    std::vector<std::vector<std::int32_t>> owners(static_cast<std::size_t>(plan.total_bytes));
    for (std::int32_t buffer = 0; buffer < static_cast<std::int32_t>(needs.buffers.size()); ++buffer) {
      const Buffer& needed = needs.buffers[static_cast<std::size_t>(buffer)];
      if (needed.first <= step && step <= needed.last) MOTE_CHECK(mark(needs, plan, buffer, step, owners));
    }
  }
  return {};
}

}  // namespace mote::compile
