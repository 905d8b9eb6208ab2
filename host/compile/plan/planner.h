// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <vector>

#include "core/error.h"

namespace mote::compile {

/// Bytes that must keep their content from step `first` to step `last`, both included.
struct Buffer {
  std::int32_t bytes = 0;
  std::int32_t first = 0;
  std::int32_t last = 0;

  bool operator==(const Buffer&) const = default;
};

/// Permission to overlap: `output` may lie over `input` if input's offset >= output's offset + ahead_bytes.
/// Holds for the step that writes the output, which must be the input's last.
struct Overlay {
  std::int32_t output = 0;  ///< index into MemoryNeeds::buffers
  std::int32_t input = 0;
  std::int32_t ahead_bytes = 0;  ///< >= 0

  bool operator==(const Overlay&) const = default;
};

/// What a model needs of its memory.
struct MemoryNeeds {
  std::vector<Buffer> buffers;
  std::vector<Overlay> overlays;
  std::int32_t alignment_bytes = 4;  ///< of every offset; a power of two

  bool operator==(const MemoryNeeds&) const = default;
};

/// Where each buffer lies; `total_bytes` is the end of the last one.
struct MemoryPlan {
  std::vector<std::int32_t> offsets;
  std::int32_t total_bytes = 0;

  bool operator==(const MemoryPlan&) const = default;
};

/// A plan with a small total: the smallest there is for up to 8 buffers (and mostly beyond), found by branch
/// and bound over the orders in which the buffers can be stacked; the best of a bounded search for more. The
/// same needs give the same plan.
MemoryPlan plan_memory(const MemoryNeeds& needs);

/// A total that no plan can be below: the largest sum of live bytes over all steps, less what the overlays
/// save at best.
std::int32_t memory_lower_bound(const MemoryNeeds& needs);

/// Whether `plan` keeps every buffer's content; written apart from the planner, and byte by byte: it marks
/// every byte of every step with its owner. Errors (kInternal): misaligned or outside the total, or two
/// buffers that share a byte without permission.
Result<void> check_plan(const MemoryNeeds& needs, const MemoryPlan& plan);

}  // namespace mote::compile
